extension Translator {
  /// `CREATE FUNCTION` and `CREATE PROCEDURE`: the body is rewritten like any other text of the dialect.
  mutating func createRoutine(_ nodes: [Node], at index: Int) throws(TranslationStop) -> Translation {
    let isProcedure = nodes[index].isWord("procedure")
    guard let languageIndex = nodes.lastIndex(where: { $0.isWord("language") }), languageIndex + 1 < nodes.count,
      let language = nodes[languageIndex + 1].token.map({ $0.kind == .string ? $0.literal.lowercased() : $0.name })
    else { throw .refusal("no language specified", at: nodes[index], sqlState: "42P13") }
    if !isProcedure, language == "plpgsql" {
      throw .refusal("a function in the language plpgsql is not supported on Redshift; make a procedure", at: nodes[languageIndex + 1])
    }
    guard language == "sql" || language == "plpgsql" else {
      throw .unsupported("a routine in the language \(language)", at: nodes[languageIndex + 1])
    }
    guard let bodyIndex = nodes.lastIndex(where: { $0.token?.kind == .dollarString || $0.token?.kind == .string }), bodyIndex > index,
      nodes[bodyIndex - 1].isWord("as"), let bodyToken = nodes[bodyIndex].token
    else { throw .syntax(at: nodes[index]) }
    let nameEnd = tableName(nodes, from: index + 1)
    guard nameEnd < nodes.count, let arguments = nodes[nameEnd].parentheses else { throw .syntax(at: nodes[index]) }
    var output = Array(nodes[..<nameEnd])
    if output.count > 1, !output.contains(where: { $0.isWord("replace") }), isProcedure { output.insert(.text("or replace"), at: 1) }
    output.append(.parenthesized(try routineArguments(arguments)))
    var isNonatomic = false
    var rest = nameEnd + 1
    while rest < nodes.count {
      let node = nodes[rest]
      if rest == bodyIndex {
        let text = try routineBody(
          bodyToken.literal, language: language, isProcedure: isProcedure, isNonatomic: isNonatomic,
          documents: Set(arguments.splitAtCommas().filter { $0.last?.isWord("super") == true }.compactMap { $0.first?.name }))
        output.append(.text(Node.quoted(text)))
        rest += 1
      } else if node.isWord("nonatomic") {
        isNonatomic = true
        rest += 1
      } else if node.isWord("returns") {
        output.append(node)
        rest = try castType(nodes, from: rest + 1, into: &output)
      } else if isProcedure, ["stable", "volatile", "immutable"].contains(node.word) {
        rest += 1
      } else {
        output.append(node)
        rest += 1
      }
    }
    if isProcedure {
      let inputs = arguments.splitAtCommas().filter { part in !part.prefix(2).contains { $0.isWord("out") } }
      let name = nodes[(index + 1)..<nameEnd].compactMap(\.name).joined(separator: ".")
      followUps.append(
        "select \(Self.schema).remember_routine(\(Node.quoted(name.hasPrefix("public.") ? String(name.dropFirst(7)) : name)), \(inputs.count), "
          + "\(Node.quoted(nodes.trimmedSQL)))")
    }
    var translation = running(output)
    translation.marks = []
    return translation
  }

  /// Modes and types of arguments: Redshift writes the name before the mode.
  private mutating func routineArguments(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    var parts: [[Node]] = []
    for part in nodes.splitAtCommas() {
      var rest = part
      var output: [Node] = []
      let modes: Set<String> = ["in", "out", "inout"]
      if rest.count > 2, modes.contains(rest[1].word) { rest.swapAt(0, 1) }
      var index = 0
      if modes.contains(rest.first?.word ?? "") { index += 1 }
      // A name stands before the type when two words are left.
      if index + 1 < rest.count, rest[index].name != nil, rest[index + 1].token?.isName == true,
        !["varying", "precision", "with", "without"].contains(rest[index + 1].word)
      {
        index += 1
      }
      output += rest[..<index]
      let end = try castType(rest, from: index, into: &output)
      output += rest[end...]
      parts.append(output)
    }
    return Self.joined(parts)
  }

  mutating func dropRoutine(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard let index = nodes.firstIndex(where: { $0.parentheses != nil }), let arguments = nodes[index].parentheses else { return nodes }
    var rest = nodes
    rest[index] = .parenthesized(try routineArguments(arguments))
    return rest
  }

  /// - Parameter documents: the names of arguments of SUPER.
  private func routineBody(_ text: String, language: String, isProcedure: Bool, isNonatomic: Bool, documents: Set<String>) throws(TranslationStop) -> String {
    var inner = Translator(answers: answers)
    inner.isInRoutine = true
    if language == "sql" {
      var statements: [String] = []
      for statement in StatementSplitter.statements(of: text) { statements.append(try inner.statement(statement).sql) }
      return statements.joined(separator: ";")
    }
    let nodes: [Node]
    do throws(DialectError) { nodes = try Node.tree(Tokenizer.tokens(of: text)) } catch {
      throw .refused(DialectError("in the routine's body: \(error.message)", at: nil, sqlState: error.sqlState))
    }
    inner.elementNames = documents
    var body = RoutineBody(translator: inner, nodes: nodes)
    return try body.rewritten(isProcedure: isProcedure, isNonatomic: isNonatomic)
  }
}
