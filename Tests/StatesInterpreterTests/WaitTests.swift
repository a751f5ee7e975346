import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

@Suite struct WaitTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var fields: String
    var input: JSONValue
    var milliseconds: Int64
    var testDescription: String { "{\(fields)} on \(input.jsonText) takes \(milliseconds) ms" }
    init(_ fields: String, _ input: JSONValue, _ milliseconds: Int64) { (self.fields, self.input, self.milliseconds) = (fields, input, milliseconds) }
  }
  /// Executions start at 2024-01-01T00:00:00Z.
  static let rows: [Row] = [
    Row(#""Seconds": 0"#, [:], 0), Row(#""Seconds": 10"#, [:], 10_000), Row(#""Seconds": 99999999"#, [:], 99_999_999_000),
    Row(#""SecondsPath": "$.n""#, ["n": 3], 3000), Row(#""SecondsPath": "$.n""#, ["n": "3"], 3000), Row(#""SecondsPath": "$.n""#, ["n": 0], 0),
    Row(#""InputPath": "$.a", "SecondsPath": "$.n""#, ["a": ["n": 2]], 2000),
    Row(#""Timestamp": "2024-01-01T00:00:07.25Z""#, [:], 7250), Row(#""Timestamp": "2024-01-01T02:00:00+01:00""#, [:], 3_600_000),
    Row(#""Timestamp": "1999-01-01T00:00:00Z""#, [:], 0), Row(#""TimestampPath": "$.t""#, ["t": "2024-01-01T00:01:00Z"], 60_000),
    Row(#""TimestampPath": "$.t""#, ["t": "2092-01-19T00:00:00Z"], 24_855 * 86_400_000), Row(#""SecondsPath": "$.n""#, ["n": 2_147_483_647], 2_147_483_647_000),
  ]

  @Test(arguments: rows)
  func waits(_ row: Row) throws {
    let played = try Played.state("Wait", row.fields, row.input)
    #expect(played.milliseconds("StateExited") == [row.milliseconds], "\(played.lines)")
    #expect(played.lines.dropLast().last?.hasPrefix("3<2 WaitStateExited") == true)
    #expect(played.execution.status == .succeeded)
  }

  static let refusals: [(String, JSONValue, String)] = [
    (#""SecondsPath": "$.n""#, [:], "The SecondsPath parameter does not reference an input value: $.n"),
    (#""SecondsPath": "$.n""#, ["n": ["raw": "3"]], #"The SecondsPath parameter cannot be parsed as a long value: $.n == {"raw":"3"}"#),
    (#""SecondsPath": "$.n""#, ["n": 1.5], "The SecondsPath parameter cannot be parsed as a long value: $.n == 1.5"),
    (#""SecondsPath": "$.n""#, ["n": -1], "The SecondsPath parameter references a negative value: $.n == -1"),
    (#""SecondsPath": "$.n""#, ["n": 2_147_483_648], "Wait state delay is too long."),
    (#""SecondsPath": "$.n""#, ["n": .int(.max)], "Wait state delay is too long."),
    (#""TimestampPath": "$.t""#, [:], "The TimestampPath parameter does not reference an input value: $.t"),
    (
      #""TimestampPath": "$.t""#, ["t": 1_735_689_600_000],
      "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 1735689600000"
    ),
    (
      #""TimestampPath": "$.t""#, ["t": "2016-12-05 21:29:29Z"],
      "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2016-12-05 21:29:29Z"
    ),
    (#""TimestampPath": "$.t""#, ["t": "2092-01-20T00:00:00Z"], "Wait state delay is too long."),
    (#""Timestamp": "2092-01-20T00:00:00Z""#, [:], "Wait state delay is too long."),
  ]
  @Test(arguments: refusals)
  func refuses(_ fields: String, _ input: JSONValue, _ text: String) throws {
    let played = try Played.state("Wait", fields, input)
    #expect(played.summary == "FAILED States.Runtime: " + cause(text))
    #expect(played.lines.last?.hasPrefix("3<2 ExecutionFailed") == true)
  }
}

/// An EXPRESS execution takes five minutes at most.
struct ExpressLifetimeTests {
  @Test(arguments: [(299, ExecutionStatus.succeeded), (301, .timedOut)])
  func endsAfterFiveMinutes(seconds: Int, status: ExecutionStatus) throws {
    let text = #"{"StartAt": "W", "TimeoutSeconds": 900, "States": {"W": {"Type": "Wait", "Seconds": \#(seconds), "End": true}}}"#
    let machine = try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine)
    for type in WorkflowType.allCases {
      var simulation = Simulation(of: machine, input: [:], settings: ExecutionSettings(name: "test", type: type), seed: 1)
      #expect(simulation.run().status == (type == .express ? status : .succeeded))
    }
    var free = Simulation(of: machine, input: [:], settings: ExecutionSettings(name: "test", type: .express, limits: .none), seed: 1)
    #expect(free.run().status == .succeeded)
  }
}
