import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

@testable import TaskActions

/// A Data API that keeps its promise about client tokens, and lets answers go wrong by a script.
final class TokenKeepingService: Sendable {
  enum Fault: Sendable, CustomTestStringConvertible {
    case throttling, serverFailure, resetAfterTaking, resetBeforeTaking, truncated, cutOff, silence, expiredToken, skew
    var testDescription: String { "\(self)" }
  }
  private struct State {
    var faults: [Fault]
    var ids: [String: String] = [:]
    var runs = 0
  }
  private final class Store: Sendable {
    let state: Mutex<State>
    init(_ faults: [Fault]) { state = Mutex(State(faults: faults)) }

    func answer(_ request: FakeRequest) -> FakeAnswer {
      guard request.headers["x-amz-target"] == "RedshiftData.ExecuteStatement" else { return .reply(200, #"{"Status":true}"#) }
      let token = (try? JSONValue(parsing: request.body))?["ClientToken"]?.asString ?? "none"
      let fault = state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
      switch fault {
      case .throttling: return .reply(400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#)
      case .expiredToken: return .reply(403, #"{"__type":"ExpiredTokenException","message":"The security token is expired"}"#)
      case .skew:
        return .reply(
          403, #"{"__type":"InvalidSignatureException","message":"Signature expired"}"#, ["Date": "Sun, 22 Nov 2026 14:00:00 GMT"])
      case .resetBeforeTaking: return .reset
      default: break
      }
      let id = state.withLock { state in
        if let known = state.ids[token] { return known }
        state.runs += 1
        state.ids[token] = "id-\(state.runs)"
        return "id-\(state.runs)"
      }
      let body = #"{"Id":"\#(id)","CreatedAt":1795352400}"#
      switch fault {
      case .resetAfterTaking: return .reset
      case .serverFailure: return .reply(500, #"{"__type":"InternalServerException","Message":"oops"}"#)
      case .truncated: return .truncated(body)
      case .cutOff: return .cutOff(body)
      case .silence: return .silence
      default: return .reply(200, body)
      }
    }
  }
  let server: FakeHTTPServer
  private let store: Store

  init(_ faults: [Fault]) {
    let store = Store(faults)
    self.store = store
    server = FakeHTTPServer { store.answer($0) }
  }
  /// How many statements were run.
  var runs: Int { store.state.withLock { $0.runs } }
  var tokens: Set<String> { store.state.withLock { Set($0.ids.keys) } }
}

@Suite struct SubmissionTests {
  private final class Fixture: Sendable {
    let time = VirtualTime()
    let running = RunningStatements()
    let progress = Bench.Progress()
    let pauses = Bench.Progress()
    let tasks: RedshiftDataTasks

    init(_ url: String, attempts: Int = 3, timeout: Duration = .seconds(60), age: Duration = .zero) {
      var settings = AWSClientSettings(localEndpoint: url, for: [.redshiftData])
      settings.maximumAttempts = attempts
      settings.options.totalTimeout = timeout
      let now = time.clock.now
      settings.credentials = CredentialChain([FixedCredentials(AWSCredentials(accessKeyID: "a", secretAccessKey: "b"))], now: now)
      tasks = RedshiftDataTasks(
        client: RedshiftDataClient(settings: settings, transport: HTTPClient(), clock: time.clock), running: running, age: { _ in age })
    }

    /// One attempt at the statement, in the way of the engine.
    func run(_ call: TaskCall) async -> Result<JSONValue, TaskFailure> {
      do throws(TaskFailure) {
        let reporter = TaskReporter(progress: { self.progress.add($0) }, sleep: { self.pauses.add("\($0)") })
        return .success(try await ExecuteStatement(tasks: tasks).run(call, reporter))
      } catch {
        return .failure(error)
      }
    }
  }

  static func call(id: Int = 7, retryCount: Int = 0, start: Int64 = 1_000_000, arn: String = "arn:x", input: JSONValue = ["Sql": "insert"]) -> TaskCall {
    TaskCall(
      id: id, executionArn: arn, stateName: "Load", resource: "r", input: input, retryCount: retryCount,
      executionStartedAt: Timestamp(microseconds: start))
  }

  /// A later attempt, as the history gives it.
  static func retry(id: Int, after call: TaskCall, error: String?) -> TaskCall {
    var next = Self.call(id: id, retryCount: call.retryCount + 1)
    next.earlier = call.ended(by: error)
    return next
  }

  // MARK: The token

  @Test func theTokenIsTheAttempts() {
    let token = SubmissionToken(Self.call())
    // Pinned: another version of the program must find what this one has submitted.
    #expect(token.text == "sfn-local-" + hexadecimal(sha256("arn:x\n1000\n7".utf8).prefix(20)))
    #expect(token.text.utf8.count == 50)
    // A retry is another event; so is what a redrive schedules. The input and the count of retries do not matter.
    #expect(SubmissionToken(Self.call(retryCount: 2, input: [:])) == token)
    // An execution with the name and the start of another is another one.
    var again = Self.call()
    again.incarnation = "a"
    let others = [Self.call(id: 8), Self.call(start: 2_000_000), Self.call(arn: "arn:y"), again].map { SubmissionToken($0) }
    #expect(Set(others + [token]).count == 5)
    #expect(token.statementName(for: Self.call()) == token.text + " Load")
  }

  // MARK: Faults

  static let faults: [[TokenKeepingService.Fault]] = [
    [.throttling], [.serverFailure], [.resetAfterTaking], [.resetBeforeTaking], [.truncated], [.cutOff], [.silence], [.expiredToken], [.skew],
    [.resetAfterTaking, .serverFailure], [.silence, .throttling], [.skew, .expiredToken], [.truncated, .resetAfterTaking],
  ]

  @Test(arguments: faults) func aFaultDoesNotRunTheStatementTwice(_ faults: [TokenKeepingService.Fault]) async throws {
    let service = TokenKeepingService(faults)
    let fixture = Fixture(service.server.url, timeout: faults.contains(.silence) ? .seconds(3) : .seconds(60))
    let outcome = await fixture.run(Self.call())
    #expect(try outcome.get()["Id"] == "id-1", "\(outcome)")
    #expect(service.runs == 1)
    #expect(service.server.requests.count == faults.count + 1)
    let bodies = Set(service.server.requests.map(\.body))
    #expect(bodies.count == 1, "every attempt sends the same")
    // The trace tells of each, and the waits are the engine's.
    #expect(fixture.progress.lines.count == faults.count + 1, "\(fixture.progress.lines)")
    #expect(fixture.progress.lines.last == "submitted 1 statement as id-1")
    #expect(fixture.pauses.lines.count == faults.count { $0 != .skew && $0 != .expiredToken })
    #expect(fixture.time.slept.isEmpty)
  }

  @Test func theTraceSaysWhatHappened() async throws {
    let service = TokenKeepingService([.throttling, .skew, .expiredToken, .serverFailure])
    let fixture = Fixture(service.server.url, attempts: 5)
    _ = await fixture.run(Self.call())
    #expect(service.runs == 1)
    #expect(
      fixture.progress.lines == [
        "RedshiftData throttles (ThrottlingException, status 400); attempt 2 of 5 in 1.0 seconds",
        "RedshiftData refuses the clock (InvalidSignatureException), which differs by 7200 s; asking again with its time",
        "RedshiftData calls the credentials expired (ExpiredTokenException); asking again with new ones",
        "RedshiftData failed (InternalServerException, status 500); attempt 5 of 5 in 8.0 seconds", "submitted 1 statement as id-1",
      ])
  }

  /// All attempts of the transport fail after the statement was taken; the state's Retry finds it by the first attempt's token.
  @Test func aRetryOfTheStateFindsWhatHadNoAnswer() async throws {
    let service = TokenKeepingService([.resetAfterTaking, .resetAfterTaking, .serverFailure])
    let fixture = Fixture(service.server.url)
    guard case .failure(let failure) = await fixture.run(Self.call()) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.error == "RedshiftData.InternalServerException")
    let outcome = await fixture.run(Self.retry(id: 12, after: Self.call(), error: failure.error))
    #expect(try outcome.get()["Id"] == "id-1")
    #expect(service.runs == 1)
    #expect(fixture.progress.lines.contains("the last attempt had no answer; asking with its client token"))
    // An attempt that succeeded leaves nothing behind: the next one runs anew.
    #expect(try await fixture.run(Self.call(id: 19, retryCount: 2)).get()["Id"] == "id-2")
  }

  /// The last refusal does not tell of a request before it, which may have been taken.
  @Test func aRefusalAfterALostAnswerTellsNothing() async throws {
    let service = TokenKeepingService([.resetAfterTaking, .throttling, .throttling])
    let fixture = Fixture(service.server.url)
    guard case .failure(let failure) = await fixture.run(Self.call()) else { return }
    #expect(failure.cause?.hasPrefix("Rate exceeded") == true)
    _ = await fixture.run(Self.retry(id: 12, after: Self.call(), error: failure.error))
    #expect(service.tokens == [SubmissionToken(Self.call()).text])
  }

  /// The attempt after a time limit finds the statement; only one that was cancelled is submitted anew.
  @Test(arguments: ["STARTED", "FINISHED", "FAILED", "ABORTED"]) func anAttemptThatTimedOutIsFound(_ status: String) async throws {
    let first = Self.call()
    let retry = Self.retry(id: 12, after: first, error: "States.Timeout")
    let transport = ScriptedTransport(answer(200, ["Id": "old"]), answer(200, ["Id": "old", "Status": .string(status)]), answer(200, ["Id": "new"]))
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    let tasks = RedshiftDataTasks(
      client: RedshiftDataClient(settings: settings, transport: transport, clock: VirtualTime().clock), running: RunningStatements())
    let result = try await ExecuteStatement(tasks: tasks).run(retry, TaskReporter(sleep: { _ in }))
    #expect(result["Id"] == (status == "ABORTED" ? "new" : "old"))
    let tokens = [SubmissionToken(first)] + (status == "ABORTED" ? [SubmissionToken(after: "old")] : [])
    #expect(transport.bodies.compactMap { $0["ClientToken"] } == tokens.map { .string($0.text) })
    // Another input is another statement.
    var other = retry
    other.input = ["Sql": "other"]
    let fresh = ScriptedTransport(answer(200, ["Id": "other"]))
    let client = RedshiftDataClient(settings: settings, transport: fresh, clock: VirtualTime().clock)
    _ = try await ExecuteStatement(tasks: RedshiftDataTasks(client: client, running: RunningStatements())).run(other, TaskReporter(sleep: { _ in }))
    #expect(fresh.bodies[0]["ClientToken"] == .string(SubmissionToken(retry).text))
  }

  /// The same call after a restart, as the history gives it again: the same token, hence the same statement.
  @Test func aRestartFindsTheStatement() async throws {
    let service = TokenKeepingService([.resetAfterTaking, .resetAfterTaking, .resetAfterTaking])
    _ = await Fixture(service.server.url).run(Self.call())
    #expect(service.runs == 1)
    let later = Fixture(service.server.url, age: .seconds(7 * 3600))
    #expect(try await later.run(Self.call()).get()["Id"] == "id-1")
    #expect(service.runs == 1)
  }

  @Test func aRestartKnowsWhatWasReported() async throws {
    let service = TokenKeepingService([])
    let fixture = Fixture(service.server.url, age: .seconds(20 * 3600))
    var call = Self.call()
    call.submission = ["Id": "known", "Database": "dev"]
    #expect(try await fixture.run(call).get() == ["Id": "known", "Database": "dev"])
    #expect(service.server.requests.isEmpty)
    #expect(fixture.running.ids(of: "arn:x") == ["known"])
  }
}

/// What was submitted more than eight hours ago.
@Suite struct OldSubmissionTests {
  private func outcome(
    _ transport: ScriptedTransport, input: JSONValue = ["Sql": "insert", "Database": "dev"], age: Duration = .seconds(9 * 3600)
  ) async -> Result<JSONValue, TaskFailure> {
    let time = VirtualTime()
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    let client = RedshiftDataClient(settings: settings, transport: transport, clock: time.clock)
    let tasks = RedshiftDataTasks(client: client, running: RunningStatements(), age: { _ in age })
    do throws(TaskFailure) {
      return .success(try await ExecuteStatement(tasks: tasks).run(SubmissionTests.call(input: input), TaskReporter(sleep: { _ in })))
    } catch {
      return .failure(error)
    }
  }

  private let name = SubmissionToken(SubmissionTests.call()).statementName(for: SubmissionTests.call())

  @Test func areLookedUpByName() async throws {
    let transport = ScriptedTransport(
      answer(200, ["Statements": [["Id": "other", "StatementName": .string(name + " 2")]], "NextToken": "n"]),
      answer(200, ["Statements": [["Id": "mine", "StatementName": .string(name), "CreatedAt": 1_795_319_000]]]))
    #expect(try await outcome(transport).get() == ["Id": "mine", "CreatedAt": "2026-11-22T03:43:20Z", "Database": "dev"])
    #expect(transport.targets == ["RedshiftData.ListStatements", "RedshiftData.ListStatements"])
    #expect(transport.bodies[0] == ["StatementName": .string(name), "Status": "ALL", "MaxResults": 100])
    #expect(transport.bodies[1]["NextToken"] == "n")
  }

  @Test func failLoudlyWhenTheyAreNotFound() async {
    let transport = ScriptedTransport(answer(200, ["Statements": []]))
    guard case .failure(let failure) = await outcome(transport) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.error == "RedshiftData.SubmissionLost")
    #expect(
      failure.cause?.hasPrefix(
        "The statement was to be submitted 9 h ago; the service keeps client tokens for 8 h, and none of its statements is named \"\(name)\".") == true)
    #expect(!transport.targets.contains("RedshiftData.ExecuteStatement"))
  }

  /// The definition's own name may belong to many: the SQL and the time must fit, and only one.
  @Test func withANameOfTheDefinitionMustFit() async throws {
    func item(_ id: JSONValue, _ sql: JSONValue, at seconds: JSONValue) -> JSONValue {
      ["Id": id, "StatementName": "load", "QueryString": sql, "CreatedAt": seconds]
    }
    let input: JSONValue = ["Sql": "insert", "StatementName": "load"]
    // Now is 1795348800; nine hours before is 1795316400.
    let one = [item("old", "insert", at: 1_795_300_000), item("other", "delete", at: 1_795_320_000), item("mine", "insert", at: 1_795_316_401.5)]
    #expect(try await outcome(ScriptedTransport(answer(200, ["Statements": .array(one)])), input: input).get()["Id"] == "mine")
    // Another execution's, an hour later; with other parameters.
    let foreign = [item("theirs", "insert", at: 1_795_320_000)]
    guard case .failure(let lost) = await outcome(ScriptedTransport(answer(200, ["Statements": .array(foreign)])), input: input) else {
      Issue.record("expected a failure")
      return
    }
    #expect(lost.error == "RedshiftData.SubmissionLost")
    var other = input
    if case .object(var object) = other {
      object["Parameters"] = [["Name": "day", "Value": "1"]]
      other = .object(object)
    }
    var mine = one[2]
    if case .object(var object) = mine {
      object["QueryParameters"] = [["name": "day", "value": "1"]]
      mine = .object(object)
    }
    guard case .failure = await outcome(ScriptedTransport(answer(200, ["Statements": .array(one)])), input: other) else {
      Issue.record("expected a failure")
      return
    }
    #expect(try await outcome(ScriptedTransport(answer(200, ["Statements": [mine]])), input: other).get()["Id"] == "mine")
    let two = one + [item("twin", "insert", at: 1_795_316_500)]
    guard case .failure(let failure) = await outcome(ScriptedTransport(answer(200, ["Statements": .array(two)])), input: input) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.cause?.contains("2 of its statements are named \"load\" and have this SQL") == true)
  }

