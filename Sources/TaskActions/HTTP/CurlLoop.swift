import CCurl
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One thread that owns a multi handle of libcurl and drives all its transfers.
///
/// Others speak to it through `inbox` and a wake-up, the one call that libcurl allows from other threads.
/// The thread is detached: it keeps no process alive. It ends after `stop()`.
final class CurlLoop: Sendable {
  private struct Inbox {
    var submitted: [CurlTransfer] = []
    var cancelled: [CurlTransfer] = []
    var isStopping = false
    var hasEnded = false
  }

  /// How long the thread sleeps when nothing is to do and nobody wakes it.
  private static let idleMilliseconds: Int32 = 60_000
  /// Connections to one host at once; more requests wait in libcurl's queue.
  static let maximumConnectionsPerHost = 64

  private let multi: UInt
  private let inbox = Mutex(Inbox())

  private var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: multi)! }

  init() throws(HTTPError) {
    if let failure = ccurl_load() { throw HTTPError(.unavailable, String(cString: failure)) }
    guard let handle = ccurl_multi_init() else { throw HTTPError(.unavailable, "libcurl gave no multi handle: out of memory") }
    multi = UInt(bitPattern: handle)
    ccurl_multi_setopt_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, Self.maximumConnectionsPerHost)
    try startThread()
  }

  private func startThread() throws(HTTPError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    let me = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    guard pthread_create(&thread, &attributes, runCurlLoop, me.toOpaque()) == 0 else {
      me.release()
      ccurl_multi_cleanup(handle)
      throw HTTPError(.unavailable, "no thread for HTTP: the limit of threads is reached")
    }
  }

  func submit(_ transfer: CurlTransfer) { tell { $0.submitted.append(transfer) } }

  func cancel(_ transfer: CurlTransfer) {
    transfer.markCancelled()
    tell { $0.cancelled.append(transfer) }
  }

  /// Ends the thread; transfers still under way end as cancelled.
  func stop() { tell { $0.isStopping = true } }

  private func tell(_ change: (inout Inbox) -> Void) {
    inbox.withLock { inbox in
      change(&inbox)
      // Under the lock, so that the handle cannot go between the look and the call.
      if !inbox.hasEnded { ccurl_multi_wakeup(handle) }
    }
  }

  fileprivate func run() {
    // Signals are for other threads; above all, a write to a TLS connection that the peer has closed must not end the process by SIGPIPE.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    var running: [UInt: CurlTransfer] = [:]
    while true {
      let (submitted, cancelled, isStopping) = inbox.withLock { inbox in
        defer { (inbox.submitted, inbox.cancelled) = ([], []) }
        return (inbox.submitted, inbox.cancelled, inbox.isStopping)
      }
      for transfer in submitted {
        if transfer.isCancelled || isStopping {
          transfer.finish(cancelled: "the request was cancelled before it was sent")
        } else {
          running[transfer.easy] = transfer
          ccurl_multi_add(handle, transfer.handle)
        }
      }
      for transfer in isStopping ? Array(running.values) : cancelled where running.removeValue(forKey: transfer.easy) != nil {
        ccurl_multi_remove(handle, transfer.handle)
        transfer.finish(cancelled: "the request was cancelled")
      }
      if isStopping { break }

      var active: Int32 = 0
      ccurl_multi_perform(handle, &active)
      var code = CURLE_OK
      while let done = ccurl_multi_next_done(handle, &code) {
        guard let transfer = running.removeValue(forKey: UInt(bitPattern: done)) else { continue }
        ccurl_multi_remove(handle, transfer.handle)
        transfer.finish(code)
      }
      ccurl_multi_poll(handle, running.isEmpty ? Self.idleMilliseconds : 1000)
    }
    inbox.withLock { $0.hasEnded = true }
    ccurl_multi_cleanup(handle)
  }
}

/// The thread's entry: a function of the file, because a closure would inherit the isolation of where it is written.
#if canImport(Darwin)
  private func runCurlLoop(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }
#else
  private func runCurlLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }
#endif
