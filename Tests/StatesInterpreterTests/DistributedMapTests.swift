import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// What an execution writes down of a distributed Map, and what it asks of the world. Histories are those of the service.
@Suite struct DistributedMapTests {
  static let processor = #""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#
  static let reader = #""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "$.b", "Key": "k"}, "ReaderConfig": {"InputType": "JSON"\#("")@}}"#

  static func machine(_ fields: String) -> String { #"{"StartAt": "S", "States": {"S": {"Type": "Map", \#(fields), \#(processor), "End": true}}}"# }

  /// The execution while its first Map Run is open.
  static func opened(_ fields: String, _ input: JSONValue, seed: UInt64 = 1) throws -> (Played, MapRunCall) {
    let played = try Played(machine(fields), input, seed: seed, turns: 1)
    guard case .mapRun(let call)? = played.execution.openEffects.values.first else {
      throw Failure(description: "no Map Run is open: \(played.lines)")
    }
    return (played, call)
  }
  struct Failure: Error, CustomStringConvertible { var description: String }

  @Test func succeeds() throws {
    let (_, call) = try Self.opened(#""ItemsPath": "$.l""#, ["l": [1, 2]])
    let played = try Played(Self.machine(#""ItemsPath": "$.l""#), ["l": [1, 2]], turns: 1, then: [.mapRunSucceeded(call.id, ["a", "b"]), .mapRunSucceeded(call.id, [])])
    #expect(played.lines == [
      #"1<0 ExecutionStarted {"l":[1,2]}"#, #"2<0 MapStateEntered S {"l":[1,2]}"#, "3<2 MapStateStarted length=2", "4<3 MapRunStarted", "5<4 MapRunSucceeded",
      "6<5 MapStateSucceeded", #"7<5 MapStateExited S ["a","b"]"#, #"8<7 ExecutionSucceeded ["a","b"]"#,
    ])
    #expect(call.start.items == .given([1, 2]))
    #expect(call.start.maxConcurrency == 10_000 && call.start.toleratedFailureCount == nil)
  }

  @Test func failsAndIsCaught() throws {
    let error = ErrorOutput(error: "States.ItemReaderFailed", cause: "c")
    let played = try Played(Self.machine(Self.reader.replacing("@", with: "")), ["b": "bucket"], turns: 1, then: [.mapRunFailed(4, error)])
    #expect(played.lines.dropFirst(2) == [
      "3<2 MapStateStarted length=0", "4<3 MapRunStarted", "5<4 MapRunFailed", "6<5 MapStateFailed", "7<6 ExecutionFailed States.ItemReaderFailed: c",
    ])
    let caught = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Map", \#(Self.processor), "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "N"}], "End": true}, "N": {"Type": "Succeed"}}}"#,
      [1], turns: 1, then: [.mapRunFailed(4, error)])
    #expect(caught.summary == #"SUCCEEDED {"Error":"States.ItemReaderFailed","Cause":"c"}"#)
    let retried = try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "Map", \#(Self.processor), "Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true}}}"#, [1], turns: 1,
      then: [.mapRunFailed(4, error), .timerFired(5)])
    #expect(retried.lines.suffix(3) == ["5<4 MapRunFailed", "6<5 MapStateStarted length=1", "7<6 MapRunStarted"])
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var fields: String
    var input: JSONValue
    /// The history after the entry.
    var lines: [String]
    var testDescription: String { fields + " " + input.jsonText }
    init(_ fields: String, _ input: JSONValue, _ lines: String...) { (self.fields, self.input, self.lines) = (fields, input, lines) }
  }

  static func failed(_ id: Int, _ text: String) -> String { "\(id)<\(id - 1) ExecutionFailed States.Runtime: An error occurred while executing the state 'S' (entered at the event id #2). \(text)" }

  /// Numbers are looked at once the state has started, but for MaxConcurrency; what an ItemReader refuses is left to it.
  static let numbers: [Row] = [
    Row(#""ItemsPath": "$.l", "ToleratedFailureCountPath": "$.n""#, ["l": [0], "n": -1], "3<2 MapStateStarted length=1", failed(4, "ToleratedFailureCount cannot be negative.")),
    Row(#""ItemsPath": "$.l", "ToleratedFailurePercentagePath": "$.n""#, ["l": [0], "n": 100.1], "3<2 MapStateStarted length=1",
      failed(4, "ToleratedFailurePercentage must be between 0 and 100.")),
    Row(#""ItemsPath": "$.l", "ToleratedFailurePercentagePath": "$.n""#, ["l": [0], "n": "x"], "3<2 MapStateStarted length=1",
      failed(4, #"The ToleratedFailurePercentagePath field refers to value "x" which is not a valid float: $.n"#)),
    Row(reader.replacing("@", with: #", "MaxItemsPath": "$.n""#), ["b": "b", "n": 1.5], "3<2 MapStateStarted length=0",
      failed(4, #"The MaxItemsPath field refers to value "1.5" which is not a valid integer: $.n"#)),
    Row(reader.replacing("@", with: #", "MaxItemsPath": "$.n""#), ["b": "b", "n": -1], "3<2 MapStateStarted length=0", "4<3 MapRunStarted"),
    Row(reader.replacing("@", with: ""), [:], "3<2 MapStateStarted length=0",
      failed(4, "The JSONPath '$.b' specified for the field 'Bucket.$' could not be found in the input '{}'")),
    Row(#""ItemsPath": "$.l""#, ["l": 1], failed(3, #"Reference path "$.l" must point to array."#)),
  ]

  @Test(arguments: numbers)
  func readsItsNumbers(_ row: Row) throws {
    let played = try Played(Self.machine(row.fields), row.input, turns: 1)
    #expect(played.lines.dropFirst(2) == row.lines[...])
  }

  @Test func handsEverythingOver() throws {
    let fields = #"\#(Self.reader.replacing("@", with: #", "MaxItems": 7"#)), "MaxConcurrency": 3, "ToleratedFailureCount": 2, "ToleratedFailurePercentage": 5, "Label": "L", "#
      + #""ItemBatcher": {"MaxItemsPerBatchPath": "$.n", "BatchInput": {"x.$": "$.b"}}, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$.b"}}"#
    let (_, call) = try Self.opened(fields, ["b": "bucket", "n": 4])
    #expect(call.start.items == .read(arguments: ["Bucket": "bucket", "Key": "k"], maxItems: 7))
    #expect(call.start.batching == ItemBatching(mostItems: 4, mostBytes: 262_144, batchInput: ["x": "bucket"]))
    #expect(call.start.resultWriter == ["Bucket": "bucket"])
    #expect(call.start.maxConcurrency == 3 && call.start.toleratedFailureCount == 2 && call.start.toleratedFailurePercentage == 5)
    #expect(call.start.mapRunArn.hasPrefix("arn:aws:states:us-east-1:123456789012:mapRun:Machine/L:"))
  }

  @Test func makesInputsOfItems() throws {
    let (played, call) = try Self.opened(
      #""ItemsPath": "$.l", "ItemSelector": {"i.$": "$$.Map.Item", "x.$": "$.x", "id.$": "States.UUID()"}"#, ["l": [5, 6], "x": 1])
    let inputs = try [5, 6].enumerated().map { try played.execution.itemInput($1, index: $0, source: "STATE_DATA", of: call.id) }
    #expect(inputs[0]["i"] == ["Index": 0, "Value": 5, "Source": "STATE_DATA"] && inputs[1]["i"]?["Index"] == 1 && inputs[0]["x"] == 1)
    #expect(inputs[0]["id"] != inputs[1]["id"])
    let again = try Self.opened(#""ItemsPath": "$.l", "ItemSelector": {"i.$": "$$.Map.Item", "x.$": "$.x", "id.$": "States.UUID()"}"#, ["l": [5, 6], "x": 1]).0
    #expect(try again.execution.itemInput(5, index: 0, source: "STATE_DATA", of: call.id) == inputs[0])
    let (failing, open) = try Self.opened(#""ItemsPath": "$.l", "ItemSelector": {"n.$": "$.none"}"#, ["l": [5]])
    let error = #expect(throws: ItemInputFailure.self) { try failing.execution.itemInput(5, index: 0, source: "STATE_DATA", of: open.id) }
    #expect(error?.error.error == "States.Runtime" && error?.error.cause?.contains("'$.none' specified for the field 'n.$'") == true)
  }

  /// A child sees nothing of what is around it: no variables, no Map, its own ARN and input.
  @Test func runsAChild() throws {
    let definition = #"""
      {"StartAt": "A", "TimeoutSeconds": 5, "States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "S"}, "S": {"Type": "Map", "Label": "L", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "C", "States": {"C": {"Type": "Pass", "Parameters": {"c.$": "$$"}, "Assign": {"w": 2}, "End": true}}}}}}
      """#
    let played = try Played(definition, [1], turns: 1)
    guard case .mapRun(let call)? = played.execution.openEffects.values.first(where: { if case .mapRun = $0 { true } else { false } }), case .map(let state)? = played.machine.state(named: "S") else {
      throw Failure(description: "no Map Run is open")
    }
    let settings = played.execution.settings.child(of: call, index: 3, type: .express)
    #expect(settings.executionArn.hasPrefix("arn:aws:states:us-east-1:123456789012:express:Machine/L:\(settings.name):"))
    #expect(settings.stateMachineArn == "arn:aws:states:us-east-1:123456789012:stateMachine:Machine/L")
    #expect(settings == played.execution.settings.child(of: call, index: 3, type: .express))
    #expect(settings.seed != played.execution.settings.child(of: call, index: 4, type: .express).seed)
    var child = Execution(of: played.machine, subMachine: state.itemProcessor, settings: settings)
    let facts = child.receive(.start("in"), at: Played.start)
    #expect(child.status == .succeeded && child.openEffects.isEmpty)
    #expect(child.output?["c"]?["Execution"]?["Id"] == .string(settings.executionArn) && child.output?["c"]?["Execution"]?["Input"] == "in")
    #expect(child.output?["c"]?["Map"] == nil)
    #expect(Execution(of: played.machine, subMachine: state.itemProcessor, settings: settings, replaying: facts) == child)
  }

  @Test func replaysAnOpenMapRun() throws {
    let (played, call) = try Self.opened(Self.reader.replacing("@", with: ""), ["b": "bucket"])
    let replayed = Execution(of: played.machine, settings: played.execution.settings, replaying: played.simulation.history)
    #expect(replayed == played.execution && replayed.openEffects == [call.id: .mapRun(call)])
  }

  static let batches: [(Int, Int, JSONValue?, [JSONValue], [JSONValue])] = [
    (2, .max, nil, [1, 2, 3], [["Items": [1, 2]], ["Items": [3]]]),
    (.max, 15, nil, [1, 2, 3], [["Items": [1, 2]], ["Items": [3]]]),
    (.max, 5, nil, ["long", "text"], [["Items": ["long"]], ["Items": ["text"]]]),
    (9, .max, ["a": 1], [1], [["BatchInput": ["a": 1], "Items": [1]]]),
    (1, .max, nil, [], []),
  ]

  @Test(arguments: batches)
  func batchesItems(_ items: Int, _ bytes: Int, _ input: JSONValue?, _ values: [JSONValue], _ expected: [JSONValue]) {
    var batcher = ItemBatcher(ItemBatching(mostItems: items, mostBytes: bytes, batchInput: input))
    var batches = values.compactMap { batcher.add($0) }
    if let last = batcher.close() { batches.append(last) }
    #expect(batches == expected)
    #expect(batcher.waiting == 0 && batcher.close() == nil)
  }
}
