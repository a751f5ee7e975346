import JSONTypes
import Testing

@testable import TaskActions

@Suite struct HostileTextTests {
  /// Whatever comes from outside, decoding it ends without a crash.
  @Test func noTextCrashesADecoder() {
    let parts = [
      "<Code>", "</Code>", "&", ";", "#x", "110000", "[", "]", "=", "\n", " ", "\t", "{", "}", "\"", "__type", ":", "s3://", "/", "..", "%",
      "%f", "GMT", "2026-11-22T12:00:00Z", "999999999999999999999", "é", "\0", "#", "profile", "http://", "@",
    ]
    for seed in 0..<4000 {
      var random = SeededRandom(seed: UInt64(seed))
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
      let bytes = Array(text.utf8)
      let response = HTTPResponse(
        status: 400, headers: ["x-amzn-ErrorType": text, "Retry-After": text, "x-amz-retry-after": text], body: bytes)
      _ = awsJSONError(response, of: .redshiftData)
      _ = s3Error(response, bucket: "b", region: "r")
      _ = RetryPolicy(maximumAttempts: 3).delay(
        after: 60, randomUnit: 0.5, serverDelay: RetryPolicy.serverDelay(response.headers, now: .now))
      _ = try? INIFile(parsing: text, path: "p")
      _ = WallTime(iso8601: text)
      _ = WallTime(httpDate: text)
      _ = S3Address(text)
      _ = try? ScriptTemplate(text: text).filled(with: [:])
      #expect(percentDecoded(percentEncoded(text)) == bytes, "seed \(seed)")
      let request = HTTPRequest(method: "GET", url: text, headers: ["A": text])
      let credentials = AWSCredentials(accessKeyID: text, secretAccessKey: text)
      #expect(
        RequestSigner(region: "r", service: "s").sign(request, with: credentials, at: .now).signature.utf8.count == 64, "seed \(seed)")
    }
  }
}
