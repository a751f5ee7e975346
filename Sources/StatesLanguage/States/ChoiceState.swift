public import JSONTypes

/// A Choice state: the first rule that holds names the next state.
///
/// Spec: Amazon States Language, "Choice State".
public final class ChoiceState: Sendable {
  public struct Rule: Sendable {
    public var condition: ChoiceCondition
    public var next: Int
    public var assign: Template?
    /// JSONata: what the state puts out when the rule holds.
    public var output: JSONataTemplate?
    public var comment: String?
  }
  public let common: StateCommon
  public let choices: [Rule]
  /// `Default`; nil when absent: then the execution fails if no rule holds.
  public let `default`: Int?
  /// Whether any rule reads the context object.
  public let usesContext: Bool

  init(common: StateCommon, choices: [Rule], default: Int?) {
    self.common = common
    self.choices = choices
    self.default = `default`
    usesContext = choices.contains { $0.condition.usesContext }
  }
}

/// What a choice rule asks.
public indirect enum ChoiceCondition: Sendable {
  case and([ChoiceCondition])
  case or([ChoiceCondition])
  case not(ChoiceCondition)
  case comparison(variable: PathExpression, Comparison)
  /// JSONata: `Condition`.
  case expression(JSONataTemplate)

  public enum Order: Sendable, Hashable { case equals, lessThan, greaterThan, lessThanEquals, greaterThanEquals }
  public enum ValueType: String, Sendable, CaseIterable {
    case string = "String"
    case numeric = "Numeric"
    case boolean = "Boolean"
    case timestamp = "Timestamp"
  }
  public enum Operand: Sendable {
    case literal(JSONValue)
    case path(PathExpression)
  }

  public enum Comparison: Sendable {
    case ordered(ValueType, Order, Operand)
    case stringMatches(StringPattern)
    /// `IsPresent`, `IsNull`, `IsString`, …: true or false as the rule wants it.
    case isPresent(Bool)
    case isNull(Bool)
    case isType(ValueType, Bool)
  }
}

extension ChoiceCondition {
  var usesContext: Bool {
    switch self {
    case .and(let conditions), .or(let conditions): conditions.contains(where: \.usesContext)
    case .not(let condition): condition.usesContext
    case .expression(let template): template.usesContext
    case .comparison(let variable, let comparison):
      if case .ordered(_, _, .path(let path)) = comparison { variable.usesContext || path.usesContext } else { variable.usesContext }
    }
  }
}

/// The pattern of `StringMatches`: `*` stands for any characters, `\*` for an asterisk, `\\` for a backslash.
public struct StringPattern: Sendable, Hashable {
  /// The literal pieces between the asterisks, in UTF-8.
  let pieces: [[UInt8]]

  /// - Throws: a message when a backslash stands before another character than `*` or `\`.
  public init(_ text: String) throws(StringPatternError) {
    var pieces: [[UInt8]] = [[]]
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "*"): pieces.append([])
      case UInt8(ascii: "\\"):
        guard let escaped = bytes.next(), escaped == UInt8(ascii: "*") || escaped == UInt8(ascii: "\\") else {
          throw StringPatternError(message: "a backslash in a StringMatches pattern must stand before * or another backslash")
        }
        pieces[pieces.count - 1].append(escaped)
      default: pieces[pieces.count - 1].append(byte)
      }
    }
    self.pieces = pieces
  }

  /// Linear in the text for each piece: the first place of each piece is as good as any.
  public func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = pieces.first, let last = pieces.last, bytes.starts(with: first) else { return false }
    if pieces.count == 1 { return bytes.count == first.count }
    var position = first.count
    for piece in pieces[1..<(pieces.count - 1)] where !piece.isEmpty {
      guard let found = bytes[position...].firstRange(of: piece) else { return false }
      position = found.upperBound
    }
    return bytes.count - position >= last.count && bytes.suffix(last.count).elementsEqual(last)
  }
}

public struct StringPatternError: Error, Hashable, Sendable {
  public let message: String
}
