import ArgumentParser
import DurableStore
import StatesInterpreter
import StatesLanguage
import StatesRuntime

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove executions that have ended.",
    discussion: """
      Those that an execution has started go with it. Executions that have not ended stay, unless they are named by --abandoned. \
      run removes by itself what ended more than 90 days ago, as AWS does, and the oldest when the store has more than 1 GiB.
      """)

  @Argument(help: ArgumentHelp("Executions to remove.", valueName: "ID"))
  var ids: [String] = []

  @Option(help: ArgumentHelp("All that ended longer ago than this: 12h, 30d.", valueName: "TIME"))
  var olderThan: SpanArgument?

  @Option(help: ArgumentHelp("All but the newest.", valueName: "NUMBER"))
  var keep: Int?

  @Flag(help: "All that have ended.")
  var all = false

  @Flag(help: "Also those that no program runs, though they have not ended.")
  var abandoned = false

  @Flag(help: "Only say what would be removed.")
  var dryRun = false

  @OptionGroup var store: StoreArguments

  func validate() throws {
    if let keep, keep < 0 { throw ValidationError("--keep takes a number from 0 on") }
    if ids.isEmpty && olderThan == nil && keep == nil && !all {
      throw ValidationError("say which executions: IDs, --older-than 30d, --keep 100, or --all")
    }
  }

  func run() throws {
    let store = try store.open()
    let chosen: [StoredExecution]
    if ids.isEmpty {
      let now = Timestamp.now
      chosen = try withStore { () throws(HistoryStoreError) in try store.list() }.enumerated().compactMap { index, execution in
        if let keep, index < keep { return nil }
        if let olderThan, (execution.stoppedAt ?? execution.startedAt).microseconds > now.microseconds - olderThan.microseconds { return nil }
        return execution.stoppedAt != nil || (abandoned && !execution.isAlive) ? execution : nil
      }
    } else {
      chosen = try ids.map { id in
        let execution = try store.execution(id)
        if execution.isAlive { throw CommandProblem("\(execution.shortID) runs; stop it before it is removed") }
        if execution.stoppedAt == nil, !abandoned {
          throw CommandProblem("\(execution.shortID) has not ended: sfn-local resume \(execution.shortID) goes on with it; --abandoned removes it all the same")
        }
        return execution
      }
    }
    // What was chosen by a rule stays while a program runs a part of it; what was named is an error.
    let removed = dryRun ? chosen.count : try withStore { () throws(HistoryStoreError) in try store.remove(chosen, keepsRunning: ids.isEmpty) }
    let count = removed == 1 ? "1 execution" : "\(removed) executions"
    Terminal.writeError("\(count) \(dryRun ? "would be removed" : "removed")\n")
    if removed < chosen.count { Terminal.writeError("\(chosen.count - removed) stay: a program runs what they have started\n") }
  }
}

/// `90s`, `15m`, `12h`, `30d`.
struct SpanArgument: ExpressibleByArgument {
  var microseconds: Int64
  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let number = Int64(argument.dropLast()), (0...1_000_000).contains(number) else { return nil }
    microseconds = number * unit * 1_000_000
  }
}
