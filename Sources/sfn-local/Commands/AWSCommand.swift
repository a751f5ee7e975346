import ArgumentParser
import JSONTypes
import TaskActions

struct AWSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aws",
    abstract: "Say which profile, region, endpoints and credentials calls to AWS would have, and where each comes from.",
    discussion: """
      Credentials are looked up as a run would: a role is assumed, a program of the profile is run. No service is called with them, and no secret \
      is printed. Exit code 1 when there are none.
      """)

  @Argument(help: ArgumentHelp("Services besides Redshift and S3, by the names of integrations: dynamodb, sqs.", valueName: "SERVICE"))
  var services: [String] = []

  @Option(help: ArgumentHelp("As for run.", valueName: "REGION"))
  var region: String?

  @Option(help: ArgumentHelp("As for run.", valueName: "NAME"))
  var profile: String?

  @Option(help: ArgumentHelp("As for run.", valueName: "URL"))
  var endpointUrl: String?

  @Flag(help: "Print a JSON object.")
  var json = false

  func run() async throws {
    ignoreBrokenPipes()
    var chosen: [(name: String, service: AWSService)] = [("redshiftdata", .redshiftData), ("s3", .s3), ("sts", .sts)]
    for name in services {
      guard let service = AWSCalls.service(named: name) else {
        throw CommandProblem("the service \(name) is none of those that can be called: \(AWSCalls.serviceNames.joined(separator: ", "))")
      }
      if !chosen.contains(where: { $0.name == name }) { chosen.append((name, service)) }
    }
    let flags = AWSClientSettings.Flags(profile: profile, region: region, endpointURL: endpointUrl)
    var found: AWSReport?
    do throws(AWSConfigurationError) {
      if let named = try NamedAWS(processEnvironment(), flags, services: chosen.map(\.service)) { found = try AWSReport(named, flags, services: chosen) }
    } catch {
      throw CommandProblem(error.message)
    }
    guard var report = found else {
      if json { return Terminal.writeOutput("{}\n") }
      return Terminal.writeOutput(
        "Nothing names AWS: all calls stay on this machine. Name it by --region, --profile, --endpoint-url or AWS_ENDPOINT_URL.\n")
    }
    await report.lookUpCredentials()
    Terminal.writeOutput(json ? report.json.prettyText + "\n" : report.text)
    if report.problem != nil { throw ExitCode(1) }
  }
}

/// What a run would have of AWS.
struct AWSReport {
  private let named: NamedAWS
  private let region: AWSClientSettings.Region?
  /// By the names of integrations.
  private let services: [(name: String, service: AWSService)]
  private var found: (credentials: AWSCredentials, source: String)?
  /// Why there are no credentials.
  private(set) var problem: String?

  init(_ named: NamedAWS, _ flags: AWSClientSettings.Flags, services: [(name: String, service: AWSService)]) throws(AWSConfigurationError) {
    (self.named, self.services) = (named, services)
    region = try AWSClientSettings.region(flags, named.configuration)
  }

  mutating func lookUpCredentials() async {
    guard let chain = named.settings.credentials as? CredentialChain else { return }
    do throws(CredentialsError) { found = try await chain.search() } catch { problem = error.message }
  }

  private var profileOrigin: String {
    switch named.configuration.profileChoice {
    case .flag: "the command line"
    case .environment(let name): name
    case .implicit: "nobody chose another"
    }
  }

  var text: String {
    let configuration = named.configuration
    var rows: [(String, String)] = [
      ("profile", "\(configuration.profileName) (\(profileOrigin))"), ("files", "\(configuration.paths.config), \(configuration.paths.credentials)"),
      ("region", region.map { "\($0.name) (\($0.origin))" } ?? "none"),
    ]
    if let found {
      let keys = found.credentials
      let end = keys.expiration.map { ", until \($0.text)" } ?? ""
      rows.append(("credentials", "\(masked(keys.accessKeyID))\(keys.sessionToken == nil ? "" : " with a session token")\(end) (\(found.source))"))
    } else {
      rows.append(("credentials", "none"))
    }
    for (name, service) in services {
      switch named.settings.target(of: service) {
      case .aws(let url, _, let origin), .endpoint(let url, _, let origin): rows.append((name, "\(url) (\(origin))"))
      case .nothing: rows.append((name, "stays on this machine"))
      case .incomplete: rows.append((name, "needs a region"))
      }
    }
    let mode = named.settings.retryMode
    rows.append(("attempts", "\(named.settings.maximumAttempts)\(mode == .standard ? "" : " (the mode \(mode.rawValue) is served as standard)")"))
    if let file = named.settings.options.certificateFile { rows.append(("certificates", file)) }
    let width = rows.map(\.0.count).max() ?? 0
    var text = rows.map { "\($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1.printable())\n" }.joined()
    if let problem { text += "\n" + problem.printable(keepingLines: true) + "\n" }
    return text
  }

  /// The end of an id, as AWS's own tools show it.
  private func masked(_ id: String) -> String { String(repeating: "*", count: max(0, id.count - 4)) + id.suffix(4) }

  var json: JSONValue {
    var object: JSONObject = [
      "profile": .string(named.configuration.profileName), "profileFrom": .string(profileOrigin),
      "configFile": .string(named.configuration.paths.config), "credentialsFile": .string(named.configuration.paths.credentials),
    ]
    if let region { (object["region"], object["regionFrom"]) = (.string(region.name), .string("\(region.origin)")) }
    if let found {
      var keys: JSONObject = [
        "accessKeyId": .string(found.credentials.accessKeyID), "hasSessionToken": .bool(found.credentials.sessionToken != nil), "source": .string(found.source),
      ]
      if let end = found.credentials.expiration { keys["expiration"] = .string(end.text) }
      object["credentials"] = .object(keys)
    }
    if let problem { object["credentialsProblem"] = .string(problem) }
    var endpoints = JSONObject()
    for (name, service) in services {
      switch named.settings.target(of: service) {
      case .aws(let url, let region, let origin), .endpoint(let url, let region, let origin):
        endpoints[name] = ["url": .string(url), "region": .string(region), "namedBy": .string("\(origin)")]
      case .nothing: endpoints[name] = .null
      case .incomplete(let why, _): endpoints[name] = ["problem": .string(why)]
      }
    }
    object["endpoints"] = .object(endpoints)
    object["maximumAttempts"] = .int(Int64(named.settings.maximumAttempts))
    object["retryMode"] = .string(named.settings.retryMode.rawValue)
    if let file = named.settings.options.certificateFile { object["certificateFile"] = .string(file) }
    return .object(object)
  }
}
