import ArgumentParser
import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How a kept execution is taken up: with the options of the command that began it.
struct TakeUpArguments: ParsableArguments {
  @Flag(help: "Print one event a line, as they come, instead of the output.")
  var json = false

  @Option(help: ArgumentHelp("real; virtual: waits take no time; x50: fifty times as fast. By default as the execution was begun.", valueName: "CLOCK"))
  var clock: ClockChoice?

  @OptionGroup var store: StoreArguments

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  /// The options that an execution was begun with, in the folder where that was.
  func options(of execution: StoredExecution) throws -> RunOptions {
    let command = execution.command
    let stateDir = store.stateDir.map(absolutePath)
    if !command.folder.isEmpty, chdir(command.folder) != 0 {
      throw CommandProblem("\(execution.shortID) was begun in the folder \(command.folder.printable()), which cannot be entered: \(String(cString: strerror(errno)))")
    }
    do {
      var options = try SfnLocal.runOptions(of: command.arguments)
      options.color = color
      if let stateDir { options.aws.stateDir = stateDir }
      return options
    } catch let problem as CommandProblem {
      throw problem
    } catch {
      throw CommandProblem(
        "\(execution.shortID) was begun with \"sfn-local \(command.arguments.map(\.asShellWord).joined(separator: " ").printable())\", which this version does not take: \(SfnLocal.message(for: error))")
    }
  }

  /// Runs an execution on.
  /// - Parameters:
  ///   - file: an edited definition to go on with, by default what it was started with; and the event from which on it counts.
  func takeUp(
    _ execution: StoredExecution, in store: ExecutionStore, definition file: String? = nil, from event: EventID = 0,
    _ beginning: (PreparedRun, StoredHistory) throws -> Session.Beginning
  ) async throws -> Int32 {
    let options = try options(of: execution)
    let text = try withStore { () throws(HistoryStoreError) in try store.definition(of: execution) }
    let run = try options.prepare(
      earlier: EarlierDefinition(
        text: file.map { .edited(path: $0) } ?? .kept(text), type: execution.settings.type, machine: execution.stateMachineName,
        isChild: execution.parent != nil && execution.subMachine == 0, execution: execution.shortID))
    if file != nil { try EditedDefinition.check(run.main.machine, against: try store.history(of: execution), upTo: event) }
    let stored = try withStore { () throws(HistoryStoreError) in try store.history(of: execution, machine: run.main.machine) }
    let beginning = try beginning(run, stored)
    let clock = clock?.clock ?? options.clock.clock
    // Where time is not that of the wall, it stood still while nobody ran the execution.
    var isNew = false
    if case .forked = beginning { isNew = true }
    let start =
      isNew || (clock == .real && options.startTime == nil)
      ? .now : try withStore { () throws(HistoryStoreError) in try store.newestMoment(of: execution) }
    return try await Session(
      run: run, begin: beginning, store: store, clock: clock, startTime: start, output: json ? .events : .result
    ).run()
  }
}

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with an execution whose program has ended before it.",
    discussion: """
      After kill -9, a loss of power or a full disk the execution goes on where it was: timers are due when they were, tasks that were open are \
      asked for again with the same token, and what it waits for goes on with it. Without an ID the one execution that was left is meant.
      """)

  @Argument(help: ArgumentHelp("A name, at least four characters that it begins with, an ARN, or last.", valueName: "ID"))
  var id: String?

  @Flag(help: "Go on with all that were left, one after the other.")
  var all = false

  @OptionGroup var arguments: TakeUpArguments

  func run() async throws {
    ignoreBrokenPipes()
    let store = try arguments.store.open()
    let chosen: [StoredExecution]
    if let id {
      let execution = try store.execution(id)
      guard execution.status == .running else {
        let redrive = execution.status == .succeeded ? "" : "; to go on at the failed state: sfn-local redrive \(execution.shortID)"
        throw CommandProblem("\(execution.shortID) has ended: \(execution.status.rawValue)\(redrive)")
      }
      chosen = [execution]
    } else {
      let left = try withStore { () throws(HistoryStoreError) in try store.unfinished() }
      if left.isEmpty { return Terminal.writeError("no execution was left unfinished\n") }
      if left.count > 1, !all {
        let list = ListCommand.table(left.reversed(), now: .now, style: Style(arguments.color))
        throw CommandProblem("\(left.count) executions were left unfinished; name one, or give --all\n\(list)")
      }
      chosen = left
    }
    var worst: Int32 = 0
    for execution in chosen {
      do {
        try withStore { () throws(HistoryStoreError) in try store.claim(execution) }
        worst = max(worst, try await arguments.takeUp(execution, in: store) { .resumed($1) })
      } catch let problem as CommandProblem where chosen.count > 1 {
        // The others are no worse for it.
        Terminal.writeError("\(Style(arguments.color).boldRed("error")): \(problem.message.printable(keepingLines: true))\n")
        worst = max(worst, problem.exitCode)
      } catch let exit as ExitCode where chosen.count > 1 {
        worst = max(worst, exit.rawValue)
      }
    }
    if worst != 0 { throw ExitCode(worst) }
  }
}

