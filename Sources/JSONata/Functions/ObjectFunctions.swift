import JSONTypes

/// Functions on objects that call no other function.
enum ObjectFunctions {
  static let table: [Builtin] = [
    Builtin("keys", "<x-:a<s>>", parameters: 1) { call throws(Failure) in
      var keys = JSONObject()
      try gatherKeys(of: call[0], into: &keys, call.run)
      return try call.run.sequence(keys.inJavaScriptOrder().keys.map { .string($0) })
    },
    Builtin("lookup", "<x-s:x>", parameters: 2) { call throws(Failure) in
      guard let key = try call.text(1) else { return .undefined }
      if let items = call[0].arrayItems { return try call.run.lookup(JSONKey(key), in: items) }
      return call[0].member(key)
    },
    Builtin("spread", "<x-:a<o>>", parameters: 1) { call throws(Failure) in
      guard let members = try spread(call[0], call.run) else { return call[0] }
      // A spread array is the members' arrays appended to one another, which is no sequence any more.
      return try call.run.list(members, call[0].isArray && !members.isEmpty ? [] : .sequence)
    },
    Builtin("merge", "<a<o>:o>", parameters: 1) { call throws(Failure) in
      guard let items = call.items(0) else { return .undefined }
      var merged = ObjectBuilder()
      for item in items {
        guard let members = item.members else { throw call.mismatch(0) }
        try call.run.charge(steps: members.count)
        for (key, value) in members { merged.set(key, value) }
      }
      return try call.run.object(merged)
    },
  ]

  private static func gatherKeys(of value: Value, into keys: inout JSONObject, _ run: Run) throws(Failure) {
    if run.isStackLow {
      var copy = keys
      try run.onFreshStack { () throws(Failure) in try gatherKeys(of: value, into: &copy, run) }
      keys = copy
      return
    }
    if let items = value.arrayItems {
      for item in items { try gatherKeys(of: item, into: &keys, run) }
    } else if let members = value.members {
      try run.charge(steps: members.count)
      for (key, _) in members { keys[key] = .null }
    }
  }

  /// Objects of one member each; nil when there is nothing to spread.
  private static func spread(_ value: Value, _ run: Run) throws(Failure) -> [Value]? {
    if run.isStackLow { return try run.onFreshStack { () throws(Failure) in try spread(value, run) } }
    if let items = value.arrayItems {
      var all: [Value] = []
      for item in items { all.append(contentsOf: try spread(item, run) ?? (item.isUndefined ? [] : [item])) }
      return all
    }
    guard let members = value.members else { return nil }
    var single: [Value] = []
    for (key, value) in members {
      var builder = ObjectBuilder()
      builder.set(key, value)
      single.append(try run.object(builder))
    }
    return single
  }
}
