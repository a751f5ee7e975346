import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

@testable import TaskActions

@Suite struct StatementToEndTests {
  /// Runs the action against a script and keeps what it says to the engine.
  private final class Stage: Sendable {
    let transport: ScriptedTransport
    let time = VirtualTime()
    let running = RunningStatements()
    let progress = Bench.Progress()
    let submissions = Mutex<[JSONValue]>([])
    let beats = Mutex(0)
    let pauses = Mutex<[Duration]>([])
    let submission: JSONValue?

    init(_ transport: ScriptedTransport, submission: JSONValue? = nil) { (self.transport, self.submission) = (transport, submission) }

    var reporter: TaskReporter {
      TaskReporter(
        progress: { self.progress.add($0) }, submitted: { value in self.submissions.withLock { $0.append(value) } },
        heartbeat: { self.beats.withLock { $0 += 1 } },
        sleep: { duration in
          try Task.checkCancellation()
          self.pauses.withLock { $0.append(duration) }
        })
    }

    func run(
      _ input: JSONValue, _ operation: RedshiftDataOperation = .batchExecuteStatement, heartbeat: Int? = nil, id: Int = 7, retryCount: Int = 0,
      earlier: TaskCall.EarlierAttempt? = nil
    ) async -> Result<JSONValue, TaskFailure> {
      let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
      let tasks = RedshiftDataTasks(
        client: RedshiftDataClient(settings: settings, transport: transport, clock: time.clock), running: running)
      var call = TaskCall(
        id: id, executionArn: "arn:x", stateName: "Load", resource: StatementToEnd.batchResource, input: input, heartbeatSeconds: heartbeat,
        retryCount: retryCount)
      call.submission = submission
      call.earlier = earlier
      do throws(TaskFailure) {
        return .success(try await StatementToEnd(operation: operation, tasks: tasks).run(call, reporter))
      } catch {
        return .failure(error)
      }
    }
  }

  private static let submitted = answer(200, ["Id": "b", "CreatedAt": 1, "Database": "dev"])
  private static func described(_ status: JSONValue, _ parts: [JSONValue] = [], error: JSONValue? = nil) -> ScriptedTransport.Answer {
    var body: JSONObject = ["Id": "b", "Status": status, "CreatedAt": 1, "Duration": 5, "ResultRows": 3]
    if !parts.isEmpty { body["SubStatements"] = .array(parts) }
    if let error { body["Error"] = error }
    return answer(200, .object(body))
  }
  private static func part(_ number: Int, _ status: JSONValue, error: JSONValue? = nil) -> JSONValue {
    var part: JSONObject = ["Id": .string("b:\(number)"), "Status": status, "QueryString": .string("sql \(number)"), "ResultRows": 1, "Duration": 9]
    if let error { part["Error"] = error }
    return .object(part)
  }

  @Test func givesTheWholeOfABatch() async throws {
    let stage = Stage(
      ScriptedTransport(
        Self.submitted, Self.described("STARTED", [Self.part(1, "FINISHED"), Self.part(2, "STARTED")]),
        Self.described("FINISHED", [Self.part(1, "FINISHED"), Self.part(2, "FINISHED")])))
    let result = try await stage.run(["Sqls": ["sql 1", "sql 2"], "Database": "dev"]).get()
    #expect(result["Status"] == "FINISHED" && result["CreatedAt"] == "1970-01-01T00:00:01Z")
    #expect(result["SubStatements"]?[1] == Self.part(2, "FINISHED"))
    #expect(stage.submissions.withLock { $0 } == [["Id": "b", "CreatedAt": "1970-01-01T00:00:01Z", "Database": "dev"]])
    #expect(stage.progress.lines == ["submitted 2 statements as b", "STARTED, 1 of 2 finished", "FINISHED, 2 of 2 finished"])
    #expect(stage.beats.withLock { $0 } == 2)
    #expect(stage.running.ids(of: "arn:x").isEmpty)
  }

  // MARK: Waiting

