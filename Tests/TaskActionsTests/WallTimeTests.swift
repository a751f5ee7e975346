import Testing

@testable import TaskActions

@Suite struct WallTimeTests {
  @Test(arguments: [
    "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-11-22T12:00:00.123Z", "2100-03-01T00:00:00.000001Z", "1969-12-31T23:59:59Z",
  ])
  func readsWhatItWrites(_ text: String) throws {
    let time = try #require(WallTime(iso8601: text))
    #expect(time.iso8601Text == text)
    let date = try #require(WallTime(httpDate: time.httpDateText))
    #expect(date.secondsSinceEpoch == time.secondsSinceEpoch)
  }

  @Test func everyDayOfFourCenturiesFollowsTheOther() throws {
    for day in stride(from: Int64(-80_000), through: 80_000, by: 13) {
      let time = WallTime(secondsSinceEpoch: day * 86400 + 3661)
      #expect(WallTime(iso8601: time.iso8601Text) == time)
    }
  }

  @Test(arguments: ["", "2026-11-22", "2026-13-22T12:00:00Z", "yesterday", "2026-11-22T25:00:00Z"]) func refuses(_ text: String) {
    #expect(WallTime(iso8601: text) == nil)
    #expect(WallTime(httpDate: text) == nil)
  }

  @Test func countsEpochSecondsToTheMillisecond() {
    #expect(WallTime(epochSeconds: 1_637_584_800.253)?.iso8601Text == "2021-11-22T12:40:00.253Z")
    #expect(WallTime(epochSeconds: .infinity) == nil)
  }
}