  /// Nobody was killed: a retry comes after nine hours, or a machine sleeps for nine hours while it waits for an answer.
  @Test func areLookedUpByTheProgramThatAsked() async throws {
    let time = VirtualTime()
    let sleepy: ScriptedTransport.Answer = { _ in
      await time.clock.sleep(.seconds(9 * 3600))
      throw HTTPError(.reset, "the connection broke")
    }
    let name = name
    let transport = ScriptedTransport(sleepy, answer(200, ["Statements": [["Id": "mine", "StatementName": .string(name)]]]))
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    let client = RedshiftDataClient(settings: settings, transport: transport, clock: time.clock)
    let action = ExecuteStatement(tasks: RedshiftDataTasks(client: client, running: RunningStatements()))
    var call = SubmissionTests.call(input: ["Sql": "insert", "Database": "dev"])
    do {
      _ = try await action.run(call, TaskReporter(sleep: { _ in }))
      Issue.record("expected a failure")
    } catch {
      #expect(error.error == "RedshiftData.SdkClientException")
    }
    #expect(transport.targets == ["RedshiftData.ExecuteStatement"], "a request is not repeated with a token that is forgotten")
    let earlier = call.ended(by: "RedshiftData.SdkClientException")
    call = SubmissionTests.call(id: 12, retryCount: 1, input: call.input)
    call.earlier = earlier
    #expect(try await action.run(call, TaskReporter(sleep: { _ in }))["Id"] == "mine")
    #expect(transport.targets.dropFirst() == ["RedshiftData.ListStatements", "RedshiftData.DescribeStatement"])
  }

  @Test func withinTheTimeAreSubmittedAgain() async throws {
    let transport = ScriptedTransport(answer(200, ["Id": "same"]))
    #expect(try await outcome(transport, age: .seconds(7 * 3600)).get() == ["Id": "same"])
    #expect(transport.targets == ["RedshiftData.ExecuteStatement"])
  }
}
