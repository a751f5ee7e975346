public import JSONTypes

/// One place at which two JSON values differ.
public struct JSONDifference: Sendable, Hashable {
  public enum Step: Sendable, Hashable {
    case member(String)
    case element(Int)
  }
  public var path: [Step]
  /// nil: the value is not there.
  public var recorded: JSONValue?
  public var actual: JSONValue?

  /// `$.items[2].price`; names that are no words stand in brackets.
  public var pathText: String {
    path.reduce(into: "$") { text, step in
      switch step {
      case .element(let index): text += "[\(index)]"
      case .member(let name):
        let isWord = !name.isEmpty && name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        text += isWord ? ".\(name)" : "[\(JSONValue.string(name).jsonText)]"
      }
    }
  }

  /// At most this many places are told.
  static let most = 100

  /// All places at which the values differ, the outermost that differ as a whole.
  static func between(_ recorded: JSONValue?, _ actual: JSONValue?) -> [JSONDifference] {
    var found: [JSONDifference] = []
    var path: [Step] = []
    compare(recorded, actual, &path, &found)
    return found
  }

  private static func compare(_ recorded: JSONValue?, _ actual: JSONValue?, _ path: inout [Step], _ found: inout [JSONDifference]) {
    guard found.count < most, recorded != actual else { return }
    switch (recorded, actual) {
    case (.object(let left)?, .object(let right)?):
      for (key, value) in left {
        path.append(.member(key))
        compare(value, right[key], &path, &found)
        path.removeLast()
      }
      for (key, value) in right where left[key] == nil {
        path.append(.member(key))
        compare(nil, value, &path, &found)
        path.removeLast()
      }
    case (.array(let left)?, .array(let right)?):
      for index in 0..<max(left.count, right.count) {
        path.append(.element(index))
        compare(left.indices.contains(index) ? left[index] : nil, right.indices.contains(index) ? right[index] : nil, &path, &found)
        path.removeLast()
      }
    default: found.append(JSONDifference(path: path, recorded: recorded, actual: actual))
    }
  }
}