  /// An endpoint that answers at once although it was to wait is asked less and less often.
  @Test func asksEverMoreRarelyWhereTheEndpointDoesNotWait() async throws {
    let started = Array(repeating: Self.described("STARTED"), count: 7)
    let transport = ScriptedTransport.of([Self.submitted] + started + [Self.described("FINISHED")])
    let stage = Stage(transport)
    _ = try await stage.run(["Sql": "a"], .executeStatement).get()
    #expect(stage.pauses.withLock { $0 } == [200, 400, 800, 1600, 3200, 5000, 5000].map { Duration.milliseconds($0) })
    #expect(transport.bodies.dropFirst().map { $0["WaitTimeSeconds"]?.asInt } == [10] + Array(repeating: nil, count: 7))
    #expect(stage.progress.lines == ["submitted 1 statement as b", "STARTED", "FINISHED"])
  }

  @Test func waitsAtTheServiceWhereItCan() async throws {
    let time = Mutex<VirtualTime?>(nil)
    let waited: ScriptedTransport.Answer = { request in
      await time.withLock { $0 }?.clock.sleep(.seconds(10))
      return try await Self.described("STARTED")(request)
    }
    let transport = ScriptedTransport(Self.submitted, waited, waited, Self.described("FINISHED"))
    let stage = Stage(transport)
    time.withLock { $0 = stage.time }
    _ = try await stage.run(["Sql": "a"], .executeStatement).get()
    #expect(stage.pauses.withLock { $0.isEmpty })
    #expect(transport.bodies.dropFirst().map { $0["WaitTimeSeconds"]?.asInt } == [10, 10, 10])
  }

  @Test func waitsLessThanTheHeartbeat() {
    #expect(StatementPoll(heartbeatSeconds: 6).waitTimeSeconds == 3)
    #expect(StatementPoll(heartbeatSeconds: 1).waitTimeSeconds == 1)
    var poll = StatementPoll(heartbeatSeconds: 2)
    poll.stopWaiting()
    #expect((0..<5).map { _ in poll.nextPause() } == [200, 400, 800, 1000, 1000].map { .milliseconds($0) })
  }

  @Test(arguments: [
    ["__type": "ValidationException", "Message": "Unknown parameter WaitTimeSeconds"],
    ["__type": "ActiveWaitingRequestsExceededException", "Message": "Too many"],
  ] as [JSONValue]) func goesOnWithoutWaitingWhereThatIsRefused(_ refusal: JSONValue) async throws {
    let transport = ScriptedTransport(Self.submitted, answer(400, refusal), Self.described("FINISHED"))
    let stage = Stage(transport)
    _ = try await stage.run(["Sql": "a"], .executeStatement).get()
    #expect(transport.bodies.last?["WaitTimeSeconds"] == nil)
  }

