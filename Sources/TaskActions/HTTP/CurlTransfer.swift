import CCurl
import Synchronization

/// One request in libcurl's hands: owns the easy handle, its header list and what has been received.
///
/// The handle belongs to the submitting task until the loop takes it, then to the loop's thread. It is kept as a number because
/// pointers are not Sendable.
final class CurlTransfer: Sendable {
  struct Received {
    var headers = HTTPHeaders()
    var headBytes = 0
    var body: [UInt8] = []
    var refusal: HTTPError?
    var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>?
    var isCancelled = false
  }

  let easy: UInt
  private let headerList: UInt
  private let place: String
  private let options: HTTPOptions
  private let unsent: Mutex<ArraySlice<UInt8>>
  private let received = Mutex(Received())

  var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: easy)! }
  var isCancelled: Bool { received.withLock { $0.isCancelled } }

  init(_ request: HTTPRequest, _ options: HTTPOptions) throws(HTTPError) {
    try CurlTransfer.check(request)
    guard let handle = ccurl_easy_init() else { throw HTTPError(.unavailable, "libcurl gave no handle: out of memory") }
    var list: UnsafeMutablePointer<curl_slist>?
    // No `Expect: 100-continue`, which costs a round trip, and no content type that the caller did not give.
    var lines = ["Expect:"]
    if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
    // libcurl's spelling of a field without a value is a semicolon.
    lines += request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    for line in lines { list = ccurl_slist_append(list, line) }
    easy = UInt(bitPattern: handle)
    headerList = UInt(bitPattern: list)
    place = hostAndPort(of: request.url)
    self.options = options
    unsent = Mutex(request.body[...])

    ccurl_setopt_long(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_setopt_string(handle, CURLOPT_URL, request.url)
    ccurl_setopt_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    ccurl_setopt_long(handle, CURLOPT_PATH_AS_IS, 1)
    ccurl_setopt_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    ccurl_setopt_list(handle, CURLOPT_HTTPHEADER, list)
    ccurl_setopt_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, options.connectTimeout.inMilliseconds))
    ccurl_setopt_long(handle, CURLOPT_TIMEOUT_MS, max(1, options.totalTimeout.inMilliseconds))
    // A proxy cannot reach this machine's own endpoints, nor a metadata service of its own network.
    if isLoopback(place) || isLinkLocal(place) { ccurl_setopt_string(handle, CURLOPT_NOPROXY, "*") }
    if let file = options.certificateFile { ccurl_setopt_string(handle, CURLOPT_CAINFO, file) }
    switch request.method {
    case "GET" where request.body.isEmpty: ccurl_setopt_long(handle, CURLOPT_HTTPGET, 1)
    case "HEAD": ccurl_setopt_long(handle, CURLOPT_NOBODY, 1)
    default:
      if request.method == "POST" || request.method == "PUT" || !request.body.isEmpty {
        ccurl_setopt_long(handle, CURLOPT_POST, 1)
        ccurl_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, Int64(request.body.count))
      }
      // When a connection that was used before breaks without an answer, libcurl sends the request once more, up to five times, and nobody
      // hears of it. It does not when it cannot get back to a body's begin, nor on a new connection. Whoever sent the request decides.
      if request.body.isEmpty { ccurl_setopt_long(handle, CURLOPT_FRESH_CONNECT, 1) }
      ccurl_setopt_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_setopt_data_callback(handle, CURLOPT_HEADERFUNCTION, takeHeaderLine)
    ccurl_setopt_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_setopt_data_callback(handle, CURLOPT_WRITEFUNCTION, takeBody)
    ccurl_setopt_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_setopt_data_callback(handle, CURLOPT_READFUNCTION, giveBody)
    ccurl_setopt_pointer(handle, CURLOPT_READDATA, context)
  }

  deinit {
    ccurl_easy_cleanup(handle)
    ccurl_slist_free(UnsafeMutablePointer(bitPattern: headerList))
  }

  private static func check(_ request: HTTPRequest) throws(HTTPError) {
    let isHTTP = request.url.lowercased().hasPrefix("http://") || request.url.lowercased().hasPrefix("https://")
    guard isHTTP, !request.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw HTTPError(.invalidRequest, "expected an http or https URL without blanks, got \"\(request.url)\"")
    }
    for field in request.headers.fields {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
        throw HTTPError(.invalidRequest, "\"\(field.name)\" is no name of a header")
      }
      guard !field.value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
        throw HTTPError(.invalidRequest, "the header \(field.name) has a line break in its value")
      }
    }
  }

  /// Remembers who waits for the answer.
  func await(_ continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>) {
    received.withLock { $0.continuation = continuation }
  }

  func markCancelled() { received.withLock { $0.isCancelled = true } }

  /// Called by the loop, once, when the handle is out of its hands.
  func finish(_ code: CURLcode) {
    finish(with: { (received: inout Received) in self.result(code, &received) })
  }

  func finish(cancelled detail: String) {
    finish(with: { (_: inout Received) in .failure(HTTPError(.cancelled, detail)) })
  }

  private func finish(with make: (inout Received) -> Result<HTTPResponse, HTTPError>) {
    let (continuation, result) = received.withLock { received in
      let continuation = received.continuation
      received.continuation = nil
      return (continuation, make(&received))
    }
    continuation?.resume(returning: result)
  }

  private func result(_ code: CURLcode, _ received: inout Received) -> Result<HTTPResponse, HTTPError> {
    if let refusal = received.refusal { return .failure(refusal) }
    guard code == CURLE_OK else { return .failure(curlError(code, at: place, options)) }
    var status = 0
    ccurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return .success(HTTPResponse(status: status, headers: received.headers, body: received.body))
  }

  /// One line of a head; heads of interim answers (100, a proxy's 200) are replaced by what follows them.
  fileprivate func take(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
    received.withLock { received in
      received.headBytes += bytes.count
      guard received.headBytes <= options.maximumHeadBytes else {
        received.refusal = HTTPError(.tooLarge, "the answer's head from \(place) is larger than \(options.maximumHeadBytes) bytes")
        return false
      }
      let line = String(decoding: bytes, as: UTF8.self)
      if line.hasPrefix("HTTP/") {
        received.headers = HTTPHeaders()
        // libcurl takes `HTTP/` with anything behind it for status 200.
        let status = line.split(separator: " ").dropFirst().first.flatMap { Int(trimmingBlanks($0)) }
        guard let status, (100...999).contains(status) else {
          received.refusal = HTTPError(.badResponse, "the answer from \(place) has no readable status line")
          return false
        }
      } else if let colon = line.firstIndex(of: ":") {
        received.headers.append(String(line[..<colon]), String(trimmingBlanks(line[line.index(after: colon)...])))
      }
      return true
    }
  }

  /// The next bytes of the request's body.
  fileprivate func give(_ space: UnsafeMutableRawBufferPointer) -> Int {
    unsent.withLock { unsent in
      let part = unsent.prefix(space.count)
      part.withUnsafeBytes { space.copyMemory(from: $0) }
      unsent = unsent.dropFirst(part.count)
      return part.count
    }
  }

  fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    received.withLock { received in
      guard received.body.count + bytes.count <= options.maximumBodyBytes else {
        received.refusal = HTTPError(.tooLarge, "the answer from \(place) is larger than \(options.maximumBodyBytes) bytes")
        return false
      }
      received.body.append(contentsOf: bytes)
      return true
    }
  }
}

