/// Source: Redshift's guide, "UNLOAD".
extension Translator {
  /// What MAXFILESIZE may be, in bytes.
  static let unloadFileSizes = (5 << 20)...(6_657_199_308)

  mutating func unloadCommand(_ nodes: [Node]) throws(TranslationStop) -> UnloadCommand {
    var command = UnloadCommand()
    guard nodes.count > 3, let query = nodes[1].parentheses, nodes[2].isWord("to"), let target = nodes[3].token, target.kind == .string
    else {
      throw .syntax(at: nodes.count > 1 ? nodes[1] : nil)
    }
    command.query = try unloadedQuery(query)
    command.target = target.literal
    guard command.target.lowercased().hasPrefix("s3://") else {
      throw .unsupported("UNLOAD to \"\(command.target)\" (s3:// only)", at: nodes[3])
    }
    var options = CopyOptions("UNLOAD", nodes: nodes, index: 4)
    while let word = options.next() { try unloadOption(word, &options, &command) }
    try options.refuse("cleanpath", with: ["allowoverwrite"])
    try options.refuse("json", with: ["csv", "delimiter", "header", "fixedwidth", "addquotes", "escape", "null"])
    try options.refuse("fixedwidth", with: ["delimiter", "header", "csv", "addquotes", "escape"])
    return command
  }

  /// The rows come from a query, given as a text.
  private func unloadedQuery(_ nodes: [Node]) throws(TranslationStop) -> String {
    var inner = self
    let tree: [Node]
    if nodes.count == 1, let text = nodes[0].token, text.kind == .string || text.kind == .dollarString {
      let statements = StatementSplitter.statements(of: text.literal)
      guard statements.count == 1, let statement = statements.first else { throw .syntax(at: nodes.first) }
      do throws(DialectError) { tree = try Node.tree(statement) } catch {
        throw .refusal(error.message, at: nodes.first, sqlState: error.sqlState)
      }
    } else {
      tree = nodes
    }
    guard ["select", "with"].contains(tree.first?.word) || tree.first?.parentheses != nil else {
      throw .refusal("UNLOAD takes a SELECT query", at: nodes.first, sqlState: "42601")
    }
    guard !tree.contains(where: { $0.isWord("limit") }) else { throw .refusal("Limit clause is not supported", at: nodes.first) }
    do throws(TranslationStop) { return try inner.statement(tree).sql } catch {
      // Places within the text are none of the statement's.
      guard case .refused(var refusal) = error else { throw error }
      refusal.offset = nodes.first?.firstToken.offset
      throw .refused(refusal)
    }
  }

  private func unloadOption(_ word: String, _ options: inout CopyOptions, _ command: inout UnloadCommand) throws(TranslationStop) {
    switch word {
    case "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "kms_key_id": options.skipValue()
    case "with", "as", "format", "text": break
    case "encrypted": _ = options.takes("auto")
    case "region": command.region = try options.text()
    case "csv": command.format = .csv
    case "json": command.format = .json
    case "fixedwidth": command.format = .fixedWidth(try options.widths())
    case "parquet", "bzip2", "zstd": throw .unsupported("UNLOAD to \(word.uppercased())", at: options.last)
    case "rowgroupsize": throw .refusal("UNLOAD's option ROWGROUPSIZE is for PARQUET only", at: options.last)
    case "extension": command.fileExtension = try options.text()
    case "header": command.hasHeader = true
    case "delimiter": command.givenDelimiter = try options.character("DELIMITER")
    case "null": command.nullText = try options.nullText()
    case "addquotes": command.addsQuotes = true
    case "escape": command.escapes = true
    case "gzip": command.isGzip = true
    case "allowoverwrite": command.allowsOverwrite = true
    case "cleanpath": command.cleansPath = true
    case "manifest": command.manifest = options.takes("verbose") ? .verbose : .plain
    case "parallel": command.isParallel = options.flag()
    case "maxfilesize":
      let size = try options.size()
      guard Self.unloadFileSizes.contains(size) else { throw .refusal("UNLOAD's MAXFILESIZE is between 5 MB and 6.2 GB", at: options.last) }
      command.maximumFileSize = size
    case "partition":
      guard options.takes("by") else { throw options.syntaxError() }
      command.partitions = try options.names()
      command.includesPartitions = options.takes("include")
    default: throw .unsupported("UNLOAD's option \(word.uppercased())", at: options.last)
    }
  }
}
