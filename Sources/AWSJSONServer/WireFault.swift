/// What goes wrong with one request, for tests of clients.
package enum WireFault: Sendable {
  /// The request is refused and not taken.
  case refusal(AWSJSONError)
  /// The request is taken, but answered with an error.
  case lostAnswer(AWSJSONError)
  /// The connection is closed without an answer; `isTaken` says whether the service got the request.
  case reset(isTaken: Bool)
  /// The request is taken; of its answer the first half arrives, then the connection is closed.
  case truncated
  /// The request is taken; its answer comes later.
  case late(Duration)

  /// Whether the service gets the request.
  var isTaken: Bool {
    switch self {
    case .refusal: false
    case .reset(let isTaken): isTaken
    case .lostAnswer, .truncated, .late: true
    }
  }
}
