/// Where requests go and how patiently: flags, environment and the shared files put together.
///
/// Nothing is sent to AWS unless the user names a region, a profile or an endpoint: without any of these every target is `nothing`.
/// The region of a `default` profile that nobody chose does not count as naming, but serves once something else is named.
public struct AWSClientSettings: Sendable {
  /// Who said something, for messages and for the caller's decision whether it counts.
  public enum Origin: Sendable, Hashable, CustomStringConvertible {
    case flag
    case environment(String)
    case profile(String)
    public var description: String {
      switch self {
      case .flag: "the command line"
      case .environment(let name): name
      case .profile(let name): "the profile \(name)"
      }
    }
  }

  public enum Target: Sendable, Hashable {
    /// AWS itself.
    case aws(url: String, region: String, namedBy: Origin)
    /// An endpoint that the user gave: a local one, a proxy, a VPC endpoint.
    case endpoint(url: String, region: String, namedBy: Origin)
    /// The user named nothing: no request is sent.
    case nothing
    /// AWS is asked for, but something is missing, such as the region; a request fails with this text.
    case incomplete(why: String, namedBy: Origin)

    /// `redshift-data.eu-west-1.amazonaws.com`, `127.0.0.1:8085`; nil when no request can be sent.
    public var place: String? {
      switch self {
      case .aws(let url, _, _), .endpoint(let url, _, _): hostAndPort(of: url)
      case .nothing, .incomplete: nil
      }
    }
    public var region: String? {
      switch self {
      case .aws(_, let region, _), .endpoint(_, let region, _): region
      case .nothing, .incomplete: nil
      }
    }
    /// Who named the target; nil for `nothing`.
    public var origin: Origin? {
      switch self {
      case .aws(_, _, let origin), .endpoint(_, _, let origin), .incomplete(_, let origin): origin
      case .nothing: nil
      }
    }
  }

  /// How far requests may go.
  public enum Reach: Sendable, Hashable {
    /// To AWS, too: a flag names it.
    case everywhere
    /// Only to services that a variable gives an endpoint; AWS is not asked for anything, credentials included.
    case endpointsOfVariables
  }

  /// What the command line says; it beats everything.
  public struct Flags: Sendable {
    public var profile: String?
    public var region: String?
    /// For every service.
    public var endpointURL: String?
    /// AWS itself is asked for, whatever endpoints variables and profile give to the services of the tasks.
    public var namesAWS: Bool
    public init(profile: String? = nil, region: String? = nil, endpointURL: String? = nil, namesAWS: Bool = false) {
      self.profile = profile
      self.region = region
      self.endpointURL = endpointURL
      self.namesAWS = namesAWS
    }
  }

  /// The region for signing at a given endpoint when none is named.
  static let regionOfLocalEndpoints = "us-east-1"
  /// Attempts for one request: the first and its repetitions.
  public static let defaultMaximumAttempts = 3
  /// How failed requests are repeated; `legacy` and `adaptive` are served as `standard`.
  public enum RetryMode: String, Sendable, Hashable, CaseIterable { case legacy, standard, adaptive }

  public var targets: [AWSService: Target]
  public var maximumAttempts: Int
  /// What is asked for.
  public var retryMode = RetryMode.standard
  public var options: HTTPOptions
  public var credentials: any CredentialsSource

  public init(
    targets: [AWSService: Target], credentials: any CredentialsSource, maximumAttempts: Int = defaultMaximumAttempts,
    options: HTTPOptions = HTTPOptions()
  ) {
    self.targets = targets
    self.credentials = credentials
    self.maximumAttempts = maximumAttempts
    self.options = options
  }

  /// Settings for one endpoint of this machine, with the keys that it accepts.
  public init(localEndpoint url: String, for services: [AWSService], accessKeyID: String = "local", secretAccessKey: String = "local") {
    let target = Target.endpoint(url: url, region: Self.regionOfLocalEndpoints, namedBy: .flag)
    self.init(
      targets: Dictionary(uniqueKeysWithValues: services.map { ($0, target) }),
      credentials: FixedCredentials(AWSCredentials(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey)))
  }

  /// Resolves the settings from flags, environment and shared files.
  /// - Parameters:
  ///   - services: those that get a target.
  ///   - world: what sources of credentials work with.
  /// - Throws: `AWSConfigurationError` for what cannot be meant: an unknown profile, a malformed URL, region or number.
  public init(
    flags: Flags, configuration: SharedConfiguration, services: [AWSService] = AWSService.standard, reach: Reach = .everywhere,
    world: CredentialWorld = CredentialWorld(transport: HTTPClient())
  ) throws(AWSConfigurationError) {
    targets = [:]
    for service in services { targets[service] = try Self.target(of: service, flags, configuration, reach) }
    maximumAttempts = try Self.attempts(configuration)
    retryMode = try Self.retryMode(configuration)
    options = HTTPOptions(
      certificateFile: configuration.variable("AWS_CA_BUNDLE") ?? configuration.property("ca_bundle")
        ?? configuration.variable("SSL_CERT_FILE"))
    // Mistakes of the settings show in the first of these, so those of the other services cannot fail.
    let tokens = try Self.target(of: .sts, flags, configuration, reach)
    credentials = CredentialChain(
      CredentialSurroundings(
        configuration: configuration, world: world,
        mayAskAWS: reach == .everywhere && (flags.endpointURL == nil || flags.region != nil || flags.profile != nil), options: options,
        tokenTarget: tokens,
        target: { service, region in
          var regional = flags
          regional.region = region
          return (try? Self.target(of: service, regional, configuration, reach)) ?? .nothing
        }))
  }

