import StatesInterpreter

/// The names under which a call's statement is submitted, and found again.
///
/// They are made from the execution, its start and the event that scheduled the attempt, all of which stand in the history before the action
/// is called. So the same attempt has the same names after a crash, and another attempt, a redriven one included, has others.
/// The start, to the millisecond, and the incarnation tell executions apart that have the same name one after the other.
struct SubmissionToken: Sendable, Hashable {
  /// `ClientToken`: 50 characters of `[a-z0-9-]`.
  var text: String

  init(_ call: TaskCall) {
    let start = call.executionStartedAt.map { String($0.microseconds / 1000) } ?? ""
    self.init(of: "\(call.executionArn)\n\(start)\n\(call.id)\(call.incarnation.isEmpty ? "" : "\n" + call.incarnation)")
  }

  /// The names of what takes the place of a statement that was cancelled with the attempt which had submitted it. They follow from its id, so that any
  /// later attempt which comes to know the one finds the other.
  init(after cancelledID: String) { self.init(of: "after \(cancelledID)") }

  private init(of seed: String) { text = "sfn-local-" + hexadecimal(sha256(seed.utf8).prefix(20)) }

  /// How long the service remembers a token, in seconds: 8 hours, less a margin for the clocks and the way.
  static let lifetimeInSeconds: Int64 = 8 * 3600 - 900
  /// Longest `StatementName`, in characters.
  static let maximumNameLength = 500

  /// `StatementName` of a statement whose definition gives none: the token, and the state's name for people.
  func statementName(for call: TaskCall) -> String { String((text + " " + call.stateName).prefix(Self.maximumNameLength)) }
}
