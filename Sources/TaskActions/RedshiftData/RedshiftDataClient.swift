public import JSONTypes

/// The operations of the Redshift Data API that this program calls.
public enum RedshiftDataOperation: String, Sendable, Hashable, CaseIterable {
  case executeStatement = "ExecuteStatement"
  case batchExecuteStatement = "BatchExecuteStatement"
  case describeStatement = "DescribeStatement"
  case getStatementResult = "GetStatementResult"
  case cancelStatement = "CancelStatement"
  case listStatements = "ListStatements"
}

/// A client for the Redshift Data API, over AWS JSON 1.1.
///
/// Requests and results are the API's own JSON. Failed requests are repeated with the same body, hence the same `ClientToken`.
/// Source: Amazon Redshift Data API Reference, version 2019-12-20.
public final class RedshiftDataClient: Sendable {
  /// Largest answer accepted: a page of results has about 1 MB, the description of a batch up to 40 statements of 100 KB.
  public static let maximumAnswerBytes = 32 << 20

  let clock: ClientClock
  private let caller: AWSCaller

  public init(settings: AWSClientSettings, transport: any HTTPTransport, clock: ClientClock = .system) {
    self.clock = clock
    caller = AWSCaller(.redshiftData, settings: settings, transport: transport, clock: clock)
  }

  /// Where requests go, for the trace: `redshift-data.eu-west-1.amazonaws.com`, `127.0.0.1:8085`; nil when nothing names a place.
  public var place: String? { caller.target.place }
  public var target: AWSClientSettings.Target { caller.target }

  /// Calls one operation and gives its result.
  public func call(_ operation: RedshiftDataOperation, _ request: JSONObject) async throws(AWSCallError) -> JSONObject {
    try await call(operation, request, pace: nil)
  }

  func call(_ operation: RedshiftDataOperation, _ request: JSONObject, pace: CallPace?, until: WallTime? = nil) async throws(AWSCallError) -> JSONObject {
    let (url, region): (String, String)
    switch caller.target {
    case .aws(let base, let name, _), .endpoint(let base, let name, _): (url, region) = (base + "/", name)
    case .nothing: throw .noTarget(.redshiftData)
    case .incomplete(let why, _): throw .unusable(why)
    }
    let message = HTTPRequest(
      method: "POST", url: url,
      headers: ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "RedshiftData.\(operation.rawValue)"],
      body: JSONValue.object(request).jsonBytes)
    let response = try await caller.call(
      message, region: region, maximumBodyBytes: Self.maximumAnswerBytes, pace: pace, until: until, isWhole: { (try? JSONValue(parsing: $0.body)) != nil }
    ) { awsJSONError($0, of: .redshiftData) }
    guard let result = try? JSONValue(parsing: response.body), case .object(let object) = result else {
      throw .unusable("the answer to \(operation.rawValue) from \(place ?? url) is no JSON object: \(excerpt(response.body))")
    }
    return object
  }
}

/// Decodes an error of the AWS JSON protocol. The code stands in `__type` or the header `x-amzn-ErrorType`, with or without a namespace before `#`
/// and a URL after `:`; the text in `Message` or `message`.
func awsJSONError(_ response: HTTPResponse, of service: AWSService) -> AWSServiceError {
  let body = (try? JSONValue(parsing: response.body)) ?? .null
  let written = body["__type"]?.asString ?? body["code"]?.asString ?? response.headers["x-amzn-ErrorType"]
  var code = Substring(written ?? "")
  if let hash = code.lastIndex(of: "#") { code = code[code.index(after: hash)...] }
  code = code.prefix { $0 != ":" }
  let message = body["Message"]?.asString ?? body["message"]?.asString ?? body["errorMessage"]?.asString
  return AWSServiceError(
    service: service, code: code.isEmpty ? "UnknownError" : String(code),
    message: message ?? (response.body.isEmpty ? "the service answered without a text" : excerpt(response.body)), status: response.status,
    requestID: response.headers["x-amzn-RequestId"] ?? response.headers["x-amz-request-id"],
    queryCode: response.headers["x-amzn-query-error"].map { String($0.prefix { $0 != ";" }) })
}

/// The head of a body for messages.
func excerpt(_ body: [UInt8]) -> String {
  let limit = 200
  return String(decoding: body.prefix(limit), as: UTF8.self) + (body.count > limit ? "…" : "")
}
