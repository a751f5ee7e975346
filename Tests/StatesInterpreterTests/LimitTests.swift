import JSONTypes
import StatesInterpreter
import Testing

@Suite struct LimitTests {
  static func payload(_ bytes: Int) -> Limits { Limits(payloadBytes: bytes, historyEvents: 25_000, variableBytes: 10_485_760) }
  /// A JSON string of that many bytes, quotes included, of characters of two bytes.
  static func text(_ bytes: Int) -> JSONValue { .string(String(repeating: "é", count: (bytes - 2) / 2) + (bytes % 2 == 0 ? "" : "x")) }

  @Test(arguments: [20, 21, 262_144])
  func countsBytesNotCharacters(_ limit: Int) throws {
    let fits = Self.text(limit)
    let passes = Self.text(limit + 1)
    #expect(fits.jsonText.utf8.count == limit && passes.jsonText.utf8.count == limit + 1)
    let limits = Self.payload(limit)
    #expect(try Played.state("Pass", "", fits, limits: limits).execution.status == .succeeded)
    #expect(try Played.state("Pass", "", passes, limits: limits).execution.error?.error == "States.DataLimitExceeded")
    #expect(try Played.state("Pass", #""Result": \#(fits.jsonText)"#, 1, limits: limits).execution.output == fits)
    #expect(
      try Played.state("Pass", #""Result": \#(passes.jsonText)"#, 1, limits: limits).summary
        == "FAILED States.DataLimitExceeded: The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.")
  }

