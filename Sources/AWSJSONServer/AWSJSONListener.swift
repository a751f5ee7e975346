import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An HTTP/1.1 listener on loopback that serves AWS JSON services on `POST /`.
package final class AWSJSONListener: Sendable {
  /// Where clients reach it, for example `http://127.0.0.1:8085`.
  package let url: String
  package let port: Int
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let connections: ConnectionCounter
  private let limits: ServerLimits

  /// Why a listener could not be started.
  package struct StartError: Error, CustomStringConvertible {
    package let description: String
    /// Another port may do.
    package let isAboutThePort: Bool

    init(description: String) {
      self.description = description
      isAboutThePort = false
    }

    /// What the system says of a port; nil when it is about something else.
    init?(code: Int32, host: String, port: Int) {
      switch code {
      case EADDRINUSE: description = "port \(port) of \(host) is taken"
      case EACCES: description = "port \(port) of \(host) is not this user's to take: ports below 1024 need more rights"
      default: return nil
      }
      isAboutThePort = true
    }
  }

  /// - Parameters:
  ///   - host: a loopback address: `127.0.0.1`, `::1` or `localhost`. Anything else is refused: the services check no rights.
  ///   - port: 0 takes any free port.
  ///   - secret: with it, signatures are verified; without it any well-formed one will do.
  /// - Throws: `StartError` when the address cannot be taken.
  package static func start(
    services: [AWSJSONService], host: String = "127.0.0.1", port: Int = 0, secret: SigningSecret? = nil,
    limits: ServerLimits = ServerLimits()
  ) async throws(StartError) -> AWSJSONListener {
    guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
      throw StartError(
        description: "cannot listen on \(host): only loopback (127.0.0.1, ::1, localhost) is served, as no rights are checked")
    }
    guard (0...65535).contains(port) else { throw StartError(description: "cannot listen on port \(port): expected 0 to 65535") }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let connections = ConnectionCounter()
    let gate = RequestGate(services: services, secret: secret)
    var decoderLimits = NIOHTTPDecoderLimitConfiguration()
    decoderLimits.maxHeaderFieldSize = limits.headersSizeInBytes
    decoderLimits.maxHeaderListSize = limits.headersSizeInBytes
    decoderLimits.maxHeaderFieldCount = limits.headerFieldCount
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [decoderLimits] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withErrorHandling: false, withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoderLimits)
          connections.remember(channel)
          try channel.pipeline.syncOperations.addHandler(RequestHandler(gate: gate, limits: limits, connections: connections))
        }
      }
    do {
      let channel = try await bootstrap.bind(host: host, port: port).get()
      return AWSJSONListener(channel, host, group, connections, limits)
    } catch {
      try? await group.shutdownGracefully()
      if let code = (error as? IOError)?.errnoCode, let refusal = StartError(code: code, host: host, port: port) { throw refusal }
      throw StartError(description: "cannot listen on \(host):\(port): \(error)")
    }
  }

  private init(
    _ channel: any Channel, _ host: String, _ group: MultiThreadedEventLoopGroup, _ connections: ConnectionCounter, _ limits: ServerLimits
  ) {
    self.channel = channel
    self.group = group
    self.connections = connections
    self.limits = limits
    port = channel.localAddress?.port ?? 0
    url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// Takes no more connections, lets requests that are being answered finish for `ServerLimits.graceInSeconds`, cancels the rest,
  /// and waits until their services have returned.
  package func stop() async {
    try? await channel.close()
    for open in connections.channels() { open.pipeline.fireUserInboundEventTriggered(StopGracefully()) }
    let deadline = ContinuousClock.now + .seconds(limits.graceInSeconds)
    while connections.count > 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    for open in connections.channels() { try? await open.close() }
    // Their tasks are cancelled now; none may speak to an event loop that is gone.
    while connections.exchanges > 0 { try? await Task.sleep(for: .milliseconds(2)) }
    try? await group.shutdownGracefully()
  }
}

/// The connections that are open.
final class ConnectionCounter: Sendable {
  private let state = Mutex<(count: Int, exchanges: Int, channels: [ObjectIdentifier: any Channel])>((0, 0, [:]))

  func remember(_ channel: any Channel) {
    state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
    }
  }

  /// Counts one more; returns how many there are then.
  func open() -> Int {
    state.withLock {
      $0.count += 1
      return $0.count
    }
  }
  func close() { state.withLock { $0.count -= 1 } }
  /// Requests that are being answered.
  var exchanges: Int { state.withLock { $0.exchanges } }
  func beginExchange() { state.withLock { $0.exchanges += 1 } }
  func endExchange() { state.withLock { $0.exchanges -= 1 } }
  var count: Int { state.withLock { $0.count } }
  func channels() -> [any Channel] { state.withLock { Array($0.channels.values) } }
}
