import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// The data between the stages of a state, computed anew from a history and its definition.
@Suite struct InspectionTests {
  private func traced(_ text: String, input: JSONValue, outcome: Simulation.TaskOutcome = .succeeds(["value": 5, "noise": 1])) throws -> ExecutionTrace {
    let machine = try Examples.machine(text)
    var simulation = Simulation(of: machine, input: input, settings: Examples.settings, seed: 1) { _, _ in outcome }
    simulation.run()
    return try Examples.trace(Examples.serviceText(simulation.history, machine), definition: machine)
  }

  private func last(_ trace: ExecutionTrace, _ type: String) throws -> Int {
    try #require(trace.events.indices.last { trace.events[$0].type.name == type })
  }

  static let task = """
    {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "InputPath": "$.in",
      "Parameters": {"p.$": "$.x"}, "ResultSelector": {"v.$": "$.value"}, "ResultPath": "$.res", "OutputPath": "$.res", "Assign": {"w.$": "$.noise"}, "End": true}}}
    """

  @Test func everyStageOfATask() throws {
    let trace = try traced(Self.task, input: ["in": ["x": 3]])
    let inspection = try #require(trace.inspection(at: try last(trace, "TaskStateExited")))
    #expect(inspection.input == ["in": ["x": 3]])
    #expect(inspection.afterInputPath == ["x": 3])
    #expect(inspection.afterParameters == ["p": 3])
    #expect(inspection.result == ["value": 5, "noise": 1])
    #expect(inspection.afterResultSelector == ["v": 5])
    #expect(inspection.afterResultPath == ["in": ["x": 3], "res": ["v": 5]])
    #expect(inspection.output == ["v": 5])
    #expect(inspection.assigned == ["w": 1])
    #expect(inspection.error == nil)
    // What is to come is not known yet.
    let early = try #require(trace.inspection(at: try last(trace, "TaskStateEntered")))
    #expect(early.afterParameters == ["p": 3] && early.afterResultPath == nil && early.output == nil && early.result == nil)
  }

  @Test func aCatcherPutsTheErrorIn() throws {
    let text = """
      {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Catch": [{"ErrorEquals": ["Bad"], "ResultPath": "$.why", "Next": "D"}], "Next": "D"}, "D": {"Type": "Succeed"}}}
      """
    let trace = try traced(text, input: ["a": 1], outcome: .fails(ErrorOutput(error: "Bad", cause: "so")))
    let inspection = try #require(trace.inspection(at: try last(trace, "TaskStateExited")))
    #expect(inspection.afterResultPath == ["a": 1, "why": ["Error": "Bad", "Cause": "so"]])
  }

  @Test func itemsAndBranchesInTheirOrder() throws {
    let text = """
      {"StartAt": "M", "QueryLanguage": "JSONata", "States": {"M": {"Type": "Map", "Items": "{% $states.input.list %}", "Output": "{% {'sum': $sum($states.result)} %}",
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Output": "{% $states.context.Map.Item.Value * 2 + $states.context.Map.Item.Index %}", "End": true}}}, "End": true}}}
      """
    let trace = try traced(text, input: ["list": [10, 20]])
    let inspection = try #require(trace.inspection(at: try last(trace, "MapStateExited")))
    #expect(inspection.afterItemsPath == [10, 20])
    #expect(inspection.result == [20, 41])
    #expect(inspection.output == ["sum": 61])
    #expect(trace.inspection(at: try last(trace, "PassStateExited"))?.output == 41)
  }

  /// Whatever a random execution did, the stages end in the output that the history has.
  @Test func stagesEndInTheRecordedOutput() throws {
    let machine = try Examples.machine(Examples.everything)
    var count = 0
    for seed in 0..<40 as Range<UInt64> {
      let trace = try Examples.trace(Examples.serviceText(Examples.facts(of: machine, seed: seed), machine), definition: machine)
      for step in trace.events.indices where trace.events[step].type.role == .stateExited {
        let inspection = try #require(trace.inspection(at: step))
        count += 1
        #expect(inspection.output == trace.events[step].output?.value, "seed \(seed), event \(trace.events[step].id)")
        #expect(inspection.error == nil)
      }
    }
    #expect(count > 200)
  }

  @Test func withoutADefinitionNothingIsComputed() throws {
    let trace = ExecutionTrace(try RecordedHistory(parsing: Array(HistoryReadingTests.started.utf8)))
    #expect(trace.inspection(at: 0) == nil)
  }
}
