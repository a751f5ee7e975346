import JSONTypes

extension Run {
  /// The value as text, as `$string` and `&` have it; nil for undefined.
  func text(of value: Value, pretty: Bool = false) throws(Failure) -> String? {
    switch value {
    case .undefined: return nil
    case .string(let text): return text
    case .function: return ""
    case .number(let number):
      guard number.isFinite else { throw Failure("D3001", value: .some(.null)) }
      return jsonataText(number, roundsIntegers: profile == .stepFunctions)
    default: break
    }
    var writer = TextWriter(run: self, pretty: pretty)
    if case .list(let list) = value, list.flags.contains(.outerWrapper) {
      try writer.write(list.items[0])
    } else {
      try writer.write(value)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Writes values as JSON.stringify of the reference does: functions as empty strings, fractions with 15 digits.
private struct TextWriter {
  let run: Run
  let pretty: Bool
  var bytes: [UInt8] = []
  private var depth = 0
  private var charged = 0

  init(run: Run, pretty: Bool) {
    self.run = run
    self.pretty = pretty
  }

  mutating func write(_ value: Value) throws(Failure) {
    switch value {
    case .null, .undefined, .tailCall: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number):
      if number.isNaN {
        append("null")
      } else {
        append(jsonataText(try run.finite(number), roundsIntegers: run.profile == .stepFunctions))
      }
    case .exactInteger(let json): append(json.jsonText)
    case .string(let text): writeString(text)
    case .function: append("\"\"")
    case .jsonArray, .list, .tuples: try writeArray(value)
    case .jsonObject, .record: try writeObject(value)
    }
    if bytes.count - charged > 4_096 {
      try run.charge(bytes: bytes.count - charged)
      charged = bytes.count
    }
  }

  private mutating func writeArray(_ value: Value) throws(Failure) {
    if run.isStackLow { return try onFreshStack { (writer) throws(Failure) in try writer.writeArray(value) } }
    let items = value.items
    try writeMembers(count: items.count, "[", "]") { (writer, index) throws(Failure) in
      try writer.write(items[index])
      return true
    }
  }

  private mutating func writeObject(_ value: Value) throws(Failure) {
    if run.isStackLow { return try onFreshStack { (writer) throws(Failure) in try writer.writeObject(value) } }
    let members = (value.members ?? []).filter { !$0.value.isUndefined }
    try writeMembers(count: members.count, "{", "}") { (writer, index) throws(Failure) in
      writer.writeString(members[index].key)
      writer.append(writer.pretty ? ": " : ":")
      try writer.write(members[index].value)
      return true
    }
  }

  private mutating func onFreshStack(_ body: (inout TextWriter) throws(Failure) -> Void) throws(Failure) {
    var copy = self
    bytes = []
    try run.onFreshStack { () throws(Failure) in try body(&copy) }
    self = copy
  }

  private mutating func writeMembers(
    count: Int, _ open: String, _ close: String, _ member: (inout TextWriter, Int) throws(Failure) -> Bool
  ) throws(Failure) {
    append(open)
    try run.charge(steps: count)
    if count > 0 {
      depth += 1
      for index in 0..<count {
        if index > 0 { append(",") }
        newLine()
        _ = try member(&self, index)
      }
      depth -= 1
      newLine()
    }
    append(close)
  }

  private mutating func newLine() {
    guard pretty else { return }
    append("\n")
    for _ in 0..<depth { append("  ") }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0..<0x20:
        append(byte < 0x10 ? "\\u000" : "\\u00")
        append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
