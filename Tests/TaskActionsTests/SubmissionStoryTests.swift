import JSONTypes
import StatesInterpreter
import StatesRuntime
import Synchronization
import Testing

@testable import TaskActions

/// Attempts of one state at one statement, with all that may go wrong on the way, over many seeds: requests and answers get lost, time limits pass,
/// cancellations come too late, the program is killed and goes on. Whatever happens, the statement has its effect once at most, and a task
/// that succeeded had it.
@Suite struct SubmissionStoryTests {
  /// A Data API that keeps its promise about client tokens, and whose statements end, fail and are cancelled by chance.
  private final class Service: Sendable {
    enum Status: String { case started = "STARTED", cancelling, finished = "FINISHED", failed = "FAILED", aborted = "ABORTED" }
    private struct State {
      var random: SeededRandom
      var ids: [String: String] = [:]
      var statements: [String: Status] = [:]
      mutating func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
    }
    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededRandom(seed: seed))) }

    func count(_ status: Status) -> Int { state.withLock { $0.statements.values.count { $0 == status } } }
    func status(_ id: String) -> Status? { state.withLock { $0.statements[id] } }
    var story: String { state.withLock { state in state.ids.map { "\($0.key.suffix(6)): \($0.value) \(state.statements[$0.value]!)" }.sorted().joined(separator: ", ") } }

    func answer(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
      let body = (try? JSONValue(parsing: request.body)) ?? .null
      return try state.withLock { (state: inout State) throws(HTTPError) -> HTTPResponse in
        if state.chance(22) { throw HTTPError(.reset, "the request was lost") }
        let response = Self.answer(request.headers["X-Amz-Target"] ?? "", body, &state)
        if state.chance(22) { throw HTTPError(.reset, "the answer was lost") }
        return response
      }
    }

    private static func answer(_ target: String, _ body: JSONValue, _ state: inout State) -> HTTPResponse {
      func reply(_ status: Int, _ body: JSONValue) -> HTTPResponse { HTTPResponse(status: status, body: body.jsonBytes) }
      switch target {
      case "RedshiftData.ExecuteStatement":
        if state.chance(5) { return reply(400, ["__type": "ThrottlingException", "message": "Rate exceeded"]) }
        let token = body["ClientToken"]?.asString ?? ""
        if state.ids[token] == nil {
          let id = "s\(state.statements.count + 1)"
          state.ids[token] = id
          state.statements[id] = .started
        }
        if state.chance(5) { return reply(500, ["__type": "InternalServerException", "Message": "oops"]) }
        return reply(200, ["Id": .string(state.ids[token]!)])
      case "RedshiftData.DescribeStatement":
        let id = body["Id"]?.asString ?? ""
        switch state.statements[id] {
        case .started: if state.chance(20) { state.statements[id] = state.chance(80) ? .finished : .failed }
        case .cancelling: state.statements[id] = state.chance(70) ? .aborted : .finished
        default: break
        }
        let status = state.statements[id] ?? .failed
        return reply(
          200, ["Id": .string(id), "Status": .string(status == .cancelling ? "STARTED" : status.rawValue), "UpdatedAt": 1_795_348_800])
      case "RedshiftData.CancelStatement":
        let id = body["Id"]?.asString ?? ""
        guard state.statements[id] == .started else { return reply(400, ["__type": "ValidationException", "Message": "Could not cancel"]) }
        state.statements[id] = state.chance(50) ? .aborted : .cancelling
        return reply(200, ["Status": true])
      default: return reply(400, ["__type": "UnknownOperationException"])
      }
    }
  }

  /// One process that runs the action; once it is dead, none of its requests arrives.
  private final class Process: HTTPTransport {
    private struct State {
      var requests = 0
      var cut: (atRequest: Int, comesBefore: Bool)?
      var hasBeenCut = false
      var isDead = false
      var task: Task<Result<JSONValue, TaskFailure>, Never>?
    }
    private let state = Mutex(State())
    private let service: Service
    private let isKilled: Bool
    let running = RunningStatements()

    init(_ service: Service, cut: (atRequest: Int, comesBefore: Bool)?, isKilled: Bool) {
      (self.service, self.isKilled) = (service, isKilled)
      state.withLock { $0.cut = cut }
    }

    var hasBeenCut: Bool { state.withLock { $0.hasBeenCut } }

    func begin(_ task: Task<Result<JSONValue, TaskFailure>, Never>) { state.withLock { $0.task = task } }

    /// The next attempt in the same process is not cut at the same place.
    func goOn(cut: (atRequest: Int, comesBefore: Bool)?) { state.withLock { ($0.requests, $0.cut, $0.hasBeenCut) = (0, cut, false) } }

    func send(_ request: HTTPRequest, _ options: HTTPOptions) async throws(HTTPError) -> HTTPResponse {
      let (isNow, comesBefore) = state.withLock { state in
        state.requests += 1
        return (state.cut?.atRequest == state.requests, state.cut?.comesBefore == true)
      }
      if isNow, comesBefore { cut() }
      if state.withLock({ $0.isDead }) { throw HTTPError(.cancelled, "the program is dead") }
      let response: Result<HTTPResponse, HTTPError>
      do throws(HTTPError) { response = .success(try service.answer(request)) } catch { response = .failure(error) }
      if isNow, !comesBefore { cut() }
      if state.withLock({ $0.isDead }) { throw HTTPError(.cancelled, "the program is dead") }
      return try response.get()
    }

    private func cut() {
      let task = state.withLock { state in
        state.hasBeenCut = true
        state.isDead = isKilled
        return state.task
      }
      if isKilled { running.leaveRunning() }
      task?.cancel()
    }
  }

  private static func action(_ isSync: Bool, _ process: Process, requests: Int) -> any TaskAction {
    var settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    settings.maximumAttempts = requests
    let client = RedshiftDataClient(settings: settings, transport: process, clock: VirtualTime().clock)
    let tasks = RedshiftDataTasks(client: client, running: process.running)
    return isSync ? StatementToEnd(operation: .executeStatement, tasks: tasks) : ExecuteStatement(tasks: tasks)
  }

  /// - Returns: the errors of the attempts, for the counts at the end.
  private func play(seed: UInt64, isSync: Bool) async -> [String] {
    var random = SeededRandom(seed: seed)
    let service = Service(seed: seed &+ 1_000_000)
    var call = SubmissionTests.call(id: 1)
    var errors: [String] = []
    func cut() -> (atRequest: Int, comesBefore: Bool)? {
      random.next() % 2 == 0 ? (Int(random.next() % 6) + 1, random.next() % 2 == 0) : nil
    }
    var isKilled = random.next() % 2 == 0
    var process = Process(service, cut: cut(), isKilled: isKilled)
    for _ in 0..<12 {
      let submitted = Mutex(call.submission)
      let action = Self.action(isSync, process, requests: seed % 2 == 0 ? 1 : 3)
      let attempt = call
      let task = Task { () -> Result<JSONValue, TaskFailure> in
        let reporter = TaskReporter(submitted: { value in submitted.withLock { $0 = value } }, sleep: { _ in try Task.checkCancellation() })
        do throws(TaskFailure) { return .success(try await action.run(attempt, reporter)) } catch { return .failure(error) }
      }
      process.begin(task)
      let result = await task.value
      call.submission = submitted.withLock { $0 }
      if process.hasBeenCut {
        if isKilled {
          // The same attempt, in another process.
          isKilled = random.next() % 2 == 0
          process = Process(service, cut: cut(), isKilled: isKilled)
          continue
        }
        errors.append("States.Timeout")
      } else {
        switch result {
        case .success(let value):
          let id = value["Id"]?.asString ?? ""
          // A task that does not wait takes what may have run for run: one that was cancelled shows when it is asked for.
          #expect(isSync ? service.status(id) == .finished : service.status(id) != nil, "seed \(seed): \(service.story)")
          #expect(service.count(.finished) + service.count(.started) <= 1, "seed \(seed): \(errors) \(service.story)")
          return errors
        case .failure(let failure): errors.append(failure.error)
        }
      }
      var next = SubmissionTests.call(id: call.id + 5, retryCount: call.retryCount + 1)
      next.earlier = call.ended(by: errors.last ?? "")
      call = next
      process.goOn(cut: cut())
    }
    _ = await process.running.cancelAll()
    #expect(service.count(.finished) <= 1, "seed \(seed): \(errors) \(service.story)")
    return errors
  }

  @Test(arguments: [true, false]) func aStatementHasItsEffectOnce(_ isSync: Bool) async {
    var count = 0
    for seed in 0..<600 as Range<UInt64> {
      let errors = await play(seed: seed, isSync: isSync)
      count += errors.count
      // Nobody but the attempts themselves cancels.
      #expect(!errors.contains("RedshiftData.StatementAborted"), "seed \(seed): \(errors)")
    }
    #expect(count > 300, "the faults are there")
  }
}
