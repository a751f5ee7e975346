/// The forms that names of clusters and workgroups have. Source: the service model, `ClusterIdentifierString` and `WorkgroupNameString`.
enum TargetNames {
  /// `[a-z][a-z0-9]*(-[a-z0-9]+)*`, 1 to 63 characters.
  static func isClusterIdentifier(_ name: String) -> Bool {
    guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isLetter(first) else { return false }
    return name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }
  }

  /// A name of 3 to 63 characters `[a-z0-9-]`, or
  /// `arn:aws:redshift-serverless:<region>:<account>:workgroup/<id>`, at most 128 characters.
  static func isWorkgroupName(_ name: String) -> Bool {
    guard name.hasPrefix("arn:") else { return isName(name[...], 3...63) }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard name.utf8.count <= 128, parts.count == 6, parts[1] == "aws" || parts[1].hasPrefix("aws-"), parts[2] == "redshift-serverless",
      isName(parts[3], 1...63), parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(isDigit), parts[5].hasPrefix("workgroup/")
    else { return false }
    let ids = parts[5].dropFirst("workgroup/".count).split(separator: "/", omittingEmptySubsequences: false)
    return ids.count <= 2 && ids.allSatisfy { isName($0, 1...63) }
  }

  private static func isName(_ name: Substring, _ length: ClosedRange<Int>) -> Bool {
    length.contains(name.utf8.count) && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
  }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
