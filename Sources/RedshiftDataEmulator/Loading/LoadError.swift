/// Why a row did not load, as `stl_load_errors` has it. Source: Redshift's guide, "Load error reference".
struct LoadError: Error, Hashable, Sendable {
  var code: Int
  /// In Redshift's words, where they are known.
  var reason: String
  /// Empty when it is about the whole row.
  var column = ""
  var type = ""
  var length = ""
  /// Of the first character at fault, in the value.
  var position = 0
  var value = ""

  init(_ code: Int, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  /// About the value of a column.
  init(_ code: Int, _ reason: String, in column: LoadColumn, value: String, position: Int = 0) {
    self.init(code, reason)
    self.column = column.name
    type = column.shortType
    length = column.lengthText
    self.position = position
    self.value = value
  }

  static let extraColumns = LoadError(1202, "Extra column(s) found")
  static let delimiterNotFound = LoadError(1214, "Delimiter not found")
  static let csvQuotes = LoadError(1214, "Invalid quote formatting for CSV")
  static let missingEndQuote = LoadError(1214, "Delimited value missing end quote")
  static let nullTerminator = LoadError(1218, "A field with a null terminator (NUL) has more than one byte")
}
