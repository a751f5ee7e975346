import DurableStore
import JSONTypes
import RedshiftDataEmulator
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// The folder where this user's executions are kept, beside the data of the local Redshift.
struct StateFolder {
  let path: String

  /// - Parameter stateDirectory: what `--state-dir` says.
  init(_ stateDirectory: String?) { path = stateDirectory.map(absolutePath) ?? RedshiftDataEndpoint.defaultStateFolder }

  private var storePath: String { path + "/executions" }

  /// Opens the store, or makes it.
  func openStore() throws -> ExecutionStore {
    do throws(HistoryStoreError) {
      return try ExecutionStore(
        folder: storePath,
        command: ExecutionStore.Command(
          version: SfnLocal.configuration.version, arguments: Array(CommandLine.arguments.dropFirst()), folder: absolutePath("")))
    } catch {
      var advice = "executions are kept there; name another folder with --state-dir DIR, or run with --no-store"
      if error.code == .damaged {
        advice += "\nto begin anew, move \(storePath) away; sqlite3 \(storePath.asShellWord)/executions.sqlite .recover prints what can still be read"
      }
      throw CommandProblem("\(error.message)\n\(advice)", exitCode: error.exitCode)
    }
  }

  /// Opens a store that is there.
  func openExistingStore() throws -> ExecutionStore {
    guard ExecutionStore.exists(in: storePath) else {
      throw CommandProblem("no executions are kept in \(storePath) yet; sfn-local run keeps each that it runs")
    }
    return try openStore()
  }
}

/// Turns what a store says into what a command says.
func withStore<Result>(_ work: () throws(HistoryStoreError) -> Result) throws -> Result {
  do throws(HistoryStoreError) {
    return try work()
  } catch {
    throw CommandProblem(error.message, exitCode: error.exitCode)
  }
}

extension HistoryStoreError {
  /// What the program ends with: 4 when the store failed, 2 when it cannot be used like this.
  fileprivate var exitCode: Int32 { code == .full || code == .damaged ? 4 : 2 }
}

extension ExecutionStore {
  /// Tells the store of a machine that is run.
  func register(_ startable: Startable) {
    guard let definition = startable.loaded.definition.definition else { return }
    register(startable.machine, definition: definition.value.jsonText)
  }

  /// The execution that an ID means.
  /// - Throws: when it means none, or several of different names.
  func execution(_ id: String) throws -> StoredExecution {
    let found = try withStore { () throws(HistoryStoreError) in try find(id) }
    guard let first = found.first else {
      throw CommandProblem(
        id == "last" ? "no execution is kept yet" : "no execution \(id.printable()) is kept; sfn-local list shows those that are. An ID is a name, "
          + "at least four characters that it begins with, an ARN, or last")
    }
    let names = Set(found.map(\.name))
    guard names.count == 1 else {
      throw CommandProblem(
        "\(id.printable()) is the beginning of several names: \(found.prefix(5).map { $0.name.printable() }.joined(separator: ", "))\(found.count > 5 ? ", …" : "")")
    }
    return first
  }

  /// The machine of an execution, made of the definition that is kept with it.
  func machine(of execution: StoredExecution) throws -> StateMachine {
    let text = try withStore { () throws(HistoryStoreError) in try definition(of: execution) }
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: text).node, type: execution.settings.type)
    guard let machine = parsed.machine else {
      let why = parsed.diagnostics.first { $0.severity == .error }?.message ?? ""
      throw CommandProblem("the definition of \(execution.name.printable()) is not one that this version runs: \(why)")
    }
    return machine
  }

  func history(of execution: StoredExecution) throws -> StoredHistory {
    let machine = try machine(of: execution)
    return try withStore { () throws(HistoryStoreError) in try history(of: execution, machine: machine) }
  }
}

extension ExecutionSettings {
  /// What the execution is called on a command line: the first characters of a UUID, or its name.
  var shortID: String { name.shortID }
}

extension String {
  /// The first part of a UUID; any other name as it is.
  var shortID: String {
    let parts = split(separator: "-", omittingEmptySubsequences: false)
    let isUUID = parts.map(\.count) == [8, 4, 4, 4, 12] && allSatisfy { $0.isHexDigit || $0 == "-" }
    return isUUID ? String(parts[0]) : printable()
  }
}

extension StoredExecution {
  var shortID: String { name.shortID }
}
