import ArgumentParser
import TaskActions

/// Where S3 is, as a flag names it: an endpoint, or AWS itself.
enum S3Place: ExpressibleByArgument, Hashable {
  case endpoint(String)
  case aws

  init?(argument: String) {
    let lowered = argument.lowercased()
    if lowered == "aws" {
      self = .aws
    } else if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") {
      self = .endpoint(argument)
    } else {
      return nil
    }
  }

  /// The settings of a client for S3 alone.
  ///
  /// - Throws: `AWSConfigurationError` for an unknown profile, a malformed URL or region.
  func settings(region: String?, profile: String?, environment: [String: String]) throws(AWSConfigurationError) -> AWSClientSettings {
    let flags =
      switch self {
      case .endpoint(let url): AWSClientSettings.Flags(profile: profile, region: region, endpointURL: url)
      case .aws: AWSClientSettings.Flags(profile: profile, region: region, namesAWS: true)
      }
    let settings = try AWSClientSettings(
      flags: flags, configuration: try SharedConfiguration(environment: environment, profile: profile), services: [.s3])
    // Said at once rather than by each statement.
    if case .incomplete(let why, _) = settings.target(of: .s3) { throw AWSConfigurationError(why) }
    return settings
  }

  static let help = ArgumentHelp("Where S3 is: the URL of an endpoint such as MinIO, or aws.", valueName: "URL|aws")
}

extension AWSClientSettings {
  /// Where S3 is, in words.
  var s3Words: String {
    switch target(of: .s3) {
    case .nothing: "S3: nothing names where it is"
    case .aws(let url, _, let origin), .endpoint(let url, _, let origin): "S3: \(url) (named by \(origin))"
    case .incomplete(let why, _): "S3: \(why)"
    }
  }
}
