import Foundation
import JSONTypes
import StatesInterpreter
import StatesRuntime
import Synchronization
import Testing

@testable import TaskActions

/// One action with what it reports.
private struct CommandBench {
  var command: Command
  var runner = CommandRunner(maximumConcurrent: 4)
  var limits = CommandProcess.Limits(grace: .seconds(60))
  let progress = Bench.Progress()

  init(_ words: String..., timeout: Duration? = nil) { command = Command(words: words, timeout: timeout) }
  init(script: String, timeout: Duration? = nil) { command = Command(words: ["sh", "-c", script], timeout: timeout) }

  func run(_ input: JSONValue = [:], token: String? = nil) async throws(TaskFailure) -> JSONValue {
    let action = CommandAction(
      command: command, runner: runner, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "OWN": "o"], limits: limits)
    let call = TaskCall(
      id: 7, executionArn: "arn:x", stateName: "Charge", resource: "arn:fn", input: input, taskToken: token, retryCount: 2)
    let progress = progress
    return try await action.run(call, TaskReporter(progress: { progress.add($0) }))
  }

  func failure(_ input: JSONValue = [:]) async -> TaskFailure? {
    do throws(TaskFailure) {
      let result = try await run(input)
      Issue.record("it gave \(result.jsonText)")
      return nil
    } catch {
      return error
    }
  }
}

@Suite struct CommandActionTests {
  @Test func handsTheInputOverAndTakesTheOutput() async throws {
    #expect(try await CommandBench("cat").run(["n": [1, 2.5, "ü"]]) == ["n": [1, 2.5, "ü"]])
    #expect(try await CommandBench(script: "exit 0").run() == .null)
    #expect(try await CommandBench(script: "echo; echo 7").run() == 7)
    #expect(try await CommandBench("printf", "%s", #"["$HOME; *"]"#).run() == ["$HOME; *"])
  }

  @Test func movesMoreThanAPipeHolds() async throws {
    let text = JSONValue.string(String(repeating: "0123456789", count: 50_000))
    #expect(try await CommandBench("cat").run(text) == text)
    // A program that does not read its input.
    #expect(try await CommandBench(script: "echo 1").run(text) == 1)
    // One that closes it and goes on.
    #expect(try await CommandBench(script: "exec 0<&-; echo 2").run(text) == 2)
  }

  @Test func tellsTheProgramAboutTheTask() async throws {
    let script =
      #"printf '["%s","%s","%s","%s","%s","%s"]' "$SFN_STATE_NAME" "$SFN_EXECUTION_ARN" "$SFN_RESOURCE" "$SFN_RETRY_COUNT" "$SFN_TASK_TOKEN" "$OWN$MORE""#
    var bench = CommandBench(script: script)
    bench.command.environment = ["MORE": "m"]
    #expect(try await bench.run(token: "t-1") == ["Charge", "arn:x", "arn:fn", "2", "t-1", "om"])
    #expect(try await bench.run() == ["Charge", "arn:x", "arn:fn", "2", "", "om"])
  }

