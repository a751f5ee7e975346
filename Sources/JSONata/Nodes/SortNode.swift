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
    var positions = Array(values.indices)
    let isArranged = try arrange(&positions, values.indices, by: 0, run) { (position, term) throws(Failure) in
      try run.evaluate(self.terms[term].expression, values[position], frame)
    }
    if isArranged { return try run.list(positions.map { values[$0] }) }
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

  /// Puts a stretch of positions into the order of a term, and those that are equal into that of the next one.
  /// False when the keys are neither all numbers nor all texts; then the order is of no use.
  private func arrange(
    _ positions: inout [Int], _ stretch: Range<Int>, by term: Int, _ run: Run, key: (Int, Int) throws(Failure) -> Value
  ) throws(Failure) -> Bool {
    let descending = terms[term].descending
    var numbers: [SortKey<Double>] = []
    var texts: [SortKey<SortText>] = []
    for index in stretch {
      let place = index - stretch.lowerBound
      switch try key(positions[index], term) {
      case .number(let number) where !number.isNaN && texts.isEmpty:
        numbers.append(SortKey(key: number, place: place, position: positions[index]))
      case .string(let text) where numbers.isEmpty:
        texts.append(SortKey(key: SortText(text), place: place, position: positions[index]))
      default: return false
      }
    }
    try run.charge(steps: stretch.count * 8)
    var ties: [Range<Int>] = []
    if texts.isEmpty {
      SortKey.sort(&numbers, descending: descending, into: &positions, stretch, &ties)
    } else {
      SortKey.sort(&texts, descending: descending, into: &positions, stretch, &ties)
    }
    guard term + 1 < terms.count else { return true }
    for tie in ties where try !arrange(&positions, tie, by: term + 1, run, key: key) { return false }
    return true
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

/// What texts and numbers have in common as keys.
private protocol Sortable {
  /// Negative, 0 or positive.
  func order(before other: Self) -> Int
}

extension Double: Sortable {
  fileprivate func order(before other: Double) -> Int { self == other ? 0 : self < other ? -1 : 1 }
}

/// A text in the order of its UTF-16 units. Its first bytes are held as a number, which mostly decides.
private struct SortText: Sortable {
  let text: String
  private let start: UInt64

  init(_ text: String) {
    self.text = text
    start = text.withBytes { bytes in
      var start: UInt64 = 0
      for index in 0..<8 {
        let byte = index < bytes.count ? bytes[index] : 0
        // In UTF-16, U+E000…U+FFFF come after what lies beyond.
        start = start << 8 | UInt64(0xEE...0xEF ~= byte ? byte + 8 : byte)
      }
      return start
    }
  }

  func order(before other: SortText) -> Int {
    if start != other.start { return start < other.start ? -1 : 1 }
    return text.isSameText(as: other.text) ? 0 : compareUTF16(text, other.text)
  }
}

/// What an item is sorted by, where it stood, and which one it is.
private struct SortKey<Key: Sortable> {
  let key: Key
  let place: Int
  let position: Int

  /// Sorts keys, writes their positions into a stretch, and tells which parts of it have equal keys.
  static func sort(
    _ keys: inout [SortKey], descending: Bool, into positions: inout [Int], _ stretch: Range<Int>, _ ties: inout [Range<Int>]
  ) {
    keys.sort { left, right in
      let order = left.key.order(before: right.key)
      return order == 0 ? left.place < right.place : (order < 0) != descending
    }
    var start = 0
    for index in keys.indices {
      positions[stretch.lowerBound + index] = keys[index].position
      if index + 1 < keys.count, keys[index + 1].key.order(before: keys[index].key) == 0 { continue }
      if index > start { ties.append(stretch.lowerBound + start..<stretch.lowerBound + index + 1) }
      start = index + 1
    }
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
