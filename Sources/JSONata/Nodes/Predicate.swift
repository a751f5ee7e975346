/// `[…]` behind an expression or step.
struct Predicate: Sendable {
  let condition: any Node
  /// The position when it is a number as written.
  let number: Double?

  init(_ condition: any Node) {
    self.condition = condition
    number = (condition as? NumberNode)?.number
  }

  /// The items of a value for which the predicate holds, or that stand at the positions it names.
  func select(from value: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if case .tuples(let stream) = value { return .tuples(try select(from: stream, frame, run)) }
    if let number {
      let items = value.items
      let index = Self.index(number, count: items.count)
      guard let index, index < items.count else { return try run.sequence([]) }
      let item = items[index]
      return item.isArray ? item : try run.sequence(item.isUndefined ? [] : [item])
    }
    if value.isUndefined {
      // Nothing can be selected, but the predicate may fail.
      _ = try run.evaluate(condition, value, frame)
      return try run.sequence([])
    }
    var selected: [Value] = []
    let items = value.arrayItems ?? .values([value])
    for index in 0..<items.count {
      let item = items[index]
      for _ in 0..<(try selections(try run.evaluate(condition, item, frame), index: index, count: items.count, run)) { selected.append(item) }
    }
    return try run.sequence(selected)
  }

  private func select(from stream: TupleStream, _ frame: Frame, _ run: Run) throws(Failure) -> TupleStream {
    let tuples = stream.tuples
    if let number {
      guard let index = Self.index(number, count: tuples.count), index < tuples.count else { return TupleStream([]) }
      return TupleStream([tuples[index]])
    }
    var selected: [Tuple] = []
    for (index, tuple) in tuples.enumerated() {
      let scope = Frame(parent: frame, bindings: tuple.bindings)
      let count = try selections(try run.evaluate(condition, tuple.item, scope), index: index, count: tuples.count, run)
      for _ in 0..<count { selected.append(tuple) }
    }
    return TupleStream(selected)
  }

  /// How often the item at `index` is selected by a predicate's value: a truth, a position or several positions.
  @inline(__always)
  private func selections(_ result: Value, index: Int, count: Int, _ run: Run) throws(Failure) -> Int {
    switch result {
    case .bool(let holds): return holds ? 1 : 0
    case .number, .exactInteger:
      return try Self.index(run.finite(result.anyNumber ?? .nan), count: count) == index ? 1 : 0
    default: break
    }
    if let positions = result.arrayItems {
      var hits = 0
      var allNumbers = true
      try run.charge(steps: positions.count)
      for position in positions {
        guard let number = position.anyNumber, !number.isNaN else {
          allNumbers = false
          break
        }
        if try Self.index(run.finite(number), count: count) == index { hits += 1 }
      }
      if allNumbers { return hits }
    }
    return try run.isTrue(result) ? 1 : 0
  }

  /// A position counted from the end when negative; nil when it is no index.
  private static func index(_ number: Double, count: Int) -> Int? {
    guard var index = Int(exactly: number.rounded(.down)) else { return nil }
    if index < 0 { index += count }
    return index >= 0 ? index : nil
  }
}

extension Run {
  /// A number that may be reckoned with; infinity is an error where the reference looks at the number.
  @inline(__always) func finite(_ number: Double) throws(Failure) -> Double {
    if number.isInfinite { throw Failure("D1001", value: .some(.null)) }
    return number
  }

  /// The value as a number to reckon with, or nil when it is none.
  @inline(__always) func numeric(_ value: Value) throws(Failure) -> Double? {
    guard let number = value.anyNumber, !number.isNaN else { return nil }
    return try finite(number)
  }
}
