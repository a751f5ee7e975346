import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

/// Map Runs in virtual time: concurrency, failures, results, and what they leave behind.
@Suite(.timeLimit(.minutes(15))) struct MapRunTests {
  /// Children wait for as many seconds as their item says; a negative one fails at once.
  static let waits = #"""
    "StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericLessThan": 0, "Next": "F"}], "Default": "W"},
      "W": {"Type": "Wait", "SecondsPath": "$", "End": true}, "F": {"Type": "Fail", "Error": "Negative", "Cause": "c"}}
    """#

  static func machine(_ fields: String, _ processor: String = waits, more: String = #""End": true"#, states: String = "") throws -> StateMachine {
    try EngineTests.machine(
      #"{"StartAt": "S", "States": {"S": {"Type": "Map", "Label": "L", \#(fields) "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, \#(processor)}, \#(more)}\#(states)}}"#)
  }

  static func run(_ machine: StateMachine, _ input: JSONValue, store: MemoryStore? = nil, seed: UInt64 = 1) async -> (result: ExecutionResult, children: [ExecutionResult]) {
    var actions = ActionRegistry()
    actions.objectStore = store
    let children = Mutex<[ExecutionResult]>([])
    let running = EngineTests.engine(actions).start(machine, input: input, settings: ExecutionSettings(name: "test", stateMachineName: "Machine", seed: seed)) { update in
      if case .childEnded(let child) = update { children.withLock { $0.append(child) } }
    }
    return (await running.result(), children.withLock { $0 })
  }

  static func seconds(_ result: ExecutionResult) -> Double { Double((result.execution.stoppedAt?.microseconds ?? 0) - EngineTests.start.microseconds) / 1e6 }

  @Test func runsTogetherWhatMayRunTogether() async throws {
    for (limit, seconds) in [(1, 10.0), (2, 6), (0, 4)] {
      let (result, children) = await Self.run(try Self.machine(#""MaxConcurrency": \#(limit),"#), [1, 2, 3, 4])
      #expect(result.output == [1, 2, 3, 4])
      #expect(Self.seconds(result) == seconds, "MaxConcurrency \(limit)")
      #expect(children.count == 4 && Set(children.map(\.execution.settings.executionArn)).count == 4)
    }
  }

  @Test func keepsTheOrderOfItems() async throws {
    #expect(await Self.run(try Self.machine(""), [3, 1, 2, 0]).result.output == [3, 1, 2, 0])
  }

  @Test func runsNothingForNoItems() async throws {
    let (result, children) = await Self.run(try Self.machine(""), [])
    #expect(result.output == [] && children.isEmpty && result.mapRuns.first?.status == .succeeded)
  }

  static let tolerances: [(String, JSONValue, Bool)] = [
    ("", [1, -1], false), (#""ToleratedFailureCount": 0,"#, [1, -1], false), (#""ToleratedFailureCount": 1,"#, [1, -1], true),
    (#""ToleratedFailureCount": 1,"#, [-1, -1, 1], false), (#""ToleratedFailurePercentage": 50,"#, [-1, 1], true),
    (#""ToleratedFailurePercentage": 49.9,"#, [-1, 1], false), (#""ToleratedFailurePercentage": 100,"#, [-1, -1], true),
    (#""ToleratedFailurePercentage": 100, "ToleratedFailureCount": 1,"#, [-1, -1], false),
    // All items of a batch fail with it.
    (#""ToleratedFailureCount": 1, "ItemBatcher": {"MaxItemsPerBatch": 2}, "#, [1, 2, 3], false),
    (#""ToleratedFailureCount": 3, "ItemBatcher": {"MaxItemsPerBatch": 2}, "#, [1, 2, 3], true),
  ]

  @Test(arguments: tolerances)
  func countsFailures(_ fields: String, _ items: JSONValue, _ succeeds: Bool) async throws {
    let (result, _) = await Self.run(try Self.machine(fields), items)
    if succeeds {
      #expect(result.status == .succeeded)
      #expect(result.output?.asArray?.contains { $0["Status"] == "FAILED" } == true)
    } else {
      #expect(result.error == ErrorOutput(error: "States.ExceedToleratedFailureThreshold", cause: "The specified tolerated failure threshold was exceeded"))
      #expect(result.mapRuns.first?.status == .failed)
    }
  }

  @Test func tellsFailuresFromOutputs() async throws {
    let (result, _) = await Self.run(try Self.machine(#""ToleratedFailureCount": 1,"#), [0, -1])
    let failed = result.output?[1]
    #expect(result.output?[0] == 0 && failed?["Error"] == "Negative" && failed?["Cause"] == "c" && failed?["Input"] == "-1")
    #expect(failed?["ExecutionArn"]?.asString?.hasPrefix("arn:aws:states:us-east-1:123456789012:execution:Machine/L:") == true)
  }

  /// What runs is stopped, what has not started never does.
  @Test func stopsTheRestWhenItFails() async throws {
    let store = MemoryStore()
    let writer = #""MaxConcurrency": 2, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}},"#
    let (result, children) = await Self.run(try Self.machine(writer), [0, 500, -1, 4, 5], store: store)
    #expect(result.error?.error == "States.ExceedToleratedFailureThreshold" && Self.seconds(result) == 0)
    #expect(children.map(\.status) == [.succeeded, .failed, .aborted])
    let run = try #require(result.mapRuns.first)
    #expect(run.items.succeeded == 1 && run.items.failed == 1 && run.items.aborted == 1 && run.items.pending == 2 && run.items.total == 5)
    let folder = "out/p/\(run.mapRunArn.split(separator: ":").last ?? "")/"
    #expect(store.names == ["FAILED_0.json", "PENDING_0.json", "SUCCEEDED_0.json", "manifest.json"].map { folder + $0 })
    func texts(_ name: String, _ member: String) throws -> [JSONValue?] {
      try JSONValue(parsing: try #require(store[folder + name])).asArray?.map { $0[member] } ?? []
    }
    #expect(try texts("FAILED_0.json", "Input") == ["500", "-1"] && texts("FAILED_0.json", "Status") == ["ABORTED", "FAILED"])
    #expect(try texts("PENDING_0.json", "Input") == ["4", "5"] && texts("SUCCEEDED_0.json", "Output") == ["0"])
    let manifest = try JSONValue(parsing: try #require(store[folder + "manifest.json"]))
    #expect(manifest["DestinationBucket"] == "out" && manifest["MapRunArn"] == .string(run.mapRunArn))
    #expect(manifest["ResultFiles"]?["PENDING"]?[0]?["Size"] == .int(Int64(store[folder + "PENDING_0.json"]?.utf8.count ?? 0)))
  }

  @Test func writesResults() async throws {
    let store = MemoryStore()
    let writer = #""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}},"#
    let (result, _) = await Self.run(try Self.machine(writer), [0, 1], store: store)
    let arn = try #require(result.mapRuns.first?.mapRunArn)
    let folder = "\(arn.split(separator: ":").last ?? "")/"
    #expect(result.output == ["MapRunArn": .string(arn), "ResultWriterDetails": ["Bucket": "out", "Key": .string(folder + "manifest.json")]])
    #expect(store.names == ["out/\(folder)SUCCEEDED_0.json", "out/\(folder)manifest.json"])
    #expect(result.mapRuns.first?.items.resultsWritten == 2)
  }

  static let transformations: [(String, String, JSONValue)] = [
    ("COMPACT", "JSON", [[1, 2], 3]), ("FLATTEN", "JSON", [1, 2, 3]), ("COMPACT", "JSONL", "[1,2]\n3\n"), ("FLATTEN", "JSONL", "1\n2\n3\n"),
  ]

  @Test(arguments: transformations)
  func transformsResults(_ transformation: String, _ type: String, _ expected: JSONValue) async throws {
    let config = #""WriterConfig": {"Transformation": "\#(transformation)", "OutputType": "\#(type)"}"#
    let pass = #""StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}"#
    let input: JSONValue = [[1, 2], 3]
    #expect(await Self.run(try Self.machine(#""ResultWriter": {\#(config)},"#, pass), input).result.output == expected)
    let store = MemoryStore()
    _ = await Self.run(try Self.machine(#""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p/"}, \#(config)},"#, pass), input, store: store)
    let name = try #require(store.names.first { $0.contains("SUCCEEDED_0") })
    #expect(name.hasSuffix(type == "JSON" ? ".json" : ".jsonl") && !name.contains("p//"))
    #expect(store[name] == expected.asString ?? expected.jsonText)
  }

  @Test func refusesAResultThatIsTooLarge() async throws {
    let pass = #""StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}"#
    let (result, _) = await Self.run(try Self.machine(#""ItemSelector": {"t.$": "$.t"}, "ItemsPath": "$.l", "#, pass), ["t": .string(String(repeating: "x", count: 2000)), "l": .array(Array(repeating: 0, count: 140))])
    #expect(result.error?.error == "States.DataLimitExceeded" && result.error?.cause?.hasPrefix("The state/task 'S' returned a result with a size exceeding") == true)
  }

  @Test func endsWithItsExecution() async throws {
    let children = Mutex<[ExecutionStatus]>([])
    let engine = EngineTests.engine()
    let machine = try EngineTests.machine(
      #"{"StartAt": "B", "States": {"B": {"Type": "Parallel", "Branches": [{"StartAt": "S", "States": {"S": {"Type": "Map", "InputPath": "$.l", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, \#(Self.waits)}, "End": true}}}, {"StartAt": "X", "States": {"X": {"Type": "Wait", "Seconds": 5, "Next": "Y"}, "Y": {"Type": "Fail", "Error": "E"}}}], "End": true}}}"#)
    let result = await engine.start(machine, input: ["l": [9, 1]], settings: ExecutionSettings(name: "test")) { update in
      if case .childEnded(let child) = update { children.withLock { $0.append(child.status) } }
    }.result()
    #expect(result.status == .failed && result.error?.error == "E" && Self.seconds(result) == 5)
    #expect(result.mapRuns.map(\.status) == [.aborted])
    #expect(result.mapRuns.first?.items.aborted == 1 && result.mapRuns.first?.items.succeeded == 1)
    await engine.idle()
    #expect(children.withLock { $0 } == [.succeeded, .aborted])
  }

  /// A Map Run within a child of another.
  @Test func nests() async throws {
    let inner = #""StartAt": "I", "States": {"I": {"Type": "Map", "Label": "M", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"id.$": "$$.StateMachine.Name"}, "OutputPath": "$.id", "End": true}}}, "End": true}}"#
    let (result, children) = await Self.run(try Self.machine("", inner), [[1], [2, 3]])
    #expect(result.output == [["Machine/L/M"], ["Machine/L/M", "Machine/L/M"]])
    #expect(children.count == 5 && result.mapRuns.count == 1)
  }

  /// The same seed gives the same names, ARNs, random values and order.
  @Test func repeatsUnderASeed() async throws {
    let pass = #""StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "e.$": "$$.Execution.Id"}, "End": true}}"#
    let machine = try Self.machine("", pass)
    let items = JSONValue.array((0..<50).map { .int($0) })
    let first = await Self.run(machine, items, seed: 4)
    let second = await Self.run(machine, items, seed: 4)
    #expect(first.result.output == second.result.output && first.children.map(\.history) == second.children.map(\.history))
    #expect(Set(first.result.output?.asArray?.map { $0["id"]?.asString ?? "" } ?? []).count == 50)
    #expect(await Self.run(machine, items, seed: 5).result.output != first.result.output)
  }

  @Test func failsWhereItemSelectorFails() async throws {
    let machine = try Self.machine(#""ItemSelector": {"x.$": "$.none"}, "#, more: #""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}], "End": true"#, states: #", "N": {"Type": "Succeed"}"#)
    let (result, children) = await Self.run(machine, [1])
    #expect(result.error?.error == "States.Runtime" && children.isEmpty)
  }

  @Test func stopsAnExecutionWithItsMapRun() async throws {
    let engine = EngineTests.engine()
    let stopping = Mutex<RunningExecution?>(nil)
    let running = engine.start(try Self.machine(""), input: [1, 500], settings: ExecutionSettings(name: "test")) { update in
      if case .mapRun(_, let summary) = update, summary.items.ended == 1 { stopping.withLock { $0 }?.stop(error: "Stop") }
    }
    stopping.withLock { $0 = running }
    let result = await running.result()
    #expect(result.status == .aborted || result.status == .succeeded)
    await engine.idle()
    #expect(result.mapRuns.count == 1)
  }
}
