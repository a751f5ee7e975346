import Foundation
import TestSupport
import Testing

/// The endpoint of `run` dies with the program, and so does its database: the resumed program finds the statement in the endpoint's log.
@Suite(.serialized) struct KilledEndpointTests {
  private func rows(_ table: String, _ state: String) throws -> Int? {
    let outcome = try Program.run("redshift", "sql", "select 'rows', count(*) from \(table)", "--state-dir", state)
    return outcome.output.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return cells.first == "rows" ? Int(cells.last ?? "") : nil
    }.first
  }

  private func start(_ folder: borrowing TemporaryFolder, _ machine: String, name: String) throws -> RunningProgram {
    let file = try folder.write(machine, to: name + ".asl.json")
    let running = try Program.start(["run", file, "--execution-name", name, "--state-dir", folder.path + "/state", "--json"])
    try running.input.fileHandleForWriting.close()
    return running
  }

  @Test func statementsAreFoundInTheLog() throws {
    let folder = try TemporaryFolder()
    let state = folder.path + "/state"
    // After which line the program is killed, while the statement runs for a second.
    let cases: [(form: SubmissionForm, line: String)] = [
      (.executeToEnd, "TaskScheduled"), (.loop, "TaskScheduled"), (.executeToEnd, "TaskSubmitted"), (.batchToEnd, "TaskSubmitted"), (.loop, "WaitStarted"),
    ]
    let tables = cases.map { "\($0.form.rawValue)_\($0.line)".lowercased() }
    let made = try Program.run("redshift", "sql", (tables + ["unkept"]).map { "create table \($0) (n int)" }.joined(separator: ";"), "--state-dir", state)
    #expect(made.exitCode == 0, "\(made.errors)")
    for ((form, line), table) in zip(cases, tables) {
      let running = try start(folder, form.machine("insert into \(table) select 1 from pg_sleep(0.5)"), name: table)
      #expect(running.waitFor(line), "\(table)")
      running.killNow()
      let resumed = try Program.start(["resume", table, "--state-dir", state] + (form == .loop ? ["--clock", "x50"] : [])).finishInTime()
      #expect(resumed.exitCode == 0, "\(table): \(resumed.errors)")
      #expect(try rows(table, state) == 1, "\(table)")
      let trace = try Program.run("trace", table, "--plain", "--state-dir", state).output
      #expect(trace.components(separatedBy: "ExecutionResumed").count == 2 && trace.components(separatedBy: "TaskScheduled  Load").count == 2, "\(trace)")
    }

    // The statement has ended and is committed; the program could not keep that.
    let running = try start(folder, SubmissionForm.batchToEnd.machine("insert into unkept select 1 from pg_sleep(0.5)"), name: "unkept")
    #expect(running.waitFor("TaskSubmitted"))
    let store = HeldStore(in: state)
    #expect(store.isHeld)
    while try rows("unkept", state) != 1, running.process.isRunning {}
    running.killNow()
    store.release()
    let resumed = try Program.start(["resume", "unkept", "--state-dir", state]).finishInTime()
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try rows("unkept", state) == 1)
  }
}