  @Test func runsInItsFolder() async throws {
    var bench = CommandBench(script: #"printf '"%s"' "$PWD""#)
    bench.command.folder = "/usr/bin"
    #expect(try await bench.run() == "/usr/bin")
    bench = CommandBench("./env", "printf", "5")
    bench.command.folder = "/usr/bin"
    #expect(try await bench.run() == 5)
    bench.command.folder = "/nowhere"
    #expect(await bench.failure()?.cause?.contains("./env is not there (looked for in /nowhere)") == true)
    bench.command.words[0] = "env"
    #expect(await bench.failure()?.cause?.contains("the working folder /nowhere cannot be entered") == true)
  }

  @Test func startsWithNoSignalBlockedOrIgnoredInAGroupOfItsOwn() async throws {
    let status = CommandBench(script: #"grep -E '^Sig(Blk|Ign)' /proc/self/status >&2; echo "[$$,$(ps -o pgid= -p $$)]""#)
    #if os(Linux)
      let result = try await status.run()
      #expect(result[0] == result[1])
      // Of the numbers above 31, two belong to the C library.
      #expect(status.progress.lines.allSatisfy { UInt64($0.suffix(8), radix: 16).map { $0 & 0x7FFF_FFFF } == 0 })
      #expect(status.progress.lines.count == 2)
    #endif
  }

  @Test(
    arguments: [
      (
        #"echo '{"errorType":"CardDeclined","errorMessage":"no"}'; exit 1"#, "CardDeclined",
        #"{"errorType":"CardDeclined","errorMessage":"no"}"#
      ),
      (#"echo '{"errorType":"CardDeclined","errorMessage":"no"}'"#, "CardDeclined", #"{"errorType":"CardDeclined","errorMessage":"no"}"#),
      (#"echo '{"errorMessage":"no"}'; exit 9"#, "States.TaskFailed", #"{"errorMessage":"no"}"#),
      ("echo one >&2; echo two >&2; echo 5; exit 3", "States.TaskFailed", "The program sh ended with exit code 3.\none\ntwo"),
      ("printf tail >&2; exit 1", "States.TaskFailed", "The program sh ended with exit code 1.\ntail"),
      ("kill -9 $$", "States.TaskFailed", "The program sh was ended by signal 9."),
      (
        "echo hello", "States.TaskFailed",
        "The program sh printed no JSON to its standard output (line 1, column 1: expected a value, found 'h'): hello\n"
      ),
    ]) func fails(_ script: String, _ error: String, _ cause: String) async
  {
    let failure = await CommandBench(script: script).failure()
    #expect(failure?.error == error)
    #expect(failure?.cause == cause)
  }

  @Test func anErrorsMemberAloneIsAResult() async throws {
    #expect(try await CommandBench("echo", #"{"errorMessage":"kept"}"#).run() == ["errorMessage": "kept"])
  }

  @Test func saysWhyItCannotStart() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sfn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ text: String, mode: Int) throws -> String {
      let path = folder.appending(path: name).path
      try Data(text.utf8).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      return path
    }
    func cause(_ words: String...) async -> String {
      var bench = CommandBench("x")
      bench.command.words = words
      bench.command.folder = folder.path
      let failure = await bench.failure()
      #expect(failure?.error == "States.TaskFailed")
      return failure?.cause ?? ""
    }
    let plain = try file("plain.py", "#!/usr/bin/env python3\n", mode: 0o644)
    let noInterpreter = try file("lost", "#!/no/such/interpreter\n", mode: 0o755)
    let noProgram = try file("text", "hello\n", mode: 0o755)
    #expect(await cause(plain) == "the program \(plain) is not executable; chmod +x \(plain), or name its interpreter.")
    #expect(await cause("plain.py") == "the program plain.py is not in PATH; for the one in the working folder write ./plain.py.")
    #expect(await cause("no-such-program") == "the program no-such-program is not in PATH.")
    #expect(await cause(noInterpreter) == "the program \(noInterpreter) names an interpreter in its first line that is not there.")
    #expect(await cause(noProgram).contains("its first line names no interpreter"))
    #expect(await cause(folder.path) == "the program \(folder.path) is not there (looked for in \(folder.path)).")
  }

  @Test func linesOfStandardErrorAreProgress() async throws {
    let bench = CommandBench(script: "printf 'one\\r\\ntwo' >&2; printf ' still\\n\\n' >&2; echo 1")
    _ = try await bench.run()
    #expect(bench.progress.lines == ["one", "two still"])
    let flood = CommandBench(script: "yes line | head -n 200000 >&2; echo 1")
    #expect(try await flood.run() == 1)
    #expect(flood.progress.lines.count >= ProcessStreams.maximumReportedLines)
    #expect(flood.progress.lines.count < 20_000)
  }

  @Test func stopsWhatPrintsTooMuch() async {
    var bench = CommandBench("yes")
    bench.limits.outputBytes = 10_000
    #expect(
      await bench.failure()
        == TaskFailure(error: "States.DataLimitExceeded", cause: "The program yes printed more than 10000 bytes to its standard output."))
  }

  @Test func stopsWhatTakesTooLong() async {
    let failure = await CommandBench(script: "echo working >&2; exec tail -f /dev/null", timeout: .milliseconds(300)).failure()
    #expect(failure?.error == "Sandbox.Timedout")
    #expect(failure?.cause?.hasPrefix("Task timed out after 0.3 seconds: the program sh was stopped.") == true)
  }

  @Test func killsWhatIgnoresSIGTERM() async {
    var bench = CommandBench(script: "trap '' TERM; exec tail -f /dev/null", timeout: .milliseconds(100))
    bench.limits.grace = .milliseconds(50)
    #expect(await bench.failure()?.error == "Sandbox.Timedout")
  }

  /// The program and its child are both gone when the cancelled task returns.
  @Test func cancellationReachesTheWholeGroup() async throws {
    let bench = CommandBench(script: "tail -f /dev/null & echo $! $$ >&2; wait")
    let (ids, arrival) = AsyncStream.makeStream(of: String.self)
    let task = Task {
      let action = CommandAction(command: bench.command, runner: bench.runner, environment: ["PATH": "/usr/bin:/bin"], limits: bench.limits)
      let call = TaskCall(id: 1, executionArn: "a", stateName: "s", resource: "r", input: 1)
      do throws(TaskFailure) {
        _ = try await action.run(call, TaskReporter(progress: { arrival.yield($0) }))
        return TaskFailure(error: "none", cause: nil)
      } catch {
        return error
      }
    }
    var processes: [pid_t] = []
    for await line in ids {
      processes = line.split(separator: " ").compactMap { pid_t($0) }
      break
    }
    #expect(processes.count == 2)
    task.cancel()
    #expect(await task.value == TaskFailure(error: "States.TaskFailed", cause: "The task was cancelled."))
    // An orphan's zombie is reaped by init in its own time; the leader is ours and gone.
    #expect(kill(processes[1], 0) == -1 && errno == ESRCH)
  }

  @Test func aGrandchildHoldsNothingUp() async throws {
    #expect(try await CommandBench(script: "tail -f /dev/null & echo 4").run() == 4)
  }

  /// The program of a callback submits work, which may go on and answer the token.
  @Test(arguments: [nil, "t-1"]) func whatIsLeftBehindLivesOnForACallbackOnly(_ token: String?) async throws {
    let left = try await CommandBench(script: "tail -f /dev/null > /dev/null 2>&1 & echo $!").run(token: token)
    let process = try #require(left.asInt.map { pid_t($0) })
    if token == nil {
      // Killed, and perhaps not yet reaped by init.
      while kill(process, 0) == 0, !isZombie(process) { await Task.yield() }
    } else {
      #expect(kill(process, SIGKILL) == 0)
    }
  }

  private func isZombie(_ process: pid_t) -> Bool {
    let facts = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return facts.isEmpty || facts.contains(") Z ")
  }

  @Test func cancelledBeforehandItDoesNotStart() async {
    let bench = CommandBench("no-such-program")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await bench.failure()
    }
    #expect(await task.value?.cause == "The task was cancelled.")
  }

