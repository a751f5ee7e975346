import Foundation
import JSONTypes
import Testing

/// Executions outlive the program.
@Suite(.serialized) struct ResumeTests {
  private static let definition = #"""
    {"StartAt": "Begin", "States": {
      "Begin": {"Type": "Pass", "Result": {"items": [1, 2, 3]}, "Next": "Each"},
      "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ResultPath": "$.done", "ItemProcessor": {"StartAt": "Short", "States": {
        "Short": {"Type": "Wait", "Seconds": 1, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "work", "Payload.$": "$"},
          "ResultSelector": {"got.$": "$.Payload"}, "End": true}}}, "Next": "Both"},
      "Both": {"Type": "Parallel", "ResultPath": "$.both", "Branches": [
        {"StartAt": "Left", "States": {"Left": {"Type": "Wait", "Seconds": 3, "End": true}}},
        {"StartAt": "Right", "States": {"Right": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Parameters": {"FunctionName": "broken", "Payload": {}},
          "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}], "End": true}, "Mend": {"Type": "Pass", "End": true}}}], "Next": "End"},
      "End": {"Type": "Choice", "Choices": [{"Variable": "$.both[0].items[0]", "NumericEquals": 1, "Next": "Yes"}], "Default": "No"},
      "Yes": {"Type": "Succeed"}, "No": {"Type": "Fail"}}}
    """#

  /// Types, states and payloads, for each frame in their order. Which of two branches is first is up to the clock, so ids and moments are left out.
  private static func shape(_ lines: String) throws -> [Int64: [String]] {
    var frames: [Int64: [String]] = [:]
    for line in lines.split(separator: "\n") {
      var event = try JSONValue(parsing: String(line)).asObject ?? [:]
      let type = event["type"]?.asString ?? ""
      if type == "ExecutionResumed" { continue }
      for key in ["timestamp", "id", "previousEventId", "waitStartedEventDetails"] { event[key] = nil }
      if type == "RetryScheduled" { event = ["type": .string(type), "frame": event["frame"] ?? 0] }
      frames[event["frame"]?.asInt ?? 0, default: []].append(JSONValue.object(event).jsonText)
    }
    return frames
  }

  private static func arguments(_ file: String, _ state: String) -> [String] {
    ["run", file, "--state-dir", state, "--json", "--execution-name", "killed", "--clock", "x50", "--seed", "7",
      "--start-time", "2026-03-02T09:00:00Z",
      "--task", "work=exec:cat", "--task", "broken=exec:false"]
  }

  /// The program is killed when it has told a number of events, then again and again until the end. `SFN_KILLS` asks for more kills.
  @Test func aKilledExecutionComesToTheSameEnd() throws {
    let kills = Int(ProcessInfo.processInfo.environment["SFN_KILLS"] ?? "") ?? 12
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.definition, to: "w.asl.json")
    let reference = try Program.start(Self.arguments(file, folder.path + "/reference"))
    let expected = try Self.shape(reference.finish().output)
    #expect(expected[0]?.last?.contains("ExecutionSucceeded") == true)
    var random = SeededRandom(seed: UInt64(kills))
    var done = 0
    var executions = 0
    while done < kills {
      let state = folder.path + "/state-\(executions)"
      executions += 1
      var command = Self.arguments(file, state)
      while true {
        let running = try Program.start(command)
        let isKilled = done < kills && running.readLines(Int(random.next() % 12) + 1)
        if isKilled {
          kill(running.process.processIdentifier, SIGKILL)
          done += 1
        }
        let outcome = running.finish()
        // The end may have been kept when the kill came.
        if outcome.exitCode == 0 || outcome.errors.contains("killed has ended: SUCCEEDED") { break }
        try #require(outcome.exitCode == 128 + SIGKILL, "\(outcome.errors)")
        command = ["resume", "killed", "--state-dir", state, "--json"]
      }
      let history = try Program.run("history", "killed", "--state-dir", state)
      let found = try Self.shape(history.output)
      #expect(found.keys.sorted() == expected.keys.sorted(), "execution \(executions)")
      for (frame, events) in expected { #expect(found[frame] == events, "execution \(executions)") }
      try FileManager.default.removeItem(atPath: state)
    }
    print("killed \(done) times in \(executions) executions without a loss")
  }

  @Test func tellsWhatIsLeft() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"Next":"E"},"E":{"Type":"Succeed"}}}"#, to: "w.asl.json")
    #expect(try Program.run("list", "--state-dir", folder.path).errors.contains("no executions are kept in"))
    let running = try Program.start(["run", file, "--state-dir", folder.path, "--execution-name", "first", "--json"])
    #expect(running.readLines(2))
    #expect(try Program.run("list", "--state-dir", folder.path).output.contains("RUNNING "))
    let busy = try Program.run("resume", "first", "--state-dir", folder.path)
    #expect(busy.exitCode == 2 && busy.errors.contains("another program (process \(running.process.processIdentifier)) runs the execution"))
    #expect(try Program.run("resume", "--state-dir", folder.path).errors == "no execution was left unfinished\n")
    kill(running.process.processIdentifier, SIGKILL)
    _ = running.finish()
    let list = try Program.run("list", "--state-dir", folder.path)
    #expect(list.output.contains("first  w        RUNNING*"))
    #expect(list.errors.contains("sfn-local resume ID"))
    let resumed = try Program.run("resume", "--state-dir", folder.path, "--clock", "virtual")
    #expect(resumed.exitCode == 0 && resumed.output == "{}\n", "\(resumed.errors)")
    #expect(try Program.run("resume", "first", "--state-dir", folder.path).errors.contains("first has ended: SUCCEEDED"))
    #expect(try Program.run("show", "first", "--state-dir", folder.path).output.contains("SUCCEEDED"))
    #expect(try Program.run("show", "nobody", "--state-dir", folder.path).exitCode == 2)
    #expect(try Program.run("prune", "first", "--state-dir", folder.path).errors == "1 execution removed\n")
    #expect(try Program.run("list", "--state-dir", folder.path).errors == "no execution is kept\n")
  }

  @Test func redrivesAndForks() throws {
    let folder = try TemporaryFolder()
    let definition = #"""
      {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "T"},
        "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload.$": "$"},
          "OutputPath": "$.Payload", "Next": "W"},
        "W": {"Type": "Wait", "Seconds": 1, "End": true}}}
      """#
    let file = try folder.write(definition, to: "w.asl.json")
    let state = folder.path + "/state"
    let failed = try Program.run(
      "run", file, "--state-dir", state, "--execution-name", "first", "--clock", "virtual", "--task", "f=exec:sh -c 'test -e \(folder.path)/ok && cat'")
    #expect(failed.exitCode == 1)
    #expect(failed.errors.contains("sfn-local redrive first"))
    #expect(try Program.run("redrive", "first", "--state-dir", state).exitCode == 1, "it fails once more")
    _ = try folder.write("", to: "ok")
    // What the file says by now does not matter: an execution goes on with its own definition.
    _ = try folder.write(definition.replacing("\"n\": 1", with: "\"n\": 2"), to: "w.asl.json")
    let redriven = try Program.run("redrive", "first", "--state-dir", state)
    #expect(redriven.exitCode == 0 && redriven.output == "{\n  \"n\": 1\n}\n", "\(redriven.errors)")
    #expect(redriven.errors.contains("has changed since"))
    let history = try Program.run("history", "first", "--state-dir", state, "--aws")
    #expect(history.output.components(separatedBy: "\"ExecutionRedriven\"").count == 3)
    let again = try Program.run("redrive", "first", "--state-dir", state)
    #expect(again.exitCode == 1 && again.errors.contains("Execution is SUCCEEDED and cannot be redriven"))

    let forked = try Program.run("fork", "first", "--at", "4", "--input", #"{"n": 7}"#, "--execution-name", "second", "--state-dir", state)
    #expect(forked.exitCode == 0 && forked.output == "{\n  \"n\": 7\n}\n", "\(forked.errors)")
    #expect(try Program.run("show", "first", "--state-dir", state).output.contains("\"n\": 1"), "the other one stays as it is")
    let edited = try folder.write(
      definition.replacing("\"Seconds\": 1, \"End\": true", with: "\"Seconds\": 1, \"Next\": \"Z\"").replacing("}}}", with: "}, \"Z\": {\"Type\": \"Pass\", \"Result\": 9, \"End\": true}}}"),
      to: "edited.asl.json")
    let other = try Program.run("fork", "first", "--at", "4", "--definition", edited, "--state-dir", state)
    #expect(other.exitCode == 0 && other.output == "9\n", "\(other.errors)")
    for (arguments, words) in [
      (["--at", "99"], "there is no event 99; the history has the events 1 to"), (["--at", "7"], "is in the midst of a step; near it are"),
      (["--at", "5", "--input", "{}"], "an input is for an event that enters a state; event 5 is"),
      (["--at", "4", "--definition", try folder.write(definition.replacing("\"T\"", with: "\"U\""), to: "renamed.asl.json")], "has no state \"T\""),
    ] {
      let outcome = try Program.start(["fork", "first", "--state-dir", state] + arguments).finish()
      #expect(outcome.exitCode == 2 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}

extension RunningProgram {
  /// Reads so many lines of the output.
  /// - Returns: false when the output ends before.
  func readLines(_ count: Int) -> Bool {
    var left = count
    var byte: UInt8 = 0
    let descriptor = output.fileHandleForReading.fileDescriptor
    while left > 0 {
      guard read(descriptor, &byte, 1) == 1 else { return false }
      if byte == UInt8(ascii: "\n") { left -= 1 }
    }
    return true
  }
}
