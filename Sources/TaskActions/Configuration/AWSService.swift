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
  public static let sts = AWSService(signingName: "sts", integrationName: "Sts", configurationKey: "sts")
  static let sso = AWSService(signingName: "awsssoportal", endpointPrefix: "portal.sso", integrationName: "Sso", configurationKey: "sso")
  static let ssoOIDC = AWSService(signingName: "sso-oauth", endpointPrefix: "oidc", integrationName: "SsoOidc", configurationKey: "sso_oidc")
  static let signIn = AWSService(signingName: "signin", integrationName: "Signin", configurationKey: "signin")
  /// Those of the actions that come with the program.
  public static let standard = [redshiftData, s3]

  var endpointVariable: String { "AWS_ENDPOINT_URL_\(configurationKey.uppercased())" }
}

/// Whether a text can be a region's name, and thus a part of a host's: `eu-west-1`.
func isRegionName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 63 && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D }
}
