import JSONTypes

/// One row as a line. Source: Redshift's guide, "UNLOAD".
struct UnloadedLine: Sendable {
  let command: UnloadCommand

  private static let newline: UInt8 = 0x0A
  private static let quote = UInt8(ascii: "\"")

  func header(_ names: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(command.delimiter) }
      put(name, isText: true, into: &bytes)
    }
    return bytes + [Self.newline]
  }

  func line(_ fields: [String?], _ columns: [PostgresColumn]) throws(PostgresError) -> [UInt8] {
    switch command.format {
    case .json: return document(fields, columns) + [Self.newline]
    case .fixedWidth(let widths): return try fixed(fields, columns, widths) + [Self.newline]
    case .delimited, .csv:
      var bytes: [UInt8] = []
      for (index, field) in fields.enumerated() {
        if index > 0 { bytes.append(command.delimiter) }
        guard let field else {
          bytes += Array((command.nullText ?? "").utf8)
          continue
        }
        let kind = FieldCoding.Kind(rawValue: columns[index].type)
        // A document has quotes and backslashes, too.
        put(field, isText: kind == .jsonb || kind?.isText ?? true, into: &bytes)
      }
      return bytes + [Self.newline]
    }
  }

  private func put(_ field: String, isText: Bool, into bytes: inout [UInt8]) {
    if command.format == .csv {
      let needsQuotes = field.utf8.contains { $0 == command.delimiter || $0 == Self.quote || $0 == Self.newline || $0 == 0x0D }
      guard needsQuotes || command.addsQuotes else { return bytes.append(contentsOf: field.utf8) }
      bytes.append(Self.quote)
      for byte in field.utf8 { bytes += byte == Self.quote ? [byte, byte] : [byte] }
      bytes.append(Self.quote)
      return
    }
    if command.addsQuotes { bytes.append(Self.quote) }
    for byte in field.utf8 {
      if command.escapes, isText, isEscaped(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    if command.addsQuotes { bytes.append(Self.quote) }
  }

  private func isEscaped(_ byte: UInt8) -> Bool {
    if byte == command.delimiter || byte == UInt8(ascii: "\\") || byte == Self.newline || byte == 0x0D { return true }
    return command.addsQuotes && (byte == Self.quote || byte == UInt8(ascii: "'"))
  }

  private func fixed(_ fields: [String?], _ columns: [PostgresColumn], _ widths: [Int]) throws(PostgresError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, width) in widths.enumerated() {
      let isText = FieldCoding.Kind(rawValue: columns[index].type)?.isText ?? false
      var text = fields[index] ?? command.nullText ?? ""
      // A text for NULL that has no room is left away, but not among texts.
      if fields[index] == nil, !isText, text.unicodeScalars.count > width { text = "" }
      if isText { while text.unicodeScalars.count > width, text.last == " " { text.removeLast() } }
      guard text.unicodeScalars.count <= width else {
        throw PostgresError(
          sqlState: "22001", message: "The width \(width) of column \"\(columns[index].name)\" in FIXEDWIDTH is too small for '\(text.prefix(100))'")
      }
      bytes += Array(text.utf8) + [UInt8](repeating: 0x20, count: width - text.unicodeScalars.count)
    }
    return bytes
  }

  /// One object; NULL members are there.
  private func document(_ fields: [String?], _ columns: [PostgresColumn]) -> [UInt8] {
    var bytes = [UInt8(ascii: "{")]
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += JSONValue.string(column.name).jsonBytes + [UInt8(ascii: ":")]
      guard let text = fields[index] else {
        bytes += Array("null".utf8)
        continue
      }
      switch FieldCoding.Kind(rawValue: column.type) {
      case .bool: bytes += Array((text == "t" ? "true" : "false").utf8)
      case .jsonb: bytes += Array(text.utf8)
      case .some(let kind) where kind.isNumber && text.utf8.allSatisfy({ !($0 | 0x20 >= UInt8(ascii: "f") && $0 | 0x20 <= UInt8(ascii: "z")) }):
        bytes += Array(text.utf8)
      default: bytes += JSONValue.string(text).jsonBytes
      }
    }
    return bytes + [UInt8(ascii: "}")]
  }
}
