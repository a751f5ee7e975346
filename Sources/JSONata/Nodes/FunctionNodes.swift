import JSONTypes

/// `function(arguments)`
final class CallNode: Node {
  let procedure: any Node
  let arguments: [any Node]
  let position: Int
  /// Where what is called ends.
  let procedurePosition: Int
  /// The name of the function as written, for errors.
  let name: JSONValue?
  /// Set when it was called by a bare name: the global of that name, which was perhaps meant.
  let missedName: NameID?
  /// Its result is the result of the function around it.
  let isTailCall: Bool

  init(
    _ procedure: any Node, _ arguments: [any Node], position: Int, procedurePosition: Int, name: JSONValue?, missedName: NameID?, isTailCall: Bool
  ) {
    self.procedure = procedure
    self.arguments = arguments
    self.position = position
    self.procedurePosition = procedurePosition
    self.name = name
    self.missedName = missedName
    self.isTailCall = isTailCall
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    // In tail position nothing is evaluated yet: that is left to the loop that made the call around it.
    if isTailCall { return .tailCall(TailCall(self, input, frame)) }
    let function = try callee(input, frame, run)
    let values = try run.evaluate(arguments, after: nil, input, frame)
    return try run.apply(function, values, context: input, frame, at: self)
  }

  /// Calls it with one more argument in front: `first ~> $f(…)`.
  func evaluate(first: Value, _ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let function = try callee(input, frame, run)
    let values = try run.evaluate(arguments, after: first, input, frame)
    return try run.apply(function, values, context: input, frame, at: self)
  }

  func callee(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let function = try run.evaluate(procedure, input, frame)
    if function.isUndefined, let missedName, !(frame.lookup(missedName) ?? run.globals[Int(missedName)]).isUndefined {
      throw Failure("T1005", position: position, token: name)
    }
    return function
  }
}

/// `function($a, $b)<signature>{ body }`
final class LambdaNode: Node {
  let parameters: [NameID]
  let body: any Node
  let signature: Signature?
  init(_ parameters: [NameID], _ body: any Node, signature: Signature?) {
    self.parameters = parameters
    self.body = body
    self.signature = signature
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    return try run.function(.lambda(Lambda(parameters: parameters, body: body, signature: signature, frame: frame, input: input)))
  }
}

/// `function(a, ?, b)`
final class PartialNode: Node {
  let procedure: any Node
  /// Nil for `?`.
  let arguments: [(any Node)?]
  let position: Int
  let name: JSONValue?
  let missedName: NameID?
  init(_ procedure: any Node, _ arguments: [(any Node)?], position: Int, name: JSONValue?, missedName: NameID?) {
    self.procedure = procedure
    self.arguments = arguments
    self.position = position
    self.name = name
    self.missedName = missedName
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var given: [Value?] = []
    for argument in arguments {
      if let argument { given.append(try run.evaluate(argument, input, frame)) } else { given.append(nil) }
    }
    let function = try run.evaluate(procedure, input, frame)
    guard case .function(let function) = function else {
      if function.isUndefined, let missedName, !(frame.lookup(missedName) ?? run.globals[Int(missedName)]).isUndefined {
        throw Failure("T1007", position: position, token: name)
      }
      throw Failure("T1008", position: position, token: name)
    }
    return try run.partial(function, given)
  }
}

