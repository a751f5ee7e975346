import StatesLanguage
import Testing

@Suite struct TimestampTests {
  static let readable: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999Z", -1000), ("2016-03-14T01:59:00Z", 1_457_920_740_000_000),
    ("2016-03-14T02:59:00+01:00", 1_457_920_740_000_000), ("2016-03-13T20:29:00-05:30", 1_457_920_740_000_000), ("2016-03-14T01:59:00+00:00", 1_457_920_740_000_000),
    ("2016-03-14t01:59:00z", 1_457_920_740_000_000), ("2016-03-14T01:59Z", 1_457_920_740_000_000), ("2016-03-14T01:59:00.5Z", 1_457_920_740_500_000),
    ("2016-03-14T01:59:00.123456789Z", 1_457_920_740_123_456), ("2016-03-14T01:59:00+01:00:30", 1_457_917_110_000_000),
    ("2000-02-29T00:00:00Z", 951_782_400_000_000), ("2024-02-29T23:59:59Z", 1_709_251_199_000_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("2038-01-19T03:14:08Z", 2_147_483_648_000_000), ("2016-03-14T01:59:00-18:00", 1_457_985_540_000_000),
  ]
  @Test(arguments: readable)
  func reads(_ text: String, _ microseconds: Int64) {
    #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2016-03-14", "2016-03-14T01:59:00", "2016-03-14 01:59:00Z", "2016-03-14T01:59:00 Z", "20160314T015900Z", "2016-03-14T24:00:00Z", "2016-03-14T01:60:00Z",
    "2016-03-14T01:59:60Z", "2016-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2016-04-31T00:00:00Z", "2016-13-01T00:00:00Z", "2016-00-01T00:00:00Z",
    "2016-03-00T00:00:00Z", "2016-3-14T01:59:00Z", "2016-03-14T1:59:00Z", "2016-03-14T01Z", "2016-03-14T01:59:00.Z", "2016-03-14T01:59:00,5Z", "2016-03-14T01:59:00.1234567890Z",
    "2016-03-14T01:59:00+0100", "2016-03-14T01:59:00+01", "2016-03-14T01:59:00+19:00", "2016-03-14T01:59:00+18:01", "2016-03-14T01:59:00+01:60", "2016-03-14T01:59:00ZZ", " 2016-03-14T01:59:00Z",
    "2016-03-14T01:59:00Z ", "٢٠١٦-03-14T01:59:00Z", "-2016-03-14T01:59:00Z", "1457920740", "2016-03-14T01:59:00[UTC]", "2016-03-14T01:59:00GMT",
  ])
  func refuses(_ text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_457_920_740_123_999, "2016-03-14T01:59:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
    (-62_167_219_200_000_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
  ] as [(Int64, String)])
  func writes(_ microseconds: Int64, _ text: String) {
    #expect(Timestamp(microseconds: microseconds).iso8601 == text)
  }

  /// Every day of four centuries there and back, the leap days among them.
  @Test func readsWhatItWrites() {
    var day = Timestamp(iso8601: "1900-01-01T00:00:00Z")
    for _ in 0..<146_097 {
      guard let moment = day else { break }
      guard Timestamp(iso8601: moment.iso8601) == moment else {
        Issue.record("\(moment.microseconds) is written as \(moment.iso8601)")
        return
      }
      day = moment.advanced(bySeconds: 86_400)
    }
    #expect(day?.iso8601 == "2300-01-01T00:00:00.000Z")
  }

  @Test func staysWithinItsRange() {
    #expect(Timestamp(microseconds: 0).advanced(bySeconds: .max).microseconds == .max)
    #expect(Timestamp(microseconds: 0).advanced(bySeconds: .min).microseconds == .min)
    #expect(Timestamp(microseconds: .max - 1).advanced(bySeconds: 1).microseconds == .max)
    #expect(Timestamp(microseconds: 5).advanced(bySeconds: -2).microseconds == -1_999_995)
  }
}
