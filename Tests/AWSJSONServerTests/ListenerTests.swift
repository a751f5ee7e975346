import Foundation
import JSONTypes
import Testing

@testable import AWSJSONServer

/// The wire protocol, over a socket.
@Suite struct ListenerTests {
  static let authorization =
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/echo-service/aws4_request, SignedHeaders=host;x-amz-date, Signature="
    + String(repeating: "a", count: 64)

  static func start(limits: ServerLimits = ServerLimits(), secret: SigningSecret? = nil, signingName: String = "echo-service") async throws
    -> AWSJSONListener
  {
    let service = AWSJSONService(targetPrefix: "Echo", signingName: signingName, version: .json11) {
      (operation, input) async throws(AWSJSONError) in
      switch operation {
      case "Echo": return input
      case "Wait":
        while !Task.isCancelled { await Task.yield() }
        return .emptyObject
      case "Fail": throw AWSJSONError("ResourceNotFoundException", "Not here.", members: ["ResourceId": "7"])
      default: throw .unknownOperation(operation)
      }
    }
    return try await AWSJSONListener.start(services: [service], secret: secret, limits: limits)
  }

  static func request(
    _ body: String = "{}", operation: String = "Echo.Echo", replacing: [String: String?] = [:], method: String = "POST", path: String = "/"
  ) -> String {
    var headers = [
      "Host": "127.0.0.1", "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation, "X-Amz-Date": "20260101T000000Z",
      "Authorization": authorization, "Content-Length": String(body.utf8.count),
    ]
    for (name, value) in replacing { headers[name] = value }
    return "\(method) \(path) HTTP/1.1\r\n" + headers.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n" + body
  }

  @Test func saysWhyAPortCannotBeHad() async throws {
    let first = try await Self.start()
    do {
      _ = try await AWSJSONListener.start(services: [], port: first.port).stop()
      Issue.record("two listeners have one port")
    } catch {
      #expect(error.description == "port \(first.port) of 127.0.0.1 is taken")
      #expect(error.isAboutThePort)
    }
    await first.stop()
    let forbidden = AWSJSONListener.StartError(code: EACCES, host: "127.0.0.1", port: 80)
    #expect(forbidden?.description == "port 80 of 127.0.0.1 is not this user's to take: ports below 1024 need more rights")
    #expect(forbidden?.isAboutThePort == true)
    #expect(AWSJSONListener.StartError(code: ENOMEM, host: "127.0.0.1", port: 80) == nil)
  }

  @Test func answersAndKeepsTheConnection() async throws {
    let listener = try await Self.start()
    do {
      let client = try RawClient(port: listener.port)
      for number in 0..<3 {
        client.send(Self.request("{\"n\":\(number)}"))
        let response = try #require(await client.receive())
        #expect(response.status == 200)
        #expect(response.body == "{\"n\":\(number)}")
        #expect(response.headers["content-type"] == "application/x-amz-json-1.1")
        #expect(response.headers["x-amzn-requestid"]?.count == 36)
      }
    }
    await listener.stop()
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    let listener = try await Self.start()
    do {
      let client = try RawClient(port: listener.port)
      client.send(Self.request("{\"n\":1}"))
      #expect(await client.receive()?.body == "{\"n\":1}")
      client.send(Self.request("{\"n\":2}"))
      #expect(await client.receive()?.body == "{\"n\":2}")
    }
    await listener.stop()
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var name: String
    var request: String
    var status: Int
    var code: String
    var testDescription: String { name }
  }

