import ArgumentParser
import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// The execution that a command is about.
struct ExecutionArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("A name, at least four characters that it begins with, an ARN, or last for the newest.", valueName: "ID"))
  var id: String
}

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a kept execution: how it stands, its input, and its output or error.")

  @OptionGroup var execution: ExecutionArgument

  @Flag(help: "Print what DescribeExecution would answer.")
  var json = false

  @Flag(help: "Print the definition that the execution was started with.")
  var definition = false

  @OptionGroup var store: StoreArguments

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func validate() throws {
    if json && definition { throw ValidationError("--json and --definition exclude each other") }
  }

  func run() throws {
    let store = try store.open()
    let found = try store.execution(execution.id)
    if definition {
      let text = try withStore { () throws(HistoryStoreError) in try store.definition(of: found) }
      return Terminal.writeOutput(try JSONValue(parsing: text).prettyText + "\n")
    }
    let stored = try store.history(of: found)
    if json { return Terminal.writeOutput(stored.execution.description.prettyText + "\n") }
    Terminal.writeOutput(try text(found, stored.execution, in: store))
  }

  private func text(_ found: StoredExecution, _ execution: Execution, in store: ExecutionStore) throws -> String {
    let style = Style(color, for: .output)
    func row(_ head: String, _ text: String) -> String { style.faint(head.fitted(to: 10)) + text + "\n" }
    let left = found.isLeft ? "  (no program runs it; to go on: sfn-local resume \(found.shortID))" : ""
    var text = style.bold(found.stateMachineName.printable()) + "  " + found.name.printable() + "\n"
    text += row("status", found.status.painted(found.status.rawValue, style) + left)
    text += row("type", found.settings.type.rawValue)
    text += row("arn", found.arn.printable())
    text += row("started", found.startedAt.iso8601)
    if let stopped = found.stoppedAt {
      text += row("stopped", "\(stopped.iso8601)  after \((stopped.microseconds - found.startedAt.microseconds).spanText)")
    }
    text += row("events", String(found.eventCount))
    if execution.redriveCount > 0 { text += row("redriven", execution.redriveCount == 1 ? "once" : "\(execution.redriveCount) times") }
    if let parent = found.parent, let other = try withStore({ () throws(HistoryStoreError) in try store.execution(ofKey: parent) }) {
      text += row("started by", "\(other.stateMachineName.printable())  \(other.name.printable())")
    }
    var filter = ExecutionFilter()
    filter.parent = found.key
    filter.limit = 6
    let children = try withStore { () throws(HistoryStoreError) in try store.list(filter) }
    if !children.isEmpty {
      let names = children.prefix(5).map { "\($0.shortID) \($0.status.rawValue)" }.joined(separator: ", ")
      text += row("started", names + (children.count > 5 ? ", …" : ""))
    }
    if !found.command.arguments.isEmpty { text += row("command", "sfn-local " + found.command.arguments.map(\.asShellWord).joined(separator: " ").printable()) }
    text += row("input", "") + execution.input.prettyText.printable(keepingLines: true).indented
    if let output = execution.output { text += row("output", "") + output.prettyText.printable(keepingLines: true).indented }
    if let error = execution.error {
      text += row("error", style.red((error.error ?? "").printable()))
      if let cause = error.cause, !cause.isEmpty { text += row("cause", "") + cause.printable(keepingLines: true).indented }
    }
    return text
  }
}

extension String {
  fileprivate var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n") + "\n"
  }

  /// The text as one word of a shell command.
  var asShellWord: String {
    let isPlain = !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=@,+%".contains($0)) }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}

extension Execution {
  /// What DescribeExecution answers.
  ///
  /// Source: AWS Step Functions API Reference, DescribeExecution.
  var description: JSONValue {
    var object: JSONObject = [
      "executionArn": .string(settings.executionArn), "stateMachineArn": .string(settings.stateMachineArn), "name": .string(settings.name),
      "status": .string(status.rawValue), "startDate": .string(startedAt.iso8601),
    ]
    if let stoppedAt { object["stopDate"] = .string(stoppedAt.iso8601) }
    object["input"] = .string(input.jsonText)
    object["inputDetails"] = ["included": true]
    if let output {
      object["output"] = .string(output.jsonText)
      object["outputDetails"] = ["included": true]
    }
    if let name = error?.error { object["error"] = .string(name) }
    if let cause = error?.cause { object["cause"] = .string(cause) }
    object["redriveCount"] = .int(Int64(redriveCount))
    if let redrivenAt { object["redriveDate"] = .string(redrivenAt.iso8601) }
    object["redriveStatus"] = .string(redriveProblem(at: .now) == nil ? "REDRIVABLE" : "NOT_REDRIVABLE")
    if let problem = redriveProblem(at: .now) { object["redriveStatusReason"] = .string(problem) }
    return .object(object)
  }
}
