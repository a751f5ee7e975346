import JSONTypes
import Testing

@testable import TaskActions

@Suite struct RetryTests {
  private func client(_ transport: ScriptedTransport, _ time: VirtualTime, attempts: Int = 3) -> RedshiftDataClient {
    var settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:8085", for: [.redshiftData])
    settings.maximumAttempts = attempts
    return RedshiftDataClient(settings: settings, transport: transport, clock: time.clock)
  }

  private func call(_ client: RedshiftDataClient) async -> Result<JSONObject, AWSCallError> {
    do throws(AWSCallError) {
      return .success(try await client.call(.executeStatement, ["Sql": "select 1", "ClientToken": "token"]))
    } catch {
      return .failure(error)
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: ScriptedTransport.Answer
    var requests: Int
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "throttling", answer: answer(400, ["__type": "ThrottlingException"]), requests: 3),
    Row(name: "429", answer: answer(429), requests: 3),
    Row(name: "500", answer: answer(500, ["__type": "InternalServerException"]), requests: 3),
    Row(name: "502", answer: answer(502), requests: 3),
    Row(name: "503", answer: answer(503), requests: 3),
    Row(name: "504", answer: answer(504), requests: 3),
    Row(name: "501 is not repeated", answer: answer(501), requests: 1),
    Row(name: "a mistake in the request is not repeated", answer: answer(400, ["__type": "ValidationException"]), requests: 1),
    Row(name: "no connection", answer: failing(.connect), requests: 3),
    Row(name: "no address", answer: failing(.dns), requests: 3),
    Row(name: "reset", answer: failing(.reset), requests: 3),
    Row(name: "truncated", answer: failing(.truncated), requests: 3),
    Row(name: "timeout", answer: failing(.timeout), requests: 3),
    Row(name: "a wrong certificate is not repeated", answer: failing(.tls), requests: 1),
    Row(name: "too large is not repeated", answer: failing(.tooLarge), requests: 1),
    Row(
      name: "a refused signature with agreeing clocks is not repeated",
      answer: answer(403, ["__type": "InvalidSignatureException"], headers: ["Date": "Sun, 22 Nov 2026 12:00:10 GMT"]), requests: 1),
  ]

  @Test(arguments: rows) func repeats(_ row: Row) async {
    let transport = ScriptedTransport(row.answer)
    let time = VirtualTime()
    guard case .failure = await call(client(transport, time)) else {
      Issue.record("expected a failure")
      return
    }
    #expect(transport.requests.count == row.requests)
    #expect(Set(transport.bodies) == [["Sql": "select 1", "ClientToken": "token"]])
    // Full jitter at its largest: 1 s, 2 s.
    #expect(time.slept == Array([.seconds(1), .seconds(2)].prefix(row.requests - 1)))
  }

  @Test func succeedsAfterFailures() async {
    let transport = ScriptedTransport(answer(503), failing(.reset), answer(200, ["Id": "1"]))
    #expect(await call(client(transport, VirtualTime())) == .success(["Id": "1"]))
    #expect(transport.requests.map { $0.headers["amz-sdk-request"] } == ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"])
  }

  @Test func waitsNoLongerThanTwentySeconds() {
    let policy = RetryPolicy(maximumAttempts: 10)
    let waits = (1...9).map { policy.delay(after: $0, randomUnit: 1, serverDelay: nil) }
    #expect(waits == [1, 2, 4, 8, 16, 20, 20, 20, 20].map { Duration.seconds($0) })
    #expect(policy.delay(after: 4, randomUnit: 0.25, serverDelay: nil) == .seconds(2))
    #expect(policy.delay(after: 1, randomUnit: 1, serverDelay: 7.5) == .milliseconds(7500))
    #expect(policy.delay(after: 1, randomUnit: 1, serverDelay: 1e9) == .seconds(60))
  }

  @Test func honoursWhatTheServiceAsksFor() async {
    let transport = ScriptedTransport(
      answer(503, headers: ["Retry-After": "5"]), answer(503, headers: ["Retry-After": "Sun, 22 Nov 2026 12:00:15 GMT"]),
      answer(503, headers: ["x-amz-retry-after": "9500"]), answer())
    let time = VirtualTime()
    _ = await call(client(transport, time, attempts: 4))
    #expect(time.slept == [.seconds(5), .seconds(10), .milliseconds(9500)])
  }

  @Test func correctsTheClockOnce() async {
    let late: HTTPHeaders = ["Date": "Sun, 22 Nov 2026 13:00:00 GMT"]
    let transport = ScriptedTransport(answer(403, ["__type": "InvalidSignatureException"], headers: late), answer(200, ["Id": "1"]))
    let time = VirtualTime()
    let client = client(transport, time)
    #expect(await call(client) == .success(["Id": "1"]))
    #expect(transport.requests.map { $0.headers["X-Amz-Date"] } == ["20261122T120000Z", "20261122T130000Z"])
    #expect(time.slept.isEmpty)
    // What was learnt holds for the next call.
    _ = await call(client)
    #expect(transport.requests.last?.headers["X-Amz-Date"] == "20261122T130000Z")
  }

  @Test func stopsWhenTheTokensAreSpent() async {
    let transport = ScriptedTransport(answer(500))
    let time = VirtualTime()
    let client = client(transport, time)
    for _ in 0..<60 { _ = await call(client) }
    // 500 tokens pay 100 repetitions of 5.
    #expect(transport.requests.count == 60 + 100)
  }

  static let errorBodies: [(JSONValue, HTTPHeaders, String, String)] = [
    (["__type": "com.amazon#ValidationException", "Message": "m"], [:], "ValidationException", "m"),
    (["__type": "ValidationException:http://x", "message": "n"], [:], "ValidationException", "n"),
    (["Message": "o"], ["x-amzn-ErrorType": "ResourceNotFoundException:http://internal.amazon.com/"], "ResourceNotFoundException", "o"),
    ("text", [:], "UnknownError", "\"text\""),
  ]

  @Test(arguments: errorBodies) func decodesErrors(_ body: JSONValue, _ headers: HTTPHeaders, _ code: String, _ message: String) {
    let error = awsJSONError(HTTPResponse(status: 400, headers: headers, body: body.jsonBytes), of: .redshiftData)
    #expect(error.code == code)
    #expect(error.message == message)
  }

  @Test func sendsNothingWithoutATarget() async {
    let transport = ScriptedTransport(answer())
    let settings = AWSClientSettings(targets: [:], credentials: FixedCredentials(AWSCredentials(accessKeyID: "a", secretAccessKey: "b")))
    let outcome = await call(RedshiftDataClient(settings: settings, transport: transport))
    #expect(outcome == .failure(.noTarget(.redshiftData)))
    #expect(transport.requests.isEmpty)
  }
}
