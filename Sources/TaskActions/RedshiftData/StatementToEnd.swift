import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Submits statements, waits until they have ended, and gives the service's description of them: the whole of what otherwise takes a
/// submission, a wait, a question and a choice in a loop.
///
/// These resources are this program's own. AWS has no optimized integration for the Redshift Data API, and its SDK integrations have no
/// `.sync`; a definition that uses them does not deploy.
struct StatementToEnd: TaskAction {
  static let executeResource = "arn:aws:states:::redshift-data:executeStatement.sync"
  static let batchResource = "arn:aws:states:::redshift-data:batchExecuteStatement.sync"

  static let failedName = "RedshiftData.StatementFailed"
  static let abortedName = "RedshiftData.StatementAborted"

  let operation: RedshiftDataOperation
  let tasks: RedshiftDataTasks

  /// Longest time without an answer from the service, in seconds of the engine's time, until the task gives up asking.
  static let maximumSilenceSeconds = 300
  /// Bytes of the result above which SQL is shortened.
  static let maximumResultBytes = 200_000

  static func shape(of operation: RedshiftDataOperation) -> IntegrationShape {
    operation == .executeStatement ? ExecuteStatement.shape : BatchExecuteStatement.shape
  }

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let request = try Self.shape(of: operation).request(from: call.input)
    let submission = StatementSubmission(tasks: tasks, operation: operation, request: request, call: call, isOwned: true)
    let answer: JSONObject
    do throws(SubmissionError) {
      answer = try await submission.answer(reporter)
    } catch {
      throw tasks.failure(error)
    }
    var (description, wasOver) = try await end(of: answer, submission, reporter)
    var isFirst = true
    while description["Status"]?.asString == "ABORTED" {
      let next: JSONObject?
      do throws(SubmissionError) {
        next = try await submission.answer(after: description, wasOver: wasOver, isFirst: isFirst, reporter)
      } catch {
        throw tasks.failure(error)
      }
      guard let next else { break }
      (description, wasOver) = try await end(of: next, submission, reporter)
      isFirst = false
    }
    guard description["Status"]?.asString == "FINISHED" else { throw StatementFailure(description).failure }
    return Self.fitting(tasks.result(description))
  }

  // MARK: Waiting

  /// Waits for a statement's end.
  /// - Returns: the description, and whether it was that of the end at the first look.
  private func end(
    of answer: JSONObject, _ submission: StatementSubmission, _ reporter: TaskReporter
  ) async throws(TaskFailure) -> (description: JSONObject, wasOver: Bool) {
    guard let id = answer["Id"]?.asString else { throw tasks.failure(.unusable("the answer to \(operation.rawValue) has no Id")) }
    if submission.call.submission?["Id"]?.asString != id { reporter.submitted(tasks.result(answer)) }
    reporter.progress(submittedText(submission.request["Sqls"]?.asArray?.count ?? 1, answer))
    var poll = StatementPoll(heartbeatSeconds: submission.call.heartbeatSeconds)
    var silence = Duration.zero
    var lastLine = ""
    var wasOver = true
    while true {
      var request: JSONObject = ["Id": .string(id)]
      let wait = poll.waitTimeSeconds
      if let wait { request["WaitTimeSeconds"] = .int(Int64(wait)) }
      let asked = tasks.client.clock.now()
      do throws(AWSCallError) {
        let description = try await tasks.client.call(.describeStatement, request, pace: CallPace(reporter))
        silence = .zero
        tasks.running.note(description)
        reporter.heartbeat()
        let line = progressText(of: description)
        if line != lastLine { reporter.progress(line) }
        lastLine = line
        if StatementStatus.hasEnded(description) { return (description, wasOver) }
        wasOver = false
        poll.answered(afterSeconds: tasks.client.clock.now().secondsSinceEpoch - asked.secondsSinceEpoch)
      } catch {
        if Task.isCancelled || error == .cancelled { throw abandoned(id, submission) }
        switch error {
        case .service(let refusal) where wait != nil && StatementPoll.refusesWaiting(refusal): poll.stopWaiting()
        case .service(let refusal) where refusal.code == "ResourceNotFoundException":
          tasks.running.ended(id)
          throw TaskFailure(
            error: SubmissionError.lostName,
            cause: "The service does not know the statement \(id) any more, so whether it ran cannot be told. \(refusal.cause)")
        case .service(let refusal) where RetryPolicy.cause(status: refusal.status, code: refusal.code) == nil:
          throw gaveUp(id, error)
        case .credentials, .noTarget, .unusable, .cancelled: throw gaveUp(id, error)
        case .service, .transport:
          // The statement runs on whether it is asked for or not: only a long silence ends the task.
          guard silence < .seconds(Self.maximumSilenceSeconds) else { throw gaveUp(id, error) }
          reporter.progress("no answer about \(id): \(error); asking again")
          reporter.heartbeat()
          silence += poll.pause ?? StatementPoll.longestPause
          poll.stopWaiting()
        }
      }
      guard let pause = poll.nextPause() else { continue }
      do { try await reporter.sleep(pause) } catch { throw abandoned(id, submission) }
    }
  }

  /// Nobody waits for the task any more.
  private func abandoned(_ id: String, _ submission: StatementSubmission) -> TaskFailure {
    tasks.running.abandon(id, of: submission.call.executionArn)
    return tasks.failure(.cancelled)
  }

  /// The statement may run on; the state's next attempt waits for it.
  private func gaveUp(_ id: String, _ error: AWSCallError) -> TaskFailure {
    var failure = tasks.failure(error)
    failure.cause = "The statement \(id) may still run; asking for it failed. \(failure.cause ?? "")"
    return failure
  }

  /// The description as a state's payload can hold it: when it is large, each statement's SQL is shortened.
  static func fitting(_ result: JSONValue) -> JSONValue {
    guard result.jsonByteCount > maximumResultBytes, case .object(var object) = result else { return result }
    if let sql = object["QueryString"]?.asString { object["QueryString"] = .string(StatementFailure.excerpt(sql)) }
    if let parts = object["SubStatements"]?.asArray {
      object["SubStatements"] = .array(
        parts.map { part in
          guard case .object(var part) = part, let sql = part["QueryString"]?.asString else { return part }
          part["QueryString"] = .string(StatementFailure.excerpt(sql))
          return .object(part)
        })
    }
    return .object(object)
  }
}

