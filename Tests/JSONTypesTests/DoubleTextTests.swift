import JSONTypes
import Testing

@Suite struct DoubleTextTests {
  /// What `Double.toString` of Java 19 and later gives.
  static let layouts: [(Double, String)] = [
    (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-1, "-1.0"), (10, "10.0"), (100, "100.0"), (0.1, "0.1"), (-0.5, "-0.5"), (1.5, "1.5"), (12.34, "12.34"),
    (123456.789, "123456.789"), (1234567, "1234567.0"), (9_999_999, "9999999.0"), (9_999_999.5, "9999999.5"), (9_999_999.999999998, "9999999.999999998"),
    (1e7, "1.0E7"), (12_345_678, "1.2345678E7"), (1e10, "1.0E10"), (1.5e10, "1.5E10"), (123_456_789.125, "1.23456789125E8"),
    (1e21, "1.0E21"), (1e22, "1.0E22"), (1e23, "1.0E23"), (2e23, "2.0E23"), (1e100, "1.0E100"), (9_007_199_254_740_991, "9.007199254740991E15"),
    (9_007_199_254_740_992, "9.007199254740992E15"), (0x1p63, "9.223372036854776E18"),
    (0.001, "0.001"), (0.0012, "0.0012"), (0.00999, "0.00999"), (0.01, "0.01"), (0.05, "0.05"), (0.123456789, "0.123456789"), (0.0001, "1.0E-4"),
    (0.00099, "9.9E-4"), (0.000999999, "9.99999E-4"), (1e-5, "1.0E-5"), (1.25e-7, "1.25E-7"), (1e-10, "1.0E-10"),
    (0.1 + 0.2, "0.30000000000000004"), (1.0 / 3, "0.3333333333333333"), (100.0 / 3, "33.333333333333336"), (2e-3, "0.002"), (0x1p-44, "5.684341886080802E-14"),
    (.pi, "3.141592653589793"), (.greatestFiniteMagnitude, "1.7976931348623157E308"), (.leastNormalMagnitude, "2.2250738585072014E-308"),
    (.leastNonzeroMagnitude, "4.9E-324"), (-.leastNonzeroMagnitude, "-4.9E-324"), (.leastNonzeroMagnitude * 2, "9.9E-324"), (.leastNonzeroMagnitude * 3, "1.5E-323"),
    (.leastNonzeroMagnitude * 4, "2.0E-323"), (.leastNonzeroMagnitude * 10, "4.9E-323"), (.leastNonzeroMagnitude * 2024, "1.0E-320"),
    (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
  ]

  @Test(arguments: layouts) func followsJava(_ value: Double, _ expected: String) {
    #expect(JSONValue.text(of: value) == expected)
    #expect(JSONValue.double(value).jsonText == expected)
    #expect(JSONValue.double(value).jsonByteCount == expected.utf8.count)
  }

  @Test func readsBackAndIsShortest() {
    var random = RandomJSON(seed: 3)
    for _ in 0..<20_000 {
      let value = random.double()
      let text = JSONValue.text(of: value)
      #expect(Double(text)?.bitPattern == value.bitPattern, "\(text)")
      func digits(_ text: String) -> Int {
        let significand = text.split(separator: /[eE]/)[0].filter(\.isNumber)
        return significand.drop { $0 == "0" }.reversed().drop { $0 == "0" }.count
      }
      if value.magnitude > 1e-300 { #expect(digits(text) == digits("\(value)"), "\(text) \(value)") }
    }
  }

  @Test func writesIntegers() {
    for value in [Int64.min, -1_000_000, -10, -9, -1, 0, 1, 9, 10, 99, 100, 9999, 10_000, 99_999, 123_456_789, .max] {
      #expect(JSONValue.int(value).jsonText == "\(value)")
      #expect(JSONValue.int(value).jsonByteCount == "\(value)".count)
    }
  }

  @Test func writesEscapes() {
    var all = String.UnicodeScalarView()
    for scalar in 0..<0x80 { all.append(Unicode.Scalar(UInt8(scalar))) }
    let text = JSONValue.string(String(all)).jsonText
    #expect(text.hasPrefix(#""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F\u0010"#))
    #expect(text.hasSuffix("\u{7F}\"") && text.contains(##"\u001F !\"#$%"##) && text.contains(#"[\\]"#))
    #expect(JSONValue.string(String(repeating: "\u{1}", count: 1000)).jsonByteCount == 6002)
    #expect(JSONValue.string(String(repeating: "\u{1}", count: 1000)).jsonBytes.count == 6002)
  }

  @Test func writesOverSeveralLines() {
    let value: JSONValue = ["a": [1, .emptyObject, []], "b": ["c": "é\n"], "d": .emptyObject]
    let expected = """
      {
        "a": [
          1,
          {},
          []
        ],
        "b": {
          "c": "é\\n"
        },
        "d": {}
      }
      """
    #expect(value.prettyText == expected)
    var writer = JSONWriter(indented: true)
    writer.write(value)
    #expect(writer.bytes == Array(expected.utf8))
    var compact = JSONWriter()
    compact.writeString("a\"")
    compact.write([1, nil])
    #expect(String(decoding: compact.bytes, as: UTF8.self) == #""a\""[1,null]"#)
  }
}
