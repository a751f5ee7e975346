import JSONTypes

/// `^(term, >term)`: a step that orders the items before it.
final class SortNode: Node {
  struct Term: Sendable {
    let expression: any Node
    let descending: Bool
  }
  let terms: [Term]
  let position: Int
  init(_ terms: [Term], position: Int) {
    self.terms = terms
    self.position = position
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value { try sort(input.items, frame, run) }

  func sort(_ items: Items, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if items.count <= 1 { return try run.sequence(items.values) }
    let values = items.values
    if terms.count == 1 {
      var keys: [Value] = []
      keys.reserveCapacity(values.count)
      for value in values { keys.append(try run.evaluate(terms[0].expression, value, frame)) }
      if let order = numericOrder(keys) {
        try run.charge(steps: values.count * 8)
        return try run.list(order.map { values[$0] })
      }
      let order = try order(count: values.count, run) { (position, _) throws(Failure) in keys[position] }
      return try run.list(order.map { values[$0] })
    }
    let order = try order(count: values.count, run) { (position, term) throws(Failure) in
      try run.evaluate(self.terms[term].expression, values[position], frame)
    }
    return try run.list(order.map { values[$0] })
  }

  func sort(_ stream: TupleStream, _ frame: Frame, _ run: Run) throws(Failure) -> TupleStream {
    let tuples = stream.tuples
    if tuples.count <= 1 { return stream }
    let order = try order(count: tuples.count, run) { (position, term) throws(Failure) in
      try run.evaluate(self.terms[term].expression, tuples[position].item, Frame(parent: frame, bindings: tuples[position].bindings))
    }
    return TupleStream(order.map { tuples[$0] })
  }

  /// The stable order of keys that are all numbers; nil when they are not.
  private func numericOrder(_ keys: [Value]) -> [Int]? {
    var numbers: [(key: Double, position: Int)] = []
    numbers.reserveCapacity(keys.count)
    for (position, key) in keys.enumerated() {
      guard case .number(let number) = key, !number.isNaN else { return nil }
      numbers.append((terms[0].descending ? -number : number, position))
    }
    numbers.sort { $0.key < $1.key || $0.key == $1.key && $0.position < $1.position }
    return numbers.map(\.position)
  }

  /// The positions in their new order. Each term is evaluated once for an item, and only when it decides.
  private func order(count: Int, _ run: Run, key: (Int, Int) throws(Failure) -> Value) throws(Failure) -> [Int] {
    var keys = [[Value?]](repeating: [], count: terms.count)
    func known(_ position: Int, _ term: Int) throws(Failure) -> Value {
      if keys[term].isEmpty { keys[term] = [Value?](repeating: nil, count: count) }
      if let value = keys[term][position] { return value }
      let value = try key(position, term)
      keys[term][position] = value
      return value
    }
    return try run.mergeSorted(count: count) { (left, right) throws(Failure) in
      for term in self.terms.indices {
        let a = try known(left, term)
        let b = try known(right, term)
        let comparison = try self.compare(a, b, run)
        if comparison == 0 { continue }
        // What has no value comes last either way.
        if a.isUndefined || b.isUndefined { return comparison }
        return self.terms[term].descending ? -comparison : comparison
      }
      return 0
    }
  }

  private func compare(_ a: Value, _ b: Value, _ run: Run) throws(Failure) -> Int {
    if case .number(let x) = a, case .number(let y) = b { return x == y ? 0 : x < y ? -1 : 1 }
    if case .string(let x) = a, case .string(let y) = b { return compareUTF16(x, y) }
    if a.isUndefined { return b.isUndefined ? 0 : 1 }
    if b.isUndefined { return -1 }
    if let x = a.anyNumber, let y = b.anyNumber { return x == y ? 0 : x < y ? -1 : 1 }
    for value in [a, b] {
      switch value {
      case .number, .exactInteger, .string: continue
      default: throw Failure("T2008", position: position, value: try run.json(value))
      }
    }
    throw Failure("T2007", position: position, value: try run.json(a), details: ["value2": try run.json(b)])
  }
}

extension Run {
  /// Positions `0..<count` in a stable order; a later one goes first only when `compare(earlier, later)` is positive.
  func mergeSorted(count: Int, _ compare: (Int, Int) throws(Failure) -> Int) throws(Failure) -> [Int] {
    var order = Array(0..<count)
    var merged = order
    var width = 1
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        let end = min(start + 2 * width, count)
        try charge(steps: end - start)
        var left = start
        var right = middle
        var out = start
        while left < middle, right < end {
          if try compare(order[left], order[right]) > 0 {
            merged[out] = order[right]
            right += 1
          } else {
            merged[out] = order[left]
            left += 1
          }
          out += 1
        }
        while left < middle {
          merged[out] = order[left]
          left += 1
          out += 1
        }
        while right < end {
          merged[out] = order[right]
          right += 1
          out += 1
        }
        start = end
      }
      swap(&order, &merged)
      width *= 2
    }
    return order
  }
}
