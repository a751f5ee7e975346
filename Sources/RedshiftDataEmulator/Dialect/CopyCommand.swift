/// Where COPY and UNLOAD find their objects, and how the text in them is laid out.
struct CopyCommand: Sendable {
  enum Format: Sendable, Equatable {
    case delimited, csv
    case json(paths: String?)
  }

  /// The table in PostgreSQL's SQL.
  var table = ""
  var tableName = ""
  /// Columns that are loaded; nil for all.
  var columns: [String]?
  var source = ""
  var format = Format.delimited
  var delimiter: UInt8 = UInt8(ascii: "|")
  var quote: UInt8 = UInt8(ascii: "\"")
  var isGzip = false
  var isManifest = false
  var headerLines = 0
  var nullText: String?
  var emptyAsNull = false
  var blanksAsNull = false
  var removesQuotes = false
  var escapes = false
  var truncatesColumns = false
  var fillsRecord = false
  var ignoresBlankLines = false
  var acceptsAnyDate = false
  var dateFormat: String?
  var timeFormat: String?
  var maximumErrors = 0
  var loadsIdentities = false
  var onlyChecks = false

  var formatName: String {
    switch format {
    case .delimited: "Text"
    case .csv: "CSV"
    case .json: "JSON"
    }
  }
}

/// UNLOAD: the query in PostgreSQL's SQL and where its rows go.
struct UnloadCommand: Sendable {
  var query = ""
  var target = ""
  var isCSV = false
  var isJSON = false
  var fileExtension: String?
  var delimiter: UInt8?
  var hasHeader = false
  var nullText: String?
  var addsQuotes = false
  var escapes = false
  var isGzip = false
  var isParallel = true
  var allowsOverwrite = false
  var cleansPath = false
  var writesManifest = false
}

extension Translator {
  mutating func copyCommand(_ nodes: [Node]) throws(TranslationStop) -> CopyCommand {
    var command = CopyCommand()
    var index = tableName(nodes, from: 1)
    guard index > 1 else { throw .syntax(at: nodes.last) }
    command.table = try expression(Array(nodes[1..<index])).sql
    command.tableName = nodes[index - 1].name ?? ""
    if index < nodes.count, let columns = nodes[index].parentheses {
      command.columns = columns.splitAtCommas().compactMap { $0.first?.name }
      index += 1
    }
    guard index + 1 < nodes.count, nodes[index].isWord("from") else { throw .syntax(at: index < nodes.count ? nodes[index] : nil) }
    guard let source = nodes[index + 1].token, source.kind == .string else {
      throw .refusal("COPY loads from 's3://bucket/prefix' only", at: nodes[index + 1])
    }
    command.source = source.literal
    guard command.source.lowercased().hasPrefix("s3://") else {
      throw .unsupported("COPY from \"\(command.source)\" (s3:// only)", at: nodes[index + 1])
    }
    var options = CopyOptions(nodes: nodes, index: index + 2)
    while let word = options.next() {
      switch word {
      case "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "region": options.skipValue()
      case "with", "as", "format": break
      case "csv": command.format = .csv
      case "quote":
        options.skip("as")
        command.quote = try options.byte()
      case "delimiter":
        options.skip("as")
        command.delimiter = try options.byte()
      case "json":
        options.skip("as")
        let argument = options.optionalText() ?? "auto"
        command.format = .json(paths: argument == "auto" || argument == "auto ignorecase" ? nil : argument)
      case "gzip": command.isGzip = true
      case "manifest": command.isManifest = true
      case "ignoreheader":
        options.skip("as")
        command.headerLines = try options.number()
      case "null":
        options.skip("as")
        command.nullText = try options.text()
      case "emptyasnull": command.emptyAsNull = true
      case "blanksasnull": command.blanksAsNull = true
      case "removequotes": command.removesQuotes = true
      case "escape": command.escapes = true
      case "truncatecolumns": command.truncatesColumns = true
      case "fillrecord": command.fillsRecord = true
      case "ignoreblanklines": command.ignoresBlankLines = true
      case "acceptanydate": command.acceptsAnyDate = true
      case "dateformat":
        options.skip("as")
        command.dateFormat = try options.text()
      case "timeformat":
        options.skip("as")
        command.timeFormat = try options.text()
      case "maxerror":
        options.skip("as")
        command.maximumErrors = try options.number()
      case "noload": command.onlyChecks = true
      case "explicit_ids": command.loadsIdentities = true
      case "compupdate", "statupdate": options.skipFlag()
      case "comprows", "readratio": options.skipValue()
      case "trimblanks", "roundec": break
      case "encoding": options.skipValue()
      case "acceptinvchars":
        options.skip("as")
        _ = options.optionalText()
      default: throw .unsupported("COPY's option \(word.uppercased())", at: options.last)
      }
    }
    return command
  }

