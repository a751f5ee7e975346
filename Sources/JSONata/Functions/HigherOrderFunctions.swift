import JSONTypes

/// Functions that call functions.
enum HigherOrderFunctions {
  static let table: [Builtin] = [
    Builtin("map", "<af>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0), let function = try call.function(1) else { return .undefined }
      var results: [Value] = []
      results.reserveCapacity(items.count)
      let caller = ItemCaller(call, function)
      for index in 0..<items.count {
        let result = try caller(items[index], .number(Double(index)))
        if !result.isUndefined { results.append(result) }
      }
      return try call.run.sequence(results)
    },
    Builtin("filter", "<af>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0), let function = try call.function(1) else { return .undefined }
      var kept: [Value] = []
      let caller = ItemCaller(call, function)
      for index in 0..<items.count {
        let item = items[index]
        if try call.run.isTrue(caller(item, .number(Double(index)))) { kept.append(item) }
      }
      return try call.run.sequence(kept)
    },
    Builtin("single", "<af?>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0) else { return .undefined }
      let caller = try call.function(1).map { ItemCaller(call, $0) }
      var found: Value?
      for index in 0..<items.count {
        let item = items[index]
        if let caller, try !call.run.isTrue(caller(item, .number(Double(index)))) { continue }
        if found != nil { throw Failure("D3138", details: ["index": .int(Int64(index))]) }
        found = item
      }
      guard let found else { throw Failure("D3139") }
      return found
    },
    Builtin("reduce", "<afj?:j>", parameters: 3) { call throws(Failure) in
      guard let items = call.items(0), let function = try call.function(1) else { return .undefined }
      guard function.arity >= 2 else { throw Failure("D3050", details: ["index": 1]) }
      var result = call[2]
      var index = 0
      if result.isUndefined, !items.isEmpty {
        result = items[0]
        index = 1
      }
      let arity = function.arity
      let run = call.run
      let frame = call.frame
      while index < items.count {
        if arity <= 3 {
          result = try run.call(function, result, items[index], arity: arity, frame) { .number(Double(index)) }
        } else {
          result = try call.call(function, [result, items[index], .number(Double(index)), call[0]])
        }
        index += 1
      }
      return result
    },
    Builtin("each", "<o-f:a>", parameters: 2) { call throws(Failure) in
      guard let function = try call.function(1) else { return .undefined }
      let caller = ItemCaller(call, function)
      var results: [Value] = []
      for (key, value) in call[0].members ?? [] {
        let result = try caller(value, .string(key))
        if !result.isUndefined { results.append(result) }
      }
      return try call.run.sequence(results)
    },
    Builtin("sift", "<o-f?:o>", parameters: 2) { call throws(Failure) in
      guard let function = try call.function(1) else { return .undefined }
      let caller = ItemCaller(call, function)
      var kept = ObjectBuilder()
      for (key, value) in call[0].members ?? [] where try call.run.isTrue(caller(value, .string(key))) { kept.set(key, value) }
      return kept.isEmpty ? .undefined : try call.run.object(kept)
    },
    Builtin("sort", "<af?:a>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0), items.count > 1 else { return call[0] }
      let values = items.values
      let order: [Int]
      if let function = try call.function(1) {
        let run = call.run
        let frame = call.frame
        order = try run.mergeSorted(count: values.count) { (left, right) throws(Failure) in
          isTruthy(try run.call(function, values[left], values[right], arity: 2, frame)) ? 1 : -1
        }
      } else {
        order = try naturalOrder(values, call)
      }
      return try call.run.list(order.map { values[$0] })
    },
  ]

  private static func naturalOrder(_ values: [Value], _ call: Arguments) throws(Failure) -> [Int] {
    let numbers = values.compactMap(\.anyNumber)
    if numbers.count == values.count {
      return try call.run.mergeSorted(count: values.count) { (left, right) throws(Failure) in numbers[left] > numbers[right] ? 1 : -1 }
    }
    let texts = values.compactMap(\.asString)
    guard texts.count == values.count else { throw Failure("D3070", details: ["index": 1]) }
    return try call.run.mergeSorted(count: values.count) { (left, right) throws(Failure) in compareUTF16(texts[left], texts[right]) }
  }

  /// JavaScript's truth, by which the reference reads the result of a sort function.
  private static func isTruthy(_ value: Value) -> Bool {
    switch value {
    case .undefined, .null, .tailCall: false
    case .bool(let value): value
    case .number(let number): number != 0 && !number.isNaN
    case .string(let text): !text.isEmpty
    default: true
    }
  }
}

/// Calls a function for an item with as many of item, position and whole as it takes.
private struct ItemCaller {
  private let run: Run
  private let frame: Frame
  private let whole: Value
  private let function: Function
  private let arity: Int

  init(_ call: Arguments, _ function: Function) {
    run = call.run
    frame = call.frame
    whole = call[0]
    self.function = function
    arity = function.arity
  }

  @inline(__always)
  func callAsFunction(_ item: Value, _ position: Value) throws(Failure) -> Value {
    try run.call(function, item, position, arity: arity, frame) { whole }
  }
}
