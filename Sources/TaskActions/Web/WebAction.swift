import JSONTypes
import StatesInterpreter
import StatesRuntime

/// An HTTP endpoint that answers a task.
public struct WebEndpoint: Sendable, Hashable {
  /// Longest that AWS lets a function run.
  public static let defaultTimeout = Duration.seconds(900)

  public var url: String
  /// Sent with each request. Their values are shown nowhere.
  public var headers: [(name: String, value: String)]
  public var timeout: Duration

  public init(url: String, headers: [(name: String, value: String)] = [], timeout: Duration = defaultTimeout) {
    self.url = url
    self.headers = headers
    self.timeout = timeout
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.url == right.url && left.timeout == right.timeout && left.headers.elementsEqual(right.headers) { $0 == $1 }
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(url) }

  /// The address without user, password and query, for people.
  public var place: String {
    let parts = URLParts(url)
    return "\(parts.scheme)://\(parts.host)\(parts.path)"
  }
}

/// Answers a task by POST, as a Lambda runtime interface emulator is called.
///
/// Source: AWS Lambda API Reference, "Invoke"; AWS Step Functions Developer Guide, error names of HTTP tasks.
struct WebAction: TaskAction {
  /// Largest answer read, in bytes: what Lambda allows.
  static let maximumAnswerBytes = 6 << 20

  let endpoint: WebEndpoint
  let transport: any HTTPTransport

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    var request = HTTPRequest(method: "POST", url: endpoint.url, headers: ["Content-Type": "application/json"], body: call.input.jsonBytes)
    for (name, value) in endpoint.headers { request.headers[name] = value }
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await transport.send(request, HTTPOptions(totalTimeout: endpoint.timeout, maximumBodyBytes: Self.maximumAnswerBytes))
    } catch {
      throw failure(error)
    }
    return try result(response)
  }

  private func result(_ response: HTTPResponse) throws(TaskFailure) -> JSONValue {
    let functionError = response.headers["X-Amz-Function-Error"]
    let isSuccess = (200..<300).contains(response.status)
    switch parsed(response.body) {
    case .success(let value):
      if let failure = functionFailure(value, hasFailed: functionError != nil || !isSuccess) { throw failure }
      if functionError != nil { throw TaskFailure(error: "States.TaskFailed", cause: value.jsonText) }
      if isSuccess { return value }
    case .failure(let error) where isSuccess:
      throw TaskFailure(
        error: "States.TaskFailed",
        cause:
          "The answer of \(endpoint.place) is no JSON (line \(error.line), column \(error.column): \(error.message)): "
          + excerpt(response.body)
      )
    case .failure: break
    }
    let hint = (300..<400).contains(response.status) ? " Redirects are not followed: name the address that answers." : ""
    throw TaskFailure(
      error: "States.Http.StatusCode.\(response.status)",
      cause:
        "\(endpoint.place) answered with status \(response.status).\(hint)\(response.body.isEmpty ? "" : "\n" + excerpt(response.body))")
  }

  private func failure(_ error: HTTPError) -> TaskFailure {
    switch error.kind {
    case .cancelled: TaskFailure(error: "States.TaskFailed", cause: "The task was cancelled.")
    case .timeout: TaskFailure(error: "Sandbox.Timedout", cause: error.detail)
    case .tooLarge: TaskFailure(error: "States.DataLimitExceeded", cause: error.detail)
    default: TaskFailure(error: "States.Http.Socket", cause: error.detail)
    }
  }
}
