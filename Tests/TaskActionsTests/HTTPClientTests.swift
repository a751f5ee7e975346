import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TaskActions

@Suite struct HTTPClientTests {
  private func get(_ server: SocketServer, _ path: String = "/", client: HTTPClient = HTTPClient(), options: HTTPOptions = HTTPOptions())
    async -> Result<HTTPResponse, HTTPError>
  {
    do throws(HTTPError) {
      return .success(try await client.send(HTTPRequest(method: "GET", url: server.url + path), options))
    } catch {
      return .failure(error)
    }
  }

  private func kind(_ result: Result<HTTPResponse, HTTPError>) -> HTTPError.Kind? {
    if case .failure(let error) = result { error.kind } else { nil }
  }

  @Test func sendsAndReceives() async throws {
    let seen = Mutex<[String]>([])
    let server = SocketServer { connection, _ in
      while let request = connection.readRequest() {
        seen.withLock { $0.append(request) }
        connection.write("HTTP/1.1 201 Created\r\nX-Two: a\r\nx-two:  b \r\nContent-Length: 5\r\n\r\nhello")
      }
    }
    let client = HTTPClient()
    let request = HTTPRequest(
      method: "POST", url: server.url + "/a/../b//c?x=%20", headers: ["X-Mine": "1", "X-Empty": ""], body: Array("body".utf8))
    let response = try await client.send(request)
    #expect(response.status == 201)
    #expect(response.body == Array("hello".utf8))
    #expect(response.headers["X-TWO"] == "a")
    #expect(response.headers.fields.map(\.value) == ["a", "b", "5"])
    let text = try #require(seen.withLock { $0.first })
    #expect(text.hasPrefix("POST /a/../b//c?x=%20 HTTP/1.1\r\n"))
    #expect(text.contains("\r\nX-Mine: 1\r\n") && text.contains("\r\nX-Empty:\r\n") && text.hasSuffix("\r\n\r\nbody"))
    #expect(!text.lowercased().contains("content-type") && !text.lowercased().contains("expect"))
  }

  @Test func keepsConnections() async throws {
    let connections = Mutex(0)
    let server = SocketServer { connection, number in
      connections.withLock { $0 = max($0, number + 1) }
      while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx") }
    }
    let client = HTTPClient()
    for _ in 0..<20 { #expect(kind(await get(server, client: client)) == nil) }
    #expect(connections.withLock { $0 } == 1)
  }

  /// libcurl by itself sends a request once more when a connection that was used before breaks. What has effects must not be sent unseen.
  @Test(arguments: ["POST", "PATCH", "DELETE"], ["", "{}"]) func nothingIsSentTwiceUnseen(_ method: String, _ body: String) async throws {
    let seen = Mutex<[String]>([])
    let server = SocketServer { connection, number in
      while let request = connection.readRequest() {
        seen.withLock { $0.append(String(request.prefix { $0 != " " })) }
        guard request.hasPrefix("GET") else { return connection.resetOnClose() }
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
      }
    }
    let client = HTTPClient()
    for _ in 0..<3 { #expect(kind(await get(server, client: client)) == nil) }
    do throws(HTTPError) {
      _ = try await client.send(HTTPRequest(method: method, url: server.url + "/", body: Array(body.utf8)))
      Issue.record("expected a failure")
    } catch {
      #expect(error.kind == .reset, "\(error)")
    }
    #expect(seen.withLock { $0 } == ["GET", "GET", "GET", method])
  }

  @Test func manyAtOnce() async throws {
    let server = SocketServer { connection, _ in
      while let request = connection.readRequest() {
        let path = request.split(separator: " ")[1]
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
      }
    }
    let client = HTTPClient()
    let right = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          let result = await self.get(server, "/\(number)", client: client)
          return (try? result.get().body) == Array("/\(number)".utf8)
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(right == 200)
  }

  @Test func readsChunkedBodies() async throws {
    let server = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for part in ["hel", "lo ", "there"] { connection.write("\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n") }
      connection.write("0\r\n\r\n")
    }
    let response = try await get(server).get()
    #expect(response.body == Array("hello there".utf8))
    #expect(response.headers["X-Interim"] == nil)
  }

  @Test func tellsWhyNoAnswerCame() async throws {
    let truncated = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    }
    #expect(kind(await get(truncated)) == .truncated)

    let cut = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
    }
    #expect(kind(await get(cut)) == .truncated)

    let closing = SocketServer { connection, _ in _ = connection.readRequest() }
    #expect(kind(await get(closing)) == .reset)

