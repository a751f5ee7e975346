/// How executions of a state machine run.
///
/// A `STANDARD` execution takes up to a year and keeps its history; an `EXPRESS` one takes up to five minutes, and knows neither waiting for a
/// job or a token, nor activities, nor distributed Maps.
///
/// Source: AWS Step Functions Developer Guide, "Choosing workflow type in Step Functions".
public enum WorkflowType: String, Sendable, Hashable, CaseIterable {
  case standard = "STANDARD"
  case express = "EXPRESS"
}
