public import JSONTypes

/// A JSONPath as Step Functions reads it, parsed once.
///
/// Step Functions uses Jayway JsonPath; what is recorded of the service agrees with its release 2.0.0, which is therefore followed throughout,
/// oddities included: no negative indexes, no functions (`length()` is a property name), strings in filters in single quotes only,
/// parentheses in filters do not group. A decision record lists them.
public struct PathQuery: Sendable {
  /// Bounds on what a path may be and cost; reaching one is an error of kind `limit`.
  public enum Limits {
    /// Bytes of UTF-8 of a path's text.
    public static let textBytes = 65_536
    /// Steps of one path, which is also the depth of recursion.
    public static let steps = 500
    /// Filters within filters.
    public static let filterNesting = 8
    /// Values that one evaluation may pass, filters included.
    public static let visitedValues = 20_000_000
    /// Values in one result.
    public static let results = 2_000_000
  }

  /// The path as written.
  public var text: String { parsed.text }
  /// Whether the path names one value: then a missing value is an error. Otherwise the result is an array of all that was found.
  public var isDefinite: Bool { parsed.definiteFrom == 0 }
  let parsed: Parsed

  /// In a class, so that handing a path on costs one reference count.
  final class Parsed: Sendable {
    let text: String
    let steps: [PathStep]
    /// The first step from which on all steps are definite.
    let definiteFrom: Int
    /// Only members and elements: a loop of look-ups suffices.
    let isDirect: Bool

    init(_ text: String, _ steps: [PathStep]) {
      self.text = text
      self.steps = steps
      definiteFrom = (steps.lastIndex { !$0.isDefinite }).map { $0 + 1 } ?? 0
      isDirect = steps.allSatisfy(\.isDirect)
    }
  }

  /// - Throws: `JSONPathError` of kind `invalidPath` with the place in the text.
  public init(parsing text: String) throws(JSONPathError) {
    try self.init(text, nesting: 0)
  }

  init(_ text: String, nesting: Int) throws(JSONPathError) {
    parsed = Parsed(text, try PathParser.steps(of: text, nesting: nesting))
  }

  /// The one value of a definite path, or the array of all values of an indefinite one.
  ///
  /// - Throws: `JSONPathError` of kind `notFound` when a definite path leads to nothing; of other kinds when a step does not fit the value.
  public func evaluate(on root: JSONValue) throws(JSONPathError) -> JSONValue {
    if parsed.isDirect, let value = directValue(in: root) { return value }
    if root.isNull, !parsed.steps.isEmpty { throw JSONPathError(.invalidPath, "json object can not be null") }
    var evaluator = PathEvaluator(query: self, root: root)
    try evaluator.visit(root, at: 0)
    guard isDefinite else { return .array(evaluator.results) }
    guard let value = evaluator.results.last else { throw JSONPathError(.notFound, "No results for path: \(PathStep.text(of: parsed.steps[...]))") }
    return value
  }

  /// Nil when a look-up fails; the evaluator then finds the words for it.
  @inline(__always)
  private func directValue(in root: JSONValue) -> JSONValue? {
    var current = root
    for step in parsed.steps {
      switch step {
      case .property(let name):
        guard case .object(let object) = current, let value = object[name] else { return nil }
        current = value
      case .index(let index):
        guard case .array(let elements) = current, elements.indices.contains(index) else { return nil }
        current = elements[index]
      default: return nil
      }
    }
    return current
  }
}

/// One step of a path.
enum PathStep: Sendable {
  case property(String)
  /// None or several members of an object as a new object; only at the end of a path.
  case properties([String])
  case index(Int)
  case indexes([Int])
  /// `[(@.length - 1)]`: counted from the end; the number is negative.
  case fromEnd(Int)
  case sliceFrom(Int)
  case sliceTo(Int)
  case slice(Int, Int)
  case wildcard
  case scan
  case filter(PathFilter)

  var isDefinite: Bool {
    switch self {
    case .property, .properties, .index, .fromEnd: true
    case .indexes, .sliceFrom, .sliceTo, .slice, .wildcard, .scan, .filter: false
    }
  }

  var isDirect: Bool {
    switch self {
    case .property, .index: true
    default: false
    }
  }

  /// The step in Jayway's normal form, as its messages show it.
  var text: String {
    switch self {
    case .property(let name): "['\(name)']"
    case .properties(let names): "[\(names.map { "'\($0)'" }.joined(separator: ", "))]"
    case .index(let index): "[\(index)]"
    case .indexes(let indexes): "[\(indexes.map(String.init).joined(separator: ","))]"
    case .fromEnd(let index): "[@.size()\(index)]"
    case .sliceFrom(let from): "[\(from):]"
    case .sliceTo(let to): "[:\(to)]"
    case .slice(let from, let to): "[\(from):\(to)]"
    case .wildcard: "[*]"
    case .scan: ".."
    case .filter: "[?]"
    }
  }

  static func text(of steps: ArraySlice<PathStep>) -> String { "$" + steps.map(\.text).joined() }
}