    let resetting = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.resetOnClose()
    }
    #expect(kind(await get(resetting)) == .reset)

    for babble in ["SSH-2.0-OpenSSH\r\n", "HTTP/banana\r\n\r\n"] {
      let babbling = SocketServer { connection, _ in
        _ = connection.readRequest()
        connection.write(babble)
      }
      #expect(kind(await get(babbling)) == .badResponse)
    }

    let silent = SocketServer { connection, _ in connection.waitForEnd() }
    #expect(kind(await get(silent, options: HTTPOptions(totalTimeout: .milliseconds(50)))) == .timeout)

    // Nobody listens on the port of a server that is gone.
    let port = SocketServer { _, _ in }.port
    #expect(await kind(send("http://127.0.0.1:\(port)/")) == .connect)
    #expect(await kind(send("http://no-such-host.invalid/")) == .dns)
  }

  private func send(_ url: String, _ options: HTTPOptions = HTTPOptions(), headers: HTTPHeaders = [:]) async -> Result<
    HTTPResponse, HTTPError
  > {
    do throws(HTTPError) {
      return .success(try await HTTPClient().send(HTTPRequest(method: "GET", url: url, headers: headers), options))
    } catch {
      return .failure(error)
    }
  }

  @Test func speaksNoTLSWithAPlainServer() async {
    let server = SocketServer { connection, _ in connection.write("this is no TLS record, whatever you ask\r\n") }
    #expect(await kind(send("https://127.0.0.1:\(server.port)/")) == .tls)
    let file = await send("https://127.0.0.1:\(server.port)/", HTTPOptions(certificateFile: "/no/such.pem"))
    #expect(kind(file) == .tls)
    if case .failure(let error) = file { #expect(error.detail.contains("/no/such.pem")) }
  }

  @Test func limitsWhatItReads() async {
    let large = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "x", count: 5000))
    }
    #expect(kind(await get(large, options: HTTPOptions(maximumBodyBytes: 4999))) == .tooLarge)
    #expect(kind(await get(large, options: HTTPOptions(maximumBodyBytes: 5000))) == nil)
    let talkative = SocketServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "y", count: 3000) + "\r\nContent-Length: 0\r\n\r\n")
    }
    #expect(kind(await get(talkative, options: HTTPOptions(maximumHeadBytes: 2000))) == .tooLarge)
    #expect(kind(await get(talkative)) == nil)
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "", "http://a b/", "http://a/\r\nX: y"]) func refusesURLs(_ url: String) async
  {
    #expect(await kind(send(url)) == .invalidRequest)
  }

  @Test func refusesHeadersThatBreakLines() async {
    #expect(await kind(send("http://127.0.0.1:1/", headers: ["A": "b\r\nInjected: c"])) == .invalidRequest)
    #expect(await kind(send("http://127.0.0.1:1/", headers: ["A: b": "c"])) == .invalidRequest)
  }

  @Test(arguments: ["127.0.0.1:80", "127.8.9.1", "localhost:8085", "LOCALHOST", "a.localhost", "[::1]:1"]) func isThisMachine(
    _ place: String
  ) {
    #expect(isLoopback(place))
  }

  @Test(arguments: ["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1:80", "127.1.2.300", "", "[::2]:1"]) func isAnotherMachine(
    _ place: String
  ) {
    #expect(!isLoopback(place))
  }

  /// In a process of its own, because the environment belongs to the whole process.
  @Test func proxiesAreForOtherMachines() async {
    await #expect(processExitsWith: .success) {
      let proxy = SocketServer { connection, _ in
        let request = connection.readRequest() ?? ""
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.hasPrefix("GET http://far.invalid/x") ? 7 : 5)\r\n\r\nproxied")
      }
      let server = SocketServer { connection, _ in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect")
      }
      setenv("http_proxy", proxy.url, 1)
      let client = HTTPClient()
      let direct = try await client.send(HTTPRequest(method: "GET", url: server.url + "/"))
      let proxied = try await client.send(HTTPRequest(method: "GET", url: "http://far.invalid/x"))
      guard direct.body == Array("direct".utf8), proxied.body == Array("proxied".utf8) else { exit(1) }
    }
  }

  @Test func cancelsARequestUnderWay() async {
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    let (ended, end) = AsyncStream.makeStream(of: Void.self)
    let server = SocketServer { connection, _ in
      _ = connection.readRequest()
      arrival.yield()
      connection.waitForEnd()
      end.yield()
    }
    let task = Task { await get(server) }
    for await _ in arrived { break }
    task.cancel()
    #expect(kind(await task.value) == .cancelled)
    // The connection is given up, too.
    for await _ in ended { break }
  }

  @Test func aTaskCancelledBeforehandSendsNothing() async {
    let server = SocketServer { connection, _ in connection.waitForEnd() }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await get(server)
    }
    #expect(kind(await task.value) == .cancelled)
  }

  /// Cancellation at every moment of a request's life: each task ends, either way.
  @Test func cancellationsRaceWithAnswers() async {
    let server = SocketServer { connection, _ in
      while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx") }
    }
    let client = HTTPClient()
    for round in 0..<300 {
      let task = Task { await get(server, client: client) }
      for _ in 0..<(round % 30) { await Task.yield() }
      task.cancel()
      switch await task.value {
      case .success(let response): #expect(response.status == 200)
      case .failure(let error): #expect(error.kind == .cancelled)
      }
    }
    #expect(kind(await get(server, client: client)) == nil)
  }
}
