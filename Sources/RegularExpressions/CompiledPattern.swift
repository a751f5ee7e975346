import CPCRE2

/// A pattern in PCRE2's syntax, with what is needed to speak about the original.
struct PatternTranslation {
  var bytes: [UInt8] = []
  /// For each byte the offset in the original pattern that it came from.
  var origins: [Int] = []
  var groupNames: [String?] = [nil]
  var caseInsensitive = false
  /// PCRE2's own reading of `.`, `^`, `$`, white space; the JavaScript translation needs none.
  var dotAll = false
  var extended = false

  mutating func emit(_ text: String, from origin: Int) {
    for byte in text.utf8 {
      bytes.append(byte)
      origins.append(origin)
    }
  }

  /// A character that stands for itself.
  mutating func emit(literal scalar: Unicode.Scalar, from origin: Int) {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": emit(String(scalar), from: origin)
    default: emit("\\x{\(String(scalar.value, radix: 16))}", from: origin)
    }
  }
}

/// The owner of PCRE2's compiled code. All of PCRE2 is used in this file.
final class CompiledPattern: Sendable {
  /// The address of a `pcre2_code`, which PCRE2 never writes to after compilation and documents as shareable between threads.
  private let codeAddress: UInt

  init(_ translation: PatternTranslation) throws(RegularExpressionError) {
    var options = UInt32(PCRE2_UTF) | UInt32(PCRE2_NO_UTF_CHECK) | UInt32(PCRE2_ALLOW_EMPTY_CLASS) | UInt32(PCRE2_MATCH_UNSET_BACKREF)
    options |= UInt32(PCRE2_DOLLAR_ENDONLY) | UInt32(PCRE2_NEVER_BACKSLASH_C)
    if translation.caseInsensitive { options |= UInt32(PCRE2_CASELESS) }
    if translation.dotAll { options |= UInt32(PCRE2_DOTALL) }
    if translation.extended { options |= UInt32(PCRE2_EXTENDED) }
    var code: Int32 = 0
    var offset = 0
    guard let context = pcre2_compile_context_create_8(nil) else { throw Self.outOfMemory }
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_parens_nest_limit_8(context, UInt32(RegularExpression.Limits.groupNesting))
    let compiled = translation.bytes.withUnsafeBufferPointer { bytes in
      // An empty array has no address, and PCRE2 takes none for an error.
      var empty: UInt8 = 0
      return bytes.baseAddress.map { pcre2_compile_8($0, bytes.count, options, &code, &offset, context) }
        ?? pcre2_compile_8(&empty, 0, options, &code, &offset, context)
    }
    guard let compiled else {
      let place = offset < translation.origins.count ? translation.origins[offset] : translation.origins.last.map { $0 + 1 } ?? 0
      throw RegularExpressionError(.syntax, Self.message(for: code), at: place)
    }
    codeAddress = UInt(bitPattern: compiled)
  }

  deinit {
    pcre2_code_free_8(OpaquePointer(bitPattern: codeAddress))
  }

  func matches(
    in text: String, from offset: Int, atMost limit: Int, whole: Bool
  ) throws(RegularExpressionError) -> [RegularExpression.Match] {
    var text = text
    let found: Result<[RegularExpression.Match], RegularExpressionError> = text.withUTF8 { [subject = text] bytes in
      do throws(RegularExpressionError) {
        return .success(try matches(in: bytes, of: subject, from: offset, atMost: limit, whole: whole))
      } catch { return .failure(error) }
    }
    return try found.get()
  }

  private func matches(
    in bytes: UnsafeBufferPointer<UInt8>, of subject: String, from offset: Int, atMost limit: Int, whole: Bool
  ) throws(RegularExpressionError) -> [RegularExpression.Match] {
    let code = OpaquePointer(bitPattern: codeAddress)
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { throw Self.outOfMemory }
    defer { pcre2_match_data_free_8(data) }
    guard let context = pcre2_match_context_create_8(nil) else { throw Self.outOfMemory }
    defer { pcre2_match_context_free_8(context) }
    pcre2_set_match_limit_8(context, UInt32(RegularExpression.Limits.matchSteps))
    pcre2_set_depth_limit_8(context, UInt32(RegularExpression.Limits.backtrackingDepth))
    pcre2_set_heap_limit_8(context, UInt32(RegularExpression.Limits.heapKiB))
    let groupCount = Int(pcre2_get_ovector_count_8(data))
    guard let ends = pcre2_get_ovector_pointer_8(data) else { throw Self.outOfMemory }

    var found: [RegularExpression.Match] = []
    var start = Self.characterBoundary(atOrAfter: max(offset, 0), in: bytes)
    var empty: UInt8 = 0
    let options = UInt32(PCRE2_NO_UTF_CHECK) | (whole ? UInt32(PCRE2_ANCHORED) | UInt32(PCRE2_ENDANCHORED) : 0)
    while start <= bytes.count, found.count < limit {
      let result =
        bytes.baseAddress.map { pcre2_match_8(code, $0, bytes.count, start, options, data, context) }
        ?? pcre2_match_8(code, &empty, 0, 0, options, data, context)
      if result == PCRE2_ERROR_NOMATCH { break }
      guard result >= 0 else { throw Self.matchFailure(result) }
      found.append(
        RegularExpression.Match(
          subject: subject,
          groups: (0..<groupCount).map { group in
            // PCRE2_UNSET, the largest size_t, reads as -1 here; it also stands for groups beyond the last that took part.
            let lower = ends[2 * group]
            let upper = ends[2 * group + 1]
            return 0 <= lower && lower <= upper ? lower..<upper : nil
          }))
      let end = ends[1]
      start = end > ends[0] ? end : Self.characterBoundary(atOrAfter: max(end, start) + 1, in: bytes)
    }
    return found
  }

  private static func characterBoundary(atOrAfter offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var offset = offset
    while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    return offset
  }

  private static func message(for code: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
  }

  private static let outOfMemory = RegularExpressionError(.engine, "no memory for a regular expression")

  private static func matchFailure(_ code: Int32) -> RegularExpressionError {
    switch code {
    case PCRE2_ERROR_MATCHLIMIT:
      RegularExpressionError(.limit, "the regular expression needs more than \(RegularExpression.Limits.matchSteps) steps on this text")
    case PCRE2_ERROR_DEPTHLIMIT:
      RegularExpressionError(.limit, "the regular expression backtracks deeper than \(RegularExpression.Limits.backtrackingDepth) levels")
    case PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_NOMEMORY:
      RegularExpressionError(.limit, "the regular expression needs more than \(RegularExpression.Limits.heapKiB) KiB on this text")
    default: RegularExpressionError(.engine, "the regular expression failed: " + message(for: code))
    }
  }
}
