import JSONTypes

/// Reads the rows of one object in COPY's formats.
struct RowReader {
  let command: CopyCommand
  let columns: [CopyLoader.Column]
  let objects: ObjectFolder

  func rows(of bytes: [UInt8], file: Int) throws(PostgresError) -> [CopyLoader.Row] {
    if case .json(let paths) = command.format { return try documents(bytes, file, paths: try jsonPaths(paths)) }
    var rows: [CopyLoader.Row] = []
    var index = 0
    var line = 1
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    while index < bytes.count {
      let start = index
      let startLine = line
      let (fields, wasQuoted) = record(bytes, &index, &line)
      if startLine <= command.headerLines { continue }
      let raw = String(decoding: bytes[start..<index].prefix(1024).filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
      if command.ignoresBlankLines, fields.count == 1, fields[0].isEmpty { continue }
      var row = CopyLoader.Row(file: file, line: startLine, raw: raw, fields: [])
      var given = zip(fields, wasQuoted).map { text(String(decoding: $0, as: UTF8.self), wasQuoted: $1) }
      // A delimiter behind the last field is allowed.
      if given.count == columns.count + 1, fields.last?.isEmpty == true, command.format == .delimited { given.removeLast() }
      if given.count > columns.count { row.problem = "Extra column(s) found" }
      if given.count < columns.count {
        if command.fillsRecord {
          given += Array(repeating: nil, count: columns.count - given.count)
        } else {
          row.problem = "Delimiter not found"
        }
      }
      if row.problem == nil { row.fields = zip(given, columns).map { value($0, $1) } }
      rows.append(row)
    }
    return rows
  }

  /// The fields of one record; `index` goes behind its line end.
  private func record(_ bytes: [UInt8], _ index: inout Int, _ line: inout Int) -> (fields: [[UInt8]], wasQuoted: [Bool]) {
    let isCSV = command.format == .csv
    let delimiter = isCSV && command.delimiter == UInt8(ascii: "|") ? UInt8(ascii: ",") : command.delimiter
    let quote: UInt8? = isCSV ? command.quote : command.removesQuotes ? UInt8(ascii: "\"") : nil
    var fields: [[UInt8]] = []
    var quotedFlags: [Bool] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    func end() {
      fields.append(field)
      quotedFlags.append(wasQuoted)
      field = []
      wasQuoted = false
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A { line += 1 }
      if isQuoted {
        if command.escapes, !isCSV, byte == UInt8(ascii: "\\"), index < bytes.count {
          field.append(bytes[index])
          index += 1
        } else if byte == quote {
          if isCSV, index < bytes.count, bytes[index] == byte {
            field.append(byte)
            index += 1
          } else {
            isQuoted = false
          }
        } else {
          field.append(byte)
        }
      } else if byte == quote, field.isEmpty, !wasQuoted {
        isQuoted = true
        wasQuoted = true
      } else if byte == delimiter {
        end()
      } else if byte == 0x0A {
        if field.last == 0x0D { field.removeLast() }
        end()
        return (fields, quotedFlags)
      } else if command.escapes, !isCSV, byte == UInt8(ascii: "\\"), index < bytes.count {
        field.append(bytes[index] == UInt8(ascii: "n") ? 0x0A : bytes[index])
        index += 1
      } else {
        field.append(byte)
      }
    }
    end()
    return (fields, quotedFlags)
  }

  /// NULL where the text stands for it.
  private func text(_ field: String, wasQuoted: Bool) -> String? {
    if let null = command.nullText { return field == null && !(wasQuoted && command.format == .csv) ? nil : field }
    return field == "\\N" ? nil : field
  }

  /// A field for its column: what blanks mean depends on the type.
  private func value(_ field: String?, _ column: CopyLoader.Column) -> String? {
    guard let field else { return nil }
    guard column.isText else {
      let trimmed = field.drop { $0 == " " }
      return trimmed.isEmpty ? nil : String(trimmed)
    }
    if field.isEmpty, command.emptyAsNull { return nil }
    if command.blanksAsNull, !field.isEmpty, field.allSatisfy({ $0 == " " || $0 == "\t" }) { return nil }
    guard command.truncatesColumns, let limit = column.limit, field.utf8.count > limit else { return field }
    // Cut at a whole character.
    var cut = Array(field.utf8.prefix(limit))
    while let last = cut.last, last >= 0x80, String(validating: cut, as: UTF8.self) == nil { cut.removeLast() }
    return String(decoding: cut, as: UTF8.self)
  }

  // MARK: JSON

  /// The paths of a jsonpaths file, one for each column; nil for the columns' own names.
  private func jsonPaths(_ url: String?) throws(PostgresError) -> [[String]]? {
    guard let url else { return nil }
    guard let text = Files.text(try objects.path(of: url)), let list = (try? JSONValue(parsing: text))?["jsonpaths"]?.asArray else {
      throw PostgresError(sqlState: "XX000", message: "\(url) is no jsonpaths file: expected an object with \"jsonpaths\"")
    }
    var paths: [[String]] = []
    for path in list {
      guard let path = path.asString, path.hasPrefix("$") else {
        throw PostgresError(sqlState: "XX000", message: "a path in \(url) does not begin with $")
      }
      let plain = path.dropFirst().split { ".[]'\"".contains($0) }.map(String.init)
      guard !plain.contains("*") else {
        throw PostgresError(sqlState: "0A000", message: "wildcards in jsonpaths are not supported by this local endpoint (\(path))")
      }
      paths.append(plain)
    }
    guard paths.count == columns.count else {
      throw PostgresError(
        sqlState: "XX000",
        message:
          "Number of jsonpaths and the number of columns should match. JSONPath size: \(paths.count), Number of columns in table or column list: \(columns.count)"
      )
    }
    return paths
  }

  /// Values one after the other, or the elements of arrays.
  private func documents(_ bytes: [UInt8], _ file: Int, paths: [[String]]?) throws(PostgresError) -> [CopyLoader.Row] {
    var rows: [CopyLoader.Row] = []
    for slice in Self.documents(in: bytes) {
      let text = Array(bytes[slice])
      var row = CopyLoader.Row(file: file, line: rows.count + 1, raw: String(decoding: text.prefix(1024), as: UTF8.self), fields: [])
      do throws(JSONSyntaxError) {
        let document = try JSONValue(parsing: text)
        row.fields = columns.enumerated().map { index, column in
          let found: JSONValue? =
            if let paths { Self.member(document, paths[index][...]) } else {
              document.asObject?.first { $0.key.lowercased() == column.name }?.value
            }
          return value(Self.text(found), column)
        }
      } catch { row.problem = "Invalid JSON: \(error.message)" }
      rows.append(row)
    }
    return rows
  }

  private static func member(_ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
    guard let step = path.first else { return value }
    let next = Int(step).flatMap { value[$0] } ?? value[step]
    return next.flatMap { member($0, path.dropFirst()) }
  }

  private static func text(_ value: JSONValue?) -> String? {
    switch value {
    case nil, .null: nil
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .some(let other): other.jsonText
    }
  }

  /// Where each value of a sequence of objects stands.
  private static func documents(in bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var depth = 0
    var start: Int?
    var isInString = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isInString {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"):
          if depth == 0 { start = index }
          depth += 1
        case UInt8(ascii: "}"):
          depth -= 1
          if depth == 0, let first = start {
            ranges.append(first..<(index + 1))
            start = nil
          }
          depth = max(depth, 0)
        default: break
        }
      }
      index += 1
    }
    if let start { ranges.append(start..<bytes.count) }
    return ranges
  }
}
