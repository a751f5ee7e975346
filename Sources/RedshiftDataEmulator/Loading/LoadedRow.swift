/// One record of an object, before its fields are looked at.
struct LoadedRow: Sendable {
  /// Where it stands, from 1: its first line, or the last one of a document.
  var line: Int
  /// Its text, for the system tables.
  var raw: [UInt8]
  /// One for each column that is loaded; nil for NULL.
  var fields: [[UInt8]?] = []
  /// Why it cannot be cut into fields.
  var problem: LoadError?
}

/// Gives the rows of one object, one after the other.
protocol RowReader: Sendable {
  /// Nil behind the last one.
  mutating func next() -> LoadedRow?
}
