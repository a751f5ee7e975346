public import JSONTypes
import StatesInterpreter

/// Why a token could not be answered, in the service's words.
///
/// Source: AWS Step Functions API Reference, SendTaskSuccess.
public struct TaskTokenError: Error, Hashable, Sendable {
  public enum Code: String, Sendable { case taskDoesNotExist = "TaskDoesNotExist", taskTimedOut = "TaskTimedOut", invalidToken = "InvalidToken" }
  public let code: Code
  public let message: String

  static let timedOut = TaskTokenError(
    code: .taskTimedOut, message: "Task Timed Out: 'Provided task does not exist anymore'")
  static let invalid = TaskTokenError(code: .invalidToken, message: "Invalid Token: 'Invalid token'")
}

/// Work that a worker took from an activity.
public struct ActivityTask: Sendable, Hashable {
  public let taskToken: String
  public let input: JSONValue
}

/// What is said about a token.
enum TokenAnswer: Sendable {
  case success(JSONValue)
  case failure(ErrorOutput)
  case heartbeat
}

extension Engine {
  /// Answers a task that waits for its token: a callback, or the task of an activity.
  public func sendTaskSuccess(token: String, output: JSONValue) async throws(TaskTokenError) {
    try await answer(token, .success(output))
  }

  public func sendTaskFailure(token: String, error: String?, cause: String?) async throws(TaskTokenError) {
    try await answer(token, .failure(ErrorOutput(error: error, cause: cause)))
  }

  /// Tells that the work goes on: restarts the clock of `HeartbeatSeconds`.
  public func sendTaskHeartbeat(token: String) async throws(TaskTokenError) {
    try await answer(token, .heartbeat)
  }

  /// Takes the oldest waiting task of an activity, or waits for one.
  ///
  /// - Parameter seconds: how long to wait, in real time; 60 as the service does.
  /// - Returns: nil when none came.
  public func activityTask(of arn: String, workerName: String? = nil, waitingSeconds seconds: Int = 60) async -> ActivityTask? {
    await inbox.pollActivity(arn, workerName: workerName, seconds: seconds)
  }

  private func answer(_ token: String, _ answer: TokenAnswer) async throws(TaskTokenError) {
    let problem = await withCheckedContinuation { (continuation: CheckedContinuation<TaskTokenError?, Never>) in
      inbox.send(.token(token, answer) { continuation.resume(returning: $0) })
    }
    if let problem { throw problem }
  }
}

extension Inbox {
  func pollActivity(_ arn: String, workerName: String?, seconds: Int) async -> ActivityTask? {
    let number = nextNumber()
    let alarm = Task {
      do {
        try await Task.sleep(for: .seconds(seconds))
        send(.endPoll(number))
      } catch {
        // Cancelled: the poll has been answered.
      }
    }
    defer { alarm.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        send(.poll(number, arn, workerName) { continuation.resume(returning: $0) })
      }
    } onCancel: {
      send(.endPoll(number))
    }
  }
}

/// The tokens that are waited for, and the activities' queues.
struct TokenBook {
  struct Task {
    var run: Int
    var effect: EventID
  }
  struct Poll {
    var number: Int
    var workerName: String?
    var reply: @Sendable (ActivityTask?) -> Void
  }
  private struct Activity {
    /// Tasks that no worker has taken, oldest first.
    var waiting: [(task: Task, token: String, input: JSONValue)] = []
    var polls: [Poll] = []
  }

  private var open: [String: Task] = [:]
  /// Tokens whose tasks have ended, for an answer that says so. Bounded: the oldest are forgotten.
  private var ended: [String] = []
  private var activities: [String: Activity] = [:]
  static let rememberedTokens = 10_000

  mutating func add(_ token: String, _ task: Task) { open[token] = task }
  func task(_ token: String) -> Task? { open[token] }
  func isEnded(_ token: String) -> Bool { ended.contains(token) }

  mutating func close(_ token: String) {
    guard open.removeValue(forKey: token) != nil else { return }
    ended.append(token)
    if ended.count > Self.rememberedTokens { ended.removeFirst(Self.rememberedTokens / 2) }
    for arn in activities.keys { activities[arn]?.waiting.removeAll { $0.token == token } }
  }

  /// A task is there for an activity.
  /// - Returns: the poll that takes it, if one waits.
  mutating func offer(_ task: Task, token: String, input: JSONValue, to arn: String) -> Poll? {
    if let poll = activities[arn]?.polls.first {
      activities[arn]?.polls.removeFirst()
      return poll
    }
    activities[arn, default: Activity()].waiting.append((task, token, input))
    return nil
  }

  /// A worker asks for work.
  /// - Returns: the task that it gets; nil when it has to wait.
  mutating func take(_ arn: String, _ poll: Poll) -> (task: Task, token: String, input: JSONValue)? {
    if let first = activities[arn]?.waiting.first {
      activities[arn]?.waiting.removeFirst()
      return first
    }
    activities[arn, default: Activity()].polls.append(poll)
    return nil
  }

  mutating func removePoll(_ number: Int) -> Poll? {
    for arn in activities.keys {
      if let index = activities[arn]?.polls.firstIndex(where: { $0.number == number }) { return activities[arn]?.polls.remove(at: index) }
    }
    return nil
  }

  mutating func removeAllPolls() -> [Poll] {
    defer { for arn in activities.keys { activities[arn]?.polls = [] } }
    return activities.values.flatMap(\.polls)
  }
}
