import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waits for sockets to become readable or writable: one thread with `poll` for all of them, asleep while nothing happens.
final class SocketWatcher: Sendable {
  enum Event: Sendable { case readable, writable }

  private struct Waiter {
    var socket: Int32
    var events: Int16
    var continuation: CheckedContinuation<Bool, Never>
  }
  private struct State {
    var waiters: [UInt64: Waiter] = [:]
    var nextNumber: UInt64 = 0
    var isStopped = false
  }

  private let state = Mutex(State())
  private let wakeReader: Int32
  private let wakeWriter: Int32

  /// - Throws: `PostgresError` when the system grants no pipe or thread.
  init() throws(PostgresError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .lost("no pipe for waiting on sockets: \(String(cString: strerror(errno)))") }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakeReader = ends[0]
    wakeWriter = ends[1]
    let retained = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    guard pthread_create(&thread, nil, watchSockets, retained.toOpaque()) == 0 else {
      retained.release()
      close(wakeReader)
      close(wakeWriter)
      throw .lost("no thread for waiting on sockets: \(String(cString: strerror(errno)))")
    }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  /// Returns once `socket` is ready, closed or broken; false when the watcher was stopped.
  func wait(_ socket: Int32, for event: Event) async -> Bool {
    await withCheckedContinuation { continuation in
      let isStopped = state.withLock { state in
        if state.isStopped { return true }
        state.nextNumber += 1
        state.waiters[state.nextNumber] = Waiter(
          socket: socket, events: Int16(event == .readable ? POLLIN : POLLOUT), continuation: continuation)
        return false
      }
      if isStopped { continuation.resume(returning: false) } else { wake() }
    }
  }

  /// Ends the thread; everyone who waits gets false.
  func stop() {
    state.withLock { $0.isStopped = true }
    wake()
  }

  private func wake() {
    var byte: UInt8 = 1
    _ = write(wakeWriter, &byte, 1)
  }

  fileprivate func run() {
    var ready: [CheckedContinuation<Bool, Never>] = []
    while true {
      var numbers: [UInt64] = []
      var polled = [pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)]
      let isStopped = state.withLock { state in
        for (number, waiter) in state.waiters {
          numbers.append(number)
          polled.append(pollfd(fd: waiter.socket, events: waiter.events, revents: 0))
        }
        return state.isStopped
      }
      if isStopped { break }
      guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
      if polled[0].revents != 0 {
        var drained = [UInt8](repeating: 0, count: 256)
        while read(wakeReader, &drained, drained.count) > 0 {}
      }
      state.withLock { state in
        for (index, number) in numbers.enumerated() where polled[index + 1].revents != 0 {
          if let waiter = state.waiters.removeValue(forKey: number) { ready.append(waiter.continuation) }
        }
      }
      for continuation in ready { continuation.resume(returning: true) }
      ready.removeAll(keepingCapacity: true)
    }
    let left = state.withLock { state in
      state.isStopped = true
      let left = state.waiters.values.map(\.continuation)
      state.waiters = [:]
      return left
    }
    for continuation in left { continuation.resume(returning: false) }
  }

  deinit {
    close(wakeReader)
    close(wakeWriter)
  }
}

/// The thread's entry; a function of the file, so that it is bound to no actor.
private func watchSockets(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<SocketWatcher>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}