  @Test func aClosedRunnerStopsAllAndStartsNothing() async throws {
    let bench = CommandBench(script: "echo up >&2; exec tail -f /dev/null")
    let (ups, arrival) = AsyncStream.makeStream(of: String.self)
    // One place more is wanted than there is.
    let tasks = (0..<5).map { number in
      Task {
        let process = CommandProcess(bench.command, environment: ["PATH": "/usr/bin:/bin"], input: [], reportLine: { arrival.yield($0) })
        return await bench.runner.run(process)
      }
    }
    var count = 0
    for await _ in ups {
      count += 1
      if count == 4 { break }
    }
    await bench.runner.close()
    for task in tasks { #expect(await task.value.stop == .cancelled) }
    #expect(await bench.failure()?.cause == "The task was cancelled.")
  }

  @Test func hundredsRunWithoutLeavingDescriptors() async throws {
    let bench = CommandBench("cat")
    _ = try await bench.run(1)
    try await withThrowingTaskGroup(of: JSONValue.self) { group in
      for number in 0..<300 { group.addTask { try await bench.run(.int(Int64(number))) } }
      var sum: Int64 = 0
      for try await value in group { sum += value.asInt ?? 0 }
      #expect(sum == 300 * 299 / 2)
    }
    // Other tests open descriptors at the same time; three for each of 300 would stand out.
    #if os(Linux)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count < 400)
      let zombies = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { process in
        let facts = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return facts.contains("(cat) Z \(getpid()) ")
      }
      #expect(zombies.isEmpty)
    #endif
  }
}
