extension JSONValue {
  /// The longest text that is parsed unless the caller says otherwise: 64 MiB.
  public static let defaultMaximumByteCount = 1 << 26

  /// Parses a JSON text (RFC 8259). A byte order mark is skipped; of duplicate keys the last value wins at the first place;
  /// an unpaired surrogate becomes U+FFFD.
  ///
  /// - Parameter maximumDepth: nested arrays and objects allowed; deeper text is an error. The parser itself needs no stack for
  ///   nesting, but releasing and comparing a value do: see `isNested(deeperThan:)`.
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
}