struct RedriveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redrive", abstract: "Go on with a failed execution, at the states that it did not leave.",
    discussion: """
      As RedriveExecution does: the same input, definition and history, which goes on; retries count anew. Executions that failed, timed out or \
      were aborted can be redriven for 14 days; EXPRESS ones cannot.
      """)

  @OptionGroup var execution: ExecutionArgument

  @OptionGroup var arguments: TakeUpArguments

  func run() async throws {
    ignoreBrokenPipes()
    let store = try arguments.store.open()
    let execution = try store.execution(execution.id)
    try withStore { () throws(HistoryStoreError) in try store.claim(execution) }
    let code = try await arguments.takeUp(execution, in: store) { .redriven($1) }
    if code != 0 { throw ExitCode(code) }
  }
}

struct ForkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork", abstract: "Start a new execution from a past moment of another.",
    discussion: """
      The new execution begins with the other's events up to the one that is named, as if it had happened now, and goes its own way from there: \
      with another input, or with an edited definition. The other execution stays as it is. sfn-local trace ID shows the events' numbers.
      """)

  @OptionGroup var execution: ExecutionArgument

  @Option(name: .customLong("at"), help: ArgumentHelp("The event from which to go on: best that of a state's entry; 1 begins anew.", valueName: "EVENT"))
  var event: Int

  @Option(parsing: .unconditional, help: ArgumentHelp("Another input for the state that the event enters: JSON, @FILE, or -.", valueName: "JSON"))
  var input: String?

  @Option(name: .customLong("definition"), help: ArgumentHelp("An edited definition to go on with.", valueName: "FILE"))
  var file: String?

  @Option(help: ArgumentHelp("The new execution's name; by default a random UUID.", valueName: "NAME"))
  var executionName: String?

  @OptionGroup var arguments: TakeUpArguments

  func validate() throws {
    if let executionName, let problem = nameProblem(executionName) { throw ValidationError(problem) }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let store = try arguments.store.open()
    let execution = try store.execution(execution.id)
    let input = try input.map { try readJSON($0, option: "--input") }
    let code = try await arguments.takeUp(execution, in: store, definition: file.map(absolutePath), from: event) { run, stored in
      .forked(try fork(stored, of: execution, input: input, run, store))
    }
    if code != 0 { throw ExitCode(code) }
  }

  private func fork(_ stored: StoredHistory, of execution: StoredExecution, input: JSONValue?, _ run: PreparedRun, _ store: ExecutionStore) throws -> StoredHistory {
    let old = stored.execution
    var generator = SystemRandomNumberGenerator()
    var random = SeededRandom(seed: generator.next())
    var settings = ExecutionSettings(
      name: executionName ?? random.uuid(), stateMachineName: old.settings.stateMachineName, region: old.settings.region,
      roleArn: old.settings.roleArn, type: old.settings.type, seed: random.next(), limits: old.settings.limits)
    settings.stateMachineArn = old.settings.stateMachineArn
    settings.incarnation = .incarnation()
    let facts: [HistoryEvent]
    do throws(ForkProblem) {
      facts = try HistoryFork.facts(
        of: stored.history, from: old.settings.executionArn, at: event, input: input, machine: old.machine, subMachine: old.subMachine,
        settings: settings, now: .now)
    } catch {
      throw CommandProblem(error.message)
    }
    store.register(run.main)
    let birth = ExecutionBirth(machine: old.machine, subMachine: old.subMachine, settings: settings, parent: nil)
    let key = try withStore { () throws(HistoryStoreError) in try store.add(birth, facts: facts, forkedFrom: execution) }
    return StoredHistory(
      key: key, execution: Execution(of: old.machine, subMachine: old.subMachine, settings: settings, replaying: facts), history: facts)
  }
}

/// Whether an execution can go on with an edited definition: what it has done up to an event must be possible with it as well.
enum EditedDefinition {
  static func check(_ machine: StateMachine, against stored: StoredHistory, upTo event: EventID) throws {
    let old = stored.execution.machine
    let pointers = Set(machine.states.map(\.common.pointer))
    for fact in stored.history.prefix(while: { $0.id <= max(event, 2) }) {
      guard let state = fact.state else { continue }
      let common = old.states[state].common
      let name = common.name.printable()
      guard pointers.contains(common.pointer), let now = machine.states.first(where: { $0.common.pointer == common.pointer }) else {
        throw CommandProblem("the edited definition has no state \"\(name)\" where the execution has been by event \(fact.id); keep its name, or fork before it")
      }
      if now.type != common.type {
        throw CommandProblem("the state \"\(name)\" was a \(common.type.rawValue) state by event \(fact.id), and is a \(now.type.rawValue) state in the edited definition")
      }
      switch (old.states[state], now, fact.kind) {
      case (.parallel(let before), .parallel(let after), .parallelStateStarted) where before.branches.count != after.branches.count:
        throw CommandProblem("the state \"\(name)\" had \(before.branches.count) branches by event \(fact.id), and has \(after.branches.count) in the edited definition")
      case (.map(let before), .map(let after), .mapStateStarted) where (before.distributed == nil) != (after.distributed == nil):
        throw CommandProblem("the mode of the Map state \"\(name)\" was another one by event \(fact.id)")
      default: break
      }
    }
  }
}
