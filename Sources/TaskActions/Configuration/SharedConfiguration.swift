/// What the user's environment and the two shared files say, as far as one profile is concerned.
///
/// The files are `AWS_CONFIG_FILE` (else `~/.aws/config`) and `AWS_SHARED_CREDENTIALS_FILE` (else `~/.aws/credentials`).
/// A file that does not exist is an empty one.
public struct SharedConfiguration: Sendable {
  /// How the profile was chosen.
  public enum ProfileChoice: Sendable, Hashable {
    case flag
    /// By `AWS_PROFILE`, or `AWS_DEFAULT_PROFILE` as older tools have it.
    case environment(String)
    /// Nobody chose: `default`.
    case implicit
  }

  /// Largest shared file read, in bytes.
  public static let maximumFileBytes = 1 << 20

  public let environment: [String: String]
  public let profileName: String
  public let profileChoice: ProfileChoice
  let configFile: INIFile
  let credentialsFile: INIFile

  /// The two files, whether they are there or not.
  public var paths: (config: String, credentials: String) { (configFile.path, credentialsFile.path) }

  /// - Parameters:
  ///   - environment: the variables to go by, usually the process's.
  ///   - profile: the profile of a command-line flag; it beats `AWS_PROFILE`.
  ///   - readFile: gives a file's text, nil when it does not exist.
  /// - Throws: `AWSConfigurationError` for a file that cannot be read or parsed, and for a chosen profile that stands in neither file.
  public init(
    environment: [String: String], profile: String? = nil,
    readFile: (_ path: String) throws(AWSConfigurationError) -> String? = { path throws(AWSConfigurationError) in
      try readTextFile(path, limit: maximumFileBytes)
    }
  ) throws(AWSConfigurationError) {
    self.environment = environment
    if let profile {
      (profileName, profileChoice) = (profile, .flag)
    } else if let variable = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].first(where: { environment[$0]?.isEmpty == false }) {
      (profileName, profileChoice) = (environment[variable] ?? "default", .environment(variable))
    } else {
      (profileName, profileChoice) = ("default", .implicit)
    }
    let home = environment["HOME"] ?? ""
    func load(_ variable: String, _ standard: String) throws(AWSConfigurationError) -> INIFile {
      var path = environment[variable].flatMap { $0.isEmpty ? nil : withVariables($0, environment) } ?? standard
      if path == "~" || path.hasPrefix("~/") { path = home + path.dropFirst() }
      guard let text = try readFile(path) else { return INIFile(path: path) }
      return try INIFile(parsing: text, path: path)
    }
    configFile = try load("AWS_CONFIG_FILE", "~/.aws/config")
    credentialsFile = try load("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    if profileChoice != .implicit, configSection == nil, credentialsSection == nil {
      let known = profileNames.sorted()
      let chosenBy = if case .environment(let variable) = profileChoice { " that \(variable) names" } else { "" }
      throw AWSConfigurationError(
        "the profile \"\(profileName)\"\(chosenBy) stands neither in \(configFile.path) nor in \(credentialsFile.path); "
          + (known.isEmpty ? "there are no profiles" : "there are: \(known.joined(separator: ", "))"))
    }
  }

  private var configSection: INIFile.Section? { configSection(of: profileName) }

  /// A profile's section of the config file: `[default]` or `[profile name]`; `[profile default]` beats `[default]`.
  func configSection(of profile: String) -> INIFile.Section? {
    configFile.sections["profile \(profile)"] ?? (profile == "default" ? configFile.sections["default"] : nil)
  }
  private var credentialsSection: INIFile.Section? { credentialsFile.sections[profileName] }

  private var profileNames: Set<String> {
    var names = Set(credentialsFile.sections.keys)
    for name in configFile.sections.keys {
      if name == "default" { names.insert(name) } else if name.hasPrefix("profile ") { names.insert(String(name.dropFirst(8))) }
    }
    return names
  }

  func hasProfile(_ name: String) -> Bool { configSection(of: name) != nil || credentialsFile.sections[name] != nil }

  /// A property of the chosen profile, or of another one. What the credentials file says beats the config file. Empty values count as absent.
  func property(_ key: String, of profile: String? = nil) -> String? {
    let profile = profile ?? profileName
    for section in [credentialsFile.sections[profile], configSection(of: profile)] {
      if let value = section?.properties[key]?.value, !value.isEmpty { return value }
    }
    return nil
  }

  /// A path with the user's own folder for a leading `~`.
  func expanded(_ path: String) -> String {
    path == "~" || path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
  }

  /// A variable of the environment; an empty one counts as absent.
  func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// `[services x]` of the profile, for one service: `redshift_data =` with `endpoint_url = …` under it.
  func serviceProperty(_ service: AWSService, _ key: String) throws(AWSConfigurationError) -> String? {
    guard let name = property("services") else { return nil }
    guard let section = configFile.sections["services \(name)"] else {
      throw AWSConfigurationError(
        "the profile \"\(profileName)\" names the services section \"\(name)\", but \(configFile.path) has no [services \(name)]")
    }
    return section.properties[service.configurationKey]?.nested[key]
  }
}

/// A path with the values of the variables that it names, as `$NAME` or `${NAME}`; what is not set stays as it is.
private func withVariables(_ path: String, _ environment: [String: String]) -> String {
  guard path.contains("$") else { return path }
  var result = ""
  var rest = path[...]
  while let dollar = rest.firstIndex(of: "$") {
    result += rest[..<dollar]
    rest = rest[dollar...]
    let hasBraces = rest.dropFirst().first == "{"
    let name = rest.dropFirst(hasBraces ? 2 : 1).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let after = rest[name.endIndex...].dropFirst(hasBraces ? 1 : 0)
    let isWhole = !name.isEmpty && (!hasBraces || rest[name.endIndex...].first == "}")
    if isWhole, let value = environment[String(name)] { result += value } else { result += rest[..<after.startIndex] }
    rest = after
  }
  return result + rest
}

// Environment and files hold keys: neither printing nor reflection shows them.
extension SharedConfiguration: CustomStringConvertible, CustomReflectable {
  public var description: String { "SharedConfiguration(profile \(profileName))" }
  public var customMirror: Mirror { Mirror(self, children: ["profileName": profileName, "profileChoice": profileChoice]) }
}
