import JSONTypes
import TestSupport
import Testing

@testable import TaskActions

private let example = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

@Suite struct RequestSignerTests {
  /// Signatures that an independent signer computed for this project's own services.
  struct Vector: Sendable, CustomTestStringConvertible {
    var name: String
    var service: String
    var request: HTTPRequest
    var token: String? = nil
    var signature: String
    var testDescription: String { name }
  }

  static let vectors = [
    Vector(
      name: "S3: a key with blanks and signs is encoded once", service: "s3",
      request: HTTPRequest(method: "GET", url: "https://examplebucket.s3.us-west-2.amazonaws.com/a%20b/c%2Bd/%C3%A9%20%28x%29%3D%26.sql"),
      signature: "2ad2bfda8ff0cac0ab69667a4ba410b20eab373c159bee996af4d366e21d8952"),
    Vector(
      name: "Lambda: an escaped path is encoded again", service: "lambda",
      request: HTTPRequest(
        method: "POST",
        url:
          "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aredshift_batch_data_api/invocations?Qualifier=%24LATEST",
        headers: ["Content-Type": "application/json"], body: Array(#"{"Input":{"action":"get_sql_status"}}"#.utf8)),
      signature: "d817761790d8f8b48f62048d060981af9f24864c2c961ca747289ef04b8624ce"),
  ]

  @Test(arguments: vectors) func signsLikeAnother(_ vector: Vector) throws {
    let signer = RequestSigner(region: vector.service == "s3" ? "us-west-2" : "us-east-1", service: vector.service)
    let signed = signer.sign(vector.request, with: example, at: WallTime(iso8601: "2026-11-22T12:00:00Z")!)
    #expect(signed.signature == vector.signature)
    #expect(signed.request.headers["Authorization"]?.hasSuffix("Signature=\(vector.signature)") == true)
  }

  @Test func presignsS3WithoutThePayload() throws {
    let signed = RequestSigner(region: "us-east-1", service: "s3").presign(
      HTTPRequest(method: "GET", url: "https://examplebucket.s3.amazonaws.com/scripts/run.sql"), with: example,
      at: WallTime(iso8601: "2026-11-22T12:00:00Z")!, expiresInSeconds: 3600)
    #expect(signed.signature == "eb0d6f324b338f79257d9e96d392ed9410865c2e336c0f4a00ec2dcd7a915996")
    #expect(signed.canonicalRequest.hasSuffix("\nUNSIGNED-PAYLOAD"))
    #expect(signed.request.url.contains("X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=eb0d6f32"))
  }

  @Test func leavesOutWhatOthersChange() {
    var request = HTTPRequest(method: "POST", url: "http://127.0.0.1:8085/", headers: ["User-Agent": "a", "amz-sdk-request": "attempt=1"])
    let signer = RequestSigner(region: "us-east-1", service: "redshift-data")
    let time = WallTime(secondsSinceEpoch: 0)
    let first = signer.sign(request, with: example, at: time)
    request.headers["User-Agent"] = "b"
    request.headers["amz-sdk-request"] = "attempt=2"
    #expect(signer.sign(request, with: example, at: time).signature == first.signature)
    #expect(first.canonicalRequest.contains("\nhost:127.0.0.1:8085\n"))
    request.body = [1]
    #expect(signer.sign(request, with: example, at: time).signature != first.signature)
  }

  /// The public signing suite and the project's own vectors, where they are at hand.
  @Test func agreesWithTheConformanceVectors() throws {
    var checked = 0
    for vector in try Conformance.cases("sigv4/vectors.jsonl") {
      let id = vector["id"]?.asString ?? "?"
      for (kind, expected) in [("header", vector["header"]), ("query", vector["query"])] {
        guard let expected else { continue }
        let signed = try sign(vector, kind: kind)
        #expect(signed.canonicalRequest == expected["canonical_request"]?.asString, "\(id) \(kind)")
        #expect(signed.stringToSign == expected["string_to_sign"]?.asString, "\(id) \(kind)")
        #expect(signed.signature == expected["signature"]?.asString, "\(id) \(kind)")
        if let url = expected["signed_url"]?.asString { #expect(signed.request.url == url, "\(id) \(kind)") }
        for (name, value) in expected["signed_headers"]?.asObject ?? [:] {
          #expect(signed.request.headers[name] == value.asString, "\(id) \(kind) \(name)")
        }
        if let raw = expected["signed_request"]?.asString, let authorization = signed.request.headers["Authorization"] {
          #expect(raw.contains("Authorization:\(authorization)\n"), "\(id) \(kind)")
        }
        checked += 1
      }
    }
    print("sigv4/vectors.jsonl: \(checked) signatures compared")
    if Conformance.folder != nil { #expect(checked > 40) }
  }

  private func sign(_ vector: JSONValue, kind: String) throws -> RequestSigner.Signed {
    let context = try #require(vector["context"])
    let credentials = AWSCredentials(
      accessKeyID: context["credentials"]?["access_key_id"]?.asString ?? "",
      secretAccessKey: context["credentials"]?["secret_access_key"]?.asString ?? "",
      sessionToken: context["credentials"]?["token"]?.asString)
    var signer = RequestSigner(region: context["region"]?.asString ?? "", service: context["service"]?.asString ?? "")
    signer.pathRules = RequestSigner.PathRules(
      normalizes: context["normalize"]?.asBool ?? true, encodesAgain: context["double_encode_path"]?.asBool ?? true)
    signer.addsTokenUnsigned = context["omit_session_token"]?.asBool ?? false
    if let signsBody = context["sign_body"]?.asBool { signer.addsPayloadHeader = signsBody }
    let time = try #require(WallTime(iso8601: context["timestamp"]?.asString ?? ""))
    let request = try request(vector["request"] ?? .null)
    return kind == "header"
      ? signer.sign(request, with: credentials, at: time)
      : signer.presign(request, with: credentials, at: time, expiresInSeconds: Int(context["expiration_in_seconds"]?.asInt ?? 0))
  }

  /// A request of the vectors: raw HTTP text, or an object with its parts.
  private func request(_ value: JSONValue) throws -> HTTPRequest {
    guard let raw = value.asString else {
      var request = HTTPRequest(
        method: value["method"]?.asString ?? "", url: value["url"]?.asString ?? "", body: Array((value["body"]?.asString ?? "").utf8))
      for (name, value) in value["headers"]?.asObject ?? [:] { request.headers.append(name, value.asString ?? "") }
      return request
    }
    let parts = raw.split(separator: "\n", omittingEmptySubsequences: false)
    let first = parts[0]
    let target = first[first.index(after: first.firstIndex(of: " ")!)...].dropLast(" HTTP/1.1".count)
    var request = HTTPRequest(method: String(first.prefix { $0 != " " }), url: "")
    var host = ""
    var index = 1
    while index < parts.count, !parts[index].isEmpty {
      let colon = parts[index].firstIndex(of: ":")!
      let (name, value) = (String(parts[index][..<colon]), String(parts[index][parts[index].index(after: colon)...]))
      if name == "Host" { host = value } else { request.headers.append(name, value) }
      index += 1
    }
    request.url = "https://\(host)\(target)"
    request.body = Array(parts[min(index + 1, parts.count)...].joined(separator: "\n").utf8)
    return request
  }
}
