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

  /// Types, states and payloads, for each frame in their order. Which of two branches is first is up to the clock, so ids and
  /// moments are left out.
  private static func shape(_ lines: String) throws -> [Int64: [String]] {
    var frames: [Int64: [String]] = [:]
    for line in lines.split(separator: "\n") {
      var event = try JSONValue(parsing: String(line)).asObject ?? [:]
      let type = event["type"]?.asString ?? ""
      if type == "ExecutionResumed" { continue }
      for key in ["timestamp", "id", "previousEventId", "waitStartedEventDetails"] { event[key] = nil }
      if type == "RetryScheduled" { event = ["type": .string(type), "frame": event["frame"] ?? 0] }
      // Tokens follow from the moment of the start.
      let text = JSONValue.object(event).jsonText.replacing(/sfn-local-[0-9a-f]+-[0-9a-f]+/, with: "TOKEN")
      frames[event["frame"]?.asInt ?? 0, default: []].append(text)
    }
    return frames
  }

  private static func arguments(_ file: String, _ state: String) -> [String] {
    ["run", file, "--state-dir", state, "--json", "--execution-name", "killed", "--clock", "x50", "--seed", "7",
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
      #expect(history.exitCode == 0, "\(history.errors)")
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

  private static let parent = #"""
    {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
      "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child", "Input": {"n": 1}}, "OutputPath": "$.Output", "End": true}}}
    """#

  /// What was started goes on with the definition that it was started with, as what has started it does.
  @Test(arguments: [["resume", "parent"], ["resume", "--all"]]) func aChangedChildGoesOn(command: [String]) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.parent, to: "parent.asl.json")
    let child = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":600,"Next":"B"},"B":{"Type":"Pass","Result":"old","End":true}}}"#
    let other = try folder.write(child, to: "child.asl.json")
    let running = try Program.start(
      ["run", file, "--machine", "child=\(other)", "--state-dir", folder.path, "--execution-name", "parent", "--json"])
    #expect(running.readLines(5), "up to TaskSubmitted")
    kill(running.process.processIdentifier, SIGKILL)
    _ = running.finish()
    _ = try folder.write(#"{"StartAt":"Z","States":{"Z":{"Type":"Pass","Result":"new","End":true}}}"#, to: "child.asl.json")
    let resumed = try Program.start(command + ["--state-dir", folder.path, "--clock", "virtual"]).finish()
    #expect(resumed.exitCode == 0 && resumed.output == "\"old\"\n", "\(resumed.errors)")
    let list = try Program.run("list", "--all", "--state-dir", folder.path)
    #expect(!list.output.contains("RUNNING") && list.output.components(separatedBy: "SUCCEEDED").count == 3, "\(list.output)")
  }

  /// A child that is taken up alone is another machine than its command's: that is no change of a file.
  @Test func aChildCanBeTakenUpAlone() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Name":"alone"},"End":true}}}"#,
      to: "parent.asl.json")
    let child = try folder.write(#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}"#, to: "child.asl.json")
    let running = try Program.start(
      ["run", file, "--machine", "child=\(child)", "--state-dir", folder.path, "--execution-name", "parent", "--name", "first", "--json"])
    #expect(running.readLines(6), "up to its end; the child goes on")
    let busy = try Program.run("prune", "--all", "--state-dir", folder.path)
    #expect(busy.exitCode == 0 && busy.errors == "0 executions removed\n1 stay: a program runs what they have started\n", "\(busy.errors)")
    kill(running.process.processIdentifier, SIGKILL)
    _ = running.finish()
    let resumed = try Program.run("resume", "--state-dir", folder.path, "--clock", "virtual")
    #expect(resumed.exitCode == 0 && !resumed.errors.contains("has changed"), "\(resumed.errors)")
    #expect(resumed.errors.contains("child  alone  resumed after"), "\(resumed.errors)")
  }

  /// One that cannot be taken up does not keep the others from it.
  @Test func goesOnWithTheOthers() throws {
    let folder = try TemporaryFolder()
    let definition = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}"#
    for name in ["first", "second"] {
      let file = try folder.write(definition, to: name + ".asl.json")
      let running = try Program.start(
        ["run", file, "--state-dir", folder.path, "--execution-name", name, "--json"] + (name == "first" ? ["--machine", "other=" + (try folder.write(definition, to: "other.asl.json"))] : []))
      #expect(running.readLines(2))
      kill(running.process.processIdentifier, SIGKILL)
      _ = running.finish()
    }
    try FileManager.default.removeItem(atPath: folder.path + "/other.asl.json")
    let resumed = try Program.run("resume", "--all", "--state-dir", folder.path, "--clock", "virtual")
    #expect(resumed.exitCode == 2 && resumed.errors.contains("cannot read") && resumed.output == "{}\n", "\(resumed.errors)")
    #expect(try Program.run("list", "--status", "SUCCEEDED", "--state-dir", folder.path).output.contains("second"))
  }

  /// A store that goes away under a program ends it, rather than that it works for nothing.
  @Test func endsWhenItsStoreIsGone() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"E"},"E":{"Type":"Succeed"}}}"#, to: "w.asl.json")
    let running = try Program.start(["run", file, "--state-dir", folder.path + "/state", "--execution-name", "lost", "--json"])
    #expect(running.readLines(2))
    try FileManager.default.removeItem(atPath: folder.path + "/state")
    let outcome = running.finish()
    #expect(outcome.exitCode == 4 && outcome.errors.contains("was moved or removed while the program ran"), "\(outcome.errors)")

    try FileManager.default.createDirectory(atPath: folder.path + "/other/executions", withIntermediateDirectories: true)
    _ = try folder.write("", to: "other/executions/programs")
    let refused = try Program.run("run", file, "--state-dir", folder.path + "/other", "--clock", "virtual")
    #expect(refused.exitCode == 4 && refused.errors.contains("Nothing of it was kept") && !refused.errors.contains("sfn-local resume"), "\(refused.errors)")
    let elsewhere = try Program.run("run", file, "--state-dir", file)
    #expect(elsewhere.exitCode == 2 && !elsewhere.errors.contains("--store"), "\(elsewhere.errors)")
  }

  /// What is old goes by the clock of the wall, not by that of the execution.
  @Test func keepsWhatRanInThePast() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt":"E","States":{"E":{"Type":"Succeed"}}}"#, to: "w.asl.json")
    for name in ["first", "second"] {
      let run = try Program.run("run", file, "--state-dir", folder.path, "--execution-name", name, "--start-time", "2001-01-01T00:00:00Z")
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let list = try Program.run("list", "--state-dir", folder.path).output
    #expect(list.contains("first") && list.contains("second"), "\(list)")
  }

  /// Who answers a task after a crash needs its token.
  @Test func tellsAgainWhatIsWaitedFor() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:pack","End":true}}}"#, to: "w.asl.json")
    let running = try Program.start(["run", file, "--state-dir", folder.path, "--execution-name", "packs", "--json"])
    #expect(running.readLines(3), "up to ActivityScheduled")
    kill(running.process.processIdentifier, SIGKILL)
    let told = running.finish().errors.split(separator: "\n").first { $0.contains("waits for the token") }
    let resumed = try Program.start(["resume", "packs", "--state-dir", folder.path, "--json"])
    #expect(resumed.readLines(1), "ExecutionResumed")
    let token = try #require(told?.split(separator: " ").last.map(String.init))
    let answer = try Program.run("task", "succeed", token, "--output", "7", "--state-dir", folder.path)
    let outcome = resumed.finish()
    #expect(answer.exitCode == 0 && outcome.exitCode == 0, "\(answer.errors)\(outcome.errors)")
    #expect(outcome.errors.contains("A waits for the token \(token)"), "\(outcome.errors)")
  }

  /// A template with several machines: they may start each other, and what has begun goes on without the file.
  @Test func machinesOfATemplateKnowEachOther() throws {
    let folder = try TemporaryFolder()
    func machine(_ name: String, _ definition: String) -> String {
      #""\#(name)": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"StateMachineName": "\#(name)", "Definition": \#(definition)}}"#
    }
    let child = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"Next":"B"},"B":{"Type":"Pass","Result":"done","End":true}}}"#
    let broken = #"{"StartAt":"Nowhere","States":{"W":{"Type":"Pass","End":true}}}"#
    let file = try folder.write(
      "{\"Resources\": {\(machine("parent", Self.parent)), \(machine("child", child)), \(machine("broken", broken))}}", to: "template.json")
    let run = try Program.run("run", file, "--state-machine", "parent", "--clock", "virtual", "--no-store")
    #expect(run.exitCode == 0 && run.output == "\"done\"\n" && !run.errors.contains("Nowhere"), "\(run.errors)")

    let running = try Program.start(["run", file, "--state-machine", "parent", "--state-dir", folder.path, "--execution-name", "killed", "--json"])
    #expect(running.readLines(5), "up to TaskSubmitted")
    kill(running.process.processIdentifier, SIGKILL)
    _ = running.finish()
    try FileManager.default.removeItem(atPath: file)
    let resumed = try Program.run("resume", "killed", "--state-dir", folder.path, "--clock", "virtual")
    #expect(resumed.exitCode == 0 && resumed.output == "\"done\"\n", "\(resumed.errors)")
    #expect(resumed.errors.contains("template.json cannot be read any more; the execution goes on with the definition that it was started with"))
  }

  /// Ctrl-C while only what was started still runs.
  @Test func anInterruptSaysWhatStillRuns() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child"},"End":true}}}"#,
      to: "parent.asl.json")
    let child = try folder.write(#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}"#, to: "child.asl.json")
    let running = try Program.start(["run", file, "--machine", "child=\(child)", "--state-dir", folder.path])
    #expect(running.readErrors(until: "SUCCEEDED in"))
    kill(running.process.processIdentifier, SIGINT)
    #expect(running.readErrors(until: "the execution has ended; what it has started goes on. Once more ends at once, and sfn-local resume"))
    kill(running.process.processIdentifier, SIGINT)
    #expect(running.finish().exitCode == 130)
    #expect(try Program.run("resume", "--state-dir", folder.path, "--clock", "virtual").exitCode == 0)
  }

  @Test func saysWhatToDoWithADamagedStore() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt":"E","States":{"E":{"Type":"Succeed"}}}"#, to: "w.asl.json")
    try FileManager.default.createDirectory(atPath: folder.path + "/executions", withIntermediateDirectories: true)
    _ = try folder.write(String(repeating: "no database ", count: 1000), to: "executions/executions.sqlite")
    let outcome = try Program.run("run", file, "--state-dir", folder.path)
    #expect(outcome.exitCode == 4 && outcome.errors.contains("is damaged"), "\(outcome.errors)")
    #expect(outcome.errors.contains("to begin anew, move \(folder.path)/executions away") && outcome.errors.contains(".recover"), "\(outcome.errors)")
  }

  @Test func tellsNothingToTheTerminal() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt":"E","States":{"E":{"Type":"Succeed"}}}"#, to: "w.asl.json")
    _ = try Program.run("run", file, "--state-dir", folder.path, "--input", "{\"a\": \"\u{9B}31m\u{202E}\"}")
    let shown = try Program.run("show", "last", "--state-dir", folder.path).output
    #expect(!shown.contains("\u{9B}") && !shown.contains("\u{202E}") && shown.contains(#"\u{9b}31m"#), "\(shown)")
    for limit in ["9223372036854775807", "-1"] {
      let outcome = try Program.run("list", "--limit=\(limit)", "--state-dir", folder.path)
      #expect(outcome.exitCode == 2 && outcome.errors.contains("--limit takes a number"), "\(outcome.errors)")
    }
  }
}

extension RunningProgram {
  /// Reads standard error until it has told something.
  /// - Returns: false when it ends before.
  func readErrors(until words: String) -> Bool {
    text(of: errors, until: words).contains(words)
  }

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
