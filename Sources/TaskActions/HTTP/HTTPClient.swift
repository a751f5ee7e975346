import Synchronization

/// HTTP/1.1 through libcurl: connections are kept and used again, redirects are not followed. `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY`
/// and `NO_PROXY` of the process's environment are honoured as libcurl does, but requests to this machine never go through a proxy.
///
/// libcurl is opened and the thread that drives it is started at the first request. The client may be used from many tasks at once.
public final class HTTPClient: HTTPTransport {
  private let loop = Mutex<CurlLoop?>(nil)

  public init() {}

  deinit { loop.withLock { $0?.stop() } }

  public func send(_ request: HTTPRequest, _ options: HTTPOptions = HTTPOptions()) async throws(HTTPError) -> HTTPResponse {
    let loop = try startedLoop()
    let transfer = try CurlTransfer(request, options)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        transfer.await(continuation)
        loop.submit(transfer)
      }
    } onCancel: {
      loop.cancel(transfer)
    }
    return try result.get()
  }

  private func startedLoop() throws(HTTPError) -> CurlLoop {
    let started: Result<CurlLoop, HTTPError> = loop.withLock { loop in
      if let loop { return .success(loop) }
      do throws(HTTPError) {
        let new = try CurlLoop()
        loop = new
        return .success(new)
      } catch {
        return .failure(error)
      }
    }
    return try started.get()
  }
}
