import JSONTypes
import StatesRuntime
import Synchronization

/// Calls services by the names of SDK integrations: any operation of any service of the table.
public final class AWSCalls: Sendable {
  /// Largest answer accepted, in bytes; a state's payload holds far less.
  public static let maximumAnswerBytes = 16 << 20

  /// The services that can be called, for the settings' targets.
  public static var services: [AWSService] { ServiceFacts.names.compactMap { ServiceFacts.named($0)?.service } }

  /// The service that integrations name so: `dynamodb`, `sqs`; nil when it cannot be called.
  public static func service(named name: String) -> AWSService? { ServiceFacts.named(name)?.service }
  /// The names of all services that can be called, sorted.
  public static var serviceNames: [String] { ServiceFacts.names }

  private let settings: AWSClientSettings
  private let transport: any HTTPTransport
  private let clock: ClientClock
  /// One for each service, so that its requests share the tokens for repetitions.
  private let callers = Mutex<[AWSService: AWSCaller]>([:])

  public init(settings: AWSClientSettings, transport: any HTTPTransport, clock: ClientClock = .system) {
    self.settings = settings
    self.transport = transport
    self.clock = clock
  }

  /// Where the requests for an integration's service go, in words for a plan.
  public func place(of resource: String) -> String {
    guard case .success(let integration) = ServiceIntegration.named(resource) else { return "AWS" }
    return place(of: integration.facts.service)
  }

  /// Where calls of functions go.
  public var placeOfFunctions: String { ServiceFacts.named("lambda").map { place(of: $0.service) } ?? "AWS" }

  private func place(of service: AWSService) -> String {
    switch settings.target(of: service) {
    case .aws(let url, _, let origin): "AWS, \(url) (named by \(origin))"
    case .endpoint(let url, _, let origin): "AWS calls at \(url) (named by \(origin))"
    case .nothing: "AWS, but nothing names where: give --region, --profile or --endpoint-url"
    case .incomplete(let why, _): "AWS, but \(why)"
    }
  }

  /// The answer of one operation, as JSON with the service's own names, with the whole HTTP answer.
  func call(_ operation: String, of facts: ServiceFacts, _ request: ServiceRequest, pace: CallPace? = nil) async throws(AWSCallError) -> HTTPResponse {
    let service = facts.service
    let caller = callers.withLock { callers in
      if let known = callers[service] { return known }
      let caller = AWSCaller(service, settings: settings, transport: transport, clock: clock)
      callers[service] = caller
      return caller
    }
    let (base, region): (String, String)
    switch caller.target {
    case .aws(let url, let name, _), .endpoint(let url, let name, _): (base, region) = (url, name)
    case .nothing: throw .noTarget(service)
    case .incomplete(let why, _): throw .unusable(why)
    }
    let message = HTTPRequest(method: request.method, url: base + request.path, headers: request.headers, body: request.body)
    return try await caller.call(message, region: region, maximumBodyBytes: Self.maximumAnswerBytes, pace: pace) { awsJSONError($0, of: service) }
  }
}

/// A request without the place that it goes to.
struct ServiceRequest: Sendable {
  var method: String
  /// Percent-encoded, with its query.
  var path: String
  var headers: HTTPHeaders
  var body: [UInt8]
}
