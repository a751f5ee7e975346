import Foundation
import JSONTypes
import Testing

@Suite struct ReplayCommandTests {
  static let orders = "docs/example/orders.asl.json"
  static let run = [
    "run", orders, "--mock", "docs/example/mocks.json", "--case", "BusyGateway", "--clock", "virtual", "--input",
    #"{"orderId": 7, "item": "teapot", "quantity": 2, "card": "4111"}"#,
  ]

  private func start(_ arguments: [String]) throws -> Program.Outcome {
    let process = try Program.start(arguments)
    try process.input.fileHandleForWriting.close()
    return process.finish()
  }

  private func history(_ form: String) throws -> String { try start(Self.run + [form]).output }

  @Test(arguments: ["--json", "--aws-history"]) func agreesWithItself(_ form: String) throws {
    let outcome = try Program.run("replay", Self.orders, "-", input: try history(form))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output == "No difference: all 30 events agree. The execution ended as SUCCEEDED.\n")
    #expect(outcome.errors == "")
  }

  @Test func showsTheFirstDifference() throws {
    let folder = try TemporaryFolder()
    let history = try folder.write(try history("--aws-history"), to: "history.json")
    let definition = try String(contentsOfFile: Program.path(of: Self.orders), encoding: .utf8)
    let changed = try folder.write(definition.replacingOccurrences(of: #""amount.$": "$.stock.price""#, with: #""amount": 5001"#), to: "orders.asl.json")
    let outcome = try Program.run("replay", changed, history)
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.output == """
        \(changed):23:5: difference at event 10, TaskScheduled
          the recording    calls invoke in "ChargeCard"
          this definition  does so with other data
          $.parameters.Payload.amount
            - 5000
            + 5001
        Events 1 to 9 of 30 agree.

        """)
    #expect(try Program.run("replay", changed, history, "--ignore-parameters").exitCode == 0)
    let report = try JSONValue(parsing: try Program.run("replay", changed, history, "--json").output)
    #expect(report["agrees"] == false)
    #expect(report["difference"]?["state"]?["line"] == 23)
    #expect(report["difference"]?["values"] == [["path": "$.parameters.Payload.amount", "recorded": 5000, "actual": 5001]])
  }

  /// With the execution's own name and seed nothing has to be taken over from its history.
  @Test func keptExecutions() throws {
    let folder = try TemporaryFolder()
    let definition = """
      {"QueryLanguage": "JSONata", "StartAt": "Throw", "States": {
        "Throw": {"Type": "Pass", "Output": "{% {'name': $states.context.Execution.Name, 'number': $random()} %}", "End": true}}}
      """
    let file = try folder.write(definition, to: "dice.asl.json")
    #expect(try Program.run("run", file, "--execution-name", "first-of-all", "--state-dir", folder.path).exitCode == 0)
    for id in ["last", "first"] {
      let outcome = try Program.run("replay", file, id, "--state-dir", folder.path)
      #expect(outcome.output == "No difference: all 4 events agree. The execution ended as SUCCEEDED.\n", "\(outcome.errors)")
    }
    let changed = try folder.write(definition.replacing("'number'", with: "'throw'"), to: "changed.asl.json")
    #expect(try Program.run("replay", changed, "last", "--state-dir", folder.path).exitCode == 1)
    let absent = try Program.run("replay", file, "nosuch", "--state-dir", folder.path)
    #expect(absent.exitCode == 2)
    #expect(absent.errors.contains("there is no file nosuch, and no execution nosuch is kept"))
  }

  /// A child of a Map Run knows of which state.
  @Test func keptChildrenOfMapRuns() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Keep",
        "States": {"Keep": {"Type": "Pass", "End": true}}}}}}
      """, to: "each.asl.json")
    #expect(try Program.run("run", file, "--input", "[7]", "--execution-name", "parent", "--state-dir", folder.path).exitCode == 0)
    let list = try Program.run("list", "--all", "--json", "--state-dir", folder.path).output
    let names = try list.split(separator: "\n").map { try JSONValue(parsing: String($0))["name"]?.asString ?? "" }
    let child = try #require(names.first { $0 != "parent" }, "\(list)")
    let outcome = try Program.run("replay", file, child, "--state-dir", folder.path)
    #expect(outcome.output == "No difference: all 4 events agree. The execution ended as SUCCEEDED.\n", "\(outcome.errors)")
  }

  @Test func saysWhatItCannotRead() throws {
    let noHistory = try Program.run("replay", Self.orders, Self.orders)
    #expect(noHistory.exitCode == 2)
    #expect(noHistory.errors.contains("expected a history"))
    #expect(noHistory.errors.contains("orders.asl.json:1:1: ") && noHistory.errors.contains("this is a definition"))
    let cut = try Program.run("replay", Self.orders, "-", input: #"{"events": [{"id": 2, "type": "PassStateEntered"}]}"#)
    #expect(cut.exitCode == 2)
    #expect(cut.errors.hasPrefix("error: <stdin>: the first event is PassStateEntered with the id 2"), "\(cut.errors)")
    #expect(try Program.run("replay", Self.orders, "/nowhere.json").errors.contains("cannot read the history /nowhere.json"))
    let both = try Program.run("replay", "-", "-")
    #expect(both.exitCode == 2 && both.errors.contains("cannot both come from standard input"))
    #expect(try Program.run("replay", Self.orders, "-", "--child-of", "X", input: #"{"id": 1, "type": "ExecutionStarted"}"#).errors.contains("the definition has no distributed Map"))
  }
}
