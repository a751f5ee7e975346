import ExecutionTraces
import Foundation
import JSONTypes
import StatesLanguage
import Testing

/// One execution that the tests of the command and of the screen walk through: a Map with a Parallel state, of which one fails and is caught.
enum TraceHistories {
  static let definition = """
    {"StartAt": "Prepare", "States": {
      "Prepare": {"Type": "Pass", "Result": {"orders": [{"id": 1, "qty": 2}, {"id": 2, "qty": 9}, {"id": 3, "qty": 1}]},
        "Assign": {"shop": "north", "limit": 5}, "Next": "Each order"},
      "Each order": {"Type": "Map", "ItemsPath": "$.orders", "MaxConcurrency": 2, "ResultPath": "$.results",
        "ItemProcessor": {"StartAt": "Reserve and charge", "States": {
          "Reserve and charge": {"Type": "Parallel", "ResultSelector": {"reserved.$": "$[0].ok", "charged.$": "$[1].amount"}, "ResultPath": "$.done",
            "Branches": [
              {"StartAt": "Reserve", "States": {"Reserve": {"Type": "Pass", "Parameters": {"ok": true, "id.$": "$.id"}, "End": true}}},
              {"StartAt": "Enough?", "States": {
                "Enough?": {"Type": "Choice", "Choices": [{"Variable": "$.qty", "NumericGreaterThan": 5, "Next": "Refuse"}], "Default": "Charge"},
                "Refuse": {"Type": "Fail", "Error": "TooMany", "Cause": "at most 5 of one kind"},
                "Charge": {"Type": "Pass", "Parameters": {"amount.$": "States.MathAdd($.qty, 10)"}, "Assign": {"last.$": "$.amount"}, "End": true}}}],
            "Catch": [{"ErrorEquals": ["TooMany"], "ResultPath": "$.problem", "Next": "Note"}], "Next": "Rest"},
          "Rest": {"Type": "Wait", "Seconds": 2, "End": true},
          "Note": {"Type": "Pass", "Result": "refused", "ResultPath": "$.status", "End": true}}}, "Next": "Sum"},
      "Sum": {"Type": "Pass", "Assign": {"limit": 6}, "OutputPath": "$.results", "End": true}}}
    """

  /// What a run of the program says about it, in one of its two forms.
  static func text(_ form: String) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(definition, to: "orders.asl.json")
    let outcome = try Program.run("run", file, "--clock", "virtual", "--start-time", "2026-03-02T09:00:00Z", form, "--seed", "1")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output
  }

  static func trace() throws -> ExecutionTrace {
    let machine = StateMachineParser.parse(SyntaxNode.parse(json: definition).node).machine
    return ExecutionTrace(try RecordedHistory(parsing: Array(try text("--aws-history").utf8)), definition: machine)
  }
}
