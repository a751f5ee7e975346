/// A text of SQL that a procedure puts together and executes: `'create table ' || name || ' (a int) diststyle even'`.
///
/// The pieces that are not known stand as names in the text while it is translated, and come back in their places afterwards.
struct DynamicText {
  private enum Piece {
    case text(String)
    case value(String)
  }

  private var pieces: [Piece] = []
  private let answers: [Question: [String]]

  private static func hole(_ number: Int) -> String { "sfn_hole_\(number)_" }

  /// Nil when the expression is not made of literals and `||`.
  init?(_ nodes: [Node], _ translator: Translator) throws(TranslationStop) {
    answers = translator.answers
    var rest = translator
    var hasText = false
    for part in Self.parts(nodes) {
      if part.count == 1, let token = part[0].token, token.kind == .string || token.kind == .dollarString {
        pieces.append(.text(token.literal))
        hasText = true
      } else {
        guard !part.isEmpty else { return nil }
        pieces.append(.value((try rest.expression(part)).sql))
      }
    }
    if !hasText { return nil }
  }

  /// What stands between `||`.
  private static func parts(_ nodes: [Node]) -> [[Node]] {
    if nodes.count == 1, let inner = nodes[0].parentheses { return parts(inner) }
    var parts: [[Node]] = [[]]
    for node in nodes { if node.isSymbol("||") { parts.append([]) } else { parts[parts.count - 1].append(node) } }
    return parts
  }

  /// The expression with its text translated; nil where it can stay, or cannot be understood without its values.
  func rewritten() throws(TranslationStop) -> String? {
    var values: [String] = []
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .value(let value):
        text += Self.hole(values.count)
        values.append(value)
      }
    }
    var translated: [String] = []
    for statement in StatementSplitter.statements(of: text) {
      var inner = Translator(answers: answers)
      inner.isPrepared = true
      let translation: Translation
      do throws(TranslationStop) { translation = try inner.statement(statement) } catch {
        // What is refused is refused when it is executed.
        guard case .question = error else { return nil }
        throw error
      }
      switch translation.action {
      case .run, .truncate: translated += [translation.sql] + translation.followUps
      case .nothing: translated.append("select 1")
      default: return nil
      }
    }
    let result = translated.joined(separator: "; ")
    guard result != text, values.indices.allSatisfy({ result.contains(Self.hole($0)) }) else { return nil }
    return Self.expression(result, values)
  }

  /// Cut at the names that stand for values.
  private static func expression(_ text: String, _ values: [String]) -> String {
    var parts: [String] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "sfn_hole_") {
      let digits = rest[start.upperBound...].prefix { $0.isNumber }
      guard let number = Int(digits), values.indices.contains(number), rest[digits.endIndex...].first == "_" else { break }
      parts += [Node.quoted(String(rest[..<start.lowerBound])), "(\(values[number]))"]
      rest = rest[rest.index(after: digits.endIndex)...]
    }
    return (parts + [Node.quoted(String(rest))]).joined(separator: " || ")
  }

  /// Variables that are assigned and executed, and used for nothing else.
  static func executedNames(in nodes: [Node]) -> Set<String> {
    var executed: Set<String> = []
    var used: Set<String> = []
    func walk(_ nodes: [Node]) {
      for (index, node) in nodes.enumerated() {
        if case .group(let group) = node { walk(group.children) }
        guard let name = node.name else { continue }
        let next = index + 1 < nodes.count ? nodes[index + 1] : nil
        let isAlone = next == nil || next?.isSymbol(";") == true || ["into", "using", "loop"].contains(next?.word)
        if index > 0, nodes[index - 1].isWord("execute"), isAlone {
          executed.insert(name)
        } else if next?.isSymbol(":=") != true, !isDeclared(nodes, index) {
          used.insert(name)
        }
      }
    }
    walk(nodes)
    return executed.subtracting(used)
  }

  /// `name varchar(…)` behind DECLARE or a semicolon.
  private static func isDeclared(_ nodes: [Node], _ index: Int) -> Bool {
    guard index > 0, nodes[index - 1].isSymbol(";") || nodes[index - 1].isWord("declare"), index + 1 < nodes.count else { return false }
    return ["varchar", "character", "text", "char", "constant"].contains(nodes[index + 1].word)
  }
}
