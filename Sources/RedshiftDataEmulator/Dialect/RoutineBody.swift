/// A PL/pgSQL body on its way from Redshift's rules of transactions to PostgreSQL's.
///
/// On Redshift the handler of a procedure's block starts after the whole transaction was rolled back; its work is committed, and then the
/// error is thrown again. PostgreSQL rolls back the block alone, and commits nothing within a handler. So the outermost block becomes one that
/// only keeps the error, and the handler's statements follow it. A NONATOMIC procedure commits each of its statements by itself.
struct RoutineBody {
  var translator: Translator
  let nodes: [Node]
  /// Whether what comes stands between DECLARE and BEGIN.
  private var isDeclaring = false
  /// Variables that hold nothing but text to be executed.
  private let executed: Set<String>

  init(translator: Translator, nodes: [Node]) {
    self.translator = translator
    self.nodes = nodes
    executed = DynamicText.executedNames(in: nodes)
  }

  mutating func rewritten(isProcedure: Bool, isNonatomic: Bool) throws(TranslationStop) -> String {
    guard isProcedure, let block = Block(nodes), isNonatomic || (block.handler != nil) else {
      return try statements(nodes)
    }
    let declarations = "declare sfn_state text; sfn_message text;" + (try statements(block.declarations)).droppingDeclare()
    isDeclaring = false
    let handler = try block.handler.map { (handler) throws(TranslationStop) in try statements(Self.renamed(handler)) }
    let keep = "exception when \(block.condition ?? "others") then sfn_state := sqlstate; sfn_message := sqlerrm; end;"
    var text = declarations + " begin "
    if isNonatomic {
      for part in Self.topLevelStatements(block.body) {
        let statement = try statements(part)
        if let handler {
          text += " begin \(statement); \(keep) if sfn_state is not null then \(handler) commit; return; end if; commit;"
        } else {
          text += " \(statement); commit;"
        }
      }
    } else {
      text += " begin \(try statements(block.body)) \(keep)"
      text += " if sfn_state is not null then \(handler ?? "") commit;"
      text += " raise exception using errcode = sfn_state, message = sfn_message; end if;"
    }
    return text + " end;"
  }

  /// In a handler that was moved out, the error's text is in our variables.
  private static func renamed(_ nodes: [Node]) -> [Node] {
    nodes.map { node in
      switch node {
      case .group(var group):
        group.children = renamed(group.children)
        return .group(group)
      case .token(let token):
        if token.isWord("sqlerrm") { return .text("sfn_message") }
        if token.isWord("sqlstate") { return .text("sfn_state") }
        return node
      }
    }
  }

  /// The outermost block, cut at its words.
  struct Block {
    var declarations: [Node]
    var body: [Node]
    var condition: String?
    var handler: [Node]?

    init?(_ nodes: [Node]) {
      guard let begin = nodes.firstIndex(where: { $0.isWord("begin") }) else { return nil }
      guard let end = nodes.lastIndex(where: { $0.isWord("end") }), end > begin else { return nil }
      declarations = Array(nodes[..<begin])
      var depth = 0
      var exception: Int?
      var index = begin + 1
      while index < end {
        let previous = nodes[index - 1].word
        switch nodes[index].word {
        case "begin", "loop", "case": if previous != "end" { depth += 1 }
        case "if": if previous != "end", Self.isCondition(nodes, index) { depth += 1 }
        case "end": depth -= 1
        case "exception" where depth == 0 && previous != "raise": exception = index
        default: break
        }
        index += 1
      }
      body = Array(nodes[(begin + 1)..<(exception ?? end)])
      if let exception {
        guard let then = nodes[exception..<end].firstIndex(where: { $0.isWord("then") }) else { return nil }
        condition = Array(nodes[(exception + 2)..<then]).sql
        handler = Array(nodes[(then + 1)..<end])
        // Several WHEN branches stay as PostgreSQL has them.
        if handler?.contains(where: { $0.isWord("when") }) == true { return nil }
      }
    }

    /// `IF NOT EXISTS` and `IF EXISTS` of a DDL statement are no IF statements.
    static func isCondition(_ nodes: [Node], _ index: Int) -> Bool {
      index == 0 || !["table", "schema", "view", "procedure", "function", "column", "database"].contains(nodes[index - 1].word)
    }
  }

  /// Statements between semicolons that stand in no inner block.
  static func topLevelStatements(_ nodes: [Node]) -> [[Node]] {
    var statements: [[Node]] = []
    var current: [Node] = []
    var depth = 0
    for (index, node) in nodes.enumerated() {
      let previous = index > 0 ? nodes[index - 1].word : ""
      switch node.word {
      case "begin", "loop", "case": if previous != "end" { depth += 1 }
      case "if" where previous != "end" && Block.isCondition(nodes, index): depth += 1
      case "end": depth -= 1
      default: break
      }
      if node.isSymbol(";"), depth == 0 {
        if !current.isEmpty { statements.append(current) }
        current = []
      } else {
        current.append(node)
      }
    }
    if !current.isEmpty { statements.append(current) }
    return statements
  }

