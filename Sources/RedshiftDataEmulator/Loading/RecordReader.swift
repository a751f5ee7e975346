/// Reads the records of delimited text and of CSV.
///
/// Source: Redshift's guide, "Data format parameters", "Data conversion parameters".
struct RecordReader: RowReader {
  private let command: CopyCommand
  private let columns: [LoadColumn]
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  private let isCSV: Bool
  private let delimiter: [UInt8]
  /// Whether the text of NULL is the character NUL, which otherwise ends a record.
  private let nullIsTerminator: Bool
  private static let newline: UInt8 = 0x0A
  private static let backslash = UInt8(ascii: "\\")

  init(_ bytes: [UInt8], command: CopyCommand, columns: [LoadColumn]) {
    self.command = command
    self.columns = columns
    self.bytes = bytes
    isCSV = command.format == .csv
    delimiter = command.delimiter
    nullIsTerminator = command.nullText == "\0"
  }

  private struct Field {
    var bytes: [UInt8] = []
    /// Whether it stood in quotes.
    var wasQuoted = false
    /// Whether it was written as `\N`, which an escaping backslash would change.
    var isMarkedNull = false
  }

  mutating func next() -> LoadedRow? {
    while index < bytes.count {
      let start = index
      let startLine = line
      let (fields, problem) = record()
      if startLine <= command.headerLines { continue }
      if command.ignoresBlankLines, problem == nil, fields.count == 1, fields[0].bytes.isEmpty, !fields[0].wasQuoted { continue }
      var raw = bytes[start..<index]
      while let last = raw.last, last == Self.newline || last == 0x0D { raw.removeLast() }
      var row = LoadedRow(line: startLine, raw: Array(raw.prefix(LoadLimits.rawBytes)))
      if let problem { row.problem = problem } else { lay(fields, into: &row) }
      return row
    }
    return nil
  }

  /// Fields onto columns.
  private func lay(_ fields: [Field], into row: inout LoadedRow) {
    var fields = fields
    // A delimiter behind the last field is allowed.
    if fields.count == columns.count + 1, !isCSV, let last = fields.last, last.bytes.isEmpty, !last.wasQuoted { fields.removeLast() }
    guard fields.count <= columns.count else {
      row.problem = .extraColumns
      return
    }
    if fields.count < columns.count, !command.fillsRecord {
      let column = columns[max(0, fields.count - 1)]
      row.problem = LoadError(1214, LoadError.delimiterNotFound.reason, in: column, value: String(decoding: fields.last?.bytes ?? [], as: UTF8.self))
      return
    }
    for field in fields {
      if nullIsTerminator, field.bytes.count > 1, field.bytes.contains(0) {
        row.problem = .nullTerminator
        return
      }
      row.fields.append(isNull(field) ? nil : field.bytes)
    }
    // What is missing at the end is empty for VARCHAR, NULL for others.
    row.fields += columns[fields.count...].map { $0.isText && $0.kind != .bpchar ? [] : nil }
  }

  private func isNull(_ field: Field) -> Bool {
    guard let text = command.nullText else {
      return field.isMarkedNull || (field.bytes.count == 2 && field.bytes[0] == Self.backslash && field.bytes[1] == UInt8(ascii: "N"))
    }
    return !(isCSV && field.wasQuoted) && field.bytes.elementsEqual(text.utf8)
  }

  /// The fields of the next record; the place goes behind its line end.
  private mutating func record() -> (fields: [Field], problem: LoadError?) {
    var fields: [Field] = []
    while true {
      let (field, end) = isCSV ? csvField() : delimitedField()
      switch end {
      case .delimiter: fields.append(field)
      case .record:
        fields.append(field)
        return (fields, nil)
      case .fault(var fault):
        if fields.count < columns.count {
          fault = LoadError(fault.code, fault.reason, in: columns[fields.count], value: String(decoding: field.bytes, as: UTF8.self), position: fault.position)
        }
        skipLine()
        return (fields, fault)
      }
    }
  }

  private enum End {
    case delimiter, record
    case fault(LoadError)
  }

  /// Takes the delimiter if it is here.
  private mutating func takesDelimiter() -> Bool {
    guard bytes[index] == delimiter[0] else { return false }
    guard delimiter.count > 1 else {
      index += 1
      return true
    }
    guard bytes[index...].starts(with: delimiter) else { return false }
    index += delimiter.count
    return true
  }

