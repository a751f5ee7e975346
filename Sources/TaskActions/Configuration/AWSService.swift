/// A service that this program calls, by its names in the various places.
public struct AWSService: Sendable, Hashable {
  /// In the signature's scope.
  var signingName: String
  /// At the head of the host name.
  var endpointPrefix: String
  /// As Step Functions writes it in error names and causes.
  var integrationName: String
  /// In a `[services]` section.
  var configurationKey: String

  /// - Parameter endpointPrefix: the signing name by default.
  init(signingName: String, endpointPrefix: String? = nil, integrationName: String, configurationKey: String) {
    self.signingName = signingName
    self.endpointPrefix = endpointPrefix ?? signingName
    self.integrationName = integrationName
    self.configurationKey = configurationKey
  }

  public static let redshiftData = AWSService(signingName: "redshift-data", integrationName: "RedshiftData", configurationKey: "redshift_data")
  public static let s3 = AWSService(signingName: "s3", integrationName: "S3", configurationKey: "s3")
  /// Those that credentials come from.
  static let sts = AWSService(signingName: "sts", integrationName: "Sts", configurationKey: "sts")
  static let sso = AWSService(signingName: "awsssoportal", endpointPrefix: "portal.sso", integrationName: "Sso", configurationKey: "sso")
  static let ssoOIDC = AWSService(signingName: "sso-oauth", endpointPrefix: "oidc", integrationName: "SsoOidc", configurationKey: "sso_oidc")
  /// Those of the actions that come with the program.
  public static let standard = [redshiftData, s3]

  var endpointVariable: String { "AWS_ENDPOINT_URL_\(configurationKey.uppercased())" }

  /// The host that AWS serves a region from.
  ///
  /// Source: AWS's partition table and the endpoint rules of the services.
  func host(region: String, usesFIPS: Bool, usesDualStack: Bool) -> String {
    let partition = AWSPartition(region: region)
    // S3 has dual stack under its partition's plain suffix, but for the youngest partition.
    let isOldS3 = self == .s3 && !region.hasPrefix("eusc-")
    let suffix = usesDualStack && !isOldS3 ? partition.dualStackSuffix : partition.suffix
    // STS of the government's regions is FIPS by its plain name.
    let hasFIPSName = usesFIPS && !(self == .sts && region.hasPrefix("us-gov-") && !usesDualStack)
    let name = endpointPrefix + (hasFIPSName ? "-fips" : "") + (usesDualStack && isOldS3 ? ".dualstack" : "")
    return "\(name).\(region).\(suffix)"
  }
}

/// Whether a text can be a region's name, and thus a part of a host's: `eu-west-1`.
func isRegionName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 63 && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D }
}

/// The part of AWS that a region belongs to; it decides the ends of host names.
struct AWSPartition {
  var suffix: String
  var dualStackSuffix: String

  init(region: String) {
    (suffix, dualStackSuffix) =
      switch region {
      case _ where region.hasPrefix("cn-"): ("amazonaws.com.cn", "api.amazonwebservices.com.cn")
      case _ where region.hasPrefix("eusc-"): ("amazonaws.eu", "api.amazonwebservices.eu")
      case _ where region.hasPrefix("us-iso-"): ("c2s.ic.gov", "api.aws.ic.gov")
      case _ where region.hasPrefix("us-isob-"): ("sc2s.sgov.gov", "api.aws.scloud")
      case _ where region.hasPrefix("eu-isoe-"): ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")
      case _ where region.hasPrefix("us-isof-"): ("csp.hci.ic.gov", "api.aws.hci.ic.gov")
      default: ("amazonaws.com", "api.aws")
      }
  }
}