  static let refusals: [Refusal] = [
    Refusal(name: "unknown operation", request: request(operation: "Echo.Nothing"), status: 400, code: "UnknownOperationException"),
    Refusal(name: "unknown service", request: request(operation: "Other.Echo"), status: 400, code: "UnknownOperationException"),
    Refusal(name: "no target", request: request(replacing: ["X-Amz-Target": nil]), status: 400, code: "UnknownOperationException"),
    Refusal(name: "broken JSON", request: request("{\"a\":"), status: 400, code: "SerializationException"),
    Refusal(name: "no object", request: request("[1]"), status: 400, code: "SerializationException"),
    Refusal(name: "deep JSON", request: request(String(repeating: "[", count: 5000)), status: 400, code: "SerializationException"),
    Refusal(
      name: "other content type", request: request(replacing: ["Content-Type": "text/plain"]), status: 400, code: "SerializationException"),
    Refusal(name: "foreign host", request: request(replacing: ["Host": "example.com"]), status: 403, code: "AccessDeniedException"),
    Refusal(
      name: "name that begins like a loopback one", request: request(replacing: ["Host": "localhost.example.com"]), status: 403,
      code: "AccessDeniedException"),
    Refusal(
      name: "foreign origin", request: request(replacing: ["Origin": "http://example.com"]), status: 403, code: "AccessDeniedException"),
    Refusal(
      name: "foreign site", request: request(replacing: ["Sec-Fetch-Site": "cross-site"]), status: 403, code: "AccessDeniedException"),
    Refusal(
      name: "no signature", request: request(replacing: ["Authorization": nil]), status: 403, code: "MissingAuthenticationTokenException"),
    Refusal(
      name: "other scheme", request: request(replacing: ["Authorization": "Basic YTpi"]), status: 400, code: "IncompleteSignatureException"),
    Refusal(
      name: "no credential", request: request(replacing: ["Authorization": "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0"]),
      status: 400,
      code: "IncompleteSignatureException"),
    Refusal(
      name: "other service", request: request(replacing: ["Authorization": authorization.replacing("echo-service", with: "s3")]),
      status: 403,
      code: "InvalidSignatureException"),
    Refusal(name: "GET", request: request(method: "GET"), status: 404, code: "UnknownOperationException"),
    Refusal(name: "other path", request: request(path: "/x"), status: 404, code: "UnknownOperationException"),
    Refusal(
      name: "too long", request: request(replacing: ["Content-Length": "99999999999"]), status: 413, code: "RequestEntityTooLargeException"),
    Refusal(name: "an error of the service", request: request(operation: "Echo.Fail"), status: 400, code: "ResourceNotFoundException"),
    Refusal(name: "no HTTP", request: "hello\r\n\r\n", status: 400, code: "SerializationException"),
  ]

  @Test(arguments: refusals) func refuses(_ refusal: Refusal) async throws {
    let listener = try await Self.start()
    do {
      let client = try RawClient(port: listener.port)
      client.send(refusal.request)
      let response = try #require(await client.receive())
      let body = try JSONValue(parsing: response.body)
      #expect(response.status == refusal.status)
      #expect(body["__type"] == .string(refusal.code))
      #expect(body["Message"]?.asString?.isEmpty == false)
      #expect(response.headers["x-amzn-errortype"] == refusal.code)
    }
    await listener.stop()
  }

  @Test func refusesWhatIsNoUTF8() async throws {
    let listener = try await Self.start()
    do {
      let client = try RawClient(port: listener.port)
      client.send(Array(Self.request("", replacing: ["Content-Length": "9"]).utf8) + Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8))
      let response = try #require(await client.receive())
      #expect(response.status == 400)
      #expect(response.headers["x-amzn-errortype"] == "SerializationException")
    }
    await listener.stop()
  }

  @Test func refusesABodyThatGrowsTooLarge() async throws {
    var limits = ServerLimits()
    limits.bodySizeInBytes = 1000
    let listener = try await Self.start(limits: limits)
    do {
      let client = try RawClient(port: listener.port)
      let head = Self.request("", replacing: ["Content-Length": nil, "Transfer-Encoding": "chunked"])
      client.send(
        head + "258\r\n" + String(repeating: " ", count: 600) + "\r\n258\r\n" + String(repeating: " ", count: 600) + "\r\n0\r\n\r\n")
      #expect(await client.receive()?.status == 413)
    }
    await listener.stop()
  }

  @Test func refusesMoreConnectionsThanItsLimit() async throws {
    var limits = ServerLimits()
    limits.connections = 1
    let listener = try await Self.start(limits: limits)
    do {
      let first = try RawClient(port: listener.port)
      first.send(Self.request())
      #expect(await first.receive()?.status == 200)
      let second = try RawClient(port: listener.port)
      second.send(Self.request())
      #expect(await second.receive()?.status == 503)
    }
    await listener.stop()
  }

  @Test func stopEndsARequestThatWaits() async throws {
    var limits = ServerLimits()
    limits.graceInSeconds = 0
    let listener = try await Self.start(limits: limits)
    let client = try RawClient(port: listener.port)
    client.send(Self.request(operation: "Echo.Wait"))
    await listener.stop()
    #expect(await client.receive() == nil)
  }

  @Test func onlyLoopbackIsServed() async throws {
    await #expect(throws: AWSJSONListener.StartError.self) {
      _ = try await AWSJSONListener.start(services: [], host: "0.0.0.0")
    }
  }
}
