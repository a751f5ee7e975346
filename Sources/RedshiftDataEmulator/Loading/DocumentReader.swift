import JSONTypes

/// Reads JSON documents, one behind the other.
///
/// Source: Redshift's guide, "JSON data file".
struct DocumentReader: RowReader {
  private let command: CopyCommand
  private let columns: [LoadColumn]
  private let bytes: [UInt8]
  /// For each column; nil where the columns' names say it.
  private let paths: [DocumentPath]?
  private var index = 0
  private var line = 1

  /// - Throws: `PostgresError` when the document cannot go into the columns.
  init(_ bytes: [UInt8], command: CopyCommand, columns: [LoadColumn], paths: [DocumentPath]?) throws(PostgresError) {
    self.command = command
    self.columns = columns
    self.bytes = bytes
    self.paths = paths
    if command.format == .json(.noshred), columns.count != 1 || columns[0].kind != .jsonb {
      throw PostgresError(sqlState: "0A000", message: "COPY with JSON 'noshred' loads into one SUPER column")
    }
    while line <= command.headerLines, index < bytes.count { step() }
  }

  private mutating func step() {
    if bytes[index] == 0x0A { line += 1 }
    index += 1
  }

  mutating func next() -> LoadedRow? {
    while index < bytes.count, FieldConversion.isBlank(bytes[index]) { step() }
    guard index < bytes.count else { return nil }
    let start = index
    guard bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") else {
      // Everything up to the next document is one error.
      while index < bytes.count, bytes[index] != UInt8(ascii: "{"), bytes[index] != UInt8(ascii: "[") { step() }
      return row(bytes[start..<index], LoadError(1216, "Invalid JSON: expected an object or an array"))
    }
    skipDocument()
    let text = bytes[start..<index]
    guard text.count <= LoadLimits.documentBytes else {
      return row(text, LoadError(1216, "The document is larger than \(LoadLimits.documentBytes) bytes"))
    }
    let document: JSONValue
    do throws(JSONSyntaxError) { document = try JSONValue(parsing: Array(text)) } catch {
      return row(text, LoadError(1216, "Invalid JSON: \(error.message)"))
    }
    var result = row(text)
    do throws(LoadError) { result.fields = try fields(document, Array(text)) } catch { result.problem = error }
    return result
  }

  private func row(_ text: ArraySlice<UInt8>, _ problem: LoadError? = nil) -> LoadedRow {
    LoadedRow(line: line, raw: Array(text.prefix(LoadLimits.rawBytes)), problem: problem)
  }

  /// Goes behind the bracket that closes the one that stands here.
  private mutating func skipDocument() {
    var depth = 0
    var isInString = false
    while index < bytes.count {
      let byte = bytes[index]
      step()
      if isInString {
        if byte == UInt8(ascii: "\\"), index < bytes.count { step() } else if byte == UInt8(ascii: "\"") { isInString = false }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return }
      default: break
      }
    }
  }

  private func fields(_ document: JSONValue, _ text: [UInt8]) throws(LoadError) -> [[UInt8]?] {
    if command.format == .json(.noshred) { return [text] }
    if paths == nil, document.asObject == nil { throw LoadError(1216, "Invalid JSON: an array needs a jsonpaths file") }
    var ignoresCase = false
    if case .json(.auto(let ignores)) = command.format { ignoresCase = ignores }
    var fields: [[UInt8]?] = []
    for (number, column) in columns.enumerated() {
      let path = paths?[number] ?? DocumentPath(member: column.name)
      let found = try path.value(in: document, ignoresCase: ignoresCase)
      fields.append(bytes(of: found, column) { path.digits(in: text, ignoresCase: ignoresCase) })
    }
    return fields
  }

  /// - Parameter digits: the digits of a number as they were written: a double has too few of them for a decimal column.
  private func bytes(of value: JSONValue?, _ column: LoadColumn, digits: () -> [UInt8]?) -> [UInt8]? {
    switch value {
    case nil, .null: nil
    case .some(let value) where column.kind == .jsonb: value.jsonBytes
    case .string(let text): Array(text.utf8)
    case .double where column.kind == .numeric: digits() ?? value?.jsonBytes
    case .some(let other): other.jsonBytes
    }
  }
}
