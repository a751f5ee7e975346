import AWSJSONServer
import JSONTypes
import Testing

/// A request that AWS's own client signed, as golden data.
@Suite struct SignatureTests {
  static let body = "{\"Id\":\"1\"}"
  static let headers: [String: String?] = [
    "Host": "127.0.0.1:8085", "X-Amz-Date": "20261124T210649Z",
    "Authorization":
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/redshift-data/aws4_request, "
      + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
      + "Signature=0dfcbc415dda62f00e0e14c02aaf6c68e785adaf5a79b51332b17ce59fa63896",
  ]

  static func status(_ body: String, secret: String) async throws -> Int? {
    let service = AWSJSONService(targetPrefix: "RedshiftData", signingName: "redshift-data", version: .json11) { (_, input) in input }
    let listener = try await AWSJSONListener.start(
      services: [service], secret: SigningSecret(accessKey: "AKIDEXAMPLE", secretKey: secret))
    let status: Int?
    do {
      let client = try RawClient(port: listener.port)
      client.send(ListenerTests.request(body, operation: "RedshiftData.DescribeStatement", replacing: headers))
      status = await client.receive()?.status
    }
    await listener.stop()
    return status
  }

  @Test func acceptsWhatTheSecretSigned() async throws {
    #expect(try await Self.status(Self.body, secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") == 200)
  }

  @Test func refusesAnotherSecretOrBody() async throws {
    #expect(try await Self.status(Self.body, secret: "other") == 403)
    #expect(try await Self.status("{\"Id\":\"2\"}", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") == 403)
  }
}
