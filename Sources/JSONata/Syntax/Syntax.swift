import JSONTypes
import RegularExpressions

/// A node of the syntax tree, first as parsed, then as `PathResolver` arranges it: steps of a path in one array, predicates at their step.
final class Syntax {
  enum Kind {
    // As parsed and arranged.
    case name, string, number, literal, variable, regularExpression, wildcard, descendants, parent
    case binary, unary, array, object, condition, coalescing, elvis, block, function, partial, lambda, transform, placeholder, symbol, end
    // Only as parsed: these become paths.
    case dot, filter, group, order, focus, index
    // Only as arranged.
    case path, bind, apply, sort
  }

  /// What follows a step: a predicate, or a variable for the position.
  enum Stage {
    case filter(Syntax, position: Int)
    case index(String)
  }

  struct Term {
    var expression: Syntax
    var descending: Bool
  }

  struct Group {
    var pairs: [(key: Syntax, value: Syntax)]
    var position: Int
  }

  /// The place where the object that a `%` means is to be found.
  final class Slot {
    var label: String
    var level = 1
    let index: Int
    init(label: String, index: Int) {
      self.label = label
      self.index = index
    }
  }

  var kind: Kind
  /// A name, an operator, or the text of a string.
  var text: String
  var literal: JSONValue
  var position: Int
  var pattern: RegularExpression?

  var left: Syntax?
  var right: Syntax?
  /// The third part of a condition or transform.
  var third: Syntax?
  /// Members of an array, expressions of a block, arguments of a call, parameters of a lambda.
  var children: [Syntax] = []
  var pairs: [(key: Syntax, value: Syntax)] = []
  var terms: [Term] = []
  var signature: Signature?

  var steps: [Syntax] = []
  var stages: [Stage]?
  var predicates: [Stage]?
  var grouping: Group?
  /// `[]` was written behind it.
  var keepsArray = false
  /// The path has a step with `[]`.
  var keepsSingletonArray = false
  /// An array constructor that must not be flattened, or a block that ends in one.
  var isConstructedArray = false
  /// The step binds variables, so the path carries tuples from here on.
  var bindsTuple = false
  var focusName: String?
  var indexName: String?
  var ancestor: Slot?
  var seekingParent: [Slot]?
  var slot: Slot?
  /// A call whose result is the result of the function around it.
  var isTailCall = false

  init(_ kind: Kind, text: String = "", literal: JSONValue = .null, at position: Int) {
    self.kind = kind
    self.text = text
    self.literal = literal
    self.position = position
  }

  /// The node as an error shows it.
  var shown: JSONValue? {
    switch kind {
    case .number, .literal: return literal
    default:
      if text.isEmpty, kind != .string { return .none }
      return .string(text)
    }
  }
}