  /// The statement runs on while nobody answers; only five minutes of silence end the task.
  @Test func aSilenceIsOutlasted() async throws {
    let transport = ScriptedTransport.of([Self.submitted] + Array(repeating: failing(.connect), count: 30) + [Self.described("FINISHED")])
    let stage = Stage(transport)
    _ = try await stage.run(["Sql": "a"], .executeStatement).get()
    #expect(stage.progress.lines.contains { $0.hasPrefix("no answer about b: no answer from 127.0.0.1:1") })

    let dead = ScriptedTransport(Self.submitted, failing(.connect))
    let silent = Stage(dead)
    guard case .failure(let failure) = await silent.run(["Sql": "a"], .executeStatement) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.error == "RedshiftData.SdkClientException")
    #expect(failure.cause?.hasPrefix("The statement b may still run; asking for it failed. Unable to execute HTTP request") == true)
    let slept = silent.pauses.withLock { $0 }.reduce(.zero, +)
    #expect(slept > .seconds(300) && slept < .seconds(900))
    // The state's next attempt waits for the same statement, and the one after it again.
    for (id, retryCount) in [(30, 1), (60, 2)] {
      let earlier = TaskCall.EarlierAttempt(
        id: id - 1, scheduledAt: Timestamp(microseconds: 0), input: ["Sql": "a"], submission: ["Id": "b"], error: failure.error)
      _ = await silent.run(["Sql": "a"], .executeStatement, id: id, retryCount: retryCount, earlier: earlier)
      #expect(silent.progress.lines.contains("the last attempt's statement may still run; waiting for it"))
    }
    #expect(dead.targets.count { $0 == "RedshiftData.ExecuteStatement" } == 1)
    #expect(silent.submissions.withLock { $0.map { $0["Id"] } } == ["b", "b", "b"])
  }

  @Test func aStatementThatTheServiceForgotIsLost() async {
    let stage = Stage(ScriptedTransport(Self.submitted, answer(400, ["__type": "ResourceNotFoundException", "Message": "Query does not exist."])))
    guard case .failure(let failure) = await stage.run(["Sql": "a"], .executeStatement) else { return }
    #expect(failure.error == "RedshiftData.SubmissionLost")
    #expect(failure.cause?.hasPrefix("The service does not know the statement b any more") == true)
  }

  @Test func aRestartWaitsOn() async throws {
    let transport = ScriptedTransport(Self.described("FINISHED"))
    let stage = Stage(transport, submission: ["Id": "b"])
    #expect(try await stage.run(["Sql": "a"], .executeStatement).get()["Status"] == "FINISHED")
    #expect(transport.targets == ["RedshiftData.DescribeStatement"])
    #expect(stage.submissions.withLock { $0.isEmpty })
  }

  // MARK: Failures

  @Test func namesTheStatementThatFailed() async throws {
    let parts = [Self.part(1, "FINISHED"), Self.part(2, "FAILED", error: "ERROR: division by zero\n  Position: 8"), Self.part(3, "ABORTED", error: "x")]
    let stage = Stage(ScriptedTransport(Self.submitted, Self.described("FAILED", parts, error: "Query #2 failed with ERROR: division by zero")))
    guard case .failure(let failure) = await stage.run(["Sqls": ["sql 1", "sql 2", "sql 3"]]) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.error == "RedshiftData.StatementFailed")
    let cause = try JSONValue(parsing: failure.cause ?? "")
    #expect(
      cause == [
        "Message": "statement 2 of 3 failed: ERROR: division by zero\n  Position: 8", "Index": 2, "Id": "b:2", "QueryString": "sql 2",
        "Error": "ERROR: division by zero\n  Position: 8", "Status": "FAILED",
        "SubStatements": .array(
          [(1, "FINISHED"), (2, "FAILED"), (3, "ABORTED")].map {
            ["Id": .string("b:\($0.0)"), "Status": .string($0.1), "ResultRows": 1, "Duration": 9]
          }),
      ])
    #expect(failure.cause?.hasPrefix(#"{"Message":"statement 2 of 3 failed: "#) == true)
  }

  @Test func anAbortedStatementIsAnotherError() async {
    let stage = Stage(ScriptedTransport(Self.submitted, Self.described("ABORTED", error: "Query aborted by user")))
    guard case .failure(let failure) = await stage.run(["Sql": "a"], .executeStatement) else { return }
    #expect(failure.error == "RedshiftData.StatementAborted")
    #expect(failure.cause?.hasPrefix(#"{"Message":"the statement was aborted: Query aborted by user","Id":"b""#) == true)
  }

  @Test func largeTextsStayWithinAPayload() async throws {
    let long = JSONValue.string(String(repeating: "é", count: 100_000))
    let parts = (1...40).map { number -> JSONValue in ["Id": .string("b:\(number)"), "Status": "FINISHED", "QueryString": long] }
    let result = try await Stage(ScriptedTransport(Self.submitted, Self.described("FINISHED", parts))).run(["Sqls": ["a"]]).get()
    #expect(result.jsonByteCount < StatementToEnd.maximumResultBytes)
    #expect(result["SubStatements"]?[39]?["QueryString"]?.asString?.hasSuffix("é…") == true)
    let failed = Stage(ScriptedTransport(Self.submitted, Self.described("FAILED", [["Status": "FAILED", "Error": long, "QueryString": long]])))
    guard case .failure(let failure) = await failed.run(["Sqls": ["a"]]) else { return }
    #expect((failure.cause?.count ?? 0) < 32_768)
  }

  // MARK: Cancellation

  /// The task is cancelled while it waits: the statement is, too, in the background; whoever ends the run waits for that.
  @Test func cancellationTakesTheStatementAlong() async {
    let (asked, ask) = AsyncStream.makeStream(of: Void.self)
    let transport = ScriptedTransport(
      Self.submitted,
      { _ in
        ask.yield()
        let (silence, keeper) = AsyncStream.makeStream(of: Void.self)
        for await _ in silence { break }
        keeper.finish()
        throw HTTPError(.cancelled, "cancelled")
      }, answer(200, ["Status": true]))
    let stage = Stage(transport)
    let task = Task { await stage.run(["Sql": "a"], .executeStatement) }
    for await _ in asked { break }
    task.cancel()
    guard case .failure(let failure) = await task.value else { return }
    #expect(failure.cause == "The task was cancelled.")
    #expect(await stage.running.release("arn:x") == [.init(id: "b", failure: nil)])
    #expect(transport.targets.last == "RedshiftData.CancelStatement" && transport.bodies.last == ["Id": "b"])
    #expect(transport.targets.count { $0 == "RedshiftData.CancelStatement" } == 1)
  }

  /// An execution that ends by itself leaves alone what no task waited for, and what goes on in a later process.
  @Test func anEndCancelsOnlyWhatATaskWaitedFor() async throws {
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    let transport = ScriptedTransport(answer(200, ["Status": true]))
    let client = RedshiftDataClient(settings: settings, transport: transport)
    let running = RunningStatements()
    running.adopt("owned", client, for: "arn:x", isOwned: true)
    running.adopt("free", client, for: "arn:x", isOwned: false)
    #expect(await running.release("arn:x") == [.init(id: "owned", failure: nil)])
    #expect(running.ids(of: "arn:x").isEmpty)

    running.adopt("later", client, for: "arn:x", isOwned: true)
    running.leaveRunning()
    running.abandon("later", of: "arn:x")
    #expect(await running.cancelAll() == [])
    #expect(transport.bodies == [["Id": "owned"]])
  }

  /// Runs a definition in virtual time with a transport.
  private func engine(_ transport: ScriptedTransport, _ running: RunningStatements, _ states: String) async throws -> ExecutionResult {
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:1", for: [.redshiftData])
    let time = VirtualTime()
    let services = ActionServices(
      redshiftData: RedshiftDataClient(settings: settings, transport: transport, clock: time.clock), runningStatements: running,
      objects: S3Objects(mapping: nil, client: S3Client(settings: settings, transport: transport)))
    var actions = ActionRegistry()
    for (resource, action) in StandardActions(services).resources { actions.register(resource: resource, action) }
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: #"{"StartAt": "Load", "States": \#(states)}"#).node)
    // What only this program answers is pointed out, and no error.
    #expect(parsed.diagnostics.allSatisfy { $0.code == "local-only-resource" && $0.severity == .advice } && !parsed.diagnostics.isEmpty)
    return await Engine(actions: actions, clock: .virtual).run(try #require(parsed.machine), input: [:])
  }

  /// The wait between two attempts of a submission is in the engine's time. The task's limit passes meanwhile: the clock goes on for the
  /// rest of the execution, and the submission in the background comes to its end.
  @Test func aTimeLimitDuringAWaitForTheNextAttempt() async throws {
    let transport = ScriptedTransport(
      answer(503, headers: ["Retry-After": "50"]), answer(503, headers: ["Retry-After": "50"]), answer(200, ["Id": "late"]),
      answer(200, ["Status": true]))
    let running = RunningStatements()
    let result = try await engine(
      transport, running,
      """
      {"Load": {"Type": "Task", "Resource": "\(StatementToEnd.executeResource)", "TimeoutSeconds": 60, "Parameters": {"Sql": "select 1"},
        "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Rest"}], "End": true},
       "Rest": {"Type": "Wait", "Seconds": 1000, "End": true}}
      """)
    #expect(result.status == .succeeded)
    #expect(result.execution.stoppedAt == result.execution.startedAt.advanced(bySeconds: 1060))
    _ = await running.release()
    #expect(transport.bodies.last == ["Id": "late"])
    #expect(transport.targets.last == "RedshiftData.CancelStatement")
    #expect(Set(transport.bodies.compactMap { $0["ClientToken"]?.asString }).count == 1)
  }

  /// In an engine: the task's time limit passes in virtual time, and the statement is cancelled.
  @Test func aTimeLimitCancelsTheStatement() async throws {
    let transport = ScriptedTransport({ request in
      let isSubmission = request.headers["X-Amz-Target"] == "RedshiftData.ExecuteStatement"
      return HTTPResponse(status: 200, body: Array((isSubmission ? #"{"Id":"b"}"# : #"{"Id":"b","Status":"STARTED"}"#).utf8))
    })
    let running = RunningStatements()
    let result = try await engine(
      transport, running,
      """
      {"Load": {"Type": "Task", "Resource": "\(StatementToEnd.executeResource)", "TimeoutSeconds": 3600,
        "HeartbeatSeconds": 60, "Parameters": {"Sql": "select 1", "Database": "dev"}, "End": true}}
      """)
    #expect(result.error?.error == "States.Timeout")
    #expect(result.eventTypes.contains("TaskSubmitted"))
    #expect(await running.release(result.execution.settings.executionArn) == [.init(id: "b", failure: nil)])
    #expect(transport.targets.last == "RedshiftData.CancelStatement")
  }

  /// The longest texts that the service takes, of characters that JSON writes long, still make a cause that AWS would take, with the failing statement.
  @Test(arguments: ["a", "\u{1}", "\"", "\u{1F600}", "e\u{301}\u{302}\u{303}"]) func causesFit(_ character: String) throws {
    let long = String(repeating: character, count: 100_000)
    let parts = (1...40).map { number -> JSONValue in
      ["Id": .string("5f1c7f3e-9d0b-4c3e-8a27-5c1f3d3b9e61:\(number)"), "Status": number < 17 ? "FINISHED" : "FAILED", "QueryString": .string(long), "Error": .string(long),
       "ResultRows": -1, "Duration": 1_234_567_890_123]
    }
    let failure = StatementFailure(["Id": "5f1c7f3e-9d0b-4c3e-8a27-5c1f3d3b9e61", "Status": "FAILED", "SubStatements": .array(parts)]).failure
    let cause = try #require(failure.cause)
    #expect(cause.utf16.count <= 32_768, "\(cause.utf16.count)")
    let value = try JSONValue(parsing: cause)
    #expect(value["Index"] == 17 && value["SubStatements"]?.asArray?.count == 40)
    #expect(value["Message"]?.asString?.hasPrefix("statement 17 of 40 failed (and 23 more): ") == true)
  }

  @Test func aCauseShowsThePlaceOfTheError() throws {
    let sql = String(repeating: "x", count: 50_000) + " HERE " + String(repeating: "y", count: 40_000)
    let failure = StatementFailure(["Id": "a", "Status": "FAILED", "QueryString": .string(sql), "Error": "ERROR: syntax error\n  Position: 50002"]).failure
    let shown = try #require(try JSONValue(parsing: failure.cause ?? "")["QueryString"]?.asString)
    #expect(shown.hasPrefix("…x") && shown.contains(" HERE ") && shown.hasSuffix("y…") && shown.count == 1002)
    // A place that is none, or near the end.
    for position in ["0", "99999999999999999999", "90005", "3"] {
      let failure = StatementFailure(["Id": "a", "Status": "FAILED", "QueryString": .string(sql), "Error": .string("ERROR: x Position: " + position)]).failure
      #expect(try JSONValue(parsing: failure.cause ?? "")["QueryString"]?.asString?.count ?? 0 <= 1002)
    }
  }
}
