import JSONTypes

/// How PostgreSQL's types look in the Data API.
enum FieldCoding {
  /// Object ids of PostgreSQL's types.
  enum Kind: UInt32 {
    case bool = 16
    case bytea = 17
    case name = 19
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case oid = 26
    case float4 = 700
    case float8 = 701
    case bpchar = 1042
    case varchar = 1043
    case date = 1082
    case time = 1083
    case timestamp = 1114
    case timestamptz = 1184
    case timetz = 1266
    case interval = 1186
    case numeric = 1700
    case jsonb = 3802

    /// Redshift's name for it.
    var typeName: String {
      switch self {
      case .bool: "bool"
      case .bytea: "varbyte"
      case .name: "name"
      case .int8: "int8"
      case .int2: "int2"
      case .int4: "int4"
      case .text, .varchar: "varchar"
      case .oid: "oid"
      case .float4: "float4"
      case .float8: "float8"
      case .bpchar: "bpchar"
      case .date: "date"
      case .time: "time"
      case .timestamp: "timestamp"
      case .timestamptz: "timestamptz"
      case .timetz: "timetz"
      case .interval: "intervald2s"
      case .numeric: "numeric"
      case .jsonb: "super"
      }
    }
    /// The type that Redshift calls so.
    init?(typeName: String) {
      guard let kind = Self.named.first(where: { $0.typeName == typeName }) else { return nil }
      self = kind
    }
    private static let named: [Kind] = [
      .varchar, .int2, .int4, .int8, .numeric, .float4, .float8, .bool, .bpchar, .date, .time, .timetz, .timestamp, .timestamptz, .jsonb, .bytea,
    ]
    static var typeNames: String { named.map(\.typeName).joined(separator: ", ") }

    var isNumber: Bool { [.int2, .int4, .int8, .oid, .float4, .float8, .numeric].contains(self) }
    var isText: Bool { [.text, .varchar, .bpchar, .name].contains(self) }
  }

  /// One member of a row: `{"longValue": 1}`.
  static func write(_ result: borrowing PQResult, row: Int, column: Int, _ description: PostgresColumn, into writer: inout JSONWriter) {
    result.withField(row: row, column: column) { field in
      guard let field else {
        writer.bytes += nullField
        return
      }
      switch Kind(rawValue: description.type) {
      case .int2, .int4, .int8, .oid:
        writer.bytes += longField
        writer.bytes.append(contentsOf: field)
      case .float4, .float8:
        guard let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else { return writeText(field, &writer) }
        writer.bytes += doubleField
        writer.write(.double(value))
      case .bool:
        writer.bytes += boolField
        writer.bytes += field.first == UInt8(ascii: "t") ? Array("true".utf8) : Array("false".utf8)
      case .jsonb:
        writer.bytes += textField
        writer.writeString(String(decoding: DocumentText.compact(field), as: UTF8.self))
      case .interval where IntervalText(modifier: description.modifier) != nil:
        writer.bytes += textField
        writer.writeString(IntervalText(modifier: description.modifier)?.written(String(decoding: field, as: UTF8.self)) ?? "")
      default: return writeText(field, &writer)
      }
      writer.bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A field as a text, for CSV and files; nil for NULL.
  static func text(_ result: borrowing PQResult, row: Int, column: Int, _ description: PostgresColumn) -> String? {
    switch Kind(rawValue: description.type) {
    case .jsonb:
      result.withField(row: row, column: column) { field in field.map { String(decoding: DocumentText.compact($0), as: UTF8.self) } }
    case .interval:
      result.text(row: row, column: column).map { IntervalText(modifier: description.modifier)?.written($0) ?? $0 }
    default: result.text(row: row, column: column)
    }
  }

  private static let nullField = Array("{\"isNull\":true}".utf8)
  private static let longField = Array("{\"longValue\":".utf8)
  private static let doubleField = Array("{\"doubleValue\":".utf8)
  private static let boolField = Array("{\"booleanValue\":".utf8)
  private static let textField = Array("{\"stringValue\":".utf8)

  private static func writeText(_ field: UnsafeBufferPointer<UInt8>, _ writer: inout JSONWriter) {
    writer.bytes += textField
    writer.writeString(String(decoding: field, as: UTF8.self))
    writer.bytes.append(UInt8(ascii: "}"))
  }

  /// Where a column comes from.
  struct Origin: Hashable, Sendable {
    var schema: String
    var table: String
    var isNotNull: Bool
  }

  /// `ColumnMetadata`.
  static func metadata(_ column: PostgresColumn, _ origin: Origin?) -> JSONValue {
    let kind = Kind(rawValue: column.type)
    var precision = 0
    var scale = 0
    switch kind {
    case .bpchar, .varchar: precision = column.modifier >= 4 ? column.modifier - 4 : Translator.defaultVarchar
    case .text: precision = Translator.maximumVarchar
    case .name: precision = 64
    case .numeric:
      precision = column.modifier >= 4 ? (column.modifier - 4) >> 16 : 38
      scale = column.modifier >= 4 ? (column.modifier - 4) & 0x7FF : 0
    case .int2: precision = 5
    case .int4, .oid: precision = 10
    case .int8: precision = 19
    case .float4: (precision, scale) = (8, 8)
    case .float8: (precision, scale) = (17, 17)
    case .bool: precision = 1
    case .date: precision = 13
    case .time: (precision, scale) = (15, 6)
    case .timestamp: (precision, scale) = (29, 6)
    case .timestamptz, .timetz: (precision, scale) = (35, 6)
    default: break
    }
    let interval = kind == .interval ? IntervalText(modifier: column.modifier)?.typeName : nil
    return [
      "isCaseSensitive": .bool(kind?.isText ?? true), "isCurrency": false, "isSigned": .bool(kind?.isNumber == true && kind != .oid),
      "label": .string(column.name), "length": 0, "name": .string(column.name), "nullable": .int(origin.map { $0.isNotNull ? 0 : 1 } ?? 1),
      "precision": .int(Int64(precision)), "scale": .int(Int64(scale)), "schemaName": .string(origin?.schema ?? ""),
      "tableName": .string(origin?.table ?? ""), "typeName": .string(interval ?? kind?.typeName ?? "varchar"),
    ]
  }
}