  private mutating func takesLineEnd() -> Bool {
    if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == Self.newline { index += 1 }
    guard bytes[index] == Self.newline else { return false }
    index += 1
    line += 1
    return true
  }

  private mutating func skipLine() {
    while index < bytes.count {
      if takesLineEnd() { return }
      index += 1
    }
  }

  private mutating func csvField() -> (Field, End) {
    var field = Field()
    // Blanks before a quote count for nothing.
    var start = index
    while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09, bytes[start] != delimiter[0] { start += 1 }
    guard start < bytes.count, bytes[start] == command.quote else { return plainCSVField() }
    index = start + 1
    field.wasQuoted = true
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == command.quote {
        guard index < bytes.count, bytes[index] == byte else { return (field, endBehindQuote()) }
        index += 1
      }
      if byte == Self.newline { line += 1 }
      field.bytes.append(byte)
    }
    return (field, .fault(.csvQuotes))
  }

  private mutating func endBehindQuote() -> End {
    while index < bytes.count {
      if takesDelimiter() { return .delimiter }
      if takesLineEnd() { return .record }
      guard FieldConversion.isBlank(bytes[index]) else { return .fault(.csvQuotes) }
      index += 1
    }
    return .record
  }

  private mutating func plainCSVField() -> (Field, End) {
    var field = Field()
    while index < bytes.count {
      if takesDelimiter() { return (field, .delimiter) }
      if takesLineEnd() { return (field, .record) }
      let byte = bytes[index]
      if byte == command.quote {
        var fault = LoadError.csvQuotes
        fault.position = field.bytes.count
        return (field, .fault(fault))
      }
      if byte == 0, !nullIsTerminator {
        skipLine()
        return (field, .record)
      }
      field.bytes.append(byte)
      index += 1
    }
    return (field, .record)
  }

  private mutating func delimitedField() -> (Field, End) {
    var field = Field()
    let start = index
    if command.removesQuotes, index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
      return quotedField(bytes[index])
    }
    func isMarked(upTo end: Int) -> Bool {
      command.escapes && end - start == 2 && bytes[start] == Self.backslash && bytes[start + 1] == UInt8(ascii: "N")
    }
    while index < bytes.count {
      let end = index
      if takesDelimiter() {
        field.isMarkedNull = isMarked(upTo: end)
        return (field, .delimiter)
      }
      if takesLineEnd() {
        field.isMarkedNull = isMarked(upTo: end)
        return (field, .record)
      }
      let byte = bytes[index]
      if byte == 0, !nullIsTerminator {
        skipLine()
        return (field, .record)
      }
      index += 1
      if command.escapes, byte == Self.backslash, index < bytes.count { appendEscaped(to: &field) } else { field.bytes.append(byte) }
    }
    field.isMarkedNull = isMarked(upTo: index)
    return (field, .record)
  }

  /// What stands behind a backslash is taken as it is, a line end too.
  private mutating func appendEscaped(to field: inout Field) {
    if bytes[index] == Self.newline { line += 1 }
    field.bytes.append(bytes[index])
    index += 1
  }

  /// A field of REMOVEQUOTES: it goes to the quote before a delimiter or line end.
  private mutating func quotedField(_ quote: UInt8) -> (Field, End) {
    var field = Field(wasQuoted: true)
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == Self.newline { break }
      index += 1
      if command.escapes, byte == Self.backslash, index < bytes.count {
        appendEscaped(to: &field)
      } else if byte == quote {
        if index == bytes.count { return (field, .record) }
        if takesDelimiter() { return (field, .delimiter) }
        if takesLineEnd() { return (field, .record) }
        field.bytes.append(byte)
      } else {
        field.bytes.append(byte)
      }
    }
    return (field, .fault(.missingEndQuote))
  }
}

enum LoadLimits {
  /// Bytes of one object, compressed or not.
  static let objectBytes = 1 << 30
  /// Bytes of a manifest or jsonpaths file.
  static let listBytes = 16 << 20
  /// Bytes of one document. Source: Redshift's guide, "JSON data file".
  static let documentBytes = 4 << 20
  /// Bytes of a row that the system tables keep.
  static let rawBytes = 1024
  /// Rows in error that the system tables keep of one COPY.
  static let keptErrors = 1000
  /// Rows with replaced characters that the system tables keep of one COPY.
  static let keptReplacements = 100
}