  mutating func unloadCommand(_ nodes: [Node]) throws(TranslationStop) -> UnloadCommand {
    var command = UnloadCommand()
    guard nodes.count > 3, let query = nodes[1].parentheses, nodes[2].isWord("to"), let target = nodes[3].token, target.kind == .string
    else {
      throw .syntax(at: nodes.count > 1 ? nodes[1] : nil)
    }
    if query.count == 1, let text = query[0].token, text.kind == .string || text.kind == .dollarString {
      var inner = self
      guard let statement = StatementSplitter.statements(of: text.literal).first else { throw .syntax(at: query[0]) }
      command.query = try inner.statement(statement).sql
    } else {
      command.query = try inner(query).sql
    }
    command.target = target.literal
    guard command.target.lowercased().hasPrefix("s3://") else {
      throw .unsupported("UNLOAD to \"\(command.target)\" (s3:// only)", at: nodes[3])
    }
    var options = CopyOptions(nodes: nodes, index: 4)
    while let word = options.next() {
      switch word {
      case "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "region", "kms_key_id", "maxfilesize":
        options.skipValue()
      case "with", "as", "format", "encrypted": break
      case "mb", "gb": break
      case "csv": command.isCSV = true
      case "json": command.isJSON = true
      case "text": break
      case "extension": command.fileExtension = try options.text()
      case "header": command.hasHeader = true
      case "delimiter":
        options.skip("as")
        command.delimiter = try options.byte()
      case "null":
        options.skip("as")
        command.nullText = try options.text()
      case "addquotes": command.addsQuotes = true
      case "escape": command.escapes = true
      case "gzip": command.isGzip = true
      case "allowoverwrite": command.allowsOverwrite = true
      case "cleanpath": command.cleansPath = true
      case "manifest": command.writesManifest = true
      case "parallel": command.isParallel = options.flag()
      default: throw .unsupported("UNLOAD's option \(word.uppercased())", at: options.last)
      }
    }
    return command
  }
}

/// Goes over the options behind a COPY or UNLOAD.
private struct CopyOptions {
  let nodes: [Node]
  var index: Int
  var last: Node?

  init(nodes: [Node], index: Int) {
    self.nodes = nodes
    self.index = index
  }

  mutating func next() -> String? {
    guard index < nodes.count else { return nil }
    last = nodes[index]
    index += 1
    return last.map { $0.word.isEmpty ? $0.firstToken.text : $0.word }
  }
  mutating func skip(_ word: String) { if index < nodes.count, nodes[index].isWord(word) { index += 1 } }
  /// A value that has no meaning here; `AS` may stand before it.
  mutating func skipValue() {
    skip("as")
    index += 1
  }
  mutating func skipFlag() { if index < nodes.count, ["on", "off", "preset", "true", "false"].contains(nodes[index].word) { index += 1 } }
  mutating func flag() -> Bool {
    defer { skipFlag() }
    return !(index < nodes.count && ["off", "false"].contains(nodes[index].word))
  }
  mutating func optionalText() -> String? {
    guard index < nodes.count, let token = nodes[index].token, token.kind == .string else { return nil }
    index += 1
    return token.literal
  }
  mutating func text() throws(TranslationStop) -> String {
    guard let text = optionalText() else { throw .syntax(at: index < nodes.count ? nodes[index] : nil) }
    return text
  }
  mutating func byte() throws(TranslationStop) -> UInt8 {
    let given = try text()
    let text = given == "\\t" ? "\t" : given
    guard text.utf8.count == 1, let byte = text.utf8.first else {
      throw .refusal("expected one ASCII character, found '\(text)'", at: nodes[index - 1])
    }
    return byte
  }
  mutating func number() throws(TranslationStop) -> Int {
    guard index < nodes.count, let number = Int(nodes[index].firstToken.text), number >= 0 else {
      throw .syntax(at: index < nodes.count ? nodes[index] : nil)
    }
    index += 1
    return number
  }
}