// libcurl calls these on its loop's thread: they must stay free of any actor, hence functions of the file.

private func takeHeaderLine(_ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.take(headerLine: UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
}

private func takeBody(_ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.take(body: UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
}

private func giveBody(_ space: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
  guard let context else { return 0 }
  return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().give(UnsafeMutableRawBufferPointer(start: space, count: size * count))
}

private func trimmingBlanks(_ text: Substring) -> Substring {
  var text = text
  while let first = text.first, first.isWhitespace { text.removeFirst() }
  while let last = text.last, last.isWhitespace { text.removeLast() }
  return text
}

/// `host:port` of a URL for messages, without user, password, path and query.
func hostAndPort(of url: String) -> String {
  guard let scheme = url.firstRange(ofText: "://") else { return url }
  let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  return String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority)
}

/// Whether a `host:port` is this machine: `localhost`, 127.0.0.0/8, `[::1]`.
func isLoopback(_ place: String) -> Bool {
  if place.hasPrefix("[::1]") { return true }
  let host = place.prefix { $0 != ":" }.lowercased()
  let parts = host.split(separator: ".", omittingEmptySubsequences: false)
  return host == "localhost" || host.hasSuffix(".localhost")
    || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
}

/// Whether a `host:port` is a link-local address of IPv4 or the unique local one of EC2's and EKS's agents.
func isLinkLocal(_ place: String) -> Bool {
  if place.lowercased().hasPrefix("[fd00:ec2::") { return true }
  let parts = place.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
  return parts.count == 4 && parts[0] == "169" && parts[1] == "254" && parts.allSatisfy { UInt8($0) != nil }
}

private func curlError(_ code: CURLcode, at place: String, _ options: HTTPOptions) -> HTTPError {
  let words = String(cString: ccurl_easy_strerror(code))
  switch code {
  case CURLE_COULDNT_RESOLVE_HOST: return HTTPError(.dns, "the host of \(place) has no known address")
  case CURLE_COULDNT_RESOLVE_PROXY: return HTTPError(.dns, "the proxy for \(place) has no known address")
  case CURLE_COULDNT_CONNECT: return HTTPError(.connect, "no connection to \(place): refused or unreachable")
  case CURLE_PROXY: return HTTPError(.connect, "no connection to \(place) through the proxy")
  case CURLE_OPERATION_TIMEDOUT:
    return HTTPError(.timeout, "no answer from \(place) in time (connect \(options.connectTimeout), total \(options.totalTimeout))")
  case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
    CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
    CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
    let file = options.certificateFile.map { ", certificates of \($0)" } ?? ""
    return HTTPError(.tls, "TLS with \(place) failed: \(words)\(file)")
  case CURLE_SEND_FAIL_REWIND: return HTTPError(.reset, "the connection to \(place) broke before an answer came")
  case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
    return HTTPError(.reset, "the connection to \(place) broke: \(words)")
  case CURLE_PARTIAL_FILE: return HTTPError(.truncated, "the answer from \(place) ended too early")
  case CURLE_URL_MALFORMAT: return HTTPError(.invalidRequest, "the URL for \(place) cannot be used: \(words)")
  default: return HTTPError(.badResponse, "the answer from \(place) cannot be read: \(words)")
  }
}
