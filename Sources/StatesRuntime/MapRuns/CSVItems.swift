import JSONTypes
import StatesLanguage

/// The rows of a text with delimiters as items: objects of strings, named by the headers. Each row is read when it is asked for.
///
/// A field may stand in quotation marks, where a doubled one is one of the field's and delimiters and line ends are text. A backslash
/// escapes a quotation mark, a backslash and the delimiter, and is dropped before anything else. Rows that are too short are filled up
/// with empty strings, further fields of rows that are too long are left out; empty lines are none.
///
/// Source: AWS Step Functions Developer Guide, "ItemReader (Map)", CSV; recorded histories.
struct CSVItems {
  /// The most bytes of all headers together.
  static let maximumHeaderBytes = 10_240

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position = 0
  private let headers: [String]

  /// - Throws: `ItemReaderFailure` for headers that cannot name fields.
  init(_ bytes: [UInt8], headers: ItemReader.CSVHeaders, delimiter: UInt8) throws(ItemReaderFailure) {
    self.bytes = bytes
    self.delimiter = delimiter
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    switch headers {
    case .given(let names): self.headers = names
    case .firstRow:
      var reader = CSVRowReader(bytes, delimiter: delimiter, position: position)
      self.headers = reader.nextRow() ?? []
      position = reader.position
    }
    if Set(self.headers).count < self.headers.count { throw ItemReaderFailure("CSV headers cannot contain duplicates.") }
    let size = self.headers.reduce(0) { $0 + $1.utf8.count }
    if size > Self.maximumHeaderBytes {
      throw ItemReaderFailure("The CSV headers have \(size) bytes; at most \(Self.maximumHeaderBytes) are allowed.")
    }
  }

  mutating func next() -> JSONValue? {
    var reader = CSVRowReader(bytes, delimiter: delimiter, position: position)
    guard let row = reader.nextRow() else { return nil }
    position = reader.position
    var item = JSONObject()
    for (number, header) in headers.enumerated() { item[header] = .string(number < row.count ? row[number] : "") }
    return .object(item)
  }
}

/// Reads rows of fields.
struct CSVRowReader {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private(set) var position: Int

  init(_ bytes: [UInt8], delimiter: UInt8, position: Int = 0) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.position = position
  }

  /// The fields of the next row that is no empty line; nil at the end.
  mutating func nextRow() -> [String]? {
    while position < bytes.count, isLineEnd(bytes[position]) { position += 1 }
    guard position < bytes.count else { return nil }
    var row: [String] = []
    while true {
      row.append(field())
      guard position < bytes.count, bytes[position] == delimiter else { break }
      position += 1
    }
    return row
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// A field up to its delimiter, its line's end, or the end of the text; a quotation mark that is not closed reaches to the end.
  private mutating func field() -> String {
    let quote = UInt8(ascii: "\"")
    var text: [UInt8] = []
    var isQuoted = false
    if position < bytes.count, bytes[position] == quote {
      isQuoted = true
      position += 1
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\"), position + 1 < bytes.count, !isLineEnd(bytes[position + 1]) {
        text.append(bytes[position + 1])
        position += 2
      } else if byte == quote, isQuoted {
        position += 1
        guard position < bytes.count, bytes[position] == quote else {
          isQuoted = false
          continue
        }
        text.append(quote)
        position += 1
      } else if !isQuoted, byte == delimiter || isLineEnd(byte) {
        break
      } else {
        text.append(byte)
        position += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
