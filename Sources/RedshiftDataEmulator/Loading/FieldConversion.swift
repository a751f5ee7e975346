import JSONTypes

/// Turns the fields of a COPY into what the database reads, by the columns they are for.
///
/// What Redshift refuses is found here, so that its reasons are Redshift's; the database refuses the rest.
struct FieldConversion: Sendable {
  let command: CopyCommand

  /// - Returns: nil for NULL.
  /// - Throws: `LoadError` when the field does not fit its column.
  func value(_ field: [UInt8]?, _ column: LoadColumn) throws(LoadError) -> String? {
    var value: String?
    if let field { value = column.isText ? try text(field, column) : try other(String(decoding: field, as: UTF8.self), column) }
    if value == nil, column.isNotNull { throw LoadError(1213, "Missing data for not-null field", in: column, value: "") }
    return value
  }

  private func text(_ field: [UInt8], _ column: LoadColumn) throws(LoadError) -> String? {
    var text: String
    if let valid = String(validating: field, as: UTF8.self) { text = valid } else {
      guard let fault = UTF8Fault(in: field) else { return nil }
      guard let replacement = command.replacement, column.kind != .bpchar else {
        throw LoadError(
          1220, "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: \(fault.hexadecimal) (error \(fault.number))", in: column,
          value: String(decoding: field, as: UTF8.self), position: fault.position)
      }
      text = UTF8Fault.replaced(field, with: replacement)
    }
    if column.kind == .bpchar, let place = text.utf8.firstIndex(where: { $0 >= 0x80 }) {
      let bad = text.utf8[place...].prefix { $0 >= 0x80 }.prefix(4)
      throw LoadError(
        1220, "Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: \(UTF8Fault.hexadecimal(bad))", in: column, value: text,
        position: text.utf8.distance(from: text.startIndex, to: place))
    }
    if text.isEmpty { return command.emptyAsNull ? nil : text }
    if command.blanksAsNull, text.utf8.allSatisfy({ Self.isBlank($0) }) { return nil }
    if command.trimsBlanks, column.kind != .bpchar { text = String(decoding: Self.trimmed(Array(text.utf8), atStart: false), as: UTF8.self) }
    guard let limit = column.limit, text.utf8.count > limit else { return text }
    guard command.truncatesColumns else { throw LoadError(1204, "String length exceeds DDL length", in: column, value: text) }
    // Cut at a whole character.
    var cut = Array(text.utf8.prefix(limit))
    while let last = cut.last, last >= 0x80, String(validating: cut, as: UTF8.self) == nil { cut.removeLast() }
    return String(decoding: cut, as: UTF8.self)
  }

  private func other(_ field: String, _ column: LoadColumn) throws(LoadError) -> String? {
    let value = String(decoding: Self.trimmed(Array(field.utf8), atStart: true), as: UTF8.self)
    guard !value.isEmpty else { return nil }
    switch column.kind {
    case .int2: return try integer(value, column, Int64(Int16.min)...Int64(Int16.max), "Short")
    case .int4: return try integer(value, column, Int64(Int32.min)...Int64(Int32.max), "Integer")
    case .int8: return try integer(value, column, Int64.min...Int64.max, "Long")
    case .numeric: return try decimal(value, column)
    case .float4, .float8:
      guard Double(value) != nil else { throw invalidDigit(value, column, "Float", allowed: ".eE") }
      return value
    case .bool:
      switch value.lowercased() {
      case "t", "true", "y", "yes", "1": return "true"
      case "f", "false", "n", "no", "0": return "false"
      default: throw LoadError(1210, "Unknown boolean format", in: column, value: value)
      }
    case .date:
      if let text = command.dateFormat.normalized(value, hasTime: false) { return text }
      guard !command.acceptsAnyDate else { return nil }
      let isShort = command.dateFormat == .standard && value.utf8.count < 10
      throw LoadError(1205, isShort ? "Invalid Date Format - length must be 10 or more" : "Invalid date format or value", in: column, value: value)
    case .timestamp, .timestamptz:
      if let text = command.timeFormat.normalized(value, hasTime: true) { return text }
      guard !command.acceptsAnyDate else { return nil }
      let form = column.kind == .timestamptz ? "[YYYY-MM-DD HH24:MI:SSOF]" : "[YYYY-MM-DD HH24:MI:SS]"
      throw LoadError(1206, "Invalid timestamp format or value" + (command.timeFormat == .standard ? " \(form)" : ""), in: column, value: value)
    case .jsonb:
      guard (try? JSONValue(parsing: value)) != nil else { throw LoadError(1224, "Invalid JSON format in the value of a SUPER column", in: column, value: value) }
      return value
    case .bytea:
      guard value.utf8.count % 2 == 0, let place = value.firstIndex(where: { !$0.isHexDigit }) else { return value }
      throw LoadError(1219, "Invalid hexadecimal digit, Value '\(value[place])'", in: column, value: value, position: value.distance(from: value.startIndex, to: place))
    default: return value
    }
  }

