import JSONTypes

/// Functions on arrays that call no other function.
enum ArrayFunctions {
  static let table: [Builtin] = [
    Builtin("append", "<xx:a>", parameters: 2) { call throws(Failure) in
      let (first, second) = (call[0], call[1])
      if first.isUndefined { return second }
      if second.isUndefined { return first }
      return try call.run.appended([first, second])
    },
    Builtin("reverse", "<a:a>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0), items.count > 1 else { return call[0] }
      return try call.run.list(items.values.reversed())
    },
    Builtin("shuffle", "<a:a>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0), items.count > 1 else { return call[0] }
      var shuffled = items.values
      for index in shuffled.indices {
        let other = min(Int(call.run.random.nextUnit() * Double(index + 1)), index)
        shuffled.swapAt(index, other)
      }
      return try call.run.list(shuffled)
    },
    Builtin("zip", "<a+>", parameters: 8, arity: 0) { call throws(Failure) in
      let arrays = call.values.filter { !$0.isUndefined || call.count <= 1 }.map { $0.items }
      let complete = arrays.count == call.count
      let length = complete ? arrays.map(\.count).min() ?? 0 : 0
      var zipped: [Value] = []
      for index in 0..<length { zipped.append(try call.run.list(arrays.map { $0[index] })) }
      return try call.run.list(zipped)
    },
    Builtin("distinct", "<x:x>", parameters: 1) { call throws(Failure) in
      guard let items = call[0].arrayItems, items.count > 1 else { return call[0] }
      var kept: [Value] = []
      // Texts and numbers are looked up; what else there is must be compared one by one.
      var texts = JSONObject()
      var numbers: Set<Double> = []
      var others: [Value] = []
      next: for item in items {
        switch item {
        case .string(let text):
          if texts.position(of: text) != nil { continue next }
          texts[text] = .null
        case .number(let number) where !number.isNaN:
          if !numbers.insert(number).inserted { continue next }
        default:
          try call.run.charge(steps: others.count)
          for other in others where try call.run.isEqual(item, other) { continue next }
          others.append(item)
        }
        kept.append(item)
      }
      return try call.run.list(kept, call[0].isSequence ? .sequence : [])
    },
  ]
}
