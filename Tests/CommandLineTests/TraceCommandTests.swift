import Foundation
import JSONTypes
import Testing

/// `sfn-local trace` in a pipe.
@Suite struct TraceCommandTests {
  private final class Case {
    let folder: TemporaryFolder
    let history: String
    let definition: String

    init(_ form: String = "--aws-history") throws {
      folder = try TemporaryFolder()
      history = try folder.write(try TraceHistories.text(form), to: "history.json")
      definition = try folder.write(TraceHistories.definition, to: "orders.asl.json")
    }
  }

  @Test func aLineForEachEvent() throws {
    let example = try Case()
    let outcome = try Program.run("trace", example.history)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors == "SUCCEEDED in 2.00 s, 51 events\n")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 51)
    #expect(lines[0] == "  1    +0.000 s    ExecutionStarted  {}")
    #expect(lines[20] == #" 21    +0.000 s      [1][1] ✗ FailStateEntered  Refuse  {"id":2,"qty":9}"#)
    #expect(lines[21] == #" 22    +0.000 s      [0][1] ✓ PassStateExited  Charge  {"amount":12}  $last = 12"#)
  }

  @Test func filters() throws {
    let example = try Case("--json")
    let failures = try Program.run("trace", example.history, "--failures")
    #expect(failures.output.split(separator: "\n").count == 2)
    let rest = try Program.run("trace", example.history, "--state", "Rest")
    #expect(rest.output.split(separator: "\n").count == 6)
    let found = try Program.run("trace", example.history, "--search", "refused")
    #expect(found.output.contains("PassStateExited  Note") && !found.output.contains("Charge "))
    let unknown = try Program.run("trace", example.history, "--state", "Nest")
    #expect(unknown.exitCode == 2)
    #expect(unknown.errors.contains("the history has no state \"Nest\""))
  }

  @Test func oneEventWithAllItsData() throws {
    let example = try Case()
    let outcome = try Program.run("trace", example.history, "--event", "24", "--definition", example.definition)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for part in [
      "#24 ✓ ParallelStateExited  Reserve and charge", "in Each order[0]", "visit 1 of 3", "  + $.done  {\"reserved\":true,\"charged\":12}", "After ResultSelector",
      "Variables", "  $shop = \"north\"",
    ] { #expect(outcome.output.contains(part), "\(part) in \(outcome.output)") }
    let json = try Program.run("trace", example.history, "--event", "24", "--definition", example.definition, "--json")
    let value = try JSONValue(parsing: json.output)
    #expect(value["result"] == [["ok": true, "id": 1], ["amount": 12]])
    #expect(value["afterResultSelector"] == ["reserved": true, "charged": 12])
    #expect(value["changes"]?[0]?["path"] == "$.done")
    #expect(value["event"]?["path"] == "Each order[0]")
    let none = try Program.run("trace", example.history, "--event", "99")
    #expect(none.exitCode == 2)
    #expect(none.errors == "error: there is no event 99: the history has the events 1 to 51\n")
  }

  @Test func linesOfJSONSayWhereEventsStand() throws {
    let example = try Case()
    let outcome = try Program.run("trace", example.history, "--json")
    let line = try JSONValue(parsing: String(outcome.output.split(separator: "\n")[20]))
    #expect(line["state"] == "Refuse" && line["path"] == "Each order[1] › Reserve and charge[1]" && line["visit"] == 1)
    // What it printed can be read again.
    let again = try Program.run("trace", "-", input: outcome.output)
    #expect(again.output.split(separator: "\n").count == 51)
  }

  /// An execution that is kept brings its definition with it.
  @Test func keptExecutions() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(TraceHistories.definition, to: "orders.asl.json")
    let none = try Program.run("trace", "last", "--state-dir", folder.path)
    #expect(none.exitCode == 2)
    #expect(none.errors.contains("there is no file last, and no executions are kept in"))
    let run = try Program.run("run", file, "--clock", "virtual", "--execution-name", "first-of-all", "--state-dir", folder.path)
    #expect(run.exitCode == 0, "\(run.errors)")
    for id in ["last", "first-of-all", "firs"] {
      let outcome = try Program.run("trace", id, "--state-dir", folder.path, "--event", "24", "--json")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(try JSONValue(parsing: outcome.output)["afterResultSelector"] == ["reserved": true, "charged": 12])
    }
  }

  @Test func whatIsNeitherAFileNorKept() throws {
    let folder = try TemporaryFolder()
    let empty = try Program.run("trace", "nosuch", "--state-dir", folder.path)
    #expect(empty.exitCode == 2)
    #expect(empty.errors.contains("there is no file nosuch, and no executions are kept in"))
    let file = try folder.write(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, to: "small.asl.json")
    _ = try Program.run("run", file, "--execution-name", "v1.first", "--state-dir", folder.path)
    let unknown = try Program.run("trace", "nosuch", "--state-dir", folder.path)
    #expect(unknown.exitCode == 2)
    #expect(unknown.errors.contains("there is no file nosuch, and no execution nosuch is kept; sfn-local list shows those that are"))
    // A point makes it a file's name, unless an execution has that name.
    let missing = try Program.run("trace", "events.jsonl", "--state-dir", folder.path)
    #expect(missing.errors == "error: cannot read the history events.jsonl: No such file or directory\n")
    #expect(try Program.run("trace", "v1.first", "--state-dir", folder.path).exitCode == 0)
  }

  /// The page has the events as the service has them, the graph of the definition, and says what ran.
  @Test func aPageOfAKeptExecutionAndOfAFile() throws {
    let example = try Case("--json")
    let run = try Program.run("run", example.definition, "--clock", "virtual", "--execution-name", "first-of-all", "--state-dir", example.folder.path)
    #expect(run.exitCode == 0, "\(run.errors)")
    let path = example.folder.path + "/page.html"
    let kept = try Program.run("trace", "first", "--html", path, "--state-dir", example.folder.path)
    #expect(kept.exitCode == 0 && kept.output.isEmpty && kept.errors.isEmpty, "\(kept.errors)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("<title>orders · first-of-all</title>") && page.contains(">SUCCEEDED<"))
    #expect(!page.contains("Without the definition"))
    let data = try #require(page.firstMatch(of: /id="data">(.*)<\/script>/.dotMatchesNewlines().repetitionBehavior(.reluctant))).1
    let events = try #require(try JSONValue(parsing: String(data))["events"]?.asArray)
    #expect(events.count == 53)
    #expect(events.contains { $0["type"] == "PassStateEntered" && $0["frame"] != nil && $0["stateEnteredEventDetails"]?["input"] == "{}" })

    let file = try Program.run("trace", example.history, "--html", "-", "--definition", example.definition)
    #expect(file.exitCode == 0, "\(file.errors)")
    #expect(file.output.contains("<title>orders · history.json</title>") && !file.output.contains("Without the definition"))
    let bare = try Program.run("trace", example.history, "--html", "-")
    #expect(bare.output.contains("<title>history.json</title>") && bare.output.contains("Without the definition"))
    let both = try Program.run("trace", example.history, "--html", "-", "--json")
    #expect(both.exitCode == 2 && both.errors.contains("--html writes a page of all events"))
  }

  @Test func whatIsNoHistory() throws {
    let example = try Case()
    let definition = try Program.run("trace", example.definition)
    #expect(definition.exitCode == 2)
    #expect(definition.errors.contains("orders.asl.json:1:1: expected a history") && definition.errors.contains("--definition"))
    let absent = try Program.run("trace", "/nowhere.json")
    #expect(absent.exitCode == 2)
    #expect(absent.errors.contains("cannot read the history /nowhere.json: No such file or directory"))
    let broken = try Program.run("trace", "-", input: #"{"events": [{"id": 1}]}"#)
    #expect(broken.errors == "error: <stdin>:1:13: the event 1 has no type\n")
  }
}
