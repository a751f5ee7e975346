import JSONTypes
import Testing

@testable import RedshiftDataEmulator

@Suite struct DocumentTextTests {
  @Test(arguments: [
    ("{\"a\": 1, \"b\": \"x  y\"}", "{\"a\":1,\"b\":\"x  y\"}"),
    ("{\"a\": 1, \"b\": [1, {}], \"\\u0001\": [\"b\", \"a\"]}", "{\"b\":[1,{}],\"a\":1}"),
    ("[{\"\\u0001\": [\"zz\", \"a\"], \"a\": {\"\\u0001\": [\"q\", \"b\"], \"b\": null, \"q\": -1.50}, \"zz\": \"\\\\\\\"\"}]", "[{\"zz\":\"\\\\\\\"\",\"a\":{\"q\":-1.50,\"b\":null}}]"),
    ("\"a \\\\u0001 b\"", "\"a \\\\u0001 b\""), ("{}", "{}"), ("[ ]", "[]"), ("12", "12"), ("", ""),
    ("{\"\": 1, \"\\u0001\": [\"c\", \"\"], \"c\": 2}", "{\"c\":2,\"\":1}"),
  ]) func orders(_ source: String, _ expected: String) {
    let bytes = Array(source.utf8)
    #expect(bytes.withUnsafeBufferPointer { String(decoding: DocumentText.compact($0), as: UTF8.self) } == expected)
  }

  @Test func noTextCrashes() {
    let pieces = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"\\u0001\"", "\"a\"", "1", " ", "null"]
    for seed in 0..<2000 {
      var random = SeededRandom(seed: UInt64(seed))
      let text = "\"\\u0001\"" + (0..<Int(random.next() % 20)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      _ = Array(text.utf8).withUnsafeBufferPointer { DocumentText.compact($0) }
    }
  }

  @Test(arguments: [
    (0x0004_0000, "2 years 3 mons", "2 years 3 mons"), (0x0006_0000, "-3 mons", "0 years -3 mons"), (0x0006_0000, "1 year -2 mons", "1 years -2 mons"),
    (0x1C08_FFFF, "5 days 04:03:02.1", "5 days 4 hours 3 mins 2.1 secs"), (0x0008_FFFF, "-1 days", "-1 days 0 hours 0 mins 0.0 secs"),
    (0x1C08_FFFF, "-00:00:01.5", "0 days 0 hours 0 mins -1.5 secs"), (0x1C08_FFFF, "00:00:00", "0 days 0 hours 0 mins 0.0 secs"),
  ]) func intervals(_ modifier: Int, _ text: String, _ expected: String) {
    #expect(IntervalText(modifier: modifier)?.written(text) == expected)
  }

  @Test func intervalsOfAnyFieldsStay() {
    #expect(IntervalText(modifier: -1) == nil)
    #expect(IntervalText(modifier: 0x7FFF_FFFF) == nil)
  }
}