/// How a statement's end is waited for: by the service where it knows `WaitTimeSeconds`, else by questions that become rarer.
struct StatementPoll: Sendable {
  /// Seconds that one question may wait at the service; AWS allows 30. Shorter, so that progress shows.
  static let longestWait = 10
  static let shortestPause = Duration.milliseconds(200)
  static let longestPause = Duration.seconds(5)

  /// What to ask for; nil when the service does not wait.
  private(set) var waitTimeSeconds: Int?
  /// The pause before the next question; nil while the service itself waits.
  private(set) var pause: Duration?
  private let longest: Duration

  /// - Parameter heartbeatSeconds: a question or a pause takes at most half of it.
  init(heartbeatSeconds: Int?) {
    let half = heartbeatSeconds.map { max(1, $0 / 2) } ?? .max
    waitTimeSeconds = min(Self.longestWait, half)
    longest = heartbeatSeconds.map { min(Self.longestPause, .milliseconds($0 * 500)) } ?? Self.longestPause
  }

  /// Takes note of an answer about a statement that has not ended. One that came early shows that the endpoint does not wait.
  mutating func answered(afterSeconds seconds: Int64) {
    if let wait = waitTimeSeconds, seconds < Int64((wait + 1) / 2) { stopWaiting() }
  }

  mutating func stopWaiting() {
    waitTimeSeconds = nil
    if pause == nil { pause = Self.shortestPause }
  }

  /// The pause to make now; the next one is twice as long.
  mutating func nextPause() -> Duration? {
    guard let current = pause else { return nil }
    pause = min(current * 2, longest)
    return min(current, longest)
  }

  /// Whether a refusal is about the waiting: the endpoint does not know the parameter, or has too many who wait.
  static func refusesWaiting(_ error: AWSServiceError) -> Bool {
    error.code == "ActiveWaitingRequestsExceededException"
      || (["ValidationException", "SerializationException"].contains(error.code) && error.message.contains("WaitTimeSeconds"))
  }
}
