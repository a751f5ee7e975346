import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// One execution played to its end in virtual time, and how it reads.
///
/// Outcomes of tasks are given by the state's name, one for each attempt; the last one holds for all further attempts. A Task without any
/// succeeds with its input.
struct Played {
  let machine: StateMachine
  let simulation: Simulation

  static let start = Timestamp(microseconds: 1_704_067_200_000_000)

  init(
    _ definition: String, _ input: JSONValue = [:], tasks: [String: [Simulation.TaskOutcome]] = [:], limits: Limits = .service, seed: UInt64 = 1,
    turns: Int = .max, then signals: [Signal] = []
  ) throws {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: definition).node)
    machine = try #require(parsed.machine, "\(parsed.diagnostics.map { "\($0.pointer): \($0.message)" }) in \(definition)")
    var simulation = Simulation(
      of: machine, input: input, settings: ExecutionSettings(name: "test", stateMachineName: "Machine", seed: seed, limits: limits), seed: seed,
      startingAt: Self.start
    ) { call, _ in
      let outcomes = tasks[call.stateName] ?? [.succeeds(call.input)]
      return outcomes[min(call.retryCount, outcomes.count - 1)]
    }
    simulation.run(turns: turns)
    for signal in signals { simulation.receive(signal) }
    self.simulation = simulation
  }

  /// A machine of one state, `S`, given by its type and further fields.
  static func state(_ type: String, _ fields: String, _ input: JSONValue = [:], tasks: [Simulation.TaskOutcome]? = nil, limits: Limits = .service) throws -> Played {
    let end = ["Succeed", "Fail", "Choice"].contains(type) ? "" : #", "End": true"#
    let own = fields.isEmpty ? "" : ", " + fields
    let more = type == "Choice" ? #", "Yes": {"Type": "Pass", "End": true}, "No": {"Type": "Succeed"}"# : ""
    return try Played(
      #"{"StartAt": "S", "States": {"S": {"Type": "\#(type)"\#(own)\#(end)}\#(more)}}"#, input, tasks: tasks.map { ["S": $0] } ?? [:], limits: limits)
  }

  var execution: Execution { simulation.execution }

  /// `SUCCEEDED {"a":1}`, or `FAILED Error: Cause`.
  var summary: String {
    if let output = execution.output { return "\(execution.status.rawValue) \(output.jsonText)" }
    return "\(execution.status.rawValue) \(Self.text(execution.error?.error, execution.error?.cause))"
  }

  /// The history without internal facts, such as `5<4 MapStateStarted length=3`.
  var lines: [String] { simulation.history.filter { !$0.kind.isInternal }.map { line($0) } }

  /// The lines of the events whose type ends so.
  func lines(_ suffix: String) -> [String] { simulation.history.filter { !$0.kind.isInternal && $0.type(in: machine).hasSuffix(suffix) }.map { line($0) } }

  /// Milliseconds from the start to each event whose type ends so.
  func milliseconds(_ suffix: String) -> [Int64] {
    simulation.history.filter { $0.type(in: machine).hasSuffix(suffix) }.map { ($0.timestamp.microseconds - Self.start.microseconds) / 1000 }
  }

  private static func text(_ error: String?, _ cause: String?) -> String { (error ?? "-") + ": " + (cause ?? "-") }

  private func line(_ event: HistoryEvent) -> String {
    let type = event.type(in: machine)
    let name = event.state.map { machine.states[$0].name } ?? ""
    let detail: String =
      switch event.kind {
      case .executionStarted(let input): input.value.jsonText
      case .executionSucceeded(let output): output.value.jsonText
      case .executionFailed(let error), .executionAborted(let error), .executionTimedOut(let error): Self.text(error.error, error.cause)
      case .stateEntered(_, let input): "\(name) \(input.value.jsonText)"
      case .stateExited(_, let output, let assigned, _):
        "\(name) \(output.value.jsonText)" + (assigned.map { " assigned=\(JSONValue.object($0).jsonText)" } ?? "")
      case .taskScheduled(_, let schedule):
        schedule.parameters.value.jsonText + (schedule.timeoutSeconds.map { " timeout=\($0)" } ?? "")
          + (schedule.heartbeatSeconds.map { " heartbeat=\($0)" } ?? "")
      case .taskSubmitted(_, let output), .taskSucceeded(_, let output): output.value.jsonText
      case .taskFailed(_, let error), .taskTimedOut(_, let error): Self.text(error.error, error.cause)
      case .mapStateStarted(_, let start): "length=\(start.length)"
      case .mapIterationStarted(_, let index), .mapIterationSucceeded(_, let index), .mapIterationFailed(_, let index), .mapIterationAborted(_, let index):
        "\(name)[\(index)]"
      default: ""
      }
    return "\(event.id)<\(event.previousEventID) \(type)\(detail.isEmpty ? "" : " " + detail)"
  }
}

extension Simulation.TaskOutcome {
  static func fails(_ error: String, _ cause: String? = nil, after delay: Duration = .zero) -> Self {
    .fails(ErrorOutput(error: error, cause: cause), after: delay)
  }
}

/// The prefix of causes that the interpreter itself makes.
func cause(_ text: String, state: String = "S", entered: Int = 2) -> String {
  "An error occurred while executing the state '\(state)' (entered at the event id #\(entered)). \(text)"
}

/// A resource of each kind.
let lambda = #""Resource": "arn:aws:lambda:us-east-1:123456789012:function:f""#
let queue = #""Resource": "arn:aws:states:::sqs:sendMessage""#
