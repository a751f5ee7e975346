/// Why a row did not load, as `stl_load_errors` has it. Source: Redshift's guide, "Load error reference".
struct LoadError: Hashable, Sendable {
  var code: Int
  var reason: String
  /// Empty when it is about the whole row.
  var column = ""
  var type = ""
  var value = ""

  /// Looks at the fields of a row that the database refused, for the one at fault.
  ///
  /// - Parameter message: the database's reason, where none is found.
  init(fields: [String?], columns: [CopyLoader.Column], message: String) {
    for (field, column) in zip(fields, columns) {
      guard let field else {
        if column.isNotNull {
          self.init(code: 1213, reason: "Missing data for not-null field", column: column.name, type: column.shortType)
          return
        }
        continue
      }
      guard let (code, reason) = Self.fault(of: field, column) else { continue }
      self.init(code: code, reason: reason, column: column.name, type: column.shortType, value: field)
      return
    }
    self.init(code: 1200, reason: message)
  }

  init(code: Int, reason: String, column: String = "", type: String = "", value: String = "") {
    self.code = code
    self.reason = reason
    self.column = column
    self.type = type
    self.value = value
  }

  /// A row that cannot be cut into fields.
  init(problem: String) {
    self.init(code: problem.hasPrefix("Extra") ? 1202 : problem.hasPrefix("Delimiter") ? 1214 : 1200, reason: problem)
  }

  private static func fault(of field: String, _ column: CopyLoader.Column) -> (Int, String)? {
    if column.isText {
      guard let limit = column.limit, field.utf8.count > limit else { return nil }
      return (1204, "String length exceeds DDL length")
    }
    let kind: (name: String, allowed: Set<Character>)? =
      switch column.shortType {
      case "int2": ("Short", [])
      case "int4": ("Integer", [])
      case "int8": ("Long", [])
      case "numeric": ("Decimal", ["."])
      case "float4", "float8": ("Float", [".", "e", "E"])
      default: nil
      }
    if let kind {
      for (place, character) in field.enumerated() where !(character.isASCII && character.isNumber) && !kind.allowed.contains(character) {
        if character == "-" || character == "+" { continue }
        return (1207, "Invalid digit, Value '\(character)', Pos \(place), Type: \(kind.name)")
      }
      switch column.shortType {
      case "int2" where Int16(field) == nil, "int4" where Int32(field) == nil, "int8" where Int64(field) == nil:
        return (1216, "Overflow for column, Value '\(field.prefix(40))', Type: \(kind.name)")
      default: return nil
      }
    }
    let hasDigits = field.utf8.filter { (0x30...0x39).contains($0) }.count >= 6
    switch column.shortType {
    case "date" where !hasDigits: return (1205, "Invalid Date Format - length must be 10 or more")
    case "timestamp" where !hasDigits, "timestamptz" where !hasDigits: return (1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]")
    case "bool" where !["t", "f", "true", "false", "1", "0", "y", "n", "yes", "no", "on", "off"].contains(field.lowercased()):
      return (1210, "Unknown boolean format")
    default: return nil
    }
  }
}
