import Foundation
import JSONTypes
import TestSupport
import Testing

@testable import TaskActions

/// The same files and variables given to botocore: it must find the same credentials and the same endpoints, or fail where we do.
@Suite struct OracleTests {
  struct Row: Sendable {
    var name: String
    var environment: [String: String] = [:]
    var config = ""
    var credentials = ""
    /// The profile of a flag.
    var profile: String?
    /// Whether endpoints are compared, too.
    var asksEndpoints = false
  }

  private static let roles = """
    [profile role]
    role_arn = arn:aws:iam::1:role/one
    source_profile = keys
    role_session_name = me
    external_id = e x
    duration_seconds = 1800
    [profile chain]
    role_arn = arn:aws:iam::1:role/two
    source_profile = role
    role_session_name = me
    [profile keys]
    aws_access_key_id = CFGKEYS
    aws_secret_access_key = s
    [profile both]
    role_arn = arn:aws:iam::1:role/three
    source_profile = both
    role_session_name = me
    aws_access_key_id = OWN
    aws_secret_access_key = s
    [profile fromenv]
    role_arn = arn:aws:iam::1:role/four
    credential_source = Environment
    role_session_name = me
    [profile fromec2]
    role_arn = arn:aws:iam::1:role/five
    credential_source = Ec2InstanceMetadata
    role_session_name = me
    [profile fromecs]
    role_arn = arn:aws:iam::1:role/six
    credential_source = EcsContainer
    role_session_name = me
    [profile loop]
    role_arn = arn:aws:iam::1:role/l
    source_profile = pool
    [profile pool]
    role_arn = arn:aws:iam::1:role/l
    source_profile = loop
    [profile nosource]
    role_arn = arn:aws:iam::1:role/l
    [profile ghost]
    role_arn = arn:aws:iam::1:role/l
    source_profile = nobody
    [profile keyedrole]
    role_arn = arn:aws:iam::1:role/seven
    source_profile = both
    role_session_name = me
    [profile viaprocess]
    role_arn = arn:aws:iam::1:role/eight
    source_profile = process
    role_session_name = me
    [profile process]
    credential_process = sh -c 'echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"PROC\\",\\"SecretAccessKey\\":\\"s\\",\\"SessionToken\\":\\"t\\"}"'
    [profile badprocess]
    credential_process = sh -c 'exit 4'
    [profile web]
    role_arn = arn:aws:iam::1:role/web
    web_identity_token_file = HOME/token
    role_session_name = pod
    [profile viaweb]
    role_arn = arn:aws:iam::1:role/nine
    source_profile = web
    role_session_name = me
    [profile sso]
    sso_session = corp
    sso_account_id = 123
    sso_role_name = admin
    [profile legacysso]
    sso_start_url = https://old.example/start
    sso_region = us-east-1
    sso_account_id = 456
    sso_role_name = reader
    [profile expiredsso]
    sso_start_url = https://expired.example/start
    sso_region = us-east-1
    sso_account_id = 456
    sso_role_name = reader
    [profile ssohalf]
    sso_session = corp
    sso_account_id = 123
    [profile ssomixed]
    sso_session = corp
    sso_region = eu-west-1
    sso_account_id = 123
    sso_role_name = admin
    [profile viasso]
    role_arn = arn:aws:iam::1:role/ten
    source_profile = sso
    role_session_name = me
    [sso-session corp]
    sso_region = us-east-1
    sso_start_url = https://start.example/start
    [profile end]
    endpoint_url = http://127.0.0.1:1111/
    services = svc
    [profile nothing]
    output = json
    [services svc]
    s3 =
      endpoint_url = http://127.0.0.1:2222
    """
  private static let files = """
    [keys]
    aws_access_key_id = CREDKEYS
    aws_secret_access_key = s
    [default]
    aws_access_key_id = DEFAULT
    aws_secret_access_key = d
    """
  private static let env = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "et"]

  static let rows: [Row] = {
    var rows: [Row] = [
      "role", "chain", "keys", "both", "fromec2", "fromecs", "loop", "nosource", "ghost", "keyedrole", "viaprocess", "process", "badprocess", "web",
      "viaweb", "sso", "legacysso", "expiredsso", "ssohalf", "ssomixed", "viasso", "default",
    ].flatMap { name in
      [
        Row(name: "AWS_PROFILE=\(name)", environment: ["AWS_PROFILE": name], config: roles, credentials: files),
        Row(name: "AWS_PROFILE=\(name) beside keys", environment: env.merging(["AWS_PROFILE": name]) { a, _ in a }, config: roles, credentials: files),
        Row(name: "--profile \(name) beside keys", environment: env, config: roles, credentials: files, profile: name),
      ]
    }
    rows += [
      Row(name: "keys of the environment", environment: env),
      Row(name: "half the keys", environment: ["AWS_ACCESS_KEY_ID": "x"]),
      Row(name: "credential_source of the environment by flag", environment: env, config: roles, profile: "fromenv"),
      Row(name: "nothing but an instance"), Row(name: "no instance either", environment: ["AWS_EC2_METADATA_DISABLED": "true"]),
      Row(name: "a container", environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "ECS/creds"]),
      Row(name: "a container with a token", environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "ECS/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok"]),
      Row(
        name: "a container with a token's file",
        environment: [
          "AWS_CONTAINER_CREDENTIALS_FULL_URI": "ECS/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/token",
        ]),
      Row(name: "a container that is no agent", environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/creds"]),
      Row(
        name: "a web identity of the environment",
        environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod", "AWS_ROLE_SESSION_NAME": "pod"]),
      Row(name: "a web identity without a role", environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"]),
      Row(
        name: "a web identity beside a profile by flag",
        environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod", "AWS_ROLE_SESSION_NAME": "pod"], config: roles,
        credentials: files, profile: "keys"),
      Row(name: "an unknown profile", environment: ["AWS_PROFILE": "unknown"], config: roles),
      Row(name: "region of the profile", config: "[default]\nregion = ap-south-1", credentials: files, asksEndpoints: true),
      Row(name: "region in the credentials file wins", config: "[default]\nregion = ap-south-1", credentials: files + "\nregion = sa-east-1", asksEndpoints: true),
      Row(name: "endpoints of a profile", environment: ["AWS_PROFILE": "end"], config: roles, asksEndpoints: true),
      Row(name: "one endpoint for all", environment: ["AWS_PROFILE": "nothing", "AWS_ENDPOINT_URL": "http://127.0.0.1:3333"], config: roles, asksEndpoints: true),
      Row(
        name: "an endpoint of a service's own",
        environment: ["AWS_PROFILE": "end", "AWS_ENDPOINT_URL": "http://127.0.0.1:3333", "AWS_ENDPOINT_URL_REDSHIFT_DATA": "http://127.0.0.1:4444"],
        config: roles, asksEndpoints: true),
      Row(name: "a variable beats a services section", environment: ["AWS_PROFILE": "end", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:5555"], config: roles, asksEndpoints: true),
      Row(name: "ignored endpoints", environment: ["AWS_PROFILE": "end", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://x:1"], config: roles, asksEndpoints: true),
      Row(name: "FIPS", environment: env.merging(["AWS_USE_FIPS_ENDPOINT": "true"]) { a, _ in a }, asksEndpoints: true),
      Row(name: "dual stack", environment: env.merging(["AWS_USE_DUALSTACK_ENDPOINT": "true"]) { a, _ in a }, asksEndpoints: true),
      Row(name: "both", environment: env.merging(["AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_USE_FIPS_ENDPOINT": "true"]) { a, _ in a }, asksEndpoints: true),
      Row(name: "FIPS by the profile", environment: env, config: "[default]\nuse_fips_endpoint = true", asksEndpoints: true),
    ]
    for region in ["us-east-2", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1"] {
      rows.append(Row(name: region, environment: env.merging(["AWS_DEFAULT_REGION": region]) { a, _ in a }, asksEndpoints: true))
      rows.append(Row(name: "\(region) FIPS", environment: env.merging(["AWS_DEFAULT_REGION": region, "AWS_USE_FIPS_ENDPOINT": "true"]) { a, _ in a }, asksEndpoints: true))
      // What a client of S3 calls its endpoint in the youngest partition is not where its requests go; `credentials_boto.py` compares the rules.
      guard !region.hasPrefix("us-iso"), !region.hasPrefix("eu-iso"), !region.hasPrefix("eusc-") else { continue }
      rows.append(Row(name: "\(region) dual", environment: env.merging(["AWS_DEFAULT_REGION": region, "AWS_USE_DUALSTACK_ENDPOINT": "true"]) { a, _ in a }, asksEndpoints: true))
    }
    return rows
  }()

  /// One server is STS, single sign-on, the instance and the container's agent. Its keys tell how it was asked.
  private static func service() -> FakeHTTPServer {
    FakeHTTPServer { request in
      let later = "2099-01-01T00:00:00Z"
      func keys(_ id: String) -> FakeAnswer {
        .reply(200, #"{"Code":"Success","AccessKeyId":"\#(id)","SecretAccessKey":"s","Token":"t","Expiration":"\#(later)"}"#)
      }
      if request.path.hasPrefix("/federation/credentials") {
        let query = request.path.split(separator: "?").last.map { $0.split(separator: "&").sorted().joined(separator: "&") } ?? ""
        let id = "SSO|\(query)|\(request.headers["x-amz-sso_bearer_token"] ?? "")"
        return .reply(200, #"{"roleCredentials":{"accessKeyId":"\#(id)","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}"#)
      }
      switch (request.method, request.path) {
      case ("PUT", "/latest/api/token"): return .reply(200, "TOKEN")
      case ("GET", "/latest/meta-data/iam/security-credentials/"): return .reply(200, "web")
      case ("GET", "/latest/meta-data/iam/security-credentials/web"): return keys("IMDS-\(request.headers["x-aws-ec2-metadata-token"] ?? "v1")")
      case ("GET", "/creds"): return keys("ECS-\(request.headers["authorization"] ?? "open")")
      case ("POST", "/"):
        let fields = ["Action", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds", "WebIdentityToken"].map { request.form($0) ?? "" }
        return .reply(200, stsAnswer("STS|\(fields.joined(separator: "|"))|\(request.signer.replacing("%7C", with: "|"))", action: fields[0], expiration: later))
      default: return .reply(404, "")
      }
    }
  }

  static let script = #"""
    import json, os, sys
    import botocore.loaders, botocore.session
    loader = botocore.loaders.Loader()
    def opened(row):
        session = botocore.session.Session(profile=row.get("profile"))
        session.register_component("data_loader", loader)
        return session
    base = dict(os.environ)
    answers = []
    for row in json.load(sys.stdin):
        os.environ.clear(); os.environ.update(base); os.environ.update(row["environment"])
        answer = {}
        try:
            session = opened(row)
            keys = session.get_credentials()
            keys = keys.get_frozen_credentials() if keys else None
            answer["keys"] = [keys.access_key, keys.secret_key, keys.token or ""] if keys else None
        except Exception as problem:
            answer["problem"] = type(problem).__name__ + ": " + str(problem)
        for service in ("redshift-data", "s3", "sts") if row["endpoints"] else ():
            try:
                answer[service] = opened(row).create_client(
                    service, aws_access_key_id="a", aws_secret_access_key="b").meta.endpoint_url
            except Exception as problem:
                answer[service] = None
        answers.append(answer)
    json.dump(answers, sys.stdout)
    """#

  @Test func findsWhatBotocoreFinds() async throws {
    guard try Self.python("import botocore", input: "") != nil else { return print("botocore is not here; this test has nothing to compare with") }
    let folder = try TemporaryFolder()
    let server = Self.service()
    try folder.write("token", "word")
    let far = "2099-01-01T00:00:00Z"
    func cache(_ name: String, _ token: String, _ expiry: String) throws {
      try folder.write(".aws/sso/cache/\(hexadecimal(sha1(name.utf8))).json", #"{"accessToken":"\#(token)","expiresAt":"\#(expiry)"}"#)
    }
    try cache("corp", "CORP", far)
    try cache("https://old.example/start", "OLDSTYLE", far)
    try cache("https://expired.example/start", "GONE", "2020-01-01T00:00:00Z")

    func filled(_ text: String) -> String { text.replacing("HOME", with: folder.path).replacing("ECS/", with: server.url + "/") }
    var environments: [[String: String]] = []
    for (number, row) in Self.rows.enumerated() {
      try folder.write("\(number)/config", filled(row.config))
      try folder.write("\(number)/credentials", filled(row.credentials))
      var environment = [
        "AWS_CONFIG_FILE": "\(folder.path)/\(number)/config", "AWS_SHARED_CREDENTIALS_FILE": "\(folder.path)/\(number)/credentials",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/", "AWS_DEFAULT_REGION": "eu-west-1", "HOME": folder.path, "PATH": "/usr/bin:/bin",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_ENDPOINT_URL_STS": server.url, "AWS_ENDPOINT_URL_SSO": server.url,
      ]
      if row.config.contains("region = ap-south-1") { environment["AWS_DEFAULT_REGION"] = nil }
      for (key, value) in row.environment { environment[key] = filled(value) }
      environments.append(environment)
    }
    let questions = JSONValue.array(
      zip(Self.rows, environments).map { row, environment in
        var question: JSONObject = ["endpoints": .bool(row.asksEndpoints), "environment": .object(JSONObject(environment.map { ($0.key, .string($0.value)) }))]
        if let profile = row.profile { question["profile"] = .string(profile) }
        return .object(question)
      })
    let output = try #require(try Self.python(Self.script, input: questions.jsonText, home: folder.path))
    let answers = try #require(try JSONValue(parsing: output).asArray)
    #expect(answers.count == Self.rows.count)

    var compared = 0
    for (row, (environment, answer)) in zip(Self.rows, zip(environments, answers)) {
      let (ours, endpoints) = await Self.ours(environment, profile: row.profile)
      // Both find the same keys, or neither finds any.
      let theirs = answer["keys"]?.asArray.map { $0.map { $0.asString ?? "" } }
      #expect(ours == theirs, "\(row.name): botocore \(answer.jsonText)")
      for (service, url) in endpoints {
        guard let their = answer[service]?.asString else { continue }
        #expect(url == (their.hasSuffix("/") ? String(their.dropLast()) : their), "\(row.name), \(service)")
      }
      compared += 1
    }
    #expect(compared == Self.rows.count)
  }

  /// Our keys, nil where there are none, and our endpoints.
  private static func ours(_ environment: [String: String], profile: String?) async -> (keys: [String]?, endpoints: [(String, String)]) {
    guard
      let configuration = try? SharedConfiguration(environment: environment, profile: profile),
      let settings = try? AWSClientSettings(
        flags: .init(profile: profile), configuration: configuration, services: AWSService.standard + [.sts])
    else { return (nil, []) }
    var keys: [String]?
    if case .found(let found)? = try? await settings.credentials.credentials() {
      keys = [found.accessKeyID, found.secretAccessKey.reveal(), found.sessionToken?.reveal() ?? ""]
    }
    let endpoints = [("redshift-data", AWSService.redshiftData), ("s3", .s3), ("sts", .sts)].compactMap { name, service -> (String, String)? in
      switch settings.target(of: service) {
      case .aws(let url, _, _), .endpoint(let url, _, _): (name, url)
      case .nothing, .incomplete: nil
      }
    }
    return (keys, endpoints)
  }

  /// What a script of Python prints; nil when it fails.
  private static func python(_ script: String, input: String, home: String = "/nonexistent") throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home]
    let (question, answer, errors) = (Foundation.Pipe(), Foundation.Pipe(), Foundation.Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (question, answer, errors)
    do { try process.run() } catch { return nil }
    let writer = question.fileHandleForWriting
    Thread.detachNewThread {
      try? writer.write(contentsOf: Data(input.utf8))
      try? writer.close()
    }
    Thread.detachNewThread { _ = errors.fileHandleForReading.readDataToEndOfFile() }
    let output = answer.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: output, as: UTF8.self) : nil
  }
}
