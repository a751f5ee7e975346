import JSONTypes

/// One evaluation under way: its budgets and what it was handed.
final class Run: StackUser {
  let profile: JSONataProfile
  private(set) var symbols: SymbolTable
  let now: Double
  var random: SeededRandom
  /// Variables from outside and the functions of the language, by name.
  private(set) var globals: [Value] = []
  /// Set when `$eval` bound a variable: then names that the expression never binds may be bound nevertheless.
  var evalBinds = false
  private var keptObjects = KeptObjects()

  private let budgets: EvaluationBudgets
  private let isPastDeadline: (() -> Bool)?
  /// Steps left until the budget or the deadline must be looked at.
  private var fuel: Int
  private var stepsLeft: Int
  private var depthLeft: Int
  private var memoryLeft: Int
  var stackFloor: UInt

  private static let stepsBetweenChecks = 4_096

  private let bindings: [String: JSONValue]
  private let root: Value

  /// - Parameter root: what `$$` stands for.
  init(symbols: SymbolTable, root: Value, bindings: [String: JSONValue], environment: EvaluationEnvironment) {
    self.symbols = SymbolTable()
    self.bindings = bindings
    self.root = root
    profile = environment.profile
    now = environment.now
    random = environment.random
    budgets = environment.budgets
    isPastDeadline = environment.isPastDeadline
    stepsLeft = max(0, environment.budgets.steps)
    depthLeft = max(0, environment.budgets.depth)
    memoryLeft = max(0, environment.budgets.memory)
    fuel = 0
    stackFloor = Self.floorHere()
    refuel()
    adopt(symbols)
  }

  /// Goes over to a table with further names, as `$eval` needs it.
  func adopt(_ symbols: SymbolTable) {
    for name in symbols.names[globals.count...] {
      if let value = bindings[name] {
        globals.append(Value(value))
      } else if name == "$" {
        globals.append(root)
      } else {
        globals.append(FunctionLibrary.function(name, profile).map { .function(Function($0)) } ?? .undefined)
      }
    }
    self.symbols = symbols
  }

  // MARK: Evaluating

  /// The value of an expression. A sequence of one becomes its member, an empty one nothing.
  @inline(__always)
  func evaluate(_ node: any Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
    fuel &-= 1
    depthLeft &-= 1
    if fuel < 0 || depthLeft < 0 || isStackLow { return try evaluateWithCare(node, input, frame) }
    let value = try node.evaluate(input, frame, self)
    depthLeft &+= 1
    if case .list(let list) = value, list.flags.contains(.sequence) { return list.collapsed }
    return value
  }

  @inline(never)
  private func evaluateWithCare(_ node: any Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
    if depthLeft < 0 { throw depthExceeded }
    if fuel < 0 { try takeFuel() }
    let value: Value
    if isStackLow, node.evaluatesOthers {
      value = try onFreshStack { () throws(Failure) in try node.evaluate(input, frame, self) }
    } else {
      value = try node.evaluate(input, frame, self)
    }
    depthLeft &+= 1
    if case .list(let list) = value, list.flags.contains(.sequence) { return list.collapsed }
    return value
  }

  /// Work within which evaluations nest, without being one itself.
  func nested(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    depthLeft &-= 1
    if depthLeft < 0 { throw depthExceeded }
    try charge(steps: 1)
    let value = isStackLow ? try onFreshStack(body) : try body()
    depthLeft &+= 1
    return value
  }

  // MARK: Budgets

  /// Accounts for work done outside of `evaluate`.
  @inline(__always) func charge(steps: Int) throws(Failure) {
    fuel &-= steps
    if fuel < 0 { try takeFuel() }
  }

  /// Accounts for text produced.
  @inline(__always) func charge(bytes: Int) throws(Failure) {
    memoryLeft &-= bytes
    fuel &-= bytes >> 6
    if memoryLeft < 0 { throw memoryExceeded }
    if fuel < 0 { try takeFuel() }
  }

  @inline(__always) func charge(elements: Int) throws(Failure) { try charge(bytes: elements &* 8) }

  /// Makes a list, within the budgets.
  @inline(__always) func list(_ items: [Value], _ flags: List.Flags = []) throws(Failure) -> Value {
    try charge(elements: items.count)
    var flags = flags
    var depth: UInt16 = 0
    for item in items {
      switch item {
      case .list(let list):
        depth = max(depth, list.depth)
        if list.holdsFunctions { flags.insert(.holdsFunctions) }
      case .record(let record):
        depth = max(depth, record.depth)
        if record.holdsFunctions { flags.insert(.holdsFunctions) }
      case .function: flags.insert(.holdsFunctions)
      default: break
      }
    }
    if depth >= List.maximumDepth { throw depthExceeded }
    return .list(List(items: items, flags: flags, depth: depth + 1))
  }

  func sequence(_ items: [Value]) throws(Failure) -> Value { try list(items, .sequence) }

  func object(_ builder: ObjectBuilder) throws(Failure) -> Value {
    try charge(elements: builder.count)
    if builder.depth >= List.maximumDepth { throw depthExceeded }
    return builder.finish()
  }

  @inline(never)
  private func takeFuel() throws(Failure) {
    stepsLeft += fuel
    if stepsLeft <= 0 {
      throw Failure(JSONataError.Code.time, value: .string("\(budgets.steps) steps"), message: budgetMessage("timeout: Check for infinite loop"))
    }
    if let isPastDeadline, isPastDeadline() {
      throw Failure(
        JSONataError.Code.time, value: .string("the time that it may take"), message: budgetMessage("timeout: Check for infinite loop"))
    }
    refuel()
  }

  private func refuel() {
    fuel = min(Self.stepsBetweenChecks, stepsLeft)
    stepsLeft -= fuel
  }

  /// Step Functions' own words for an exhausted budget.
  private func budgetMessage(_ text: String) -> String? { profile == .stepFunctions ? "Expression evaluation \(text)" : nil }

  private var memoryExceeded: Failure {
    Failure(
      JSONataError.Code.memory, value: .string("\(budgets.memory)"),
      message: budgetMessage("memory limit exceeded: Check for excessive memory usage"))
  }

  var depthExceeded: Failure {
    Failure(
      JSONataError.Code.depth,
      message: profile == .stepFunctions
        ? "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive" : nil)
  }

  // MARK: Scopes

  /// Remembers a frame that has come to hold a closure.
  func keep(_ frame: Frame) throws(Failure) {
    let count = keptObjects.count
    keptObjects.keep(frame)
    if keptObjects.count > count { try charge(elements: 16) }
  }

  func keep(_ function: Function) throws(Failure) {
    keptObjects.keep(function)
    try charge(elements: 8)
  }

  func finish() { keptObjects.release() }
}

extension List {
  /// Lists and records that one evaluation may nest.
  static let maximumDepth: UInt16 = 512

  /// What becomes of a sequence when the expression that made it is done.
  @inline(__always) var collapsed: Value {
    if items.count > 1 { return .list(self) }
    guard let only = items.first else { return .undefined }
    return flags.contains(.keepSingleton) ? .list(self) : only
  }
}

/// The names of variables in an expression, by number.
struct SymbolTable: Sendable {
  private(set) var names: [String] = []
  private var numbers: [String: NameID] = [:]

  mutating func number(of name: String) -> NameID {
    if let number = numbers[name] { return number }
    let number = NameID(names.count)
    names.append(name)
    numbers[name] = number
    return number
  }
}