  private static let controlWords: Set<String> = ["begin", "then", "else", "loop", "declare"]

  /// Rewrites what stands between the words of control.
  private mutating func statements(_ nodes: [Node]) throws(TranslationStop) -> String {
    var text = ""
    var current: [Node] = []
    for node in nodes {
      if node.isSymbol(";") || Self.controlWords.contains(node.word) {
        text += try isDeclaring ? declaration(current) : statement(current)
        current = []
        text += [node].sql
        if node.isWord("declare") { isDeclaring = true }
        if node.isWord("begin") { isDeclaring = false }
      } else {
        current.append(node)
      }
    }
    return text + (try isDeclaring ? declaration(current) : statement(current))
  }

  /// `name [CONSTANT] type [:= value]`, or a cursor.
  private mutating func declaration(_ nodes: [Node]) throws(TranslationStop) -> String {
    if let start = nodes.firstIndex(where: { $0.isWord("for") }), nodes.contains(where: { $0.isWord("cursor") }), start + 1 < nodes.count {
      return (try translator.expression(Array(nodes[...start]))).sql + (try translator.query(Array(nodes[(start + 1)...]))).sql
    }
    let start = nodes.count > 1 && nodes[1].isWord("constant") ? 2 : 1
    guard let name = nodes.first?.name, start < nodes.count else { return try translator.expression(nodes).sql }
    if nodes[start].isWord("super") { translator.elementNames.insert(name) }
    var output = Array(nodes[..<start])
    let end = try translator.castType(nodes, from: start, into: &output)
    let rest = Array(nodes[end...])
    if executed.contains(name), let assignment = rest.firstIndex(where: { $0.isSymbol(":=") || $0.isSymbol("=") || $0.isWord("default") }) {
      return output.sql + Array(rest[...assignment]).sql + (try dynamic(Array(rest[(assignment + 1)...])))
    }
    return output.sql + (try translator.expression(rest)).sql
  }

  /// An expression whose value is executed.
  private mutating func dynamic(_ nodes: [Node]) throws(TranslationStop) -> String {
    if let text = try DynamicText(nodes, translator)?.rewritten() { return " " + text }
    return try translator.expression(nodes).sql
  }

  /// One statement of SQL, or a piece of PL/pgSQL.
  private mutating func statement(_ nodes: [Node]) throws(TranslationStop) -> String {
    guard let first = nodes.first else { return "" }
    switch first.word {
    case "create", "alter", "delete", "insert", "merge", "analyze", "vacuum":
      translator.followUps = []
      let translation = try translator.statement(nodes)
      if case .nothing = translation.action { return " null" }
      let followUps = translator.followUps.map { "; perform " + $0.dropFirst("select ".count) }.joined()
      translator.followUps = []
      return " " + translation.sql + followUps
    case "copy", "unload": throw .unsupported("\(first.word.uppercased()) within a procedure", at: first)
    case "select", "with": return try translator.query(nodes).sql
    case "execute":
      let end = nodes.firstIndex { $0.isWord("into") || $0.isWord("using") } ?? nodes.count
      return [first].sql + (try dynamic(Array(nodes[1..<end]))) + (try translator.expression(Array(nodes[end...]))).sql
    case "for", "open", "return":
      // FOR name IN query, FOR name IN EXECUTE text, OPEN cursor FOR query, RETURN QUERY query.
      if let start = nodes.indices.dropFirst().first(where: { nodes[$0].isWord("select") || nodes[$0].isWord("with") || nodes[$0].isWord("execute") }) {
        return (try translator.expression(Array(nodes[..<start]))).sql + (try statement(Array(nodes[start...])))
      }
      return try translator.expression(nodes).sql
    default:
      if let name = first.name, executed.contains(name), nodes.count > 2, nodes[1].isSymbol(":=") || nodes[1].isSymbol("=") {
        return Array(nodes[..<2]).sql + (try dynamic(Array(nodes[2...])))
      }
      return try translator.expression(nodes).sql
    }
  }
}

extension String {
  /// Our declarations open the section already.
  fileprivate func droppingDeclare() -> String {
    guard let range = lowercased().firstRange(of: "declare") else { return self }
    let start = utf8.index(startIndex, offsetBy: lowercased().utf8.distance(from: lowercased().startIndex, to: range.upperBound))
    return String(self[start...])
  }
}
