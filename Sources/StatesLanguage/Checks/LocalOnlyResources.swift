import JSONTypes

extension TaskResource {
  /// Whether only this program answers it: AWS has no optimized integration of the Redshift Data API.
  ///
  /// Source: AWS Step Functions Developer Guide, "Integrating optimized services", "Learning to use AWS service SDK integrations".
  package var isLocalOnly: Bool { resourceType == "redshift-data" }
}

extension StateMachineParser {
  /// Advice for a resource that runs here and that the service refuses.
  mutating func reportLocalOnly(_ resource: TaskResource, at range: SourceRange, pointer: String) {
    guard resource.isLocalOnly else { return }
    report(
      "local-only-resource",
      "\(resource.arn) is this program's own: Step Functions on AWS refuses it. Deployed, submit with aws-sdk:redshiftdata and ask in a loop", at: range,
      pointer: pointer, severity: .advice)
  }
}