  /// Edits are bounded by estimates; only the true length counts.
  @Test func measuresWhatEditsMake() throws {
    // {"a":"xxxx","r":"yy"} has 21 bytes.
    for (limit, fits) in [(21, true), (20, false)] {
      let played = try Played.state("Pass", #""Result": "yy", "ResultPath": "$.r""#, ["a": "xxxx"], limits: Self.payload(limit))
      #expect((played.execution.status == .succeeded) == fits)
    }
    let list = try Played.state("Map", ParallelMapTests.pass, [1, 2, 3], limits: Self.payload(7))
    #expect(list.summary == "SUCCEEDED [1,2,3]")
    let branches = try Played.state(
      "Parallel", #""Branches": [\#((1...4).map { ParallelMapTests.branch("B\($0)", #""Type": "Pass", "End": true"#) }.joined(separator: ","))]"#, 1, limits: Self.payload(8))
    #expect(branches.execution.error?.error == "States.DataLimitExceeded")
  }

  /// The service names the resource of a task whose result is too large, and lets States.ALL catch it.
  @Test(arguments: [(lambda, "LambdaFunctionFailed", "arn:aws:lambda:us-east-1:123456789012:function:f"), (queue, "TaskFailed", "sqs")])
  func catchesResultsThatAreTooLarge(_ resource: String, _ event: String, _ name: String) throws {
    let played = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Task", \#(resource), "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Z"}], "End": true}, "Z": {"Type": "Succeed"}}}"#,
      1, tasks: ["S": [.succeeds(Self.text(251))]], limits: Self.payload(250))
    #expect(played.lines[4] == "5<4 \(event) States.DataLimitExceeded: The state/task '\(name)' returned a result with a size exceeding the maximum number of bytes service limit.")
    #expect(played.summary == "SUCCEEDED 1")
  }

  /// A loop that nests its data deeper and deeper ends with an error, long before the stack does.
  @Test(arguments: [
    #""Parameters": {"a": {"a": {"a": {"a.$": "$"}}}}"#, #""ResultPath": "$.a.a.a.a", "Assign": {"v": {"a": {"b.$": "$"}}}"#,
    #""Assign": {"v.$": "States.JsonMerge($v, $v, false)", "w": {"a": {"a.$": "$w"}}}"#,
  ]) func endsWhatNestsWithoutAnEnd(_ fields: String) throws {
    let played = try Played(
      #"{"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"v": {}, "w": {}}, "Next": "S"}, "S": {"Type": "Pass", \#(fields), "Next": "C"},"#
        + #""C": {"Type": "Choice", "Choices": [{"Variable": "$.never", "IsPresent": true, "Next": "E"}], "Default": "S"}, "E": {"Type": "Succeed"}}}"#,
      ["a": ["a": ["a": ["a": [:]]]]])
    #expect(["States.DataLimitExceeded", "States.Runtime"].contains(played.execution.error?.error), "\(played.summary.prefix(200))")
  }

  @Test func boundsWhatTemplatesMake() throws {
    let doubled = #"{"a.$": "$", "b.$": "$"}"#
    for (type, fields) in [
      ("Task", lambda + #", "Parameters": \#(doubled)"#), ("Parallel", #""Parameters": \#(doubled), "Branches": [\#(ParallelMapTests.branch("B", #""Type": "Pass", "End": true"#))]"#),
      ("Map", #""ItemSelector": \#(doubled), \#(ParallelMapTests.pass)"#),
    ] {
      let played = try Played.state(type, fields, ["0123456789"], limits: Self.payload(30))
      #expect(played.execution.error?.error == "States.DataLimitExceeded", "\(type): \(played.lines)")
      #expect(played.lines("TaskScheduled").isEmpty)
    }
  }

  @Test func boundsVariables() throws {
    let limits = Limits(payloadBytes: 100, historyEvents: 25_000, variableBytes: 250)
    let long = String(repeating: "x", count: 60)
    #expect(try Played.state("Pass", #""Assign": {"a": "\#(long)"}"#, limits: limits).execution.status == .succeeded)
    let both = try Played.state("Pass", #""Assign": {"a": "\#(long)", "b": "\#(long)"}"#, limits: limits)
    #expect(both.summary == "FAILED States.DataLimitExceeded: Assign of the state 'S' gives its variables 124 bytes; at most 100 are allowed.")
    // Four times 62 bytes pass, five do not; setting the same variable again takes no more room.
    for (count, fits) in [(4, true), (5, false)] {
      var states = (1...count).map { #""S\#($0)": {"Type": "Pass", "Assign": {"v\#($0)": "\#(long)"}, "Next": "S\#($0 + 1)"}"# }
      states.append(#""S\#(count + 1)": {"Type": "Pass", "Assign": {"v1": "\#(long)"}, "End": true}"#)
      let played = try Played(#"{"StartAt": "S1", "States": {\#(states.joined(separator: ","))}}"#, limits: limits)
      #expect((played.execution.status == .succeeded) == fits, "\(played.summary)")
    }
    // Doubling a text in a loop comes to its end.
    let loop = try Played(
      #"""
      {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"t": "0123456789"}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"t.$": "States.Format('{}{}', $t, $t)"}, "Next": "B2"}, "B2": {"Type": "Choice", "Choices": [{"Variable": "$t", "IsNull": true, "Next": "E"}], "Default": "B"},
        "E": {"Type": "Succeed"}}}
      """#)
    #expect(loop.execution.error?.error == "States.DataLimitExceeded")
  }

  // MARK: Events

  static let loop = #"""
    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$$.State.Name", "StringEquals": "C", "Next": "A"}], "Default": "E"}, "E": {"Type": "Succeed"}}}
    """#

  @Test func endsWhenTheHistoryIsFull() throws {
    let played = try Played(Self.loop)
    #expect(played.simulation.history.count == 25_000)
    #expect(played.lines.suffix(2) == [
      "24999<24998 PassStateExited A {}", "25000<24999 ExecutionFailed States.Runtime: The execution reached the maximum number of history events (25000).",
    ])
  }

  /// One event short of the limit is enough room for the end.
  @Test(arguments: 4...14)
  func endsAtAnyLimit(_ limit: Int) throws {
    let definition = #"{"StartAt": "S", "States": {"S": {"Type": "Map", \#(ParallelMapTests.pass), "End": true}}}"#
    let played = try Played(definition, [1, 2], limits: Limits(payloadBytes: 1000, historyEvents: limit, variableBytes: 1000))
    // Fourteen events make the whole history.
    #expect(played.simulation.history.count == limit)
    #expect((played.execution.status == .succeeded) == (limit == 14), "\(played.lines)")
  }

  @Test func goesOnWithoutLimits() throws {
    let played = try Played(
      #"""
      {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, -1)"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 0, "Next": "A"}], "Default": "E"}, "E": {"Type": "Succeed"}}}
      """#, ["n": 7000], limits: .none)
    #expect(played.summary == #"SUCCEEDED {"n":0}"#)
    #expect(played.simulation.history.count == 28_004)
  }
}
