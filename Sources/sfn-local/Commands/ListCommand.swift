import ArgumentParser
import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// Where the commands that look at kept executions find them.
struct StoreArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Where executions are kept.", valueName: "DIR"))
  var stateDir: String?

  /// Whoever takes executions up goes to other folders.
  mutating func validate() throws { stateDir = stateDir.map(absolutePath) }

  func open() throws -> ExecutionStore { try StateFolder(stateDir).openExistingStore() }
}

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the executions that are kept, the newest first.",
    discussion: "Each execution that run begins is kept, unless it is told --no-store. Its ID is what the other commands take.")

  @Option(help: ArgumentHelp("Executions of this state machine only.", valueName: "NAME"))
  var machine: String?

  @Option(help: ArgumentHelp("RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED only.", valueName: "STATUS"))
  var status: StatusChoice?

  @Flag(help: "List executions that others have started, too.")
  var all = false

  @Option(help: ArgumentHelp("How many at most.", valueName: "NUMBER"))
  var limit = 20

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var store: StoreArguments

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func validate() throws {
    guard (0...1_000_000).contains(limit) else { throw ValidationError("--limit takes a number from 0 to 1000000, not \(limit)") }
  }

  func run() throws {
    let store = try store.open()
    var filter = ExecutionFilter()
    filter.stateMachineName = machine
    filter.status = status?.status
    filter.includesChildren = all
    filter.limit = limit + 1
    let found = try withStore { () throws(HistoryStoreError) in try store.list(filter) }
    let shown = found.prefix(limit)
    if json {
      Terminal.writeOutput(shown.map { JSONValue.object($0.summary).jsonText + "\n" }.joined())
      return
    }
    if shown.isEmpty { return Terminal.writeError("no execution is kept\(filter.status != nil || machine != nil ? " that fits" : "")\n") }
    Terminal.writeOutput(Self.table(Array(shown), now: .now, style: Style(color, for: .output)))
    if shown.contains(where: \.isLeft) { Terminal.writeError("* no program runs it any more; to go on with it: sfn-local resume ID\n") }
    if found.count > limit { Terminal.writeError("there are more: --limit NUMBER\n") }
  }

  static func table(_ executions: [StoredExecution], now: Timestamp, style: Style) -> String {
    let rows = executions.map { execution -> [String] in
      let end = execution.stoppedAt ?? now
      return [
        execution.shortID.cut(to: 40), execution.stateMachineName.printable().cut(to: 40), execution.status.rawValue + (execution.isLeft ? "*" : ""),
        execution.startedAt.minuteText, (end.microseconds - execution.startedAt.microseconds).spanText, String(execution.eventCount),
      ]
    }
    let heads = ["ID", "MACHINE", "STATUS", "STARTED (UTC)", "TIME", "EVENTS"]
    let widths = heads.indices.map { column in max(heads[column].columns, rows.map { $0[column].columns }.max() ?? 0) }
    func line(_ cells: [String]) -> String {
      cells.enumerated().map { column, cell in column >= 4 ? String(repeating: " ", count: widths[column] - cell.columns) + cell : cell.fitted(to: widths[column]) }
        .joined(separator: "  ")
    }
    var text = style.faint(line(heads)) + "\n"
    for (execution, row) in zip(executions, rows) {
      let plain = line(row)
      let status = row[2]
      text += plain.replacing(status, with: execution.status.painted(status, style), maxReplacements: 1) + "\n"
    }
    return text
  }
}

/// A status of an execution, in letters of any case.
struct StatusChoice: ExpressibleByArgument {
  var status: ExecutionStatus
  init?(argument: String) {
    guard let status = ExecutionStatus(rawValue: argument.uppercased()), status != .notStarted else { return nil }
    self.status = status
  }
}

extension ExecutionStatus {
  func painted(_ text: String, _ style: Style) -> String {
    switch self {
    case .succeeded: style.green(text)
    case .failed, .timedOut: style.red(text)
    case .aborted: style.yellow(text)
    case .running, .notStarted: style.cyan(text)
    }
  }
}

extension Timestamp {
  /// `2026-11-24 23:07:12`, in UTC.
  var minuteText: String {
    let text = iso8601
    return String(text.prefix(10)) + " " + text.dropFirst(11).prefix(8)
  }
}

extension StoredExecution {
  /// Whether it has not ended, and nobody runs it.
  var isLeft: Bool { status == .running && !isAlive }

  /// What a list says of it, in the words of ListExecutions where it has some.
  var summary: JSONObject {
    var object: JSONObject = [
      "executionArn": .string(arn), "stateMachineArn": .string(settings.stateMachineArn), "name": .string(name), "status": .string(status.rawValue),
      "startDate": .string(startedAt.iso8601),
    ]
    if let stoppedAt { object["stopDate"] = .string(stoppedAt.iso8601) }
    object["events"] = .int(Int64(eventCount))
    if status == .running { object["isAlive"] = .bool(isAlive) }
    return object
  }
}
