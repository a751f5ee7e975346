/// Why a text is no path, or why a path gives no value.
public struct JSONPathError: Error, Hashable, Sendable {
  public enum Kind: Sendable, Hashable {
    /// The text is no path, or the path cannot be applied to such a value (an index on an object).
    case invalidPath
    /// The path leads to nothing.
    case notFound
    /// A filter compares what cannot be compared, such as a number with `'abc'`.
    case invalidValue
    /// A reference path cannot be written to: something on the way is no object or array.
    case notWritable
    /// One of `PathQuery.Limits` was reached.
    case limit
  }
  public let kind: Kind
  /// Jayway's words, which Step Functions quotes, for example `Missing property in path $['a']`; no full stop at the end.
  public let message: String
  /// Bytes of the path's text before the place of the error; nil for errors of evaluation.
  public let offset: Int?
  /// What is not there is an element of an array, which payload templates take for null.
  public let isIndexOutOfBounds: Bool

  init(_ kind: Kind, _ message: String, at offset: Int? = nil, isIndexOutOfBounds: Bool = false) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.isIndexOutOfBounds = isIndexOutOfBounds
  }
}
