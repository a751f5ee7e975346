extension AWSService {
  /// The host that AWS serves a region from.
  ///
  /// Source: AWS's partition table and the endpoint rules of the services; a test compares them all.
  func host(region: String, usesFIPS: Bool, usesDualStack: Bool) -> String {
    let partition = AWSPartition(region: region)
    var name = endpointPrefix
    var isPlain = !usesDualStack
    switch (name, usesDualStack) {
    // Sign-in has the region in front, under names of its own.
    case ("signin", false) where !usesFIPS && partition.signInSuffix != nil: return "\(region).\(partition.signInSuffix ?? "")"
    // Dual stack by a word of its own, under the plain suffix.
    case ("s3", true): return "s3\(usesFIPS ? "-fips" : "").dualstack.\(region).\(partition.suffix)"
    case ("api.ecr", true): name = "ecr"
    case ("secretsmanager", true): isPlain = partition.kind == .commercial || partition.kind == .government || (partition.kind == .china && !usesFIPS)
    case ("cognito-idp", true): isPlain = partition.kind == .commercial && (!usesFIPS || region.hasPrefix("us-"))
    case ("transcribe", false) where partition.kind == .china && !usesFIPS: name = "cn.transcribe"
    default: break
    }
    if usesFIPS { name = partition.fipsName(name, usesDualStack: usesDualStack) }
    return "\(name).\(region).\(isPlain ? partition.suffix : partition.dualStackSuffix)"
  }
}

/// The part of AWS that a region belongs to; it decides the ends of host names.
struct AWSPartition {
  enum Kind: Sendable { case commercial, government, china, other }

  var kind = Kind.other
  var suffix: String
  var dualStackSuffix: String

  init(region: String) {
    switch region {
    case _ where region.hasPrefix("cn-"): (kind, suffix, dualStackSuffix) = (.china, "amazonaws.com.cn", "api.amazonwebservices.com.cn")
    case _ where region.hasPrefix("us-gov-"): (kind, suffix, dualStackSuffix) = (.government, "amazonaws.com", "api.aws")
    case _ where region.hasPrefix("eusc-"): (suffix, dualStackSuffix) = ("amazonaws.eu", "api.amazonwebservices.eu")
    case _ where region.hasPrefix("us-iso-"): (suffix, dualStackSuffix) = ("c2s.ic.gov", "api.aws.ic.gov")
    case _ where region.hasPrefix("us-isob-"): (suffix, dualStackSuffix) = ("sc2s.sgov.gov", "api.aws.scloud")
    case _ where region.hasPrefix("eu-isoe-"): (suffix, dualStackSuffix) = ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")
    case _ where region.hasPrefix("us-isof-"): (suffix, dualStackSuffix) = ("csp.hci.ic.gov", "api.aws.hci.ic.gov")
    default: (kind, suffix, dualStackSuffix) = (.commercial, "amazonaws.com", "api.aws")
    }
  }

  fileprivate var signInSuffix: String? {
    switch kind {
    case .commercial: "signin.aws.amazon.com"
    case .government: "signin.amazonaws-us-gov.com"
    case .china: "signin.amazonaws.cn"
    case .other: nil
    }
  }

  /// Services of the government's regions that are FIPS by their plain names.
  private static let plainInGovernment: Set = [
    "batch", "dynamodb", "eks", "elasticmapreduce", "events", "kinesis", "logs", "runtime.sagemaker", "sqs", "ssm", "sts",
  ]
  /// Services whose FIPS name is not the plain one with `-fips` behind it.
  private static let unusual = ["api.sagemaker": "api-fips.sagemaker", "transcribe": "fips.transcribe"]
  private static let unusualInCommercial = ["batch": "fips.batch", "eks": "fips.eks", "runtime.sagemaker": "runtime-fips.sagemaker"]

  fileprivate func fipsName(_ name: String, usesDualStack: Bool) -> String {
    if kind == .government, usesDualStack ? name == "events" : Self.plainInGovernment.contains(name) { return name }
    if !usesDualStack, kind == .commercial, let own = Self.unusualInCommercial[name] { return own }
    if !usesDualStack, kind == .commercial || kind == .government, let own = Self.unusual[name] { return own }
    return name + "-fips"
  }
}
