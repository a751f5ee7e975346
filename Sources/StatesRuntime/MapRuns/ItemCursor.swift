import JSONTypes
import StatesLanguage

/// Why items could not be read: the Map Run fails with `States.ItemReaderFailed` and this cause.
struct ItemReaderFailure: Error, Hashable {
  var cause: String
  init(_ cause: String) { self.cause = cause }
}

/// The items of one object, read one after the other.
enum ItemCursor {
  case csv(CSVItems)
  case jsonLines(JSONLines)
  case values(ArraySlice<JSONValue>)

  /// - Parameter name: the object, for failures.
  /// - Throws: `ItemReaderFailure` when the bytes are not what the format says.
  init(_ bytes: [UInt8], _ format: ItemReader.Format, name: String) throws(ItemReaderFailure) {
    switch format.inputType {
    case .csv: self = .csv(try CSVItems(bytes, headers: format.csvHeaders, delimiter: format.csvDelimiter.byte))
    case .jsonLines: self = .jsonLines(JSONLines(bytes, name: name))
    case .json: self = .values(try Self.array(bytes, at: format.itemsPointer, name: name)[...])
    case .manifest, .parquet: preconditionFailure("manifests are followed, and Parquet is refused, before bytes are read")
    }
  }

  mutating func next() throws(ItemReaderFailure) -> JSONValue? {
    switch self {
    case .csv(var items):
      self = .values([])
      defer { self = .csv(items) }
      return items.next()
    case .jsonLines(var lines):
      self = .values([])
      defer { self = .jsonLines(lines) }
      return try lines.next()
    case .values(var values):
      self = .values([])
      defer { self = .values(values) }
      return values.popFirst()
    }
  }

  /// The array in a JSON text that a pointer (RFC 6901) leads to.
  private static func array(_ bytes: [UInt8], at pointer: String, name: String) throws(ItemReaderFailure) -> [JSONValue] {
    var value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: bytes, maximumByteCount: ItemSource.maximumObjectBytes)
    } catch {
      throw ItemReaderFailure("\(name) is no JSON text: line \(error.line), column \(error.column): \(error.message)")
    }
    for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let key = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
      guard let inner = value.asArray == nil ? value[key] : Int(key).flatMap({ value[$0] }) else {
        throw ItemReaderFailure("The ItemsPointer \(pointer) leads to nothing in \(name).")
      }
      value = inner
    }
    guard case .array(let items) = value else { throw ItemReaderFailure("Attempting to map over non-iterable node.") }
    return items
  }
}

/// A JSON value on each line; empty lines are none.
struct JSONLines {
  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var line = 0

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func next() throws(ItemReaderFailure) -> JSONValue? {
    while position < bytes.count {
      line += 1
      let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let text = bytes[position..<end]
      position = end + 1
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do throws(JSONSyntaxError) {
        return try JSONValue(parsing: Array(text))
      } catch {
        throw ItemReaderFailure("Line \(line) of \(name) is no JSON text: column \(error.column): \(error.message)")
      }
    }
    return nil
  }
}
