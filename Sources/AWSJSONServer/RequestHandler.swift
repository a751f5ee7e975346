import JSONTypes
import NIOCore
import NIOHTTP1

/// One connection: gathers a request within its limits, has it answered, and starts over.
///
/// The handler that sees to pipelining stands before it, so there is one request at a time.
final class RequestHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case idle
    case receiving(HTTPRequestHead, RequestGate.Route, [UInt8])
    /// The rest of a refused request's body is read and dropped until its end; the answer is out already.
    case answering
    case closing
  }

  private let gate: RequestGate
  private let limits: ServerLimits
  private let connections: ConnectionCounter
  private var state = State.idle
  private var timer: Scheduled<Void>?
  private var work: Task<Void, Never>?
  private var endsAfterAnswer = false
  /// One connection too many: its first request is told so.
  private var isSurplus = false

  init(gate: RequestGate, limits: ServerLimits, connections: ConnectionCounter) {
    self.gate = gate
    self.limits = limits
    self.connections = connections
  }

  func channelActive(context: ChannelHandlerContext) {
    isSurplus = connections.open() > limits.connections
    expect(within: isSurplus ? limits.bodyTimeInSeconds : limits.idleTimeInSeconds, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    work?.cancel()
    connections.close()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .idle): begin(head, context)
    case (.body(let buffer), .receiving(let head, let route, var bytes)):
      state = .answering  // the one owner of the bytes is the local variable, so they grow in place
      guard bytes.count + buffer.readableBytes <= limits.bodySizeInBytes else { return refuse(tooLarge, context.channel) }
      bytes.append(contentsOf: buffer.readableBytesView)
      state = .receiving(head, route, bytes)
    case (.end, .receiving(let head, let route, let bytes)):
      timer?.cancel()
      state = .answering
      answer(head, route, bytes, context.channel)
    default: break
    }
  }

  private var tooLarge: AWSJSONError {
    AWSJSONError("RequestEntityTooLargeException", "The body is larger than \(limits.bodySizeInBytes) bytes.", status: 413)
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    expect(within: limits.bodyTimeInSeconds, context)
    do throws(AWSJSONError) {
      if isSurplus { throw AWSJSONError("ThrottlingException", "Too many connections (\(limits.connections)).", status: 503) }
      let route = try gate.route(head)
      if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodySizeInBytes { throw tooLarge }
      if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
      }
      state = .receiving(head, route, [])
    } catch {
      // A refused request's body may be long or never come: the connection ends with the answer.
      refuse(error, context.channel)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ route: RequestGate.Route, _ body: [UInt8], _ channel: any Channel) {
    let answer = Answer(channel: channel, version: route.service.version, keepAlive: head.isKeepAlive)
    let exchange = Exchange(gate: gate, head: head, route: route, body: body, answer: answer)
    connections.beginExchange()
    work = Task { [connections] in
      await exchange.run()
      connections.endExchange()
    }
  }

  /// Answers with an error and ends the connection.
  private func refuse(_ error: AWSJSONError, _ channel: any Channel) {
    state = .closing
    timer?.cancel()
    Answer(channel: channel, version: gate.services.first?.version ?? .json11, keepAlive: false).write(error)
  }

  /// The end of an answer frees the connection for the next request.
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data), case .answering = state {
      work = nil
      state = .idle
      if endsAfterAnswer {
        state = .closing
        let channel = context.channel
        return context.writeAndFlush(data).whenComplete { _ in channel.close(promise: promise) }
      }
      expect(within: limits.idleTimeInSeconds, context)
    }
    context.write(data, promise: promise)
  }

  /// Ends the connection unless what is awaited comes in time.
  private func expect(within seconds: Int64, _ context: ChannelHandlerContext) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: .seconds(seconds)) { channel.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch state {
    case .idle where error is HTTPParserError, .receiving where error is HTTPParserError:
      refuse(AWSJSONError("SerializationException", "The request is not HTTP/1.1 within the limits: \(error)."), context.channel)
    default: context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // A graceful stop: what is being answered is finished, an idle connection ends at once.
    if event is StopGracefully {
      if case .answering = state {
        endsAfterAnswer = true
        return
      }
      return context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }
}

struct StopGracefully: Sendable {}
