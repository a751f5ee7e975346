import COpenSSL
import Foundation
import JSONTypes
import Synchronization
import Testing

@testable import TaskActions

/// Files and programs of a test, and time that passes only by sleeping.
final class TestWorld: Sendable {
  let files: Mutex<[String: String]>
  let programs = Mutex<[[String]]>([])
  let time = VirtualTime()
  let program: CredentialWorld.ProgramOutcome

  init(_ files: [String: String] = [:], program: CredentialWorld.ProgramOutcome = .init(failure: "the program x is not in PATH")) {
    self.files = Mutex(files)
    self.program = program
  }

  func world(_ transport: any HTTPTransport) -> CredentialWorld {
    CredentialWorld(
      clock: time.clock, transport: transport, readFile: { path throws(AWSConfigurationError) in self.files.withLock { $0[path] } },
      writeFile: { path, text throws(AWSConfigurationError) in self.files.withLock { $0[path] = text } },
      runProgram: { words, _ in
        self.programs.withLock { $0.append(words) }
        return self.program
      })
  }

  func configuration(_ environment: [String: String], config: String, credentials: String = "", profile: String? = nil) throws -> SharedConfiguration {
    try SharedConfiguration(environment: environment.merging(["HOME": "/h"]) { a, _ in a }, profile: profile) {
      path throws(AWSConfigurationError) in
      path == "/h/.aws/config" ? config : path == "/h/.aws/credentials" ? credentials : nil
    }
  }
}

func stsAnswer(_ id: String, action: String = "AssumeRole", expiration: String = "2026-11-22T13:00:00Z") -> String {
  let id = id.replacing("&", with: "&amp;")
  return """
    <\(action)Response><\(action)Result><Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>s&amp;\(id)</SecretAccessKey>\
    <SessionToken>t-\(id)</SessionToken><Expiration>\(expiration)</Expiration></Credentials></\(action)Result></\(action)Response>
    """
}

@Suite struct CredentialSourceTests {
  private func text(_ body: String, status: Int = 200) -> ScriptedTransport.Answer { { _ in HTTPResponse(status: status, body: Array(body.utf8)) } }

  private func find(
    _ environment: [String: String] = [:], config: String, credentials keys: String = "", profile: String? = nil, world: TestWorld = TestWorld(),
    transport: ScriptedTransport = ScriptedTransport()
  ) async throws -> AWSCredentials {
    try await credentials(
      world.configuration(environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { a, _ in a }, config: config, credentials: keys, profile: profile),
      world: world.world(transport))
  }

  private func problem(_ body: () async throws -> AWSCredentials) async -> String {
    do {
      let found = try await body()
      return "found \(found)"
    } catch { return "\(error)" }
  }

  // MARK: Roles

