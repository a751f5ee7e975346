import StatesInterpreter
import StatesLanguage

/// How the engine's loop takes up what another program has left, and what it does when its store fails.
extension EngineLoop {
  /// Takes an execution in, unless the store has failed: then it ends where it stands.
  mutating func add(_ run: Run, as number: Int) {
    if let storeFailure {
      run.result?.fulfil(interrupted(run, by: storeFailure))
    } else {
      runs[number] = run
    }
  }

  /// Deadlines that have passed while nobody ran the execution count before its tasks are asked for again: what is too late for one is not begun.
  ///
  /// A task whose work was submitted is taken up all the same, so that its action can call the work off.
  mutating func fireOverdue(_ number: Int) {
    guard let effects = runs[number]?.execution.openEffects else { return }
    let now = clock.now
    if effects.values.contains(where: { if case .task(let call) = $0 { call.submission != nil } else { false } }) { return }
    for (id, effect) in effects {
      switch effect {
      case .timer(let until): if until <= now { set(until, run: number, effect: id, kind: .timer) }
      case .task(let call):
        guard let seconds = call.timeoutSeconds else { continue }
        let due = call.scheduledAt.advanced(bySeconds: Int64(seconds))
        if due <= now { set(due, run: number, effect: id, kind: .taskTimeout) }
      case .mapRun: break
      }
    }
  }

  /// The store takes nothing more. What it does not have did not happen: every execution stays as it has it, and nothing else is done for any.
  ///
  /// Actions at work are left alone. Who goes on with the executions asks for them again.
  mutating func halt(_ failure: HistoryStoreError) {
    storeFailure = failure
    for run in runs.values { run.result?.fulfil(interrupted(run, by: failure)) }
    // One that is led from outside is in no store.
    runs = runs.filter { $0.value.control != nil }
    endWaiting()
  }

  private func interrupted(_ run: Run, by failure: HistoryStoreError) -> ExecutionResult {
    let kept = Array(run.history.prefix(run.settled))
    let execution = Execution(
      of: run.execution.machine, subMachine: run.execution.subMachine, settings: run.execution.settings, replaying: kept)
    return ExecutionResult(execution: execution, history: kept, mapRuns: run.endedMapRuns, key: run.key, interruption: failure)
  }

  /// The child that was started for an effect before the program ended; nil without one.
  /// - Throws: when the store cannot tell, so that the child is not started twice.
  func startedBefore(_ effect: EventID, index: Int, of number: Int, machine: StateMachine?) throws(TaskFailure) -> StoredHistory? {
    guard let store, let run = runs[number], let key = run.key, run.isResumed else { return nil }
    do throws(HistoryStoreError) {
      return try store.child(of: key, effect: effect, index: index, machine: machine)
    } catch {
      throw TaskFailure(error: ErrorName.runtime.rawValue, cause: error.message)
    }
  }

  func parentOfChild(_ effect: EventID, index: Int, of number: Int, isWaiting: Bool) -> ExecutionBirth.Parent? {
    runs[number]?.key.map { ExecutionBirth.Parent(key: $0, effect: effect, index: index, isWaiting: isWaiting) }
  }
}
