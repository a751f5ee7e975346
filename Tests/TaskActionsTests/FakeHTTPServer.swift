import Foundation
import Synchronization
import TestSupport

@testable import TaskActions

/// A request as a fake service sees it.
struct FakeRequest: Sendable {
  var method: String
  /// With its query.
  var path: String
  /// By lower-case names.
  var headers: [String: String]
  var body: String

  init?(_ text: String) {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    (method, path) = (String(words[0]), String(words[1]))
    headers = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    body = String(text[end.upperBound...])
  }

  /// A field of a form in the body, decoded.
  func form(_ name: String) -> String? {
    for item in body.split(separator: "&") where item.hasPrefix(name + "=") {
      return String(item.dropFirst(name.count + 1)).replacing("+", with: " ").removingPercentEncoding
    }
    return nil
  }

  /// The key that signed the request.
  var signer: String {
    guard let text = headers["authorization"], let start = text.range(of: "Credential=") else { return "nobody" }
    return String(text[start.upperBound...].prefix { $0 != "/" })
  }
}

enum FakeAnswer: Sendable {
  case reply(Int, String, [String: String] = [:])
  /// The connection breaks without a word.
  case reset
  /// Half of the body, with the length of the whole.
  case truncated(String)
  /// Half of the body, and no length that would tell.
  case cutOff(String)
  /// Nothing, until the client loses patience.
  case silence
}

/// A service on loopback that answers by a function and keeps what it was asked.
///
/// Its address has a path of its own, which requests lose on the way in: a late request of another test, whose server had the same port
/// before, is none of ours.
final class FakeHTTPServer: Sendable {
  private let server: SocketServer
  private let kept: Kept
  private let secret: String

  private final class Kept: Sendable {
    let requests = Mutex<[FakeRequest]>([])
  }

  init(_ answer: @escaping @Sendable (FakeRequest) -> FakeAnswer) {
    let kept = Kept()
    let secret = "/" + UUID().uuidString
    (self.kept, self.secret) = (kept, secret)
    server = SocketServer { connection, _ in
      while let text = connection.readRequest(), var request = FakeRequest(text) {
        guard request.path.hasPrefix(secret) else {
          connection.write("HTTP/1.1 404 Status\r\nContent-Length: 0\r\n\r\n")
          continue
        }
        request.path = String(request.path.dropFirst(secret.count))
        if request.path.isEmpty { request.path = "/" }
        let asked = request
        kept.requests.withLock { $0.append(asked) }
        switch answer(asked) {
        case .reply(let status, let body, let headers):
          let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
          connection.write("HTTP/1.1 \(status) Status\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
          continue
        case .reset: connection.resetOnClose()
        case .truncated(let body):
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body.prefix(body.count / 2))")
        case .cutOff(let body): connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\(body.prefix(body.count / 2))")
        case .silence: connection.waitForEnd()
        }
        return
      }
    }
  }

  var url: String { server.url + secret }
  var requests: [FakeRequest] { kept.requests.withLock { $0 } }
}
