import FoundationEssentials
public import JSONTypes

/// The conformance cases, which live outside of the repository: in the folder that `SFN_CONFORMANCE` names, else at `../shared/conformance`
/// beside the package. The project's own tests stand without them.
public enum Conformance {
  /// The root of the package.
  public static let packageRoot: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  public static let folder: String? = {
    let path = ProcessInfo.processInfo.environment["SFN_CONFORMANCE"] ?? packageRoot + "/../shared/conformance"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// The cases of one file, one JSON object a line; empty, with a note on the console, when the folder is absent.
  public static func cases(_ file: String) throws -> [JSONValue] {
    guard let folder else {
      print("\(file): no conformance cases here (set SFN_CONFORMANCE to their folder); this test has nothing to compare")
      return []
    }
    let bytes = try Data(contentsOf: URL(filePath: folder + "/" + file))
    return try bytes.split(separator: 0x0A).map { try JSONValue(parsing: Array($0), maximumDepth: 10_000) }
  }

  /// A file's text; nil when the folder is absent.
  public static func text(_ file: String) throws -> String? {
    guard let folder else { return nil }
    return String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + file)), as: UTF8.self)
  }
}
