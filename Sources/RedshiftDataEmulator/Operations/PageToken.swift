/// A `NextToken`: a place in an answer, with a sum by which a token of another answer, or one that was changed, is told apart.
enum PageToken {
  /// - Parameter answer: what the token belongs to, such as an operation or a statement's id.
  static func text(_ place: String, of answer: String) -> String { "\(place).\(sum(place, answer))" }

  /// The place; nil when the token is not one of that answer.
  static func place(in token: String, of answer: String) -> String? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1] == sum(String(parts[0]), answer) else { return nil }
    return String(parts[0])
  }

  private static func sum(_ place: String, _ answer: String) -> String {
    String("\(place) \(answer)".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
  }
}
