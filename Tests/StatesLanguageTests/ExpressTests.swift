import JSONTypes
import StatesLanguage
import Testing

/// What an EXPRESS workflow must not have.
struct ExpressTests {
  static func diagnostics(_ resource: String, type: WorkflowType) -> [Diagnostic] {
    StateMachineParser.parse(
      SyntaxNode.parse(json: #"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "\#(resource)", "End": true}}}"#).node, type: type
    ).diagnostics
  }

  @Test(arguments: [
    ("arn:aws:states:::states:startExecution.sync", ".sync"), ("arn:aws:states:::states:startExecution.sync:2", ".sync:2"),
    ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ".waitForTaskToken"),
    ("arn:aws:states:us-east-1:111122223333:activity:pick", "activities"),
  ])
  func refusesToWait(resource: String, what: String) {
    let found = Self.diagnostics(resource, type: .express)
    #expect(found.map(\.message) == ["an EXPRESS workflow does not support \(what); a STANDARD one does"])
    #expect(found.map(\.pointer) == ["/States/T/Resource"])
    #expect(Self.diagnostics(resource, type: .standard).isEmpty)
  }

  @Test func runsOtherTasks() {
    #expect(Self.diagnostics("arn:aws:states:::lambda:invoke", type: .express).isEmpty)
  }

  @Test func refusesDistributedMaps() {
    let text = #"""
      {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}
      """#
    let found = StateMachineParser.parse(SyntaxNode.parse(json: text).node, type: .express).diagnostics
    #expect(found.map(\.message) == ["an EXPRESS workflow does not support a Map in the mode DISTRIBUTED; a STANDARD one does"])
  }
}
