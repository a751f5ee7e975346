import DurableStore
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TestSupport
import Testing

/// Executions whose program was killed longer ago than the service keeps client tokens: nine hours.
///
/// The store gets a copy of a killed execution whose events are nine hours older. Resumed by a clock that is not the wall's, the copy knows
/// nothing of the nine hours and submits with its token; killed and resumed in real time, it must look its statement up.
@Suite(.serialized) struct ForgottenTokenTests {
  private func makeOlder(_ name: String, as copy: String, in state: String) throws {
    let store = try ExecutionStore(folder: state + "/executions", command: .init(version: "test", arguments: [], folder: ""))
    let stored = try #require(try store.find(name).first)
    let text = try store.definition(of: stored)
    let machine = try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine)
    let history = try store.history(of: stored, machine: machine)
    store.register(machine, definition: text)
    let old = stored.settings
    let settings = ExecutionSettings(name: copy, stateMachineName: old.stateMachineName, region: old.region, seed: old.seed)
    let facts = history.history.map { fact in
      var fact = fact
      fact.timestamp = fact.timestamp.advanced(bySeconds: -9 * 3600)
      return fact
    }
    _ = try store.add(ExecutionBirth(machine: machine, subMachine: 0, settings: settings, parent: nil), facts: facts, forkedFrom: stored)
    store.close()
  }

  @Test func areLookedUpAndNeverSubmittedAgain() throws {
    let tables = ["found", "lost"]
    let bench = try SubmissionBench(tables: tables)
    for table in tables {
      // Killed before the request arrives: the first execution does nothing.
      let machine = SubmissionForm.executeToEnd.machine("insert into \(table) values (1)")
      bench.proxy.reset([.init(operation: "ExecuteStatement", moment: .request)])
      let running = try bench.start(machine, name: table + "-new")
      #expect(bench.proxy.waitForStop())
      running.killNow()
      #expect(bench.proxy.release())
      try makeOlder(table + "-new", as: table, in: bench.state)
      // The copy submits; nobody hears the answer, and of one of them not even the endpoint hears.
      bench.proxy.reset([.init(operation: "ExecuteStatement", moment: table == "found" ? .answer : .request)])
      let old = try bench.startResuming(table, ["--clock", "x1"])
      #expect(bench.proxy.waitForStop())
      old.killNow()
      #expect(bench.proxy.release())

      let outcome = try bench.resume(table, ["--clock", "real"])
      #expect(bench.proxy.count("ListStatements") == 1 && bench.proxy.count("ExecuteStatement") == 1, "\(table)")
      let trace = try bench.trace(table)
      if table == "found" {
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(trace.contains("TaskSubmitted  Load") && trace.contains("TaskSucceeded  Load"))
      } else {
        #expect(outcome.exitCode == 1 && outcome.errors.contains("RedshiftData.SubmissionLost"), "\(outcome.errors)")
        #expect(trace.contains("The statement was to be submitted 9 h ago"), "\(trace)")
        // Only a redrive, which somebody asks for, makes a new attempt.
        #expect(try bench.rows(tables)["lost"] == 0)
        let redriven = try bench.redrive(table)
        #expect(redriven.exitCode == 0, "\(redriven.errors)")
      }
    }
    #expect(try bench.rows(tables) == ["found": 1, "lost": 1])
  }
}