  public func target(of service: AWSService) -> Target { targets[service] ?? .nothing }

  private static func target(
    of service: AWSService, _ flags: Flags, _ configuration: SharedConfiguration, _ reach: Reach
  ) throws(AWSConfigurationError) -> Target {
    let region = try region(flags, configuration)
    let profile = Origin.profile(configuration.profileName)
    if let (url, origin) = try endpoint(of: service, flags, configuration) {
      if origin == profile, reach == .endpointsOfVariables || isNamed(flags, configuration) == nil { return .nothing }
      return .endpoint(url: try checked(url: url, from: origin), region: region?.name ?? regionOfLocalEndpoints, namedBy: origin)
    }
    guard reach == .everywhere, let named = isNamed(flags, configuration) else { return .nothing }
    guard let region else {
      let why =
        "no region for \(service.signingName): \(named) asks for AWS; give --region, set AWS_REGION, or write region = … into the profile "
        + "\"\(configuration.profileName)\" of \(configuration.configFile.path)"
      return .incomplete(why: why, namedBy: named)
    }
    let usesFIPS = try flag(configuration, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    let usesDualStack = try flag(configuration, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    let host = service.host(region: region.name, usesFIPS: usesFIPS, usesDualStack: usesDualStack)
    return .aws(url: "https://\(host)", region: region.name, namedBy: named)
  }

  /// Who named a region, a profile or an endpoint; nil when nobody did.
  private static func isNamed(_ flags: Flags, _ configuration: SharedConfiguration) -> Origin? {
    if flags.region != nil || flags.profile != nil || flags.endpointURL != nil || flags.namesAWS { return .flag }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"] where configuration.variable(name) != nil {
      return .environment(name)
    }
    return nil
  }

  public typealias Region = (name: String, origin: Origin)

  /// The region that the settings name, and what names it; nil when nothing does.
  public static func region(_ flags: Flags, _ configuration: SharedConfiguration) throws(AWSConfigurationError) -> Region? {
    let candidates: [(String?, Origin)] = [
      (flags.region, .flag), (configuration.variable("AWS_REGION"), .environment("AWS_REGION")),
      (configuration.variable("AWS_DEFAULT_REGION"), .environment("AWS_DEFAULT_REGION")),
      (configuration.property("region"), .profile(configuration.profileName)),
    ]
    for (name, origin) in candidates {
      guard let name else { continue }
      guard isRegionName(name) else {
        throw AWSConfigurationError("expected a region such as eu-west-1, got \"\(name)\" from \(origin)")
      }
      return (name, origin)
    }
    return nil
  }

  private static func endpoint(
    of service: AWSService, _ flags: Flags, _ configuration: SharedConfiguration
  ) throws(AWSConfigurationError) -> (url: String, origin: Origin)? {
    if let url = flags.endpointURL { return (url, .flag) }
    if flags.namesAWS, AWSService.standard.contains(service) { return nil }
    if try flag(configuration, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") { return nil }
    for name in [service.endpointVariable, "AWS_ENDPOINT_URL"] {
      if let url = configuration.variable(name) { return (url, .environment(name)) }
    }
    let profile = Origin.profile(configuration.profileName)
    if let url = try configuration.serviceProperty(service, "endpoint_url") { return (url, profile) }
    return configuration.property("endpoint_url").map { ($0, profile) }
  }

  private static func checked(url: String, from origin: Origin) throws(AWSConfigurationError) -> String {
    let lowered = url.lowercased()
    let isHTTP = lowered.hasPrefix("http://") || lowered.hasPrefix("https://")
    guard isHTTP, !hostAndPort(of: url).isEmpty, !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), !url.contains("?"),
      !url.contains("#")
    else {
      throw AWSConfigurationError("expected an endpoint such as http://127.0.0.1:8085, got \"\(url)\" from \(origin)")
    }
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    return url
  }

  private static func flag(_ configuration: SharedConfiguration, _ variable: String, _ key: String) throws(AWSConfigurationError) -> Bool {
    guard let text = configuration.variable(variable) ?? configuration.property(key) else { return false }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw AWSConfigurationError("expected true or false for \(variable) (or \(key) in the profile), got \"\(text)\"")
    }
  }

  private static func retryMode(_ configuration: SharedConfiguration) throws(AWSConfigurationError) -> RetryMode {
    guard let text = configuration.variable("AWS_RETRY_MODE") ?? configuration.property("retry_mode") else { return .standard }
    guard let mode = RetryMode(rawValue: text.lowercased()) else {
      let known = RetryMode.allCases.map(\.rawValue).joined(separator: ", ")
      throw AWSConfigurationError("expected one of \(known) for AWS_RETRY_MODE (or retry_mode in the profile), got \"\(text)\"")
    }
    return mode
  }

  private static func attempts(_ configuration: SharedConfiguration) throws(AWSConfigurationError) -> Int {
    guard let text = configuration.variable("AWS_MAX_ATTEMPTS") ?? configuration.property("max_attempts") else {
      return defaultMaximumAttempts
    }
    guard let number = Int(text), (1...100).contains(number) else {
      throw AWSConfigurationError("expected a number from 1 to 100 for AWS_MAX_ATTEMPTS (or max_attempts in the profile), got \"\(text)\"")
    }
    return number
  }
}