extension Run {
  @inline(__always)
  func evaluate(_ arguments: [any Node], after first: Value?, _ input: Value, _ frame: Frame) throws(Failure) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(arguments.count + 1)
    if let first { values.append(first) }
    for argument in arguments { values.append(try evaluate(argument, input, frame)) }
    return values
  }

  /// Calls a function, and goes on with the calls in tail position that it ends in.
  func apply(_ function: Value, _ arguments: [Value], context: Value, _ frame: Frame, at call: CallNode? = nil) throws(Failure) -> Value {
    let result: Value
    do throws(Failure) { result = try applyOnce(function, arguments, context: context, frame) } catch {
      // An error is told at the outermost call, except that each tail call stands for itself.
      guard let call else { throw error }
      throw error.at(call.position).orElse(position: nil, token: call.name)
    }
    guard case .tailCall(let next) = result else { return result }
    return try nested { () throws(Failure) in try self.finish(next, context: context, frame) }
  }

  private func finish(_ first: TailCall, context: Value, _ frame: Frame) throws(Failure) -> Value {
    var next = first
    while true {
      try charge(steps: 1)
      let function = try next.call.callee(next.input, next.frame, self)
      let arguments = try evaluate(next.call.arguments, after: nil, next.input, next.frame)
      let result: Value
      do throws(Failure) { result = try applyOnce(function, arguments, context: context, frame) } catch {
        throw error.at(next.call.procedurePosition).orElse(position: nil, token: next.call.name)
      }
      guard case .tailCall(let following) = result else { return result }
      next = following
    }
  }

  /// Calls a function for one item after another, as higher-order functions do, with no more arguments than it takes.
  @inline(__always)
  func call(_ function: Function, _ first: Value, _ second: Value, arity: Int, _ frame: Frame, third: () -> Value = { .undefined })
    throws(Failure) -> Value
  {
    if let lambda = function.lambda, lambda.signature == nil {
      let count = lambda.parameters.count
      let scope = lambda.scope(first, arity >= 2 ? second : .undefined)
      if count > 2 {
        scope.bind(lambda.parameters[2], arity >= 3 ? third() : .undefined)
        for parameter in lambda.parameters[3...] { scope.bind(parameter, .undefined) }
      }
      let result = try evaluate(lambda.body, lambda.input, scope)
      guard case .tailCall(let next) = result else { return result }
      return try nested { () throws(Failure) in try self.finish(next, context: .null, frame) }
    }
    return try apply(.function(function), arity >= 3 ? [first, second, third()] : arity == 2 ? [first, second] : [first], context: .null, frame)
  }

  private func applyOnce(_ value: Value, _ arguments: [Value], context: Value, _ frame: Frame) throws(Failure) -> Value {
    guard case .function(let function) = value else { throw Failure("T1006") }
    if let lambda = function.lambda {
      if let signature = lambda.signature { return try lambda.evaluate(signature.validate(arguments, context: context, run: self), self) }
      return try lambda.evaluate(arguments, self)
    }
    switch function.kind {
    case .lambda(let lambda): return try lambda.evaluate(arguments, self)
    case .builtin(let builtin):
      let arguments = try builtin.signature.validate(arguments, context: context, run: self)
      return try builtin.body(Arguments(values: arguments, context: context, frame: frame, run: self))
    case .partial(let builtin, let given):
      var rest = arguments[...]
      let completed = given.map { $0 ?? rest.popFirst() ?? .undefined }
      return try builtin.body(Arguments(values: completed, context: .undefined, frame: frame, run: self))
    case .regularExpression(let pattern, let position):
      guard case .string(let text)? = arguments.first else { throw Failure("T0410", details: ["index": 1]) }
      return try RegexSearch(pattern, position: position, in: text).next(first: true, self)?.value(self) ?? .undefined
    case .nextMatch(let search):
      return try search.next(first: false, self)?.value(self) ?? .undefined
    case .transform(let node, let scope, let input):
      return try node.transform(arguments.first ?? .undefined, scope, input, self)
    case .chain(let first, let second):
      return try nested { () throws(Failure) in
        let middle = try self.apply(.function(first), [arguments.first ?? .undefined], context: .null, frame)
        return try self.apply(.function(second), [self.collapsed(middle)], context: .null, frame)
      }
    }
  }

  /// A function of the arguments that are nil in `given`.
  func partial(_ function: Function, _ given: [Value?]) throws(Failure) -> Value {
    switch function.kind {
    case .lambda(let lambda):
      var bindings: [Binding] = []
      var open: [NameID] = []
      for (index, parameter) in lambda.parameters.enumerated() {
        if index < given.count, given[index] == nil {
          open.append(parameter)
        } else {
          bindings.append(Binding(name: parameter, value: index < given.count ? given[index] ?? .undefined : .undefined))
        }
      }
      let scope = Frame(parent: lambda.frame, bindings: bindings)
      return try self.function(.lambda(Lambda(parameters: open, body: lambda.body, signature: nil, frame: scope, input: lambda.input)))
    case .builtin(let builtin):
      var all = given.prefix(builtin.parameterCount).map { $0 }
      while all.count < builtin.parameterCount { all.append(.undefined) }
      return try self.function(.partial(builtin, all))
    case .partial(let builtin, let earlier):
      var rest = given[...]
      return try self.function(.partial(builtin, earlier.map { $0 ?? rest.popFirst() ?? .undefined }))
    case .regularExpression, .nextMatch, .transform, .chain:
      // They take one argument, the one that is left open.
      return .function(function)
    }
  }
}

extension Lambda {
  /// A scope with the first two parameters bound, as far as there are any.
  @inline(__always) func scope(_ first: Value, _ second: Value) -> Frame {
    switch parameters.count {
    case 0: return Frame(parent: frame)
    case 1: return Frame(parent: frame, parameters[0], first)
    default:
      // Of two parameters with one name the later counts.
      if parameters[0] == parameters[1] { return Frame(parent: frame, parameters[1], second) }
      return Frame(parent: frame, parameters[0], first, parameters[1], second)
    }
  }

  /// The value of the body, possibly a tail call.
  @inline(__always) func evaluate(_ arguments: [Value], _ run: Run) throws(Failure) -> Value {
    let scope = scope(arguments.first ?? .undefined, arguments.count > 1 ? arguments[1] : .undefined)
    for index in parameters.indices.dropFirst(2) { scope.bind(parameters[index], index < arguments.count ? arguments[index] : .undefined) }
    return try run.evaluate(body, input, scope)
  }
}

/// `left ~> right`
final class ApplyNode: Node {
  let left: any Node
  let right: any Node
  let position: Int
  init(_ left: any Node, _ right: any Node, position: Int) {
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let argument = try run.evaluate(left, input, frame)
    if let call = right as? CallNode { return try call.evaluate(first: argument, input, frame, run) }
    let target = try run.evaluate(right, input, frame)
    guard case .function(let function) = target else { throw Failure("T2006", position: position, value: try run.json(target)) }
    if case .function(let first) = argument { return try run.function(.chain(first, function)) }
    return try run.apply(.function(function), [argument], context: .null, frame)
  }
}
