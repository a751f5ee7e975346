import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A server on loopback that hands each connection to a function on a thread of its own.
public final class SocketServer: Sendable {
  /// One accepted connection; calls block.
  public struct Connection: Sendable {
    public let descriptor: Int32

    /// The head and, as far as `Content-Length` says, the body of the next request; nil when the client has closed.
    public func readRequest() -> String? { readMessage().map { $0.head + String(decoding: $0.body, as: UTF8.self) } }

    /// The same, with the bytes of the body as they came; the head ends with its empty line.
    public func readMessage() -> (head: String, body: [UInt8])? {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      var end: Int?
      while true {
        if end == nil { end = bytes.indices.first { bytes[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }.map { $0 + 4 } }
        if let end {
          let head = String(decoding: bytes[..<end], as: UTF8.self)
          let length = head.lowercased().range(of: "content-length: ").flatMap { Int(head[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
          if bytes.count - end >= length { return (head, Array(bytes[end...])) }
        }
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        bytes += buffer[..<count]
      }
    }

    public func write(_ text: String) { write(Array(text.utf8)) }

    public func write(_ bytes: [UInt8]) {
      var bytes = bytes[...]
      while !bytes.isEmpty {
        #if canImport(Darwin)
          let flags: Int32 = 0
        #else
          let flags = Int32(MSG_NOSIGNAL)
        #endif
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
      }
    }

    /// Waits until the client closes.
    public func waitForEnd() {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
    }

    /// Makes the close that follows a reset.
    public func resetOnClose() {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
  }

  public let port: Int
  private let descriptor: Int32

  /// The function gets each connection with its number, from 0; the connection is closed when it returns.
  public init(_ serve: @escaping @Sendable (Connection, Int) -> Void) {
    #if canImport(Darwin)
      let stream = SOCK_STREAM
    #else
      let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0 }
    }
    precondition(listening)
    var length = size
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread {
      var number = 0
      while true {
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else {
          #if !canImport(Darwin)
            close(descriptor)
          #endif
          return
        }
        let mine = number
        number += 1
        Thread.detachNewThread {
          serve(Connection(descriptor: accepted), mine)
          close(accepted)
        }
      }
    }
  }

  deinit {
    // The thread that accepts closes the descriptor: closed here, its number could be another server's when the thread comes to accept again.
    shutdown(descriptor, Int32(SHUT_RDWR))
    #if canImport(Darwin)
      // There, only closing wakes the thread.
      close(descriptor)
    #endif
  }

  public var url: String { "http://127.0.0.1:\(port)" }
}
