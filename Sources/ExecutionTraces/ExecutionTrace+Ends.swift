import StatesInterpreter
import StatesLanguage

/// How visits and frames end. Few states say so when they fail: what a failure has gone through has failed, what was open beside it was cut short.
extension ExecutionTrace {
  mutating func fail(_ visit: Int, at step: Int) {
    visits[visit].failure = step
    visits[visit].isFailing = true
  }

  /// Ends a visit once; an exit says more than what was taken for its end before.
  mutating func end(_ visit: Int, _ outcome: Outcome) {
    let state = visits[visit].state
    func count(_ outcome: Outcome, _ change: Int, _ entry: inout TracedState) {
      switch outcome {
      case .running: break
      case .succeeded: entry.succeeded += change
      case .caught: entry.caught += change
      case .failed: entry.failed += change
      case .aborted: entry.aborted += change
      }
    }
    count(visits[visit].outcome, -1, &states[state])
    count(outcome, 1, &states[state])
    visits[visit].outcome = outcome
  }

  /// The frames that a failure has gone through, from where it began.
  func failingPath(from frame: Int) -> Set<Int> { Set(path(to: frame)) }

  /// Ends a frame and what is open in it.
  mutating func close(_ frame: Int, failing: Set<Int>) {
    let outcome: Outcome = failing.contains(frame) ? .failed : .aborted
    if frames[frame].outcome == .running { frames[frame].outcome = outcome }
    guard let visit = frames[frame].openVisit else { return }
    closeFrames(below: visit, failing: failing)
    if visits[visit].outcome == .running { end(visit, outcome) }
  }

  /// Ends the branches or iterations of a visit. After a success those that are open have come to their end.
  mutating func closeFrames(below visit: Int, failing: Set<Int>) {
    guard visits[visit].earlierFrames < visits[visit].frames.count else { return }
    for frame in visits[visit].frames[visits[visit].earlierFrames...] where frames[frame].outcome == .running {
      if frames[frame].openVisit == nil {
        frames[frame].outcome = .succeeded
      } else {
        close(frame, failing: failing)
      }
    }
  }

  /// `ParallelStateFailed` and the like: the state may still go on by a catcher.
  mutating func compositeEnded(_ visit: Int, _ step: Int, from: Int) {
    visits[visit].isOver = true
    switch events[step].type.role {
    case .parallelFailed, .mapFailed:
      closeFrames(below: visit, failing: failingPath(from: from))
      fail(visit, at: step)
    default:
      visits[visit].isFailing = false
      closeFrames(below: visit, failing: [])
    }
  }

  /// The branches or iterations of an attempt are over when another is to come.
  mutating func tryAgain(_ visit: Int, _ step: Int, from: Int) {
    closeFrames(below: visit, failing: failingPath(from: from))
    fail(visit, at: step)
  }

  mutating func endExecution(_ step: Int, from: Int) {
    let isFailed = events[step].type.role == .executionFailed
    resumable = visits.indices.reversed().filter { visits[$0].exited == nil && frames[visits[$0].frame].openVisit == $0 }
    if events[step].type.role == .executionSucceeded {
      frames[0].outcome = .succeeded
    } else {
      close(0, failing: isFailed ? failingPath(from: from) : [])
    }
  }

  /// A redriven execution goes on at the states that it did not leave.
  mutating func resume() {
    frames[0].outcome = .running
    for visit in resumable where visits[visit].outcome != .running {
      end(visit, .running)
      visits[visit].isOver = false
      visits[visit].hasAborted = false
      frames[visits[visit].frame].outcome = .running
    }
  }
}
