import Foundation
import Testing

/// The words of `redshift start`, and of a run that starts the same database.
@Suite(.serialized) struct RedshiftStartTests {
  /// A port of 127.0.0.1 that is taken as long as this lives.
  struct TakenPort: ~Copyable {
    let port: Int
    private let descriptor: Int32

    init() throws {
      #if canImport(Darwin)
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
      #else
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      #endif
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = descriptor
      let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          bind(descriptor, pointer, size) == 0 && listen(descriptor, 1) == 0 && getsockname(descriptor, pointer, &size) == 0
        }
      }
      try #require(isTaken)
      port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
  }

  @Test func aTakenPortIsNamedWithTheWayOut() throws {
    let folder = try TemporaryFolder()
    let taken = try TakenPort()
    let outcome = try Program.run("redshift", "start", "--port", String(taken.port), "--state-dir", folder.path)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("port \(taken.port) of 127.0.0.1 is taken; choose another with --port, or --port 0 for any free one"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("errno"))
  }
}