  private func integer(_ value: String, _ column: LoadColumn, _ range: ClosedRange<Int64>, _ type: String) throws(LoadError) -> String {
    let digits = value.first == "-" || value.first == "+" ? value.dropFirst() : value[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw invalidDigit(value, column, type) }
    guard let number = Int64(value), range.contains(number) else {
      throw LoadError(1222, "Overflow (\(type) valid range \(range.lowerBound) to \(range.upperBound))", in: column, value: value)
    }
    return value
  }

  /// Digits beyond the column's scale are cut off, unless ROUNDEC is there.
  private func decimal(_ value: String, _ column: LoadColumn) throws(LoadError) -> String {
    let sign = value.first == "-" || value.first == "+" ? value.prefix(1) : ""
    let parts = value.dropFirst(sign.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.contains(where: { !$0.isEmpty }), parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
      throw invalidDigit(value, column, "Decimal", allowed: ".")
    }
    guard let (precision, scale) = column.decimal else { return value }
    guard parts[0].drop(while: { $0 == "0" }).count <= precision - scale else {
      throw LoadError(1204, "Numeric data overflow (result precision)", in: column, value: value)
    }
    guard !command.roundsDecimals, parts.count == 2 else { return value }
    return sign + (parts[0].isEmpty ? "0" : parts[0]) + (scale > 0 ? ".\(parts[1].prefix(scale))" : "")
  }

  private func invalidDigit(_ value: String, _ column: LoadColumn, _ type: String, allowed: String = "") -> LoadError {
    var place = 0
    var found: Character = " "
    for (index, character) in value.enumerated() {
      if character.isASCII && character.isNumber || allowed.contains(character) || (index == 0 && "+-".contains(character) && value.count > 1) { continue }
      (place, found) = (index, character)
      break
    }
    return LoadError(1207, "Invalid digit, Value '\(found)', Pos \(place), Type: \(type)", in: column, value: value, position: place)
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func trimmed(_ bytes: [UInt8], atStart: Bool) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return atStart ? rest.drop { isBlank($0) } : rest
  }
}

/// The first place of a text that is no UTF-8. Source: Redshift's guide, "Multibyte character load errors".
struct UTF8Fault {
  /// Redshift's number for the kind of fault.
  let number: Int
  let position: Int
  let bytes: ArraySlice<UInt8>

  var hexadecimal: String { Self.hexadecimal(bytes) }

  init?(in text: [UInt8]) {
    var index = 0
    while index < text.count {
      let length = Self.length(text, index)
      if length > 0 {
        index += length
        continue
      }
      position = index
      let first = text[index]
      let wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
      bytes = text[index..<min(index + wanted, text.count)]
      number = first < 0xC2 || first >= 0xFE ? 3 : first >= 0xF5 ? 1 : index + wanted > text.count ? 2 : 4
      return
    }
    return nil
  }

  /// The bytes of the character at a place; 0 when there is none.
  private static func length(_ text: [UInt8], _ index: Int) -> Int {
    let first = text[index]
    if first < 0x80 { return 1 }
    guard first >= 0xC2, first < 0xF5 else { return 0 }
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard index + count <= text.count, String(validating: text[index..<(index + count)], as: UTF8.self) != nil else { return 0 }
    return count
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  /// The text with a character in the place of each byte that is none of a character.
  static func replaced(_ text: [UInt8], with replacement: UInt8) -> String {
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      let length = length(text, index)
      result += length > 0 ? text[index..<(index + length)] : [replacement]
      index += max(length, 1)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
