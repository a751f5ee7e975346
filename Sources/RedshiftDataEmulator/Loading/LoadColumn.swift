/// A column that a COPY loads.
struct LoadColumn: Sendable {
  var name: String
  /// PostgreSQL's name of the type, with its length.
  var type: String
  var kind: FieldCoding.Kind?
  /// PostgreSQL's number for lengths and the like; -1 for none.
  var modifier: Int
  var isIdentity: Bool
  var isNotNull: Bool

  var isText: Bool { kind?.isText ?? false }
  /// Bytes that a character column takes.
  var limit: Int? { isText && modifier > 4 ? modifier - 4 : nil }
  /// All digits and those behind the point, of a decimal column.
  var decimal: (precision: Int, scale: Int)? {
    kind == .numeric && modifier >= 4 ? ((modifier - 4) >> 16, (modifier - 4) & 0x7FF) : nil
  }
  /// As `stl_load_errors` names it.
  var shortType: String { kind == .bpchar ? "char" : kind?.typeName ?? "" }
  /// As `stl_load_errors` has it: `20`, `8, 2`.
  var lengthText: String {
    if let limit { return String(limit) }
    return decimal.map { "\($0.precision), \($0.scale)" } ?? ""
  }
}
