public import JSONTypes

/// Makes valid definitions out of a seed: every state type, nested, with paths and expressions that now and then lead nowhere. A third of them
/// speak JSONPath alone, a third JSONata alone, and in the rest each state chooses.
public struct RandomDefinition {
  private var random: SeededRandom
  private var lastName = 0
  /// States still to be made; keeps definitions small.
  private var budget = 14
  /// Of 100 states, those in JSONata.
  private let jsonataShare: Int

  private init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    jsonataShare = [0, 50, 100][Int(seed % 3)]
  }

  public static func make(seed: UInt64) -> JSONValue {
    var maker = Self(seed: seed)
    guard case .object(var machine) = maker.subMachine(depth: 0) else { return .null }
    if maker.jsonataShare == 100 { machine["QueryLanguage"] = "JSONata" }
    if maker.chance(15) { machine["TimeoutSeconds"] = maker.pick([3, 20, 600]) }
    return .object(machine)
  }

  /// The input that the definitions count on.
  public static let input: JSONValue = [
    "a": ["b": [1, "two", nil]], "n": 3, "s": "text", "wait": 2, "time": "2024-01-01T00:00:05Z", "list": [["n": 1], ["n": 2], ["n": 3]], "none": nil,
  ]

  // MARK: Chance

  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<T>(_ options: [T]) -> T { options[below(options.count)] }
  private mutating func name() -> String {
    lastName += 1
    return "S\(lastName)"
  }

  // MARK: States

  mutating func subMachine(depth: Int) -> JSONValue {
    let count = max(1, min(budget, 1 + below(depth == 0 ? 6 : 3)))
    budget -= count
    let names = (0..<count).map { _ in name() }
    var states = JSONObject()
    for (number, name) in names.enumerated() { states[name] = .object(state(number, names, depth: depth)) }
    return ["StartAt": .string(names[0]), "States": .object(states)]
  }

  private mutating func state(_ number: Int, _ names: [String], depth: Int) -> JSONObject {
    let isLast = number == names.count - 1
    var types = ["Pass", "Task", "Task", "Wait", "Parallel", "Map"]
    if depth >= 3 || budget <= 0 { types.removeLast(2) }
    types += isLast ? ["Succeed", "Fail"] : ["Choice", "Choice"]
    let type = pick(types)
    if chance(jsonataShare) {
      var state = jsonataState(type, number, names, depth: depth)
      if jsonataShare < 100 { state["QueryLanguage"] = "JSONata" }
      return state
    }
    var state: JSONObject = ["Type": .string(type)]
    if type != "Fail", chance(25) { state["InputPath"] = pick([path(), "$", nil]) }
    if type != "Fail", chance(20) { state["OutputPath"] = pick([path(), "$", "$", nil]) }
    if type != "Fail", type != "Succeed", type != "Choice" {
      if isLast { state["End"] = true } else { state["Next"] = .string(names[number + 1]) }
    }
    if type != "Fail", type != "Succeed", chance(25) { state["Assign"] = assign() }
    switch type {
    case "Pass":
      if chance(40) { state["Result"] = pick([nil, 1, "r", ["list": [1, 2]], [1]]) }
      if chance(40) { state["Parameters"] = template() }
      resultPath(&state)
    case "Task": task(&state, names)
    case "Wait":
      let isPath = chance(40)
      if isPath { state["InputPath"] = "$$.Execution.Input" }
      let (key, value): (String, JSONValue) =
        isPath
        ? pick([("SecondsPath", "$.wait"), ("TimestampPath", "$.time"), ("SecondsPath", "$.s")])
        : pick([("Seconds", 0), ("Seconds", 3), ("Timestamp", "2024-01-01T00:00:04.5+00:00")])
      state[key] = value
    case "Choice":
      state["Choices"] = .array((0...below(2)).map { _ in choice(pick(names)) })
      state["Default"] = .string(names[number + 1])
    case "Fail":
      if chance(70) { state["Error"] = pick(["Custom", "E"]) }
      if chance(30) { state["Cause"] = "because" }
      if state["Cause"] == nil, chance(20) { state["CausePath"] = pick(["$.s", "$$.State.Name", "$.missing", "States.Format('{}', $.n)"]) }
    case "Parallel":
      state["Branches"] = .array((0...below(3)).map { _ in subMachine(depth: depth + 1) })
      if chance(25) { state["Parameters"] = template() }
      work(&state, names)
    case "Map": map(&state, names, depth: depth)
    default: break
    }
    return state
  }

  private mutating func task(_ state: inout JSONObject, _ names: [String]) {
    state["Resource"] = pick([
      "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:states:::sqs:sendMessage", "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "arn:aws:states:::states:startExecution.sync:2",
    ])
    if chance(50) { state["Parameters"] = template() }
    if chance(40) { state["TimeoutSeconds"] = pick([1, 5]) }
    if state["TimeoutSeconds"] != 1, chance(30) { state["HeartbeatSeconds"] = 2 }
    work(&state, names)
  }

  private mutating func map(_ state: inout JSONObject, _ names: [String], depth: Int) {
    state[pick(["ItemProcessor", "Iterator"])] = subMachine(depth: depth + 1)
    if chance(85) {
      state["InputPath"] = "$$.Execution.Input"
      state["ItemsPath"] = pick(["$.list", "$.list", "$.a.b"])
    } else if chance(50) {
      state["ItemsPath"] = pick(["$.list", "$.s", "$$.Execution.Input.list"])
    }
    if chance(40) { state["ItemSelector"] = ["item.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index", "list": [1], "s.$": path()] }
    if chance(40) { state["MaxConcurrency"] = pick([0, 1, 2]) }
    if chance(20) { state["ToleratedFailureCount"] = pick([0, 1, 3]) }
    if chance(10) { state["ToleratedFailurePercentage"] = pick([0, 50, 100]) }
    work(&state, names)
  }

  private mutating func work(_ state: inout JSONObject, _ names: [String]) {
    if chance(20) { state["ResultSelector"] = pick([["r.$": "$"], ["fixed": 1], ["a.$": "$.a"]]) }
    resultPath(&state)
    if chance(50) { state["Retry"] = .array(handlers { .object($0.retrier()) }) }
    if chance(60) {
      state["Catch"] = .array(
        handlers { maker in
          var catcher: JSONObject = ["Next": .string(maker.pick(names))]
          if maker.chance(50) { catcher["ResultPath"] = maker.pick(["$.error", "$", "$.deep.error", nil]) }
          if maker.chance(30) { catcher["Assign"] = ["caught.$": "$.Error", "v": 1] }
          return .object(catcher)
        })
    }
  }

  /// Entries with `ErrorEquals`, of which the last may be `States.ALL`.
  mutating func handlers(_ make: (inout Self) -> JSONValue) -> [JSONValue] {
    let count = 1 + below(2)
    return (0..<count).map { number in
      guard case .object(var entry) = make(&self) else { return .null }
      entry["ErrorEquals"] =
        number == count - 1 && chance(50)
        ? ["States.ALL"]
        : pick([["Custom"], ["E", "Lambda.Unknown"], ["States.TaskFailed"], ["States.Timeout"], ["States.HeartbeatTimeout"], ["States.DataLimitExceeded"]])
      return .object(entry)
    }
  }

  mutating func retrier() -> JSONObject {
    var retrier = JSONObject()
    if chance(60) { retrier["MaxAttempts"] = pick([0, 1, 2]) }
    if chance(50) { retrier["IntervalSeconds"] = pick([0, 1, 4]) }
    if chance(40) { retrier["BackoffRate"] = pick([1, 1.5, 3]) }
    if chance(30) { retrier["MaxDelaySeconds"] = 5 }
    if chance(30) { retrier["JitterStrategy"] = pick(["FULL", "NONE"]) }
    return retrier
  }

  // MARK: Data

  private mutating func resultPath(_ state: inout JSONObject) {
    if chance(85) { state["ResultPath"] = pick(["$.r", "$.r", "$.a.b", "$.deep.er", "$", nil]) }
  }

  private mutating func path() -> JSONValue {
    if chance(6) { return pick(["$.missing", "$undefined", "$.list[9]", "$.s.t"]) }
    return pick(["$", "$", "$$.Execution.Input", "$$.Execution.Input.a", "$$.State.Name", "$$.Execution.Input.list[1]", "$..n"])
  }

  private mutating func template() -> JSONValue {
    pick([
      ["all.$": "$", "fixed": [1, 2], "name.$": "$$.State.Name"], ["list": [1, 2], "s": "t"],
      ["a": ["b": [["c.$": .string(path().asString ?? "$")]]]], ["id.$": "States.UUID()", "sum.$": "States.MathAdd(1, 2)"],
      ["v.$": .string(path().asString ?? "$")],
    ])
  }

  private mutating func assign() -> JSONValue {
    pick([["v": 1], ["v": ["x": 1], "w.$": .string(path().asString ?? "$")], ["v.$": "$$.State.Name"]])
  }

  private mutating func choice(_ next: String) -> JSONValue {
    var rule = condition(depth: 0)
    rule["Next"] = .string(next)
    if chance(30) { rule["Assign"] = assign() }
    return .object(rule)
  }

  private mutating func condition(depth: Int) -> JSONObject {
    if depth < 2, chance(35) {
      switch below(3) {
      case 0: return ["And": [.object(condition(depth: depth + 1)), .object(condition(depth: depth + 1))]]
      case 1: return ["Or": [.object(condition(depth: depth + 1)), .object(condition(depth: depth + 1))]]
      default: return ["Not": .object(condition(depth: depth + 1))]
      }
    }
    var rule: JSONObject = ["Variable": pick(["$.n", "$.s", "$.missing", "$$.Execution.Input.n", "$$.Execution.Input.s"])]
    if rule["Variable"]?.asString?.hasPrefix("$.") == true, chance(80) {
      rule["IsPresent"] = pick([true, false])
      return rule
    }
    let (key, value): (String, JSONValue) = pick([
      ("NumericEquals", 3), ("StringEquals", "text"), ("StringMatches", "t*t"), ("IsNull", false), ("IsNumeric", true),
      ("NumericLessThanPath", "$$.Execution.Input.wait"), ("BooleanEquals", true), ("TimestampLessThan", "2024-01-01T00:00:00Z"),
    ])
    rule[key] = value
    return rule
  }
}
