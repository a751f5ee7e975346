extension JSONValue {
  /// The longest text that is parsed unless the caller says otherwise: 64 MiB.
  public static let defaultMaximumByteCount = 1 << 26

  /// The deepest nesting that any text may have. Values are released, compared and written level by level on the thread's stack;
  /// this many levels need less than 512 KiB of it when they are released.
  public static let maximumNesting = 2_000

  /// Parses a JSON text (RFC 8259). A byte order mark is skipped; of duplicate keys the last value wins at the first place;
  /// an unpaired surrogate becomes U+FFFD.
  ///
  /// - Parameter maximumDepth: nested arrays and objects allowed, never more than `maximumNesting`; deeper text is an error.
  /// - Parameter maximumByteCount: the longest text that is read.
  /// - Throws: `JSONSyntaxError` with the place.
  public init(
    parsing text: String, maximumDepth: Int = 512, maximumByteCount: Int = JSONValue.defaultMaximumByteCount
  ) throws(JSONSyntaxError) {
    let parsed = text.withBytes { bytes in JSONParser.parse(bytes, maximumDepth: maximumDepth, maximumByteCount: maximumByteCount) }
    self = try parsed.get()
  }

  /// The same for bytes; they need not be valid UTF-8: invalid sequences in strings become U+FFFD.
  public init(
    parsing bytes: [UInt8], maximumDepth: Int = 512, maximumByteCount: Int = JSONValue.defaultMaximumByteCount
  ) throws(JSONSyntaxError) {
    let parsed = bytes.withUnsafeBufferPointer { bytes in
      JSONParser.parse(bytes, maximumDepth: maximumDepth, maximumByteCount: maximumByteCount)
    }
    self = try parsed.get()
  }

  public init(
    parsing bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = 512,
    maximumByteCount: Int = JSONValue.defaultMaximumByteCount
  ) throws(JSONSyntaxError) {
    self = try JSONParser.parse(bytes, maximumDepth: maximumDepth, maximumByteCount: maximumByteCount).get()
  }

  /// Reads JSON values that stand one after another, with or without blanks between them: JSON Lines, documents put together.
  ///
  /// - Returns: the values, and the error at which reading ended before the end of the text. A file that is still being written
  ///   may end within a value; what stands before is read.
  public static func sequence(
    parsing bytes: [UInt8], maximumDepth: Int = 512, maximumByteCount: Int = JSONValue.defaultMaximumByteCount
  ) -> (values: [JSONValue], problem: JSONSyntaxError?) {
    bytes.withUnsafeBufferPointer { bytes in
      JSONParser.parseSequence(bytes, maximumDepth: maximumDepth, maximumByteCount: maximumByteCount)
    }
  }
}
