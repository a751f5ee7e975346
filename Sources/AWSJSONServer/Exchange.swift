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
      answer.write(try await route.service.handle(route.operation, try parse()))
    } catch {
      answer.write(error)
    }
  }

  private func parse() throws(AWSJSONError) -> JSONValue {
    if body.isEmpty { return .emptyObject }
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

  private func write(_ body: [UInt8], status: Int, errorCode: String?) {
    var headers = HTTPHeaders([
      ("content-type", version.rawValue), ("content-length", String(body.count)), ("x-amzn-requestid", RandomIdentifier.uuid()),
    ])
    if let errorCode { headers.add(name: "x-amzn-errortype", value: errorCode) }
    headers.add(name: "connection", value: keepAlive ? "keep-alive" : "close")
    let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil)
    let end = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    if !keepAlive { end.whenComplete { _ in channel.close(promise: nil) } }
  }
}
