import Foundation
import Testing

@testable import TaskActions

@Suite struct INIFileTests {
  @Test func readsSectionsPropertiesAndNestedBlocks() throws {
    let file = try INIFile(
      parsing: """
        # a comment
        [default]
        region = eu-west-1   # where we are
        output=json
        [ profile   dev ] ; two blanks
        s3 =
          addressing_style = path
          endpoint_url = http://localhost:9000
        ca_bundle = /a#b.pem
        text = one
          two
        Region=US
        [default]
        output = text
        """, path: "config")
    #expect(Set(file.sections.keys) == ["default", "profile dev"])
    #expect(file.sections["default"]?.properties["region"]?.value == "eu-west-1")
    #expect(file.sections["default"]?.properties["output"]?.value == "text")
    let dev = try #require(file.sections["profile dev"]?.properties)
    #expect(dev["s3"]?.nested == ["addressing_style": "path", "endpoint_url": "http://localhost:9000"])
    #expect(dev["ca_bundle"]?.value == "/a#b.pem")
    #expect(dev["text"]?.value == "one\ntwo")
    #expect(dev["region"]?.value == "US")
    #expect(dev["region"]?.line == 12)
  }

  @Test(arguments: [
    ("[default\nregion = x", "config:1:9: a section starts"), ("a = 1", "config:1:1: a property stands before the first section"),
    ("[default]\n\nregion eu-west-1", "config:3:1: expected \"key = value\""), ("[default]\n= x", "config:2:1: expected \"key = value\""),
    ("[default]\ns3 =\n   nonsense", "config:3:4: expected \"key = value\""), ("[]\n", "config:1:1: a section without a name"),
    ("[default] region", "config:1:11: expected the end of the line"),
  ]) func saysWhereAMistakeIs(_ text: String, _ message: String) {
    let error = #expect(throws: AWSConfigurationError.self) { try INIFile(parsing: text, path: "config") }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }
}

private let files = [
  "/home/u/.aws/config": """
  [default]
  region = eu-central-1
  [profile dev]
  region = us-west-2
  endpoint_url = http://profile:1
  max_attempts = 7
  [profile served]
  services = local
  region = us-east-1
  [profile roles]
  role_arn = arn:aws:iam::1:role/x
  source_profile = dev
  region = us-east-1
  [profile keyed]
  aws_access_key_id = CONFIGID
  aws_secret_access_key = configsecret
  [profile lost]
  services = nowhere
  region = us-east-1
  [services local]
  redshift_data =
    endpoint_url = http://served:2
  """,
  "/home/u/.aws/credentials": """
  [default]
  aws_access_key_id = DEFAULTID
  aws_secret_access_key = defaultsecret
  [dev]
  aws_access_key_id = DEVID
  aws_secret_access_key = devsecret
  aws_session_token = devtoken
  [half]
  aws_access_key_id = HALFID
  """,
]

private func configuration(_ environment: [String: String] = [:], profile: String? = nil, files: [String: String] = files) throws
  -> SharedConfiguration
{
  try SharedConfiguration(environment: environment.merging(["HOME": "/home/u"]) { a, _ in a }, profile: profile) {
    path throws(AWSConfigurationError) in files[path]
  }
}

@Suite struct AWSClientSettingsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var environment: [String: String] = [:]
    var flags = AWSClientSettings.Flags()
    var service = AWSService.redshiftData
    var target: AWSClientSettings.Target
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "nothing named: nothing is sent, whatever the default profile says", target: .nothing),
    Row(name: "keys alone name nothing", environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"], target: .nothing),
    Row(
      name: "a region by flag", flags: .init(region: "eu-west-1"),
      target: .aws(url: "https://redshift-data.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .flag)),
    Row(
      name: "S3 by region", flags: .init(region: "eu-west-1"), service: .s3,
      target: .aws(url: "https://s3.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .flag)),
    Row(
      name: "AWS_REGION beats AWS_DEFAULT_REGION", environment: ["AWS_REGION": "cn-north-1", "AWS_DEFAULT_REGION": "us-east-1"],
      target: .aws(url: "https://redshift-data.cn-north-1.amazonaws.com.cn", region: "cn-north-1", namedBy: .environment("AWS_REGION"))),
    Row(
      name: "government regions", environment: ["AWS_REGION": "us-gov-west-1", "AWS_USE_FIPS_ENDPOINT": "true"],
      target: .aws(
        url: "https://redshift-data-fips.us-gov-west-1.amazonaws.com", region: "us-gov-west-1", namedBy: .environment("AWS_REGION"))),
    Row(
      name: "dual stack", environment: ["AWS_REGION": "eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"],
      target: .aws(url: "https://redshift-data.eu-west-1.api.aws", region: "eu-west-1", namedBy: .environment("AWS_REGION"))),
    Row(
      name: "S3 dual stack", environment: ["AWS_REGION": "eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"], service: .s3,
      target: .aws(url: "https://s3.dualstack.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .environment("AWS_REGION"))),
    Row(
      name: "the default profile by flag brings its region", flags: .init(profile: "default"),
      target: .aws(url: "https://redshift-data.eu-central-1.amazonaws.com", region: "eu-central-1", namedBy: .flag)),
    Row(
      name: "AWS_PROFILE with an endpoint of the profile", environment: ["AWS_PROFILE": "dev"],
      target: .endpoint(url: "http://profile:1", region: "us-west-2", namedBy: .profile("dev"))),
    Row(
      name: "a services section beats the profile's endpoint", environment: ["AWS_PROFILE": "served"],
      target: .endpoint(url: "http://served:2", region: "us-east-1", namedBy: .profile("served"))),
    Row(
      name: "a services section holds for its service only", environment: ["AWS_PROFILE": "served"], service: .s3,
      target: .aws(url: "https://s3.us-east-1.amazonaws.com", region: "us-east-1", namedBy: .environment("AWS_PROFILE"))),
    Row(
      name: "the variable of the service beats the general one",
      environment: ["AWS_ENDPOINT_URL": "http://all:3", "AWS_ENDPOINT_URL_REDSHIFT_DATA": "http://one:4/", "AWS_PROFILE": "dev"],
      target: .endpoint(url: "http://one:4", region: "us-west-2", namedBy: .environment("AWS_ENDPOINT_URL_REDSHIFT_DATA"))),
    Row(
      name: "the general variable serves the others",
      environment: ["AWS_ENDPOINT_URL": "http://all:3", "AWS_ENDPOINT_URL_REDSHIFT_DATA": "http://one:4"],
      service: .s3, target: .endpoint(url: "http://all:3", region: "eu-central-1", namedBy: .environment("AWS_ENDPOINT_URL"))),
    Row(
      name: "configured endpoints can be ignored",
      environment: ["AWS_ENDPOINT_URL": "http://all:3", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_PROFILE": "dev"],
      target: .aws(url: "https://redshift-data.us-west-2.amazonaws.com", region: "us-west-2", namedBy: .environment("AWS_PROFILE"))),
    Row(
      name: "the flag beats all", environment: ["AWS_ENDPOINT_URL": "http://all:3"], flags: .init(endpointURL: "http://flag:5"),
      target: .endpoint(url: "http://flag:5", region: "eu-central-1", namedBy: .flag)),
  ]

  @Test(arguments: rows) func findsTheTarget(_ row: Row) throws {
    let settings = try AWSClientSettings(flags: row.flags, configuration: configuration(row.environment, profile: row.flags.profile))
    #expect(settings.target(of: row.service) == row.target)
  }

  @Test func aMissingRegionIsToldWhenItMatters() async throws {
    let settings = try AWSClientSettings(
      flags: .init(), configuration: configuration(["AWS_PROFILE": "keyed", "AWS_ENDPOINT_URL_S3": "http://s3:1"]))
    #expect(settings.target(of: .s3).place == "s3:1")
    #expect(settings.target(of: .redshiftData).origin == .environment("AWS_PROFILE"))
    let client = RedshiftDataClient(settings: settings, transport: ScriptedTransport(answer()))
    let error = await #expect(throws: AWSCallError.self) { try await client.call(.describeStatement, [:]) }
    #expect(error?.description.hasPrefix("no region for redshift-data: AWS_PROFILE asks for AWS; give --region") == true)
  }

  @Test func readsFilesOfTheUser() throws {
    let folder = try TemporaryFolder()
    try folder.write(".aws/config", "[profile a]\nregion = eu-west-3\n")
    let settings = try AWSClientSettings(
      flags: .init(profile: "a"), configuration: SharedConfiguration(environment: ["HOME": folder.path], profile: "a"))
    #expect(settings.target(of: .s3).region == "eu-west-3")
    let other = ["HOME": "/nowhere", "AWS_CONFIG_FILE": folder.path + "/.aws/config", "AWS_PROFILE": "a"]
    #expect(try SharedConfiguration(environment: other).property("region") == "eu-west-3")
    let error = #expect(throws: AWSConfigurationError.self) {
      try SharedConfiguration(environment: ["HOME": folder.path, "AWS_CONFIG_FILE": "~/.aws"])
    }
    #expect(error?.message == "\(folder.path)/.aws is no regular file")
  }

  @Test func takesAttemptsAndCertificates() throws {
    let dev = try AWSClientSettings(flags: .init(), configuration: configuration(["AWS_PROFILE": "dev", "SSL_CERT_FILE": "/s.pem"]))
    #expect(dev.maximumAttempts == 7)
    #expect(dev.options.certificateFile == "/s.pem")
    let other = try AWSClientSettings(
      flags: .init(), configuration: configuration(["AWS_MAX_ATTEMPTS": "2", "AWS_CA_BUNDLE": "/a.pem", "SSL_CERT_FILE": "/s.pem"]))
    #expect(other.maximumAttempts == 2)
    #expect(other.options.certificateFile == "/a.pem")
    #expect(try AWSClientSettings(flags: .init(), configuration: configuration()).maximumAttempts == 3)
  }

  @Test(arguments: [
    (["AWS_REGION": "eu west"], "expected a region"), (["AWS_ENDPOINT_URL": "localhost:80"], "expected an endpoint"),
    (["AWS_MAX_ATTEMPTS": "0"], "expected a number from 1 to 100"),
    (["AWS_PROFILE": "nope"], "the profile \"nope\" that AWS_PROFILE names stands neither in"),
    (["AWS_PROFILE": "lost"], "the profile \"lost\" names the services section"),
    (["AWS_REGION": "eu-west-1", "AWS_USE_FIPS_ENDPOINT": "yes"], "expected true or false"),
  ]) func refusesWhatCannotBeMeant(_ environment: [String: String], _ message: String) {
    let error = #expect(throws: AWSConfigurationError.self) {
      try AWSClientSettings(flags: .init(), configuration: configuration(environment))
    }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }
}

/// The credentials that a configuration leads to.
func credentials(
  _ configuration: SharedConfiguration, flags: AWSClientSettings.Flags? = nil, reach: AWSClientSettings.Reach = .everywhere,
  world: CredentialWorld = CredentialWorld(transport: ScriptedTransport())
) async throws -> AWSCredentials {
  let named = flags ?? .init(profile: configuration.profileChoice == .flag ? configuration.profileName : nil, region: "eu-west-1")
  let settings = try AWSClientSettings(flags: named, configuration: configuration, reach: reach, world: world)
  guard case .found(let found) = try await settings.credentials.credentials() else { throw CredentialsError("absent") }
  return found
}

@Suite struct CredentialChainTests {
  private func find(_ environment: [String: String] = [:], profile: String? = nil, files: [String: String] = files) async throws
    -> AWSCredentials
  {
    try await credentials(configuration(environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { a, _ in a }, profile: profile, files: files))
  }

  @Test func asksTheEnvironmentFirst() async throws {
    let keys = ["AWS_ACCESS_KEY_ID": "ENVID", "AWS_SECRET_ACCESS_KEY": "envsecret", "AWS_SESSION_TOKEN": "t"]
    #expect(try await find(keys) == AWSCredentials(accessKeyID: "ENVID", secretAccessKey: "envsecret", sessionToken: "t"))
    #expect(try await find(keys.merging(["AWS_PROFILE": "dev"]) { a, _ in a }).accessKeyID == "ENVID")
    #expect(
      try await find(keys, profile: "dev") == AWSCredentials(accessKeyID: "DEVID", secretAccessKey: "devsecret", sessionToken: "devtoken"))
  }

  @Test func readsProfiles() async throws {
    #expect(try await find().accessKeyID == "DEFAULTID")
    #expect(try await find(["AWS_PROFILE": "keyed"]).accessKeyID == "CONFIGID")
  }

  @Test func saysWhatWasTried() async throws {
    let error = await #expect(throws: CredentialsError.self) { try await find(files: [:]) }
    #expect(
      error?.message
        == """
        no AWS credentials found. Tried:
        - the environment: AWS_ACCESS_KEY_ID is not set
        - a role of the profile: the profile "default" has no role_arn
        - a web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set and the profile "default" has no web_identity_token_file
        - single sign-on: the profile "default" has neither sso_account_id nor sso_role_name
        - the shared credentials file: /home/u/.aws/credentials has no profile "default"
        - a login session: the profile "default" has no login_session
        - a program of the profile: the profile "default" has no credential_process
        - the config file: /home/u/.aws/config has no profile "default"
        - the container's agent: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set
        - the instance's metadata: AWS_EC2_METADATA_DISABLED is set
        """)
    let half = await #expect(throws: CredentialsError.self) { try await find(profile: "half") }
    #expect(half?.message == "/home/u/.aws/credentials:9: the profile \"half\" has aws_access_key_id but no aws_secret_access_key")
  }

  @Test func keepsCredentialsUntilShortlyBeforeTheyExpire() async throws {
    final class Counting: CredentialsSource {
      let name = "counting"
      let time: VirtualTime
      let calls = Bench.Progress()
      init(_ time: VirtualTime) { self.time = time }
      func credentials() async throws(CredentialsError) -> CredentialsAnswer {
        calls.add("call")
        return .found(AWSCredentials(accessKeyID: "A", secretAccessKey: "s", expiration: time.now.advanced(bySeconds: 3600)))
      }
    }
    let time = VirtualTime()
    let source = Counting(time)
    let chain = CredentialChain([source], now: { time.now })
    for wait in [0, 2000, 600, 200] {
      await time.clock.sleep(.seconds(wait))
      _ = try await chain.credentials()
    }
    #expect(source.calls.lines.count == 2)
  }

  @Test func secretsDoNotShow() throws {
    let credentials = AWSCredentials(accessKeyID: "ID", secretAccessKey: "hush-hush", sessionToken: "token-hush")
    var dumped = ""
    dump(credentials, to: &dumped)
    dump(FixedCredentials(credentials), to: &dumped)
    for text in [
      "\(credentials)", String(reflecting: credentials), dumped, "\(FixedCredentials(credentials))", "\(credentials.secretAccessKey)",
    ] {
      #expect(!text.contains("hush"), "\(text)")
    }
    #expect(dumped.contains("ID"))
  }

  /// A parsed configuration file must not leak either when it is printed.
  @Test func configurationsDoNotShowSecrets() throws {
    let all = try configuration(["AWS_SECRET_ACCESS_KEY": "envsecret", "AWS_PROFILE": "dev"])
    var dumped = "\(all)" + String(reflecting: all)
    dump(all, to: &dumped)
    for secret in ["envsecret", "devsecret", "devtoken"] { #expect(!dumped.contains(secret)) }
  }

  @Test func signedRequestsDoNotShowTokens() {
    let credentials = AWSCredentials(accessKeyID: "ID", secretAccessKey: "s", sessionToken: "token-hush")
    let request = RequestSigner(region: "r", service: "s3").sign(HTTPRequest(method: "GET", url: "http://h/"), with: credentials, at: .now)
      .request
    var dumped = "\(request)" + String(reflecting: request)
    dump(request, to: &dumped)
    #expect(!dumped.contains("hush"))
    #expect(request.headers["X-Amz-Security-Token"] == "token-hush")
  }
}
