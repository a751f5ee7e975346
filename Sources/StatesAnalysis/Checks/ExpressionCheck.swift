import JSONTypes
import StatesLanguage

/// Calls of intrinsic functions that parse, and yet cannot give a value, since a literal among their arguments is of the wrong kind.
enum ExpressionCheck {
  static func check(_ text: String, _ node: SyntaxNode, at pointer: @autoclosure () -> String, _ findings: inout Findings) {
    guard text.hasPrefix("States."), !text.hasPlaceholder, let path = try? PathExpression(parsing: text, allowingIntrinsics: true) else { return }
    for problem in path.literalProblems {
      findings.report("invalid-intrinsic", .error, problem.message, at: node.range(ofFirst: problem.function), pointer: pointer())
    }
    // The service tells these only when it evaluates the call.
    for problem in path.callProblems {
      findings.report("impossible-call", .warning, problem.message, at: node.range(ofFirst: problem.function), pointer: pointer())
    }
  }
}

extension SyntaxNode {
  /// The place of a word within a string: where it first stands by itself, not as a part of a longer one. The whole node where it does not.
  func range(ofFirst word: String) -> SourceRange {
    guard let bytes = text.map({ Array($0.utf8) }), !word.isEmpty else { return range }
    let sought = Array(word.utf8)
    func isPart(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }
    var start = 0
    while start + sought.count <= bytes.count {
      let end = start + sought.count
      let continues = isPart(sought[sought.count - 1]) && end < bytes.count && isPart(bytes[end])
      let isWithin = start > 0 && (bytes[start - 1] == UInt8(ascii: "$") || isPart(sought[0]) && isPart(bytes[start - 1]))
      if !continues, !isWithin, bytes[start..<end].elementsEqual(sought) { return range(ofText: start..<end) }
      start += 1
    }
    return range
  }
}
