import JSONTypes
import NIOCore
import NIOHTTP1

/// A complete request on its way through a service to its answer.
struct Exchange: Sendable {
  let gate: RequestGate
  let head: HTTPRequestHead
  let route: RequestGate.Route
  let body: [UInt8]
  let answer: Answer

  func run() async {
    do throws(AWSJSONError) {
      try gate.checkSignature(route, head, body: body)
      let input = try parse()
      let fault = await route.service.fault(route.operation, input)
      if case .refusal(let refusal) = fault { throw refusal }
      let value = fault?.isTaken == false ? .emptyObject : try await route.service.handle(route.operation, input)
      switch fault {
      case nil, .refusal: answer.write(value)
      case .lostAnswer(let error): throw error
      case .reset: answer.drop()
      case .truncated: answer.writeHalf(of: value)
      case .late(let delay):
        try? await Task.sleep(for: delay)
        answer.write(value)
      }
    } catch {
      answer.write(error)
    }
  }

  private func parse() throws(AWSJSONError) -> JSONValue {
    if body.isEmpty { return .emptyObject }
    guard String(validating: body, as: UTF8.self) != nil else { throw .serialization("The body is not UTF-8.") }
    let value: JSONValue
    do throws(JSONSyntaxError) { value = try JSONValue(parsing: body, maximumDepth: 64) } catch {
      throw .serialization("The body is not JSON: \(error.message), at line \(error.line), column \(error.column).")
    }
    guard value.asObject != nil else { throw .serialization("The body must be a JSON object.") }
    return value
  }
}

/// Writes one answer to a connection.
struct Answer: Sendable {
  let channel: any Channel
  let version: AWSJSONService.Version
  /// Without it the connection is closed behind the answer.
  let keepAlive: Bool

  func write(_ value: JSONValue) { write(value.jsonBytes, status: 200, errorCode: nil) }
  func write(_ error: AWSJSONError) { write(error.body.jsonBytes, status: error.status, errorCode: error.code) }

  /// Closes the connection instead of an answer.
  func drop() { channel.close(promise: nil) }

  /// Promises the whole answer, sends half of it, and closes the connection.
  func writeHalf(of value: JSONValue) {
    let body = value.jsonBytes
    channel.write(HTTPServerResponsePart.head(head(length: body.count, status: 200, errorCode: nil)), promise: nil)
    let half = channel.allocator.buffer(bytes: body.prefix(body.count / 2))
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(half))).whenComplete { _ in channel.close(promise: nil) }
  }

  private func head(length: Int, status: Int, errorCode: String?) -> HTTPResponseHead {
    var headers = HTTPHeaders([
      ("content-type", version.rawValue), ("content-length", String(length)), ("x-amzn-requestid", RandomIdentifier.uuid()),
      ("date", HTTPDate.now()),
    ])
    if let errorCode { headers.add(name: "x-amzn-errortype", value: errorCode) }
    headers.add(name: "connection", value: keepAlive ? "keep-alive" : "close")
    return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
  }

  private func write(_ body: [UInt8], status: Int, errorCode: String?) {
    let head = head(length: body.count, status: status, errorCode: errorCode)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil)
    let end = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    if !keepAlive { end.whenComplete { _ in channel.close(promise: nil) } }
  }
}
