import TestSupport
import Testing

/// Executions that a service could take for one another: of one name and one start, and courses of one execution in the debugger. The statements
/// of each are its own.
@Suite struct SameNameTests {
  @Test func eachExecutionSubmitsItsOwn() throws {
    let folder = try TemporaryFolder()
    let state = ["--state-dir", folder.path + "/state"]
    func rows() throws -> Int? {
      let outcome = try Program.run(["redshift", "sql", "select 'rows', count(*) from t"] + state)
      return outcome.output.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|").map { $0.trimmingPrefix { $0 == " " } }
        return cells.count == 2 ? Int(cells[1]) : nil
      }.first
    }
    #expect(try Program.run(["redshift", "sql", "create table t (n int)"] + state).exitCode == 0)
    let file = try folder.write(SubmissionForm.executeToEnd.machine("insert into t values (1)"), to: "m.asl.json")
    let named = ["--execution-name", "again", "--start-time", "2026-03-02T09:00:00Z", "--seed", "1"]
    for count in 1...2 {
      let outcome = try Program.run(["run", file] + named + state)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(try rows() == count)
    }
    let forked = try Program.run(["fork", "again", "--at", "2", "--execution-name", "again"] + state)
    #expect(forked.exitCode == 0, "\(forked.errors)")
    #expect(try rows() == 3)
    // Gone back, the task is called again; with other SQL, that SQL runs.
    let debugged = try Program.run(["debug", file] + named + state, input: "run\nback\nrun\n")
    #expect(debugged.exitCode == 0, "\(debugged.errors)")
    #expect(try rows() == 5)
  }
}
