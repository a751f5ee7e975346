import JSONTypes

/// `+ - * / %`
final class ArithmeticNode: Node {
  enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }
  let symbol: Operator
  let left: any Node
  let right: any Node
  let position: Int
  init(_ symbol: Operator, _ left: any Node, _ right: any Node, position: Int) {
    self.symbol = symbol
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    if case .number(let a) = left, case .number(let b) = right, a.isFinite, b.isFinite { return .number(result(a, b)) }
    do throws(Failure) {
      let a = try run.numeric(left)
      if a == nil, !left.isUndefined { throw Failure("T2001", value: try run.json(left)) }
      let b = try run.numeric(right)
      if b == nil, !right.isUndefined { throw Failure("T2002", value: try run.json(right)) }
      guard let a, let b else { return .undefined }
      return .number(result(a, b))
    } catch {
      throw error.at(position, token: .string(symbol.rawValue))
    }
  }

  @inline(__always) private func result(_ a: Double, _ b: Double) -> Double {
    switch symbol {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .remainder: a.truncatingRemainder(dividingBy: b)
    }
  }
}

/// `= !=`
final class EqualityNode: Node {
  let left: any Node
  let right: any Node
  let isNegated: Bool
  let position: Int
  init(_ left: any Node, _ right: any Node, isNegated: Bool, position: Int) {
    self.left = left
    self.right = right
    self.isNegated = isNegated
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    // Nothing equals nothing, and differs from nothing.
    if left.isUndefined || right.isUndefined { return .bool(false) }
    return .bool(try run.isEqual(left, right) != isNegated)
  }
}

