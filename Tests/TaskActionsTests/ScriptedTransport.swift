import JSONTypes
import StatesInterpreter
import StatesRuntime
import Synchronization

@testable import TaskActions

/// Answers requests by a script and keeps them.
final class ScriptedTransport: HTTPTransport {
  typealias Answer = @Sendable (HTTPRequest) async throws -> HTTPResponse
  private let answers: Mutex<[Answer]>
  private let kept = Mutex<[HTTPRequest]>([])

  /// The last answer serves all further requests.
  init(_ answers: Answer...) { self.answers = Mutex(answers) }
  private init(all answers: [Answer]) { self.answers = Mutex(answers) }
  static func of(_ answers: [Answer]) -> ScriptedTransport { ScriptedTransport(all: answers) }

  var requests: [HTTPRequest] { kept.withLock { $0 } }
  var bodies: [JSONValue] { requests.map { (try? JSONValue(parsing: $0.body)) ?? .null } }
  var targets: [String] { requests.map { $0.headers["X-Amz-Target"] ?? "" } }

  func send(_ request: HTTPRequest, _ options: HTTPOptions) async throws(HTTPError) -> HTTPResponse {
    kept.withLock { $0.append(request) }
    let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
    do {
      guard let answer else { throw HTTPError(.connect, "the script has no answer") }
      return try await answer(request)
    } catch {
      throw error as? HTTPError ?? HTTPError(.badResponse, "\(error)")
    }
  }
}

func answer(_ status: Int = 200, _ body: JSONValue = [:], headers: HTTPHeaders = [:]) -> ScriptedTransport.Answer {
  { _ in
    var headers = headers
    if headers["x-amzn-RequestId"] == nil { headers["x-amzn-RequestId"] = "request-1" }
    return HTTPResponse(status: status, headers: headers, body: body.jsonBytes)
  }
}

func failing(_ kind: HTTPError.Kind) -> ScriptedTransport.Answer {
  { _ in throw HTTPError(kind, "no answer from 127.0.0.1:1") }
}

/// Time that passes only by sleeping.
final class VirtualTime: Sendable {
  private struct State {
    var now: WallTime
    var slept: [Duration] = []
  }
  private let state: Mutex<State>
  let chance: Double

  init(now: WallTime = WallTime(iso8601: "2026-11-22T12:00:00Z")!, chance: Double = 1) {
    state = Mutex(State(now: now))
    self.chance = chance
  }

  var slept: [Duration] { state.withLock { $0.slept } }
  var now: WallTime { state.withLock { $0.now } }

  var clock: ClientClock {
    ClientClock(
      now: { self.now },
      sleep: { duration in
        self.state.withLock {
          $0.slept.append(duration)
          $0.now = $0.now.advanced(bySeconds: duration.components.seconds)
        }
      },
      randomUnit: { self.chance })
  }
}

/// The actions against a script.
struct Bench {
  let transport: ScriptedTransport
  let time = VirtualTime()
  let services: ActionServices
  let actions: StandardActions
  let progress = Progress()

  final class Progress: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
  }

  init(_ transport: ScriptedTransport, mapping: S3Mapping? = nil, settings batch: RedshiftBatchSettings = RedshiftBatchSettings()) {
    self.transport = transport
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:8085", for: [.redshiftData, .s3])
    services = ActionServices(
      redshiftData: RedshiftDataClient(settings: settings, transport: transport, clock: time.clock),
      objects: S3Objects(mapping: mapping, client: S3Client(settings: settings, transport: transport, clock: time.clock)),
      batchSettings: batch)
    actions = StandardActions(services)
  }

  func run(_ resource: String, _ input: JSONValue, id: Int = 7) async throws(TaskFailure) -> JSONValue {
    let named =
      actions.resources.first { $0.resource.hasSuffix(resource) }?.action ?? actions.functions.first { $0.name == resource }?.action
    guard let named else { throw TaskFailure(error: "no such action", cause: resource) }
    let call = TaskCall(id: id, executionArn: "arn:x", stateName: "S", resource: resource, input: input)
    let progress = progress
    return try await named.run(call, TaskReporter(progress: { progress.add($0) }))
  }

  func failure(_ resource: String, _ input: JSONValue) async -> TaskFailure? {
    do throws(TaskFailure) {
      _ = try await run(resource, input)
      return nil
    } catch {
      return error
    }
  }
}
