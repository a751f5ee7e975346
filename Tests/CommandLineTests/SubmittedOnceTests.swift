import Foundation
import TestSupport
import Testing

/// `kill -9` at every point of a submission, and what the resumed execution makes of it: the statement runs once, and the trace tells.
///
/// `SFN_KILLS` asks for all points of all forms.
@Suite(.serialized) struct SubmittedOnceTests {
  /// Where the program is killed.
  enum Point: String, CaseIterable {
    /// The task is not scheduled yet, so there is no token.
    case beforeToken
    /// The token is kept; nothing of the request arrives.
    case requestLost
    /// The request has left, and is taken although the program is gone.
    case requestTaken
    /// The request has left, and is taken only after the resumed program has asked again.
    case requestTakenLate
    /// The endpoint has answered, and nobody hears it.
    case answerLost
    /// The program has the answer, and could not keep it.
    case answerNotKept
    /// The answer is kept; the statement runs or has ended.
    case answerKept
    /// The statement has ended and the program knows, and could not keep it.
    case resultNotKept
  }

  private static let isComplete = ProcessInfo.processInfo.environment["SFN_KILLS"] != nil

  private static var cases: [(SubmissionForm, Point)] {
    SubmissionForm.allCases.flatMap { form in
      Point.allCases.filter { point in
        // A task that does not wait ends with the answer.
        if !form.isToEnd, form != .loop, point == .answerKept || point == .resultNotKept { return false }
        return isComplete || form == .loop || form == .executeToEnd || [.requestTakenLate, .answerNotKept].contains(point)
      }.map { (form, $0) }
    }
  }

  @Test func aKillAtAnyPointOfASubmission() throws {
    let tables = Self.cases.map { "\($0.0.rawValue)_\($0.1.rawValue)".lowercased() }
    let bench = try SubmissionBench(tables: tables)
    for ((form, point), table) in zip(Self.cases, tables) {
      try killAndResume(bench, form, point, table)
      let trace = try bench.trace(table)
      #expect(trace.components(separatedBy: "ExecutionResumed").count == 2, "\(table): \(trace)")
      #expect(trace.components(separatedBy: "TaskScheduled  Load").count == 2, "\(table): one attempt\n\(trace)")
      #expect(trace.components(separatedBy: "TaskSucceeded  Load").count == 2, "\(table): \(trace)")
      #expect(trace.components(separatedBy: "TaskSubmitted  Load").count == (form.isToEnd ? 2 : 1), "\(table): \(trace)")
      #expect(!trace.contains("TaskFailed"), "\(table): \(trace)")
      #expect(bench.proxy.tokens.count == 1, "\(table): one token")
    }
    let rows = try bench.rows(tables)
    for table in tables { #expect(rows[table] == 1, "\(table) has \(rows[table] ?? -1) rows") }
    print("killed at \(tables.count) points, each statement ran once")
  }

  private func killAndResume(_ bench: SubmissionBench, _ form: SubmissionForm, _ point: Point, _ table: String) throws {
    let proxy = bench.proxy
    let before = point == .beforeToken ? #"{"Type": "Wait", "Seconds": 600, "Next": "Load"}"# : nil
    let machine = form.machine("insert into \(table) values (1)", before: before)
    proxy.reset(stops(form, point))
    let running = try bench.start(machine, name: table, point == .beforeToken ? [] : ["--clock", "x50"])
    switch point {
    case .beforeToken:
      #expect(running.waitFor("WaitStarted"), "\(table)")
      running.killNow()
      #expect(proxy.count(form.operation) == 0)
    case .requestLost, .requestTaken, .answerLost:
      #expect(proxy.waitForStop(), "\(table)")
      running.killNow()
      #expect(proxy.release(), "\(table)")
    case .requestTakenLate:
      #expect(proxy.waitForStop(), "\(table)")
      running.killNow()
    case .answerNotKept, .resultNotKept:
      #expect(proxy.waitForStop(), "\(table)")
      let store = HeldStore(in: bench.state)
      #expect(store.isHeld)
      #expect(proxy.release(), "\(table)")
      // Who waits for the end asks for it while the answer waits to be kept.
      if point == .answerNotKept, form.isToEnd {
        #expect(proxy.waitForStop(), "\(table)")
        running.killNow()
        #expect(proxy.release(), "\(table)")
      }
      running.killNow()
      store.release()
    case .answerKept:
      #expect(running.waitFor(form.isToEnd ? "TaskSubmitted" : "WaitStarted"), "\(table)")
      if form.isToEnd { #expect(proxy.waitForStop(), "\(table)") }
      running.killNow()
      if form.isToEnd { #expect(proxy.release(), "\(table)") }
    }
    proxy.forgetStops()
    let outcome = try bench.resume(table, point == .beforeToken ? ["--clock", "virtual"] : [])
    #expect(outcome.exitCode == 0, "\(table): \(outcome.errors)")
    if point == .requestTakenLate { #expect(proxy.release(), "\(table)") }
  }

  private func stops(_ form: SubmissionForm, _ point: Point) -> [HoldingProxy.Stop] {
    let asked = HoldingProxy.Stop(operation: "DescribeStatement", moment: .request)
    switch point {
    case .beforeToken: return []
    case .requestLost: return [.init(operation: form.operation, moment: .request)]
    case .requestTaken, .requestTakenLate: return [.init(operation: form.operation, moment: .request, then: .goesOn)]
    case .answerLost: return [.init(operation: form.operation, moment: .answer)]
    case .answerNotKept: return [.init(operation: form.operation, moment: .request, then: .goesOn)] + (form.isToEnd ? [asked] : [])
    case .answerKept: return form.isToEnd ? [asked] : []
    case .resultNotKept: return [.init(operation: "DescribeStatement", moment: .answer, then: .goesOn)]
    }
  }
}
