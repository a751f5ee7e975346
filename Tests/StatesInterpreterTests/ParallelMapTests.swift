import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

@Suite struct ParallelMapTests {
  static func branch(_ name: String, _ state: String) -> String { #"{"StartAt": "\#(name)", "States": {"\#(name)": {\#(state)}}}"# }
  static func task(_ name: String) -> String { branch(name, #""Type": "Task", \#(queue), "End": true"#) }

  // MARK: Parallel

  @Test func joinsItsBranchesInOrder() throws {
    let played = try Played.state(
      "Parallel", #""Branches": [\#(Self.task("A")), \#(Self.task("B"))], "ResultPath": "$.out""#, ["x": 1])
    #expect(played.summary == #"SUCCEEDED {"x":1,"out":[{"x":1},{"x":1}]}"#)
    let late = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Parallel", "Branches": [\#(Self.task("A")), \#(Self.task("B"))], "Parameters": {"p.$": "$.x"}, "ResultSelector": {"first.$": "$[0]", "all.$": "$"}, "End": true}}}"#,
      ["x": 1], tasks: ["A": [.succeeds("a", after: .seconds(2))], "B": [.succeeds("b", after: .seconds(1))]])
    #expect(late.lines == [
      #"1<0 ExecutionStarted {"x":1}"#, #"2<0 ParallelStateEntered S {"x":1}"#, "3<2 ParallelStateStarted", #"4<3 TaskStateEntered A {"p":1}"#,
      #"5<3 TaskStateEntered B {"p":1}"#, #"6<4 TaskScheduled {"p":1}"#, "7<6 TaskStarted", #"8<5 TaskScheduled {"p":1}"#, "9<8 TaskStarted",
      #"10<9 TaskSucceeded "b""#, #"11<10 TaskStateExited B "b""#, #"12<7 TaskSucceeded "a""#, #"13<12 TaskStateExited A "a""#,
      "14<13 ParallelStateSucceeded", #"15<13 ParallelStateExited S {"first":"a","all":["a","b"]}"#, #"16<15 ExecutionSucceeded {"first":"a","all":["a","b"]}"#,
    ])
  }

  /// A branch that fails cuts the others short, in the order of the branches; all that follows from its last event.
  @Test func cutsItsBranchesShort() throws {
    let branches = [
      Self.branch("W", #""Type": "Wait", "Seconds": 50, "End": true"#), Self.task("T"), Self.branch("F", #""Type": "Fail", "Error": "E", "Cause": "c""#),
      Self.branch("P", #""Type": "Pass", "End": true"#),
    ]
    let played = try Played.state("Parallel", #""Branches": [\#(branches.joined(separator: ","))]"#)
    #expect(played.lines.dropFirst(3) == [
      "4<3 WaitStateEntered W {}", "5<3 TaskStateEntered T {}", "6<3 FailStateEntered F {}", "7<3 PassStateEntered P {}", "8<5 TaskScheduled {}",
      "9<8 TaskStarted", "10<6 WaitStateAborted", "11<6 TaskStateAborted", "12<6 ParallelStateFailed", "13<12 ExecutionFailed E: c",
    ])
  }

  @Test func abortsAFailingTaskToo() throws {
    let played = try Played.state("Parallel", #""Branches": [\#(Self.task("S1")), \#(Self.branch("P", #""Type": "Pass", "End": true"#))]"#)
    #expect(played.execution.status == .succeeded)
    let failing = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Parallel", "Branches": [\#(Self.task("A")), \#(Self.task("B"))], "End": true}}}"#,
      tasks: ["A": [.fails("E", after: .seconds(1))], "B": [.isSilent]])
    #expect(failing.lines.suffix(5) == [
      "10<7 TaskFailed E: -", "11<10 TaskStateAborted", "12<10 TaskStateAborted", "13<10 ParallelStateFailed", "14<13 ExecutionFailed E: -",
    ])
  }

