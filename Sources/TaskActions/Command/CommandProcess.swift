import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One run of a program: gets its input, gives its output, ends with its whole process group.
///
/// A thread of its own moves the bytes; a second one waits for the end, so that a grandchild that keeps the output open holds up nothing.
/// The process stays unreaped until its group has been killed: its id belongs to nobody else meanwhile.
final class CommandProcess: Sendable {
  struct Limits: Sendable {
    /// Bytes of standard output; more of them stop the program.
    var outputBytes = 6 << 20
    /// Time between SIGTERM and SIGKILL.
    var grace = Duration.seconds(2)
  }
  enum End: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
  }
  /// Why a program was stopped.
  enum Stop: Sendable { case cancelled, timedOut, tooMuchOutput }
  struct Outcome: Sendable {
    /// Nil when it was stopped before it started.
    var end: End?
    var stop: Stop?
    var output: [UInt8] = []
    /// The last lines of standard error.
    var lastLines: [String] = []
    var problem: CommandProblem?
  }

  private struct State {
    /// The process and its group; 0 before the start and after the end.
    var group: pid_t = 0
    var stop: Stop?
    var hasExited = false
    /// The writing end of the pipe that wakes the thread; -1 while there is none.
    var wakeEnd: Int32 = -1
    var continuation: CheckedContinuation<Outcome, Never>?

    func wake() {
      var byte: UInt8 = 0
      if wakeEnd >= 0 { _ = write(wakeEnd, &byte, 1) }
    }
  }

  private let command: Command
  private let environment: [String: String]
  private let input: [UInt8]
  private let limits: Limits
  private let sparesGroup: Bool
  private let reportLine: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - environment: all of the program's.
  ///   - sparesGroup: whether what the program leaves in its group may live on when it has ended by itself.
  ///   - reportLine: gets lines of standard error, on the process's own thread.
  init(
    _ command: Command, environment: [String: String], input: [UInt8], limits: Limits = Limits(), sparesGroup: Bool = false,
    reportLine: @escaping @Sendable (String) -> Void
  ) {
    self.command = command
    self.environment = environment
    self.input = input
    self.limits = limits
    self.sparesGroup = sparesGroup
    self.reportLine = reportLine
  }

  /// Runs the program to its end; call it once.
  func run() async -> Outcome {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { $0.continuation = continuation }
        guard startThread(pumpCommand, self) else {
          return finish(Outcome(problem: CommandProblem("there is no thread for it: the limit of threads is reached")))
        }
      }
    } onCancel: {
      stop(.cancelled)
    }
  }

  /// Sends SIGTERM to the group, and SIGKILL after the grace time. The first reason counts.
  func stop(_ reason: Stop) {
    state.withLock { state in
      guard state.stop == nil else { return }
      state.stop = reason
      if state.group > 0 { kill(-state.group, SIGTERM) }
      state.wake()
    }
  }

  /// Sends SIGKILL to the group.
  func killGroup() {
    state.withLock { state in if state.group > 0 { kill(-state.group, SIGKILL) } }
  }

  private func finish(_ outcome: Outcome) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: outcome)
  }

  // MARK: The two threads

  fileprivate func pump() {
    // A write to a program that has closed its input must not end this process by SIGPIPE.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    do throws(CommandProblem) {
      finish(try runProgram())
    } catch {
      finish(Outcome(problem: error))
    }
  }

  private func runProgram() throws(CommandProblem) -> Outcome {
    if let stop = state.withLock({ $0.stop }) { return Outcome(stop: stop) }
    let program = try command.program(searchPath: environment["PATH"] ?? "/usr/bin:/bin")
    let wake = try Pipe()
    let started: StartedProcess
    do throws(CommandProblem) {
      started = try StartedProcess(
        program, words: command.words, environment: environment.map { "\($0.key)=\($0.value)" }, folder: command.folder)
    } catch {
      wake.close()
      throw error
    }
    _ = fcntl(wake.writeEnd, F_SETFL, O_NONBLOCK)
    _ = fcntl(wake.readEnd, F_SETFL, O_NONBLOCK)
    state.withLock { state in
      (state.group, state.wakeEnd) = (started.process, wake.writeEnd)
      if state.stop != nil { kill(-started.process, SIGTERM) }
    }
    var streams = ProcessStreams(started, input: input, outputLimit: limits.outputBytes, reportLine: reportLine)
    // Without a thread that waits, the end of the streams is the sign to look.
    let isWatched = startThread(watchCommand, self)
    if !isWatched { stop(.cancelled) }
    transfer(&streams, wakeEnd: wake.readEnd, isWatched: isWatched)
    if !sparesGroup || state.withLock({ $0.stop != nil }) { killGroup() }
    if isWatched { streams.drain() }
    streams.close()

    var status: Int32 = 0
    while waitpid(started.process, &status, 0) < 0, errno == EINTR {}
    let stop = state.withLock { state in
      (state.group, state.wakeEnd) = (0, -1)
      return state.stop
    }
    wake.close()
    let signal = status & 0x7F
    return Outcome(
      end: signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal), stop: stop, output: streams.output,
      lastLines: streams.lastLines)
  }

  /// Moves bytes until the process has ended.
  private func transfer(_ streams: inout ProcessStreams, wakeEnd: Int32, isWatched: Bool) {
    let deadline = command.timeout.map { ContinuousClock.now.advanced(by: $0) }
    var killAt: ContinuousClock.Instant?
    while true {
      let (hasExited, isStopping) = state.withLock { ($0.hasExited, $0.stop != nil) }
      if hasExited || (!isWatched && !streams.isOpen) { return }
      let now = ContinuousClock.now
      if isStopping {
        if killAt == nil { killAt = now.advanced(by: limits.grace) }
        if let killAt, killAt <= now { killGroup() }
      } else if let deadline, deadline <= now {
        stop(.timedOut)
        continue
      } else if streams.isOverLimit {
        stop(.tooMuchOutput)
        continue
      }
      // After SIGKILL only the end itself is waited for.
      let next = isStopping ? killAt.flatMap { $0 <= now ? nil : $0 } : deadline
      streams.poll(wakeEnd: wakeEnd, timeout: next.map { $0 - now })
    }
  }

  /// Waits for the end without taking the process's id away.
  fileprivate func watch() {
    let process = state.withLock { $0.group }
    var facts = siginfo_t()
    while waitid(P_PID, id_t(process), &facts, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    state.withLock { state in
      state.hasExited = true
      state.wake()
    }
  }
}

/// Starts a detached thread that holds the process until its function returns. False when the system has no more threads.
private func startThread(_ body: ThreadBody, _ process: CommandProcess) -> Bool {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 512 << 10)
  let reference = Unmanaged.passRetained(process)
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  guard pthread_create(&thread, &attributes, body, reference.toOpaque()) == 0 else {
    reference.release()
    return false
  }
  return true
}

// The threads' entries are functions of the file: closures would inherit the isolation of where they are written.
#if canImport(Darwin)
  private typealias ThreadBody = @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
  private func pumpCommand(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<CommandProcess>.fromOpaque(context).takeRetainedValue().pump()
    return nil
  }
  private func watchCommand(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<CommandProcess>.fromOpaque(context).takeRetainedValue().watch()
    return nil
  }
#else
  private typealias ThreadBody = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  private func pumpCommand(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<CommandProcess>.fromOpaque(context).takeRetainedValue().pump() }
    return nil
  }
  private func watchCommand(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<CommandProcess>.fromOpaque(context).takeRetainedValue().watch() }
    return nil
  }
#endif
