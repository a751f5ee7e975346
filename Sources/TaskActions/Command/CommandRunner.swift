import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs programs, not too many at once, and knows which are at work so that none outlives its run.
public final class CommandRunner: Sendable {
  /// Four for each core: programs mostly wait.
  public static var defaultMaximumConcurrent: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) * 4 }

  private struct State {
    var free: Int
    var isClosed = false
    /// Those that wait for a place, in the order in which they came.
    var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var lastNumber = 0
    var running: [Int: CommandProcess] = [:]
    var idle: [CheckedContinuation<Void, Never>] = []
  }
  private let state: Mutex<State>

  public init(maximumConcurrent: Int = defaultMaximumConcurrent) {
    precondition(maximumConcurrent > 0, "a runner runs at least one program at a time")
    state = Mutex(State(free: maximumConcurrent))
  }

  /// Runs a program when there is room for it. Cancelled while it waits, it does not start.
  func run(_ process: CommandProcess) async -> CommandProcess.Outcome {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    guard await enter(number) else { return CommandProcess.Outcome(stop: .cancelled) }
    let isClosed = state.withLock { state in
      state.running[number] = process
      return state.isClosed
    }
    if isClosed { process.stop(.cancelled) }
    let outcome = await process.run()
    leave(number)
    return outcome
  }

  /// Ends all programs at once, for a process that is about to exit.
  public func killAll() {
    for process in state.withLock({ Array($0.running.values) }) { process.killGroup() }
  }

  /// Stops all programs, starts no further ones, and returns when the last has ended: after the grace time at the latest.
  public func close() async {
    let (running, waiting) = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return (Array(state.running.values), state.waiting)
    }
    for waiter in waiting { waiter.continuation.resume(returning: false) }
    for process in running { process.stop(.cancelled) }
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if state.running.isEmpty { return true }
        state.idle.append(continuation)
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  /// False when the program must not start any more.
  private func enter(_ number: Int) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mayStart: Bool? = state.withLock { state in
          if state.isClosed || state.cancelled.remove(number) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((number, continuation))
          return nil
        }
        if let mayStart { continuation.resume(returning: mayStart) }
      }
    } onCancel: {
      let waiter: CheckedContinuation<Bool, Never>? = state.withLock { state in
        if let index = state.waiting.firstIndex(where: { $0.number == number }) { return state.waiting.remove(at: index).continuation }
        if state.running[number] == nil { state.cancelled.insert(number) }
        return nil
      }
      waiter?.resume(returning: false)
    }
  }

  private func leave(_ number: Int) {
    let (next, idle) = state.withLock { state in
      state.running[number] = nil
      state.cancelled.remove(number)
      var next: CheckedContinuation<Bool, Never>?
      if state.waiting.isEmpty { state.free += 1 } else { next = state.waiting.removeFirst().continuation }
      var idle: [CheckedContinuation<Void, Never>] = []
      if state.running.isEmpty { swap(&idle, &state.idle) }
      return (next, idle)
    }
    next?.resume(returning: true)
    for continuation in idle { continuation.resume() }
  }
}
