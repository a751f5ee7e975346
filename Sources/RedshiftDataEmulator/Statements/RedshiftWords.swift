/// What Redshift says where PostgreSQL has changed its words since 8.0, or Redshift has words of its own.
///
/// Source: Redshift's guide, "Computations with numeric values" and "MERGE"; PostgreSQL 8.0's messages.
enum RedshiftWords {
  static func message(of error: PostgresError) -> String {
    switch error.sqlState {
    case "22003" where error.message == "numeric field overflow": return "Numeric data overflow (result precision)"
    case "21000" where error.message.hasPrefix("MERGE command cannot affect row a second time"):
      return "Found multiple matches to update the same tuple."
    case "22P02":
      for type in ["integer", "bigint", "smallint"] {
        let start = "invalid input syntax for type \(type): "
        if error.message.hasPrefix(start) { return "invalid input syntax for integer: " + error.message.dropFirst(start.count) }
      }
      return error.message
    case "23502":
      // null value in column "a" of relation "t" violates not-null constraint
      let parts = error.message.split(separator: "\"")
      guard error.message.hasPrefix("null value in column"), parts.count > 1 else { return error.message }
      return "Cannot insert a NULL value into column \(parts[1])"
    default: return error.message
    }
  }
}
