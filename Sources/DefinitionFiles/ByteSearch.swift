#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension String {
  /// Whether some bytes stand anywhere in the text; faster than a search for characters.
  func contains(bytes word: StaticString) -> Bool {
    var text = self
    return text.withUTF8 { bytes in
      guard var rest = bytes.baseAddress else { return false }
      let end = rest + bytes.count
      let length = word.utf8CodeUnitCount
      while end - rest >= length, let found = memchr(rest, Int32(word.utf8Start.pointee), end - rest) {
        let start = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
        if end - start >= length, memcmp(start, word.utf8Start, length) == 0 { return true }
        rest = start + 1
      }
      return false
    }
  }
}
