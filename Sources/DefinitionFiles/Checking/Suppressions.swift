import JSONTypes
import StatesLanguage

/// Findings that the author of a definition wants to hear no more of: `sfn-local:allow CODE …` in the `Comment` of the machine, of a branch
/// or of a state. It holds for all that is within.
struct Suppressions {
  static let marker: StaticString = "sfn-local:allow"

  private struct Allowance {
    var code: String
    /// Of the object that has the comment.
    var pointer: String
    var range: SourceRange
    var isUsed = false
  }

  private var allowances: [Allowance] = []
  private var unknown: [Diagnostic] = []

  init() {}

  init(in root: SyntaxNode) { collect(root, "") }

  var isEmpty: Bool { allowances.isEmpty && unknown.isEmpty }

  private mutating func collect(_ node: SyntaxNode, _ pointer: String) {
    switch node.kind {
    case .object(let members):
      for member in members {
        if member.key == "Comment", let text = member.value.text, text.contains("\(Self.marker)") {
          read(text, member.value, pointer)
        } else if member.key == "States", let states = member.value.members {
          for state in states { collect(state.value, pointer + "/States/" + state.key.pointerToken) }
        } else if member.key == "ItemProcessor" || member.key == "Iterator" || member.key == "Branches" || member.key == "Choices" {
          collect(member.value, pointer + "/" + member.key)
        }
      }
    case .array(let elements): for (index, element) in elements.enumerated() { collect(element, pointer + "/\(index)") }
    default: break
    }
  }

  private mutating func read(_ text: String, _ node: SyntaxNode, _ pointer: String) {
    let bytes = Array(text.utf8)
    var isAfterMarker = false
    var index = 0
    while index < bytes.count {
      while index < bytes.count, !Self.isWord(bytes[index]) { index += 1 }
      let start = index
      while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
      let word = String(decoding: bytes[start..<index], as: UTF8.self)
      if word == "\(Self.marker)" {
        isAfterMarker = true
      } else if isAfterMarker, !word.isEmpty {
        let range = node.textMap?.range(of: start..<index) ?? node.range
        if RuleCatalogue.rule(word) != nil {
          allowances.append(Allowance(code: word, pointer: pointer, range: range))
        } else if word.contains("-") || RuleCatalogue.nearest(word) != nil {
          unknown.append(
            Diagnostic(
              "unknown-rule", .warning, "there is no rule \"\(word)\"; sfn-local explain lists all", at: range, pointer: pointer + "/Comment",
              suggestion: RuleCatalogue.nearest(word)))
        } else {
          // The first other word ends the list: the comment goes on in prose.
          isAfterMarker = false
        }
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: ":"), 0x80...0xFF:
      true
    default: false
    }
  }

  /// Whether a finding is allowed; then the allowance counts as used.
  mutating func silence(_ diagnostic: Diagnostic) -> Bool {
    var isSilent = false
    for index in allowances.indices where allowances[index].code == diagnostic.code {
      let pointer = allowances[index].pointer
      if diagnostic.pointer == pointer || diagnostic.pointer.hasPrefix(pointer + "/") || pointer.isEmpty {
        allowances[index].isUsed = true
        isSilent = true
      }
    }
    return isSilent
  }

  /// What is wrong with the comments themselves.
  var findings: [Diagnostic] {
    unknown
      + allowances.filter { !$0.isUsed }.map { allowance in
        Diagnostic(
          "unused-suppression", .advice, "nothing here breaks the rule \(allowance.code) any more; take it out of the comment", at: allowance.range,
          pointer: allowance.pointer + "/Comment")
      }
  }
}
