/// `$sum`, `$count`, `$max`, `$min`, `$average`
enum AggregateFunctions {
  static let table: [Builtin] = [
    Builtin("sum", "<a<n>:n>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0) else { return .undefined }
      return .number(try numbers(items, call).reduce(0, +))
    },
    Builtin("count", "<a:n>", parameters: 1) { call throws(Failure) in .number(Double(call.items(0)?.count ?? 0)) },
    Builtin("max", "<a<n>:n>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0), !items.isEmpty else { return .undefined }
      return .number(try numbers(items, call).reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) })
    },
    Builtin("min", "<a<n>:n>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0), !items.isEmpty else { return .undefined }
      return .number(try numbers(items, call).reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) })
    },
    Builtin("average", "<a<n>:n>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0), !items.isEmpty else { return .undefined }
      return .number(try numbers(items, call).reduce(0, +) / Double(items.count))
    },
  ]

  private static func numbers(_ items: Items, _ call: Arguments) throws(Failure) -> [Double] {
    try call.run.charge(steps: items.count)
    var numbers: [Double] = []
    numbers.reserveCapacity(items.count)
    for item in items {
      guard let number = item.anyNumber else {
        throw Failure("T0412", value: item.scalarJSON, details: ["index": 1, "type": "numbers"])
      }
      numbers.append(number)
    }
    return numbers
  }
}
