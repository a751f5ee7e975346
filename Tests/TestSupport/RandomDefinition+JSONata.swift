import JSONTypes

/// States in JSONata.
extension RandomDefinition {
  mutating func jsonataState(_ type: String, _ number: Int, _ names: [String], depth: Int) -> JSONObject {
    var state: JSONObject = ["Type": .string(type)]
    if !["Fail", "Succeed", "Choice"].contains(type) {
      if number == names.count - 1 { state["End"] = true } else { state["Next"] = .string(names[number + 1]) }
    }
    if type != "Fail", chance(40) { state["Output"] = data() }
    if type != "Fail", type != "Succeed", chance(30) { state["Assign"] = ["v": data(), "w": 1] }
    switch type {
    case "Task":
      state["Resource"] = pick(["arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:states:::sqs:sendMessage"])
      if chance(50) { state["Arguments"] = data() }
      if chance(40) { state["TimeoutSeconds"] = pick([1, 5, "{% 2 + 3 %}"]) }
      if chance(40) { state["Output"] = "{% $states.result %}" }
      handlers(&state, names)
    case "Wait":
      let (key, value): (String, JSONValue) = pick([
        ("Seconds", "{% $states.context.Execution.Input.wait %}"), ("Seconds", 3), ("Timestamp", "{% $states.context.Execution.Input.time %}"),
        ("Seconds", "{% $states.context.Execution.Input.s %}"),
      ])
      state[key] = value
    case "Choice":
      state["Choices"] = .array(
        (0...below(2)).map { _ in
          var rule: JSONObject = ["Condition": .string(pick(Self.conditions)), "Next": .string(pick(names))]
          if chance(30) { rule["Assign"] = ["v": data()] }
          if chance(30) { rule["Output"] = data() }
          return .object(rule)
        })
      state["Default"] = .string(names[number + 1])
    case "Fail":
      if chance(70) { state["Error"] = pick(["Custom", "E", "{% $states.context.State.Name %}"]) }
      if chance(50) { state["Cause"] = pick(["because", "{% 'because of ' & $string($states.input) %}", "{% 1 %}"]) }
    case "Parallel":
      state["Branches"] = .array((0...below(3)).map { _ in subMachine(depth: depth + 1) })
      if chance(25) { state["Arguments"] = data() }
      handlers(&state, names)
    case "Map":
      state["ItemProcessor"] = subMachine(depth: depth + 1)
      if chance(85) { state["Items"] = pick(["{% $states.context.Execution.Input.list %}", [1, "{% 2 %}"], "{% [1..3] %}"]) }
      if chance(40) { state["ItemSelector"] = ["item": "{% $states.context.Map.Item.Value %}", "index": "{% $states.context.Map.Item.Index %}"] }
      if chance(40) { state["MaxConcurrency"] = pick([0, 1, "{% 2 %}"]) }
      if chance(20) { state["ToleratedFailureCount"] = pick([0, 1, 3]) }
      handlers(&state, names)
    default: break
    }
    return state
  }

  private static let conditions = [
    "{% $states.context.Execution.Input.n = 3 %}", "{% $exists($states.input.n) %}", "{% $random() < 0.5 %}", "{% true %}", "{% false %}",
    "{% $states.input.s %}",
  ]

  private mutating func handlers(_ state: inout JSONObject, _ names: [String]) {
    if chance(50) { state["Retry"] = .array(handlers { .object($0.retrier()) }) }
    guard chance(60) else { return }
    state["Catch"] = .array(
      handlers { maker in
        var catcher: JSONObject = ["Next": .string(maker.pick(names))]
        if maker.chance(50) { catcher["Output"] = maker.pick(["{% $states.errorOutput %}", maker.data()]) }
        if maker.chance(30) { catcher["Assign"] = ["caught": "{% $states.errorOutput.Error %}"] }
        return .object(catcher)
      })
  }

  /// A value that may hold expressions; one in twenty leads nowhere or fails.
  private mutating func data() -> JSONValue {
    if chance(5) { return pick(["{% $states.input.missing %}", "{% $error('no') %}", "{% 1 + 'a' %}", "{% function($x) { $x } %}"]) }
    return pick([
      "{% $states.input %}", "{% $states.context.State.Name %}", "{% $states.context.Execution.Input %}",
      ["r": "{% $random() %}", "id": "{% $uuid() %}", "at": "{% $now() %}"], ["n": "{% $sum($states.context.Execution.Input.list.n) %}", "fixed": [1, nil]],
      ["{% $map([1, 2], function($x) { $x * 2 }) %}"], 7,
    ])
  }
}