  @Test func endsWithoutTraceOnRuntimeErrors() throws {
    let played = try Played.state(
      "Parallel",
      #""Branches": [\#(Self.branch("W", #""Type": "Wait", "Seconds": 50, "End": true"#)), \#(Self.branch("P", #""Type": "Pass", "InputPath": "$.x", "End": true"#))], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S"}]"#)
    #expect(played.lines.suffix(2) == [
      "5<3 PassStateEntered P {}", "6<5 ExecutionFailed States.Runtime: " + cause("Invalid path '$.x' : No results for path: $['x']", state: "P", entered: 5),
    ])
  }

  @Test func catchesAndRetriesAsAWhole() throws {
    let played = try Played(
      #"""
      {"StartAt": "S", "States": {"S": {"Type": "Parallel", "Branches": [\#(Self.branch("F", #""Type": "Fail", "Error": "E", "Cause": "c""#))],
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["E"], "Next": "Z", "ResultPath": "$.e"}], "End": true},
       "Z": {"Type": "Succeed"}}}
      """#)
    #expect(played.lines == [
      "1<0 ExecutionStarted {}", "2<0 ParallelStateEntered S {}", "3<2 ParallelStateStarted", "4<3 FailStateEntered F {}", "5<4 ParallelStateStarted",
      "6<5 FailStateEntered F {}", "7<6 ParallelStateFailed", #"8<7 ParallelStateExited S {"e":{"Error":"E","Cause":"c"}}"#,
      #"9<8 SucceedStateEntered Z {"e":{"Error":"E","Cause":"c"}}"#, #"10<9 SucceedStateExited Z {"e":{"Error":"E","Cause":"c"}}"#,
      #"11<10 ExecutionSucceeded {"e":{"Error":"E","Cause":"c"}}"#,
    ])
    #expect(played.milliseconds("ParallelStateStarted") == [0, 1000])
  }

  // MARK: Map

  static let pass = #""ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#

  /// With one iteration at a time, the next follows from the last event within the one before.
  @Test func iteratesOneByOne() throws {
    let played = try Played.state("Map", #""MaxConcurrency": 1, \#(Self.pass)"#, ["a", "b"])
    #expect(played.lines == [
      #"1<0 ExecutionStarted ["a","b"]"#, #"2<0 MapStateEntered S ["a","b"]"#, "3<2 MapStateStarted length=2", "4<3 MapIterationStarted S[0]",
      #"5<4 PassStateEntered P "a""#, #"6<5 PassStateExited P "a""#, "7<6 MapIterationSucceeded S[0]", "8<6 MapIterationStarted S[1]",
      #"9<8 PassStateEntered P "b""#, #"10<9 PassStateExited P "b""#, "11<10 MapIterationSucceeded S[1]", "12<11 MapStateSucceeded",
      #"13<11 MapStateExited S ["a","b"]"#, #"14<13 ExecutionSucceeded ["a","b"]"#,
    ])
  }

  @Test func startsAllThatMayRun() throws {
    let played = try Played.state("Map", Self.pass, .array((0..<45).map { .int($0) }))
    #expect(played.lines("MapIterationStarted").prefix(40).allSatisfy { $0.contains("<3 ") })
    #expect(played.lines("MapIterationStarted").dropFirst(40).allSatisfy { !$0.contains("<3 ") })
    #expect(played.execution.output?.asArray?.count == 45)
    for (limit, together) in [("0", 40), ("2", 2), ("1000", 40)] {
      let played = try Played.state("Map", #""MaxConcurrency": \#(limit), \#(Self.pass)"#, .array((0..<50).map { .int($0) }))
      #expect(played.lines("MapIterationStarted").count { $0.contains("<3 ") } == together)
    }
  }

  @Test func keepsTheOrderOfItems() throws {
    let parsed = StateMachineParser.parse(
      SyntaxNode.parse(
        json: #"{"StartAt": "S", "States": {"S": {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": \#(Self.task("T")), "End": true}}}"#).node)
    let machine = try #require(parsed.machine)
    var simulation = Simulation(of: machine, input: [3, 1, 2, 0], settings: ExecutionSettings(name: "test"), seed: 1) { call, _ in
      .succeeds(["was": call.input], after: .seconds(call.input.asInt ?? 0))
    }
    #expect(simulation.run().output?.jsonText == #"[{"was":3},{"was":1},{"was":2},{"was":0}]"#)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var fields: String
    var input: JSONValue
    var summary: String
    var testDescription: String { fields }
    init(_ fields: String, _ input: JSONValue, _ summary: String) { (self.fields, self.input, self.summary) = (fields, input, summary) }
  }
  static let rows: [Row] = [
    Row(pass, [], "SUCCEEDED []"),
    Row(#""ItemsPath": "$.list", "ResultPath": "$.r", \#(pass)"#, ["list": [1, nil]], #"SUCCEEDED {"list":[1,null],"r":[1,null]}"#),
    Row(#""InputPath": "$.a", "ItemsPath": "$.list", \#(pass)"#, ["a": ["list": [1]]], "SUCCEEDED [1]"),
    Row(#""ItemsPath": "$.list[1]", \#(pass)"#, ["list": [1, [2, 3]]], "SUCCEEDED [2,3]"),
    Row(
      #""ItemsPath": "$.list", "ItemSelector": {"v.$": "$$.Map.Item.Value.n", "i.$": "$$.Map.Item.Index", "s.$": "$.s"}, \#(pass)"#, ["list": [["n": 7]], "s": "x"],
      #"SUCCEEDED [{"v":7,"i":0,"s":"x"}]"#),
    Row(#""ItemsPath": "$.list", "Parameters": {"s.$": "$.s"}, \#(pass)"#, ["list": [1, 2], "s": "x"], #"SUCCEEDED [{"s":"x"},{"s":"x"}]"#),
    Row(#""ResultSelector": {"n.$": "States.ArrayLength($)"}, \#(pass)"#, [1, 2, 3], #"SUCCEEDED {"n":3}"#),
    Row(pass, ["a": 1], "FAILED States.Runtime: " + cause(#"Reference path "$" must point to array."#)),
    Row(#""ItemsPath": "$.list", \#(pass)"#, ["list": "x"], "FAILED States.Runtime: " + cause(#"Reference path "$.list" must point to array."#)),
    Row(#""ItemsPath": "$.a.items", \#(pass)"#, ["a": ["b": 1]], #"FAILED States.ReferencePathConflict: Unable to apply step "items" to input {"a":{"b":1}}"#),
    Row(#""MaxConcurrencyPath": "$.n", "ItemsPath": "$.list", \#(pass)"#, ["n": 1, "list": [1]], "SUCCEEDED [1]"),
    Row(
      #""MaxConcurrencyPath": "$.n", "ItemsPath": "$.list", \#(pass)"#, ["n": "x", "list": [1]],
      "FAILED States.Runtime: " + cause(#"The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.n"#)),
    Row(
      #""ToleratedFailurePercentagePath": "$.n", "ItemsPath": "$.list", \#(pass)"#, ["n": [:], "list": [1]],
      "FAILED States.Runtime: " + cause(#"The ToleratedFailurePercentagePath field refers to value "{}" which is not a valid float: $.n"#)),
    Row(
      #""ToleratedFailurePercentagePath": "$.n", "ItemsPath": "$.list", \#(pass)"#, ["n": 100.1, "list": [1]],
      "FAILED States.Runtime: " + cause("ToleratedFailurePercentage must be between 0 and 100.")),
    Row(
      #""ToleratedFailureCountPath": "$.n", "ItemsPath": "$.list", \#(pass)"#, ["n": -1, "list": [1]],
      "FAILED States.Runtime: " + cause("ToleratedFailureCount cannot be negative.")),
  ]
  @Test(arguments: rows)
  func maps(_ row: Row) throws {
    #expect(try Played.state("Map", row.fields, row.input).summary == row.summary)
  }

  /// The numbers of failures that a Map tolerates are read once it has started.
  @Test func readsItsTolerancesAfterItsStart() throws {
    let played = try Played.state("Map", #""ToleratedFailureCountPath": "$.n", "ItemsPath": "$.list", \#(Self.pass)"#, ["n": -1, "list": [1]])
    #expect(played.lines.suffix(2) == [
      "3<2 MapStateStarted length=1", "4<3 ExecutionFailed States.Runtime: " + cause("ToleratedFailureCount cannot be negative."),
    ])
    let concurrency = try Played.state("Map", #""MaxConcurrencyPath": "$.n", "ItemsPath": "$.list", \#(Self.pass)"#, ["n": -1, "list": [1]])
    #expect(concurrency.lines.last == "3<2 ExecutionFailed States.Runtime: " + cause("MaxConcurrency cannot be negative."))
  }

  static let choosy = #"""
    "ItemProcessor": {"StartAt": "C", "States": {
      "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericGreaterThan": 0, "Next": "F"}], "Default": "P"},
      "F": {"Type": "Fail", "Error": "E", "Cause": "c"}, "P": {"Type": "Wait", "Seconds": 1, "End": true}}}
    """#

  static let tolerances: [(String, JSONValue, String)] = [
    (#""ToleratedFailureCount": 1"#, [0, 1, 0], "SUCCEEDED [0,0]"), (#""ToleratedFailureCount": 2"#, [1, 1, 0], "SUCCEEDED [0]"),
    (#""ToleratedFailureCount": 1"#, [1, 1, 0], "FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded"),
    (#""ToleratedFailureCount": 0"#, [0, 1], "FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded"),
    (#""ToleratedFailurePercentage": 50"#, [1, 0], "SUCCEEDED [0]"), (#""ToleratedFailurePercentage": 100"#, [1, 1], "SUCCEEDED []"),
    (#""ToleratedFailurePercentage": 49.9"#, [1, 0], "FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded"),
    (#""MaxConcurrency": 1, "ToleratedFailureCount": 5"#, [1, 0, 1], "SUCCEEDED [0]"), (#""MaxConcurrency": 2"#, [0, 1], "FAILED E: c"),
  ]
  @Test(arguments: tolerances)
  func toleratesFailures(_ fields: String, _ input: JSONValue, _ summary: String) throws {
    #expect(try Played.state("Map", fields + "," + Self.choosy, input).summary == summary)
  }

  /// In the order of iterations, each with the state it stood in; all that follows from the failing one's last event.
  @Test func cutsItsIterationsShort() throws {
    let played = try Played.state("Map", Self.choosy, [0, 1, 0])
    let fail = try #require(played.lines("FailStateEntered").first?.split(separator: "<").first)
    #expect(played.lines.suffix(7).map { $0.drop { $0 != "<" } } == [
      "<\(fail) MapIterationAborted S[0]", "<\(fail) WaitStateAborted", "<\(fail) MapIterationFailed S[1]", "<\(fail) MapIterationAborted S[2]",
      "<\(fail) WaitStateAborted", "<\(fail) MapStateFailed", "<\(played.simulation.history.last.map { $0.id - 1 } ?? 0) ExecutionFailed E: c",
    ], "\(played.lines)")
  }

  @Test func failsTheIterationOfATask() throws {
    let played = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Map", "ItemProcessor": \#(Self.task("T")), "End": true}}}"#, [1], tasks: ["T": [.fails("E")]])
    #expect(played.lines.suffix(5) == [
      "8<7 TaskFailed E: -", "9<8 MapIterationFailed S[0]", "10<8 TaskStateAborted", "11<8 MapStateFailed", "12<11 ExecutionFailed E: -",
    ])
  }

  @Test func retriesAsRecorded() throws {
    let played = try Played(
      #"""
      {"StartAt": "S", "States": {"S": {"Type": "Map", "ItemProcessor": \#(Self.branch("F", #""Type": "Fail", "Error": "E", "Cause": "c""#)),
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}], "End": true}, "Z": {"Type": "Succeed"}}}
      """#, [1])
    #expect(played.lines.dropFirst(2).dropLast(3) == [
      "3<2 MapStateStarted length=1", "4<3 MapIterationStarted S[0]", "5<4 FailStateEntered F 1", "6<5 MapIterationFailed S[0]", "7<5 MapStateStarted length=1",
      "8<7 MapIterationStarted S[0]", "9<8 FailStateEntered F 1", "10<9 MapIterationFailed S[0]", "11<9 MapStateFailed",
      #"12<11 MapStateExited S {"Error":"E","Cause":"c"}"#,
    ])
  }

  @Test func nests() throws {
    let played = try Played.state(
      "Map",
      #""ItemProcessor": {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemSelector": {"in.$": "$$.Map.Item.Value", "of.$": "$"}, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index", "in.$": "$.in"}, "End": true}}}, "ResultPath": "$", "End": true}}}"#,
      [[1, 2], [], [3]])
    #expect(played.summary == #"SUCCEEDED [[{"i":0,"in":1},{"i":1,"in":2}],[],[{"i":0,"in":3}]]"#)
  }

  @Test(arguments: [
    (#"{"MaxItemsPerBatch": 2}"#, #"[{"Items":[1,2]},{"Items":[3]}]"#), (#"{"MaxItemsPerBatch": 9}"#, #"[{"Items":[1,2,3]}]"#),
    (#"{"MaxInputBytesPerBatch": 15}"#, #"[{"Items":[1,2]},{"Items":[3]}]"#),
    (#"{"MaxInputBytesPerBatch": 14}"#, #"[{"Items":[1]},{"Items":[2]},{"Items":[3]}]"#), (#"{"MaxInputBytesPerBatch": 1}"#, #"[{"Items":[1]},{"Items":[2]},{"Items":[3]}]"#),
    (#"{"MaxItemsPerBatch": 2, "BatchInput": {"s.$": "$.s"}}"#, #"[{"BatchInput":{"s":"x"},"Items":[1,2]},{"BatchInput":{"s":"x"},"Items":[3]}]"#),
    (#"{"MaxItemsPerBatchPath": "$.n"}"#, #"[{"Items":[1]},{"Items":[2]},{"Items":[3]}]"#),
  ])
  func batches(_ batcher: String, _ output: String) throws {
    let played = try Played.state("Map", #""ItemsPath": "$.list", "ItemBatcher": \#(batcher), \#(Self.pass)"#, ["list": [1, 2, 3], "s": "x", "n": 1])
    #expect(played.summary == "SUCCEEDED " + output)
  }
}
