import Foundation
import JSONTypes
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A proxy before an endpoint of AWS JSON, which holds a request or its answer so that a test acts at that very moment.
final class HoldingProxy: Sendable {
  /// A moment in the life of a request.
  struct Stop: Sendable {
    enum Moment: Sendable {
      /// The whole request has come, and nothing of it was handed on.
      case request
      /// The endpoint has answered, and nothing of that was handed back.
      case answer
    }
    enum Outcome: Sendable {
      case goesOn
      /// The connection is closed.
      case isLost
    }
    var operation: String
    /// Which request of that operation, from 1.
    var number = 1
    var moment: Moment
    var then: Outcome = .isLost
  }

  private struct State {
    var stops: [Stop] = []
    var counts: [String: Int] = [:]
    var tokens: [String] = []
    var holdsRepetitions = false
  }
  private let state = Mutex(State())
  private let descriptor: Int32
  private let upstreamPort: UInt16
  private let reached = DispatchSemaphore(value: 0)
  private let released = DispatchSemaphore(value: 0)
  private let delivered = DispatchSemaphore(value: 0)
  let url: String
  /// A test that waits longer than this has found something that hangs.
  static let limit = DispatchTimeInterval.seconds(60)

  init(before upstream: String) {
    upstreamPort = UInt16(upstream.split(separator: ":").last ?? "") ?? 0
    let descriptor = socket(AF_INET, Self.stream, 0)
    self.descriptor = descriptor
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(descriptor, address, length)
        _ = listen(descriptor, 64)
        _ = getsockname(descriptor, address, &length)
      }
    }
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { break }
        let proxy = self
        Thread.detachNewThread {
          proxy?.serve(connection)
          close(connection)
        }
      }
      #if !canImport(Darwin)
      close(descriptor)
      #endif
    }
  }

  deinit {
    // The thread that accepts closes the descriptor: closed here, its number could be another's when the thread comes to accept again.
    shutdown(descriptor, Int32(SHUT_RDWR))
    #if canImport(Darwin)
    close(descriptor)
    #endif
  }

  // MARK: for tests

  /// Begins to count anew, and stops where it is told, in this order.
  func reset(_ stops: [Stop] = []) { state.withLock { $0 = State(stops: stops) } }

  /// Counts anew, and stops every submission whose client token has come before. They are lost when they are released.
  func holdRepetitions() { state.withLock { $0 = State(holdsRepetitions: true) } }

  /// Stops nothing more; what was counted stays.
  func forgetStops() { state.withLock { $0.stops = [] } }

  /// Waits until a request has come to a stop.
  func waitForStop() -> Bool { reached.wait(timeout: .now() + Self.limit) == .success }

  /// Has the request that was stopped go on to its end, and waits until it has.
  func release() -> Bool {
    state.withLock { $0.holdsRepetitions = false }
    released.signal()
    return delivered.wait(timeout: .now() + Self.limit) == .success
  }

  /// How often an operation was asked for.
  func count(_ operation: String) -> Int { state.withLock { $0.counts[operation] ?? 0 } }
  /// The different client tokens that have come.
  var tokens: Set<String> { state.withLock { Set($0.tokens) } }

  // MARK: requests

  private func serve(_ connection: Int32) {
    while let request = Self.message(from: connection), request.isWhole {
      let operation = request.header("x-amz-target")?.split(separator: ".").last.map(String.init) ?? ""
      let token = (try? JSONValue(parsing: Array(request.body)))?["ClientToken"]?.asString
      let stop: Stop? = state.withLock { state in
        state.counts[operation, default: 0] += 1
        if let token {
          defer { state.tokens.append(token) }
          if state.holdsRepetitions, state.tokens.contains(token) { return Stop(operation: operation, moment: .request) }
        }
        guard let first = state.stops.first, first.operation == operation, first.number == state.counts[operation] else { return nil }
        return state.stops.removeFirst()
      }
      if stop?.moment == .request { hold() }
      defer { if stop != nil { delivered.signal() } }
      if stop?.moment == .request, stop?.then == .isLost { return }
      guard let answer = exchange(request.bytes) else { return Self.resetOnClose(connection) }
      if stop?.moment == .answer { hold() }
      if stop?.moment == .answer, stop?.then == .isLost { return }
      guard Self.write(answer.bytes, to: connection), answer.isWhole else { return }
    }
  }

  private func hold() {
    reached.signal()
    released.wait()
  }

  /// The endpoint's answer, as far as it comes; nil when the connection is reset without one.
  private func exchange(_ request: [UInt8]) -> Message? {
    let upstream = socket(AF_INET, Self.stream, 0)
    defer { close(upstream) }
    var address = Self.loopback(upstreamPort)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard status == 0, Self.write(request, to: upstream) else { return nil }
    return Self.message(from: upstream)
  }

  private struct Message {
    var bytes: [UInt8]
    var headEnd: Int
    var isWhole: Bool
    var body: ArraySlice<UInt8> { bytes[headEnd...] }
    func header(_ name: String) -> String? {
      let head = String(decoding: bytes[..<headEnd], as: UTF8.self)
      for line in head.split(whereSeparator: \.isNewline) {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2, parts[0].lowercased() == name { return parts[1].trimmingCharacters(in: .whitespaces) }
      }
      return nil
    }
  }

  /// Reads one message with its body, or as much of it as comes; nil without a head.
  private static func message(from descriptor: Int32) -> Message? {
    var message = Message(bytes: [], headEnd: 0, isWhole: false)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var wanted = Int.max
    while message.bytes.count < wanted {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { return message.headEnd > 0 ? message : nil }
      message.bytes += chunk[..<count]
      if message.headEnd == 0, let end = message.bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        message.headEnd = end.upperBound
        wanted = end.upperBound + (Int(message.header("content-length") ?? "") ?? 0)
      }
    }
    message.isWhole = true
    return message
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    #if canImport(Darwin)
    let noSignal: Int32 = 0
    #else
    let noSignal = Int32(MSG_NOSIGNAL)
    #endif
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, noSignal) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func resetOnClose(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  #if canImport(Darwin)
  private static let stream = SOCK_STREAM
  #else
  private static let stream = Int32(SOCK_STREAM.rawValue)
  #endif

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
