import JSONTypes

/// The file that lists what an UNLOAD has written. Source: Redshift's guide, "UNLOAD examples".
struct UnloadManifest: Sendable {
  let command: UnloadCommand
  let columns: [PostgresColumn]
  let files: [Unloader.WrittenFile]

  var bytes: [UInt8] {
    let isVerbose = command.manifest == .verbose
    let entries = files.map { file in
      var entry: JSONObject = ["url": .string(file.address.url)]
      if isVerbose { entry["meta"] = Self.meta(bytes: file.bytes, lines: file.lines) }
      return JSONValue.object(entry)
    }
    var manifest: JSONObject = ["entries": .array(entries)]
    if isVerbose {
      manifest["schema"] = ["elements": .array(columns.map { ["name": .string($0.name), "type": Self.type(of: $0)] })]
      manifest["meta"] = Self.meta(bytes: files.reduce(0) { $0 + $1.bytes }, lines: files.reduce(0) { $0 + $1.lines })
      manifest["author"] = ["name": "Amazon Redshift", "version": "1.0.0"]
    }
    return JSONValue.object(manifest).jsonBytes
  }

  private static func meta(bytes: Int, lines: Int) -> JSONValue {
    ["content_length": .int(Int64(bytes)), "record_count": .int(Int64(lines))]
  }

  private static func type(of column: PostgresColumn) -> JSONValue {
    switch FieldCoding.Kind(rawValue: column.type) {
    case .int2: ["base": "smallint"]
    case .int4: ["base": "integer"]
    case .int8: ["base": "bigint"]
    case .float4: ["base": "real"]
    case .float8: ["base": "double precision"]
    case .bool: ["base": "boolean"]
    case .date: ["base": "date"]
    case .time: ["base": "time without time zone"]
    case .timetz: ["base": "time with time zone"]
    case .timestamp: ["base": "timestamp without time zone"]
    case .timestamptz: ["base": "timestamp with time zone"]
    case .jsonb: ["base": "super"]
    case .numeric where column.modifier >= 4:
      ["base": "numeric", "precision": .int(Int64((column.modifier - 4) >> 16)), "scale": .int(Int64((column.modifier - 4) & 0x7FF))]
    case .numeric: ["base": "numeric"]
    case .bpchar: ["base": "character", "max_length": .int(Int64(column.modifier >= 4 ? column.modifier - 4 : 1))]
    case .varchar, .text, .name:
      ["base": "character varying", "max_length": .int(Int64(column.modifier >= 4 ? column.modifier - 4 : Translator.defaultVarchar))]
    default: ["base": "character varying"]
    }
  }
}