  @Test func assumesARoleThroughAChain() async throws {
    let transport = ScriptedTransport(text(stsAnswer("MIDDLE")), text(stsAnswer("LAST")))
    let found = try await find(
      config: """
        [profile last]
        role_arn = arn:aws:iam::1:role/last
        source_profile = middle
        external_id = a b
        duration_seconds = 1800
        role_session_name = me
        [profile middle]
        role_arn = arn:aws:iam::1:role/middle
        source_profile = keys
        [profile keys]
        aws_access_key_id = KEYS
        aws_secret_access_key = k
        """, profile: "last", transport: transport)
    #expect(found.accessKeyID == "LAST")
    #expect(found.secretAccessKey.reveal() == "s&LAST")
    #expect(found.expiration == WallTime(iso8601: "2026-11-22T13:00:00Z"))
    #expect(
      transport.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fmiddle&RoleSessionName=sfn-local",
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Flast&RoleSessionName=me&ExternalId=a%20b&DurationSeconds=1800",
      ])
    #expect(transport.requests.map(\.url) == ["https://sts.eu-west-1.amazonaws.com/", "https://sts.eu-west-1.amazonaws.com/"])
    #expect(transport.requests.first?.headers["Authorization"]?.contains("Credential=KEYS/20261122/eu-west-1/sts/aws4_request") == true)
    #expect(transport.requests.last?.headers["X-Amz-Security-Token"] == "t-MIDDLE")
  }

  @Test(arguments: [
    ("[profile p]\nrole_arn = r", "has role_arn but neither source_profile nor credential_source"),
    ("[profile p]\nrole_arn = r\nsource_profile = q\ncredential_source = Environment\n[profile q]", "has both source_profile and credential_source"),
    ("[profile p]\nrole_arn = r\nsource_profile = q", "source_profile = q, but there is no such profile"),
    ("[profile p]\nrole_arn = r\nsource_profile = q\n[profile q]\nrole_arn = r\nsource_profile = p", "source_profile leads in a circle: p → q → p"),
    ("[profile p]\nrole_arn = r\nsource_profile = p", "source_profile leads in a circle: p → p"),
    ("[profile p]\nrole_arn = r\ncredential_source = Moon", "expected Environment, EcsContainer or Ec2InstanceMetadata"),
    ("[profile p]\nrole_arn = r\ncredential_source = Environment", "takes its keys from credential_source = Environment: AWS_ACCESS_KEY_ID is not set"),
    ("[profile p]\nrole_arn = r\nsource_profile = q\n[profile q]\nregion = x", "assumes its role with the keys of \"q\", which has none. Tried a web identity:"),
    ("[profile p]\nrole_arn = r\nmfa_serial = m\nsource_profile = p", "wants a code of the device m (mfa_serial)"),
    (
      "[profile p]\nrole_arn = r\nsource_profile = p\naws_access_key_id = A\naws_secret_access_key = B\nduration_seconds = 60",
      "expected duration_seconds from 900 to 43200"
    ),
    ("[profile p]\nweb_identity_token_file = /t", "a web identity is given (/t), but no role"),
    ("[profile p]\nweb_identity_token_file = /t\nrole_arn = r", "the token of the web identity: /t does not exist"),
    ("[profile p]\nsso_account_id = 1\nsso_role_name = r", "uses single sign-on, but has no sso_start_url"),
    ("[profile p]\nsso_account_id = 1\nsso_session = s", "has no [sso-session s]"),
    (
      "[profile p]\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_session = s\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = u",
      "sso_region is eu-west-1 in the profile \"p\", but us-east-1 in [sso-session s]"
    ),
    (
      "[profile p]\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = u",
      "is not signed on (/h/.aws/sso/cache/51e69892ab49df85c6230ccc57f8e1d1606caccc.json does not exist): run `aws sso login --profile p`"
    ),
    ("[profile p]\nlogin_session = l", "run `aws login --profile p`"),
    ("[profile p]\ncredential_process = x 'y", "credential_process of the profile \"p\": the command has a ' without its end"),
    ("[profile p]\ncredential_process = x y", "credential_process of the profile \"p\" (x): the program x is not in PATH"),
  ]) func saysWhatIsWrongWithAProfile(_ config: String, _ message: String) async {
    let said = await problem { try await find(config: config, profile: "p") }
    #expect(said.contains(message), "\(said)")
  }

  @Test func aRefusalOfTheTokenServiceIsTold() async {
    let denied =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized</Message></Error><RequestId>r1</RequestId></ErrorResponse>"
    let said = await problem {
      try await find(
        config: "[profile p]\nrole_arn = r\nsource_profile = p\naws_access_key_id = A\naws_secret_access_key = B", profile: "p",
        transport: ScriptedTransport(text(denied, status: 403)))
    }
    #expect(
      said
        == "AssumeRole for the profile \"p\" at sts.eu-west-1.amazonaws.com failed: AccessDenied: User: x is not authorized (Service: Sts, Status Code: 403, Request ID: r1)")
  }

  @Test func aWebIdentityIsNotSigned() async throws {
    let world = TestWorld(["/token": "abc"])
    let transport = ScriptedTransport(text("", status: 503), text(stsAnswer("POD")))
    let found = try await find(
      ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:r", "AWS_ROLE_SESSION_NAME": "pod"], config: "", world: world, transport: transport)
    #expect(found.accessKeyID == "POD")
    #expect(transport.requests.count == 2)
    #expect(transport.requests.allSatisfy { $0.headers["Authorization"] == nil })
    #expect(
      String(decoding: transport.requests[1].body, as: UTF8.self)
        == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=pod&WebIdentityToken=abc")
  }

  // MARK: Single sign-on

  private static let signOn = """
    [profile p]
    sso_session = s
    sso_account_id = 123
    sso_role_name = a/b
    [sso-session s]
    sso_region = us-east-1
    sso_start_url = https://start
    """
  /// SHA-1 of `s`.
  private static let cache = "/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"

  @Test func aSignOnBuysKeys() async throws {
    let world = TestWorld([Self.cache: #"{"accessToken":"T","expiresAt":"2026-11-22T18:00:00Z"}"#])
    let transport = ScriptedTransport(
      text(#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"x","sessionToken":"y","expiration":1795352400000}}"#))
    let found = try await find(config: Self.signOn, profile: "p", world: world, transport: transport)
    #expect(found.accessKeyID == "SSO")
    #expect(found.expiration == WallTime(iso8601: "2026-11-22T13:00:00Z"))
    #expect(transport.requests.map(\.url) == ["https://portal.sso.us-east-1.amazonaws.com/federation/credentials?role_name=a%2Fb&account_id=123"])
    #expect(transport.requests.first?.headers["x-amz-sso_bearer_token"] == "T")
  }

  @Test func aSignOnIsRenewedAndKept() async throws {
    let world = TestWorld([
      Self.cache: #"""
      {"accessToken":"OLD","expiresAt":"2026-11-22T11:00:00Z","refreshToken":"R","clientId":"C","clientSecret":"CS","registrationExpiresAt":"2027-01-01T00:00:00Z","mine":1}
      """#
    ])
    let transport = ScriptedTransport(
      text(#"{"accessToken":"NEW","expiresIn":3600,"refreshToken":"R2"}"#),
      text(#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"x","sessionToken":"y","expiration":1795352400000}}"#))
    _ = try await find(config: Self.signOn, profile: "p", world: world, transport: transport)
    #expect(transport.requests.first?.url == "https://oidc.us-east-1.amazonaws.com/token")
    #expect(
      transport.bodies.first == ["grantType": "refresh_token", "clientId": "C", "clientSecret": "CS", "refreshToken": "R"])
    #expect(transport.requests.last?.headers["x-amz-sso_bearer_token"] == "NEW")
    let kept = try JSONValue(parsing: world.files.withLock { $0[Self.cache] ?? "" })
    #expect(kept["accessToken"] == "NEW" && kept["expiresAt"] == "2026-11-22T13:00:00Z" && kept["refreshToken"] == "R2" && kept["mine"] == 1)
  }

  @Test func anExpiredSignOnSaysWhatToDo() async {
    let world = TestWorld([Self.cache: #"{"accessToken":"T","expiresAt":"2026-11-22T11:59:59Z"}"#])
    let transport = ScriptedTransport()
    let said = await problem { try await find(config: Self.signOn, profile: "p", world: world, transport: transport) }
    #expect(said == "the sign-on of the profile \"p\" expired at 2026-11-22T11:59:59Z: run `aws sso login --profile p`")
    #expect(transport.requests.isEmpty)
  }

  // MARK: Programs and sessions

  @Test func aProgramPrintsKeys() async throws {
    let output = #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-11-22T14:00:00+01:00"}"#
    let world = TestWorld(program: .init(output: Array(output.utf8)))
    let found = try await find(config: "[default]\ncredential_process = /bin/vault \"my keys\" --json", world: world)
    #expect(found == AWSCredentials(accessKeyID: "P", secretAccessKey: "s", sessionToken: "t", expiration: WallTime(iso8601: "2026-11-22T13:00:00Z")))
    #expect(world.programs.withLock { $0 } == [["/bin/vault", "my keys", "--json"]])
  }

  @Test(arguments: [
    ("hush", "printed no JSON"), (#"{"Version":2}"#, "printed Version 2; expected 1"), (#"{"Version":1,"AccessKeyId":"A"}"#, "gave no SecretAccessKey"),
    (#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hush","Expiration":"soon"}"#, "gave an Expiration that is no time: \"soon\""),
    (#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hush","Expiration":"2020-01-01T00:00:00Z"}"#, "the credentials of a program of the profile have expired"),
  ]) func refusesWhatAProgramPrints(_ output: String, _ message: String) async {
    let world = TestWorld(program: .init(output: Array(output.utf8)))
    let said = await problem { try await find(config: "[default]\ncredential_process = x", world: world) }
    #expect(said.contains(message) && !said.contains("hush"), "\(said)")
  }

  @Test func runsAProgramOfThisMachine() async throws {
    let world = CredentialWorld(transport: ScriptedTransport())
    let good = await world.runProgram(["sh", "-c", "echo $MARK; echo note >&2"], ["PATH": "/usr/bin:/bin", "MARK": "hello"])
    #expect(good.failure == nil && good.output == Array("hello\n".utf8))
    #expect(await world.runProgram(["sh", "-c", "echo no session >&2; exit 3"], ["PATH": "/usr/bin:/bin"]).failure == "it exited with code 3: no session")
    #expect(await world.runProgram(["no-such-program"], ["PATH": "/usr/bin"]).failure == "the program no-such-program is not in PATH")
  }

  private static let loginPath = "/h/.aws/login/cache/" + hexadecimal(sha256("arn:me".utf8)) + ".json"
  /// Made for these tests, and used nowhere else.
  private static let loginKey = #"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEICnOwmTPLnAMLVZsYzuMPs9Xg4AMqVWwfexyN/uAc9mvoAoGCCqGSM49\nAwEHoUQDQgAEM/QTFqZ9jL7ldTmoWiKK9f9HcKJhxjbshzJea0swV9lYqhot0GA/\nSbFKHR9jkhQ/Vj8VvulBCY30dEcWQJsrfQ==\n-----END EC PRIVATE KEY-----\n"#
  private func session(_ expiry: String, _ more: String = "") -> TestWorld {
    TestWorld([Self.loginPath: #"{"accessToken":{"accessKeyId":"L","secretAccessKey":"s","sessionToken":"t","accountId":"1","expiresAt":"\#(expiry)"}\#(more)}"#])
  }
  private static var renewable: String { #","clientId":"arn:aws:signin:::devtools/same-device","refreshToken":"hush-1","dpopKey":"\#(loginKey)""# }

  @Test func aLoginSessionIsUsedWhileItLasts() async throws {
    let config = "[default]\nlogin_session = arn:me"
    #expect(try await find(config: config, world: session("2026-11-22T12:30:00Z")).accessKeyID == "L")
    // Near its end it serves on when it cannot be renewed.
    #expect(try await find(config: config, world: session("2026-11-22T12:01:00Z")).accessKeyID == "L")
    let said = await problem { try await find(config: config, world: session("2026-11-22T11:30:00Z")) }
    #expect(
      said == "the login session of the profile \"default\" expired at 2026-11-22T11:30:00Z, and cannot be renewed: the cache lacks clientId, refreshToken or dpopKey. "
        + "Else run `aws login --profile default`")
    let broken = await problem { try await find(config: config, world: session("2026-11-22T11:30:00Z", Self.renewable.replacing("MHcC", with: "MHcD"))) }
    #expect(broken.contains("the cache's dpopKey is no key on P-256") && !broken.contains("MHc"))
  }

  @Test func aLoginSessionIsRenewed() async throws {
    let config = "[default]\nlogin_session = arn:me\nregion = eu-west-1"
    let world = session("2026-11-22T12:04:00Z", Self.renewable)
    let transport = ScriptedTransport(
      text(#"{"accessToken":{"accessKeyId":"NEW","secretAccessKey":"s2","sessionToken":"t2"},"tokenType":"urn:aws:params:oauth:token-type:access_token_sigv4","expiresIn":900,"refreshToken":"hush-2"}"#))
    let found = try await find(config: config, world: world, transport: transport)
    #expect(found.accessKeyID == "NEW" && found.expiration == WallTime(iso8601: "2026-11-22T12:15:00Z"))
    let request = try #require(transport.requests.first)
    #expect(request.url == "https://eu-west-1.signin.aws.amazon.com/v1/token" && request.headers["Authorization"] == nil)
    #expect(
      try JSONValue(parsing: request.body) == ["clientId": "arn:aws:signin:::devtools/same-device", "grantType": "refresh_token", "refreshToken": "hush-1"])
    let kept = try JSONValue(parsing: world.files.withLock { $0[Self.loginPath] } ?? "")
    #expect(kept["accessToken"]?["accessKeyId"] == "NEW" && kept["accessToken"]?["accountId"] == "1" && kept["refreshToken"] == "hush-2")
    #expect(kept["accessToken"]?["expiresAt"] == "2026-11-22T12:15:00Z" && kept["dpopKey"]?.asString?.hasPrefix("-----BEGIN") == true)
    // The proof is about this request, and of this key.
    let proof = try #require(request.headers["DPoP"]).split(separator: ".").map { part -> [UInt8] in
      let text = part.replacing("-", with: "+").replacing("_", with: "/")
      return [UInt8](try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4))))
    }
    let header = try JSONValue(parsing: proof[0])
    #expect(header["typ"] == "dpop+jwt" && header["alg"] == "ES256" && header["jwk"]?["kty"] == "EC" && header["jwk"]?["crv"] == "P-256")
    #expect(header["jwk"]?["x"] == "M_QTFqZ9jL7ldTmoWiKK9f9HcKJhxjbshzJea0swV9k" && header["jwk"]?["y"] == "WKoaLdBgP0mxSh0fY5IUP1Y_Fb7pQQmN9HRHFkCbK30")
    let payload = try JSONValue(parsing: proof[1])
    #expect(payload["htm"] == "POST" && payload["htu"] == "https://eu-west-1.signin.aws.amazon.com/v1/token" && payload["iat"] == 1_795_348_800)
    #expect(payload["jti"]?.asString?.count == 32)
    let signed = try #require(request.headers["DPoP"]).split(separator: ".").prefix(2).joined(separator: ".")
    #expect(proof[2].count == 64 && isSignature(proof[2], of: Array(signed.utf8), pem: Self.loginKey.replacing("\\n", with: "\n")))

    let refused = ScriptedTransport(text(#"{"error":"TOKEN_EXPIRED","message":"The refresh token has expired"}"#, status: 401))
    let said = await problem { try await find(config: config, world: session("2026-11-22T11:30:00Z", Self.renewable), transport: refused) }
    #expect(said.contains("cannot be renewed") && said.contains("The refresh token has expired") && said.hasSuffix("Else run `aws login --profile default`"), "\(said)")
    #expect(!said.contains("hush"))
  }

  /// By libcrypto, from the two numbers of the signature.
  private func isSignature(_ pair: [UInt8], of bytes: [UInt8], pem: String) -> Bool {
    func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
      var digits = Array(number.drop { $0 == 0 })
      if digits.first ?? 0x80 >= 0x80 { digits.insert(0, at: 0) }
      return [2, UInt8(digits.count)] + digits
    }
    let numbers = integer(pair[..<32]) + integer(pair[32...])
    let encoded = [0x30, UInt8(numbers.count)] + numbers
    let text = Array(pem.utf8)
    guard let bio = BIO_new_mem_buf(text, Int32(text.count)), let key = PEM_read_bio_PrivateKey(bio, nil, nil, nil), let context = EVP_MD_CTX_new() else { return false }
    defer {
      BIO_free(bio)
      EVP_PKEY_free(key)
      EVP_MD_CTX_free(context)
    }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 && EVP_DigestVerify(context, encoded, encoded.count, bytes, bytes.count) == 1
  }

  // MARK: Reach

  /// With an endpoint variable and no flag, nobody but the named endpoint is asked, for credentials neither.
  @Test(arguments: [
    ("[default]\nrole_arn = r\nsource_profile = default\naws_access_key_id = A\naws_secret_access_key = B", "gets its credentials from STS, which this run may not ask"),
    ("[default]\nregion = eu-west-1", "the instance's metadata: not asked, because neither --region nor --profile names AWS for this run"),
    (
      "[default]\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = s",
      "gets its credentials by single sign-on, which this run may not ask"
    ),
  ]) func nothingIsAskedThatTheRunDoesNotName(_ config: String, _ message: String) async throws {
    let world = TestWorld([Self.cache: #"{"accessToken":"T","expiresAt":"2026-11-22T18:00:00Z"}"#])
    let transport = ScriptedTransport(text(stsAnswer("X")))
    let configuration = try world.configuration(
      ["AWS_ENDPOINT_URL_REDSHIFT_DATA": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1"], config: config)
    let said = await problem {
      try await credentials(configuration, flags: .init(), reach: .endpointsOfVariables, world: world.world(transport))
    }
    #expect(said.contains(message), "\(said)")
    #expect(transport.requests.isEmpty)
  }

  @Test func onlyEndpointsOfVariablesAreReached() throws {
    let configuration = try TestWorld().configuration(
      ["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_PROFILE": "p"], config: "[profile p]\nregion = eu-west-1\nendpoint_url = https://elsewhere")
    let settings = try AWSClientSettings(flags: .init(), configuration: configuration, reach: .endpointsOfVariables)
    #expect(settings.target(of: .s3).place == "127.0.0.1:1")
    #expect(settings.target(of: .redshiftData) == .nothing)
  }
}