/// `< <= > >=`
final class ComparisonNode: Node {
  enum Operator: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }
  let symbol: Operator
  let left: any Node
  let right: any Node
  let position: Int
  init(_ symbol: Operator, _ left: any Node, _ right: any Node, position: Int) {
    self.symbol = symbol
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    if let a = left.anyNumber, let b = right.anyNumber { return .bool(holds(a, b)) }
    if case .string(let a) = left, case .string(let b) = right { return .bool(holds(compareUTF16(a, b), 0)) }
    for value in [left, right] {
      switch value {
      case .undefined, .number, .exactInteger, .string: continue
      default: throw Failure("T2010", position: position, token: .string(symbol.rawValue), value: try run.json(value))
      }
    }
    if left.isUndefined || right.isUndefined { return .undefined }
    throw Failure(
      "T2009", position: position, token: .string(symbol.rawValue), value: try run.json(left), details: ["value2": try run.json(right)])
  }

  @inline(__always) private func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch symbol {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

/// The order of two texts by UTF-16 units, as JavaScript has it: negative, 0 or positive.
func compareUTF16(_ left: String, _ right: String) -> Int {
  left.withBytes { a in
    right.withBytes { b in
      for index in 0..<min(a.count, b.count) {
        let x = a[index]
        let y = b[index]
        if x == y { continue }
        // UTF-8 sorts by code point; in UTF-16 the surrogates of what lies beyond U+FFFF come before U+E000…U+FFFF.
        if x >= 0xF0, 0xEE...0xEF ~= y { return -1 }
        if y >= 0xF0, 0xEE...0xEF ~= x { return 1 }
        return x < y ? -1 : 1
      }
      return a.count - b.count
    }
  }
}

/// `&`
final class ConcatenationNode: Node {
  let left: any Node
  let right: any Node
  let position: Int
  init(_ left: any Node, _ right: any Node, position: Int) {
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    do throws(Failure) {
      var text = try run.text(of: left) ?? ""
      let tail = try run.text(of: right) ?? ""
      try run.charge(bytes: text.utf8.count + tail.utf8.count)
      text += tail
      return .string(text)
    } catch {
      throw error.at(position, token: "&")
    }
  }
}

/// `and or`
final class LogicNode: Node {
  let left: any Node
  let right: any Node
  let isAnd: Bool
  let position: Int
  init(_ left: any Node, _ right: any Node, isAnd: Bool, position: Int) {
    self.left = left
    self.right = right
    self.isAnd = isAnd
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    do throws(Failure) {
      if try run.isTrue(left) != isAnd { return .bool(!isAnd) }
      return .bool(try run.isTrue(run.evaluate(right, input, frame)))
    } catch {
      throw error.orElse(position: position, token: isAnd ? "and" : "or")
    }
  }
}

/// `in`
final class InclusionNode: Node {
  let left: any Node
  let right: any Node
  let position: Int
  init(_ left: any Node, _ right: any Node, position: Int) {
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    if left.isUndefined || right.isUndefined { return .bool(false) }
    let items = right.items
    try run.charge(steps: items.count)
    for item in items where try run.isEqual(item, left) { return .bool(true) }
    return .bool(false)
  }
}

/// `[first..last]`
final class RangeNode: Node {
  let left: any Node
  let right: any Node
  let position: Int
  static let maximumCount = 10_000_000.0
  init(_ left: any Node, _ right: any Node, position: Int) {
    self.left = left
    self.right = right
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let left = try run.evaluate(left, input, frame)
    let right = try run.evaluate(right, input, frame)
    func integer(_ value: Value, _ code: String) throws(Failure) -> Double? {
      if value.isUndefined { return nil }
      guard let number = value.anyNumber, number.isFinite, number == number.rounded(.towardZero) else {
        throw Failure(code, position: position, token: "..", value: try run.json(value))
      }
      return number
    }
    let first = try integer(left, "T2003")
    let last = try integer(right, "T2004")
    guard let first, let last, first <= last else { return .undefined }
    let count = last - first + 1
    guard count <= Self.maximumCount else { throw Failure("D2014", position: position, token: "..", value: JSONValue(number: count)) }
    try run.charge(elements: Int(count))
    return .list(List(scalars: (0..<Int(count)).map { .number(first + Double($0)) }, .sequence))
  }
}

/// `-operand`
final class NegationNode: Node {
  let operand: any Node
  let position: Int
  init(_ operand: any Node, position: Int) {
    self.operand = operand
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let value = try run.evaluate(operand, input, frame)
    if value.isUndefined { return value }
    guard let number = try run.numeric(value) else { throw Failure("D1002", position: position, token: "-", value: try run.json(value)) }
    return .number(-number)
  }
}

/// `*`
final class WildcardNode: Node {
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var input = input
    if case .list(let list) = input, list.flags.contains(.outerWrapper) { input = list.items[0] }
    var found: [Value] = []
    var isSequence = true
    func add(_ value: Value) throws(Failure) {
      if value.isArray {
        // Once an array has been taken in, the result is an array, even with one member.
        isSequence = false
        try run.flatten(value, into: &found)
      } else {
        found.append(value)
      }
    }
    if let items = input.arrayItems {
      for item in items { try add(item) }
    } else {
      for (_, value) in input.members ?? [] { try add(value) }
    }
    return try run.list(found, isSequence ? .sequence : [])
  }
}

/// `**`
final class DescendantsNode: Node {
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if input.isUndefined { return input }
    var found: [Value] = []
    try run.descendants(of: input, into: &found)
    return found.count == 1 ? found[0] : try run.sequence(found)
  }
}

extension Run {
  /// The members of an array within arrays, in one row.
  func flatten(_ value: Value, into found: inout [Value]) throws(Failure) {
    guard let items = value.arrayItems else { return found.append(value) }
    if isStackLow {
      var inner: [Value] = []
      try onFreshStack { () throws(Failure) in try self.flatten(value, into: &inner) }
      return found.append(contentsOf: inner)
    }
    try charge(steps: items.count)
    for item in items { try flatten(item, into: &found) }
  }

  func descendants(of value: Value, into found: inout [Value]) throws(Failure) {
    if isStackLow {
      var inner: [Value] = []
      try onFreshStack { () throws(Failure) in try self.descendants(of: value, into: &inner) }
      return found.append(contentsOf: inner)
    }
    try charge(steps: 1)
    if let items = value.arrayItems {
      for item in items { try descendants(of: item, into: &found) }
    } else {
      found.append(value)
      for (_, member) in value.members ?? [] { try descendants(of: member, into: &found) }
    }
  }
}
