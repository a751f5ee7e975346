import Foundation
import TestSupport
import Testing

/// `sfn-local graph` as a user runs it.
@Suite struct GraphTests {
  @Test func drawsInEachForm() throws {
    let svg = try Program.run("graph", "statemachines/etl.asl.json")
    #expect(svg.exitCode == 0)
    #expect(svg.errors.isEmpty)
    #expect(svg.output.hasPrefix("<?xml") && svg.output.hasSuffix("</svg>\n"))
    #expect(try Program.run("graph", "statemachines/etl.asl.json", "--format", "mermaid").output.hasPrefix("flowchart TD\n"))
    #expect(try Program.run("graph", "statemachines/etl.asl.json", "--format", "dot").output.hasPrefix("digraph {\n"))
  }

  @Test func writesIntoAFile() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run("graph", "statemachines/etl.asl.json", "-o", folder.path + "/etl.svg")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(try String(contentsOfFile: folder.path + "/etl.svg", encoding: .utf8).hasSuffix("</svg>\n"))
    let nowhere = try Program.run("graph", "statemachines/etl.asl.json", "-o", folder.path + "/no/etl.svg")
    #expect(nowhere.exitCode == 2)
    #expect(nowhere.errors.contains("cannot write \(folder.path)/no/etl.svg: No such file or directory"), "\(nowhere.errors)")
  }

  @Test func aDefinitionWithErrorsIsDrawnAsFarAsItIsRead() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#, to: "bad.asl.json")
    let outcome = try Program.run("graph", file)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Next names the state \"B\", which does not exist here"))
    #expect(outcome.errors.contains("warning: the definition has 1 error; it is drawn as far as it can be read"))
    #expect(outcome.output.contains("no such state"))
    let nothing = try folder.write(#"{"StartAt": "A"}"#, to: "nothing.asl.json")
    let refused = try Program.run("graph", nothing)
    #expect(refused.exitCode == 2)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("States"))
  }

  @Test func aPageNeedsAHistory() throws {
    let without = try Program.run("graph", "statemachines/etl.asl.json", "--format", "html")
    #expect(without.exitCode == 2)
    #expect(without.errors.contains("--history ID"))
    let folder = try TemporaryFolder()
    for (text, message) in [
      ("", "history.json:1:1: expected the events of an execution, found an empty text"), ("{\"a\": 1}", ":1:1: expected a history: {\"events\": […]}"),
      ("{\"id\": 1, \"type\": \"X\"}\nx\n", ":2:1: not JSON"), ("[1]", ":1:2: expected an event, found a number"),
    ] {
      let outcome = try Program.run("graph", "statemachines/etl.asl.json", "--history", try folder.write(text, to: "history.json"))
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test func aPageComesFromBothFormsOfAHistory() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, to: "small.asl.json")
    for option in ["--json", "--aws-history"] {
      let history = try folder.write(try Program.run("run", file, option).output, to: "history.json")
      let page = try Program.run("graph", file, "--history", history)
      #expect(page.exitCode == 0)
      #expect(page.errors.isEmpty)
      #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.contains(">SUCCEEDED<"))
    }
  }

  @Test func aKeptExecutionMarksTheGraph() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, to: "small.asl.json")
    _ = try Program.run("run", file, "--execution-name", "first-of-all", "--state-dir", folder.path)
    let page = try Program.run("graph", file, "--history", "first", "--state-dir", folder.path)
    #expect(page.exitCode == 0, "\(page.errors)")
    #expect(page.output.contains("small · first-of-all") && page.output.contains(">SUCCEEDED<"))
    let marked = try Program.run("graph", file, "--history", "last", "--state-dir", folder.path, "--format", "svg")
    let plain = try Program.run("graph", file)
    #expect(marked.exitCode == 0 && marked.output != plain.output, "\(marked.errors)")
    #expect(marked.errors.isEmpty)
    let other = try Program.run("graph", "statemachines/etl.asl.json", "--history", "last", "--state-dir", folder.path)
    #expect(other.exitCode == 0)
    #expect(other.errors == "note: the execution was in \"A\", which the definition does not have; it may have run another one\n")
    let absent = try Program.run("graph", file, "--history", "second", "--state-dir", folder.path)
    #expect(absent.exitCode == 2)
    #expect(absent.errors.contains("there is no file second, and no execution second is kept"))
  }

  /// The checks in a browser, where there is one.
  @Test func pagesBehaveInABrowser() throws {
    func program(_ names: String...) -> String? {
      let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }.first(where: FileManager.default.isExecutableFile(atPath:))
    }
    guard let browser = program("chromium", "chromium-browser", "google-chrome"), let python = program("python3") else {
      print("no Chromium or no Python here (apt-get install chromium python3); pages are not opened in a browser")
      return
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python)
    process.arguments = [Conformance.packageRoot + "/Tests/Clients/execution_page.py", Program.path, browser]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("passed, 0 failed"))
  }
}
