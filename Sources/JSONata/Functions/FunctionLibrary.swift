import JSONTypes

/// The functions of the language by name.
enum FunctionLibrary {
  private static let standard = byName([
    AggregateFunctions.table, StringFunctions.table, MatchFunctions.table, EncodingFunctions.table, NumberFunctions.table, PictureFunctions.table,
    ArrayFunctions.table, ObjectFunctions.table, HigherOrderFunctions.table, GeneralFunctions.table,
  ])
  private static let stepFunctions = standard.filter { $0.key != "eval" }.merging(byName([StepFunctionsFunctions.table])) { _, new in new }

  private static func byName(_ tables: [[Builtin]]) -> [String: Builtin] {
    Dictionary(tables.joined().map { ($0.name, $0) }) { _, new in new }
  }

  static func function(_ name: String, _ profile: JSONataProfile) -> Builtin? {
    switch profile {
    case .standard: standard[name]
    case .stepFunctions: stepFunctions[name]
    }
  }

  /// All names, for checks of definitions.
  static func names(_ profile: JSONataProfile) -> [String] { (profile == .standard ? standard : stepFunctions).keys.sorted() }
}

extension JSONataExpression {
  /// The names of the functions that a profile knows, without `$`; sorted.
  public static func functionNames(in profile: JSONataProfile) -> [String] { FunctionLibrary.names(profile) }
}

extension JSONataExpression {
  /// How many arguments a function takes at most; nil for any number, and for a function that the profile does not know.
  package static func maximumArguments(of name: String, in profile: JSONataProfile) -> Int? {
    guard let builtin = FunctionLibrary.function(name, profile), !builtin.signature.parameters.contains(where: \.repeats) else { return nil }
    return builtin.signature.parameters.count
  }
}

extension Builtin {
  /// - Parameters:
  ///   - signature: in JSONata's notation.
  ///   - arity: parameters that count for higher-order functions; by default all.
  init(
    _ name: String, _ signature: String, parameters: Int, arity: Int? = nil, _ body: @escaping @Sendable (Arguments) throws(Failure) -> Value
  ) {
    self.name = name
    do throws(Signature.SyntaxError) { self.signature = try Signature(parsing: signature) } catch {
      preconditionFailure("the signature \(signature) of $\(name) is wrong: \(error.code)")
    }
    self.arity = arity ?? parameters
    parameterCount = parameters
    self.body = body
  }
}

/// Arguments are checked against the signature, except those of a partially applied function.
extension Arguments {
  func mismatch(_ index: Int) -> Failure { Failure("T0410", value: self[index].scalarJSON, details: ["index": .int(Int64(index + 1))]) }

  /// The text at a position; nil for undefined.
  @inline(__always) func text(_ index: Int) throws(Failure) -> String? {
    switch self[index] {
    case .string(let text): return text
    case .undefined: return nil
    default: throw mismatch(index)
    }
  }

  @inline(__always) func number(_ index: Int) throws(Failure) -> Double? {
    if case .number(let number) = self[index] { return number }
    if self[index].isUndefined { return nil }
    guard let number = self[index].anyNumber else { throw mismatch(index) }
    return number
  }

  /// The members of the array at a position, a single value counting as an array of one; nil for undefined.
  @inline(__always) func items(_ index: Int) -> Items? { self[index].isUndefined ? nil : self[index].items }

  func function(_ index: Int) throws(Failure) -> Function? {
    switch self[index] {
    case .function(let function): return function
    case .undefined: return nil
    default: throw mismatch(index)
    }
  }

  /// Calls a function that was handed over as an argument.
  @inline(__always) func call(_ function: Function, _ values: [Value]) throws(Failure) -> Value {
    try run.apply(.function(function), values, context: .null, frame)
  }

  /// Text as the result, within the budget.
  func result(_ text: String) throws(Failure) -> Value {
    try run.charge(bytes: text.utf8.count)
    return .string(text)
  }
}
