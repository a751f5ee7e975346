import JSONTypes
import Testing

@Suite struct Base64Tests {
  /// RFC 4648, section 10.
  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")])
  func encodesBase64(_ text: String, _ encoded: String) {
    #expect(Base64.encode(text.utf8) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
    #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(text.utf8))
  }

  @Test(arguments: ["a", "ab=", "abc==", "a=bc", "====", "ab c", "ab-_", "Zg==Zg==", "ü"]) func refusesWhatIsNoBase64(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func decodesWhatItEncodes() {
    var random = SeededRandom(seed: 1)
    for count in 0..<100 {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }

  @Test func goesBothWaysWithOrWithoutPadding() {
    for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
      #expect(Base64.encode(Array(bytes.utf8)) == text)
      #expect(Base64.decode(text) == Array(bytes.utf8))
    }
    let all = Array(UInt8.min...UInt8.max)
    #expect(Base64.decode(Base64.encode(all)) == all)
    #expect(Base64.decode("Zg") == Array("f".utf8))
    #expect(Base64.decode("Z") == nil)
    #expect(Base64.decode("Z!==") == nil)
  }
}
