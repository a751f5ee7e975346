/// Source: Redshift's guide, "COPY".
extension Translator {
  /// The most errors that MAXERROR may let pass.
  static let largestMaxError = 100_000

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
    var options = CopyOptions("COPY", nodes: nodes, index: index + 2)
    while let word = options.next() { try copyOption(word, &options, &command) }
    try options.refuse("csv", with: ["fixedwidth", "removequotes", "escape", "json"])
    try options.refuse("json", with: ["delimiter", "escape", "fillrecord", "fixedwidth", "ignoreblanklines", "null", "readratio", "removequotes"])
    try options.refuse("fixedwidth", with: ["delimiter", "escape", "removequotes"])
    try options.require(["csv"], for: "quote")
    return command
  }

  private func copyOption(_ word: String, _ options: inout CopyOptions, _ command: inout CopyCommand) throws(TranslationStop) {
    switch word {
    case "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "comprows", "readratio": options.skipValue()
    case "compupdate", "statupdate": options.skipFlag()
    case "with", "as", "format": break
    case "region": command.region = try options.text()
    case "manifest": command.isManifest = true
    // Formats.
    case "csv": command.format = .csv
    case "quote": command.quote = try options.character("QUOTE")
    case "delimiter": command.givenDelimiter = try options.delimiter()
    case "fixedwidth": command.format = .fixedWidth(try options.widths())
    case "json": command.format = .json(try jsonMapping(&options))
    case "gzip": command.isGzip = true
    case "avro", "orc", "parquet", "shapefile", "bzip2", "lzop", "zstd", "encrypted", "ssh":
      throw .unsupported("COPY from \(word.uppercased())", at: options.last)
    // Conversions.
    case "acceptanydate": command.acceptsAnyDate = true
    case "acceptinvchars": command.replacement = try replacement(&options)
    case "blanksasnull": command.blanksAsNull = true
    case "dateformat": command.dateFormat = try options.timeFormat("DATEFORMAT", knowsEpoch: false)
    case "emptyasnull": command.emptyAsNull = true
    case "encoding": command.encoding = try options.encoding()
    case "escape": command.escapes = true
    case "explicit_ids": command.loadsIdentities = true
    case "fillrecord": command.fillsRecord = true
    case "ignoreblanklines": command.ignoresBlankLines = true
    case "ignoreheader": command.headerLines = try options.number()
    case "null": command.nullText = try options.nullText()
    case "removequotes": command.removesQuotes = true
    case "roundec": command.roundsDecimals = true
    case "timeformat": command.timeFormat = try options.timeFormat("TIMEFORMAT", knowsEpoch: true)
    case "trimblanks": command.trimsBlanks = true
    case "truncatecolumns": command.truncatesColumns = true
    // Loading.
    case "maxerror":
      command.maximumErrors = try options.number()
      guard command.maximumErrors <= Self.largestMaxError else {
        throw .refusal("COPY's MAXERROR is at most \(Self.largestMaxError), found \(command.maximumErrors)", at: options.last)
      }
    case "ignoreallerrors": command.maximumErrors = .max
    case "noload": command.onlyChecks = true
    default: throw .unsupported("COPY's option \(word.uppercased())", at: options.last)
    }
  }

  private func jsonMapping(_ options: inout CopyOptions) throws(TranslationStop) -> CopyCommand.JSONMapping {
    let argument = options.optionalText() ?? "auto"
    switch argument.lowercased() {
    case "auto": return .auto(ignoresCase: false)
    case "auto ignorecase": return .auto(ignoresCase: true)
    case "noshred": return .noshred
    case let url where url.hasPrefix("s3://"): return .paths(argument)
    default:
      throw .refusal("COPY's JSON takes 'auto', 'auto ignorecase', 'noshred' or the s3:// URL of a jsonpaths file, found '\(argument)'", at: options.last)
    }
  }

  private func replacement(_ options: inout CopyOptions) throws(TranslationStop) -> UInt8 {
    let text = options.optionalText() ?? "?"
    guard text.utf8.count == 1, let byte = text.utf8.first, byte > 0, byte < 0x80 else {
      throw .refusal("COPY's ACCEPTINVCHARS takes one ASCII character, found '\(text)'", at: options.last)
    }
    return byte
  }
}
