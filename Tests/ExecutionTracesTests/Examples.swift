import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// Machines and executions that the tests of traces walk through.
enum Examples {
  static func machine(_ text: String) throws -> StateMachine {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: text).node)
    return try #require(parsed.machine, "\(parsed.diagnostics.map(\.message))")
  }

  /// A loop, variables, a Map with a Parallel state in it, retries, catchers, and failures of every kind.
  static let everything = """
    {"StartAt": "Prepare", "States": {
      "Prepare": {"Type": "Pass", "Result": {"n": 0, "items": [1, 2, 3, 4]}, "Assign": {"total": 0, "who": "me"}, "Next": "Count"},
      "Count": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:count", "ResultPath": "$.count",
        "Retry": [{"ErrorEquals": ["Custom"], "MaxAttempts": 2}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Each"}], "Next": "Each"},
      "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
        "ItemProcessor": {"StartAt": "Pause", "States": {
          "Pause": {"Type": "Wait", "SecondsPath": "$", "Assign": {"who": "item"}, "Next": "Both"},
          "Both": {"Type": "Parallel", "Branches": [
            {"StartAt": "Left", "States": {"Left": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {"FunctionName": "left", "Payload.$": "$"}, "TimeoutSeconds": 5, "End": true}}},
            {"StartAt": "Right", "States": {
              "Right": {"Type": "Wait", "Seconds": 1, "Next": "Judge"},
              "Judge": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericGreaterThan": 3, "Next": "Refuse"}], "Default": "Accept"},
              "Refuse": {"Type": "Fail", "Error": "Custom", "Cause": "too large"},
              "Accept": {"Type": "Succeed"}}}],
            "Retry": [{"ErrorEquals": ["Custom"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["Lambda.Unknown", "Custom"], "Next": "Note"}], "End": true},
          "Note": {"Type": "Pass", "End": true}}},
        "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["E"], "Next": "Last"}], "ResultPath": "$.results", "Next": "Last"},
      "Last": {"Type": "Parallel", "Branches": [
        {"StartAt": "Inner", "States": {"Inner": {"Type": "Parallel", "Branches": [
          {"StartAt": "Deep", "States": {"Deep": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "deep"}, "TimeoutSeconds": 5, "End": true}}}], "End": true}}},
        {"StartAt": "Beside", "States": {"Beside": {"Type": "Wait", "Seconds": 2, "End": true}}}], "End": true}}}
    """

  static func facts(of machine: StateMachine, seed: UInt64) -> [HistoryEvent] {
    var simulation = Simulation(of: machine, input: ["a": 1], settings: settings, seed: seed)
    simulation.run()
    return simulation.history
  }

  static let settings = ExecutionSettings(name: "trace")

  /// The history as the service would answer it: without frames and internal facts.
  static func serviceText(_ facts: [HistoryEvent], _ machine: StateMachine) -> String {
    JSONValue.object(["events": .array(facts.compactMap { $0.awsJSON(machine: machine, settings: settings) })]).jsonText
  }

  /// The lines of `sfn-local run --json`.
  static func lines(_ facts: [HistoryEvent], _ machine: StateMachine) -> String {
    facts.map { $0.traceJSON(machine: machine, settings: settings).jsonText + "\n" }.joined()
  }

  static func trace(_ text: String, definition: StateMachine? = nil) throws -> ExecutionTrace {
    ExecutionTrace(try RecordedHistory(parsing: Array(text.utf8)), definition: definition)
  }
}
