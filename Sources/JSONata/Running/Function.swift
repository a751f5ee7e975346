import JSONTypes
import RegularExpressions

/// A function value.
final class Function {
  enum Kind {
    case builtin(Builtin)
    case lambda(Lambda)
    /// A built-in function with some arguments given; nil stands for those to come.
    case partial(Builtin, [Value?])
    case regularExpression(RegularExpression, position: Int)
    /// What `next` of a match does: search on in the same text.
    case nextMatch(RegexSearch)
    /// `|pattern|update|`, with the scope and context of its place.
    case transform(TransformNode, Frame, Value)
    /// `first ~> second`.
    case chain(Function, Function)
  }

  let kind: Kind
  /// The lambda, when it is one.
  let lambda: Lambda?
  /// Closures that would be released one within another with this one; see `Run.function`.
  fileprivate(set) var closureDepth: Int32

  fileprivate init(_ kind: Kind) {
    self.kind = kind
    if case .lambda(let lambda) = kind { self.lambda = lambda } else { lambda = nil }
    switch kind {
    case .builtin, .regularExpression, .nextMatch: closureDepth = 0
    case .lambda(let lambda): closureDepth = lambda.frame.closureDepth + 1
    case .partial(_, let given): closureDepth = given.reduce(0) { max($0, $1?.closureDepth ?? 0) } + 1
    case .transform(_, let frame, _): closureDepth = frame.closureDepth + 1
    case .chain(let first, let second): closureDepth = max(first.closureDepth, second.closureDepth) + 1
    }
  }

  /// How many arguments it takes; higher-order functions hand it no more.
  var arity: Int {
    switch kind {
    case .builtin(let builtin): builtin.arity
    case .lambda(let lambda): lambda.parameters.count
    case .partial(_, let given): given.count { $0 == nil }
    case .regularExpression, .transform, .chain: 1
    case .nextMatch: 0
    }
  }
}

extension Function {
  /// A function of the language as a value.
  convenience init(_ builtin: Builtin) { self.init(.builtin(builtin)) }
}

extension Run {
  /// Makes a function. Chains of closures are held at every 64th link, so that their release never recurses deeply.
  func function(_ kind: Function.Kind) throws(Failure) -> Value {
    let function = Function(kind)
    if function.closureDepth >= 64 {
      try keep(function)
      function.closureDepth = 0
    }
    return .function(function)
  }
}

/// A function written in the expression, with the scope and context of its place.
final class Lambda {
  let parameters: [NameID]
  let body: any Node
  let signature: Signature?
  let frame: Frame
  let input: Value

  init(parameters: [NameID], body: any Node, signature: Signature?, frame: Frame, input: Value) {
    self.parameters = parameters
    self.body = body
    self.signature = signature
    self.frame = frame
    self.input = input
  }
}

/// A function of the language.
struct Builtin: Sendable {
  let name: String
  let signature: Signature
  /// Parameters that count for higher-order functions, as JavaScript's `length` of the reference's implementation has them.
  let arity: Int
  /// Parameters by position for partial application.
  let parameterCount: Int
  let body: @Sendable (_ arguments: Arguments) throws(Failure) -> Value
}

/// The arguments of a call of a built-in function, and what the call may use.
struct Arguments {
  let values: [Value]
  /// The context at the place of the call.
  let context: Value
  let frame: Frame
  let run: Run

  @inline(__always) subscript(index: Int) -> Value { index < values.count ? values[index] : .undefined }
  var count: Int { values.count }
}
