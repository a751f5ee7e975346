public import StatesInterpreter
public import StatesLanguage

/// Keeps what happens to executions, so that they outlive the program that runs them.
///
/// An engine with a store writes the facts of each round of its loop before anybody sees them, and before it does what they ask of the world:
/// remember, show, act. What the store has, is what happened; what it could not take, did not happen.
public protocol HistoryStore: Sendable {
  /// Keeps the facts of one round: all of them, or none when it throws. What it has returned from survives the end of the program.
  ///
  /// Called on the engine's loop, which waits.
  /// - Returns: the key of each entry's execution, in order.
  func append(_ entries: [HistoryStoreEntry]) throws(HistoryStoreError) -> [Int64]

  /// The execution that was started for an effect of another.
  /// - Parameters:
  ///   - parent: the key of the other execution.
  ///   - index: which child of a Map Run; 0 for a task that starts an execution.
  ///   - machine: the machine that a child would be started with by now, if there is one. Its definition may have changed since: the child goes on
  ///     with the one that it was started with.
  /// - Returns: nil when none was kept.
  func child(of parent: Int64, effect: EventID, index: Int, machine: StateMachine?) throws(HistoryStoreError) -> StoredHistory?
}

/// New facts of one execution.
public struct HistoryStoreEntry: Sendable {
  /// The key that the store has given the execution; nil for one that is new to it.
  public var key: Int64?
  /// What the store must know of an execution that is new to it.
  public var birth: ExecutionBirth?
  /// How many facts of the execution come before these.
  public var firstFact: Int
  public var facts: ArraySlice<HistoryEvent>

  public init(key: Int64?, birth: ExecutionBirth?, firstFact: Int, facts: ArraySlice<HistoryEvent>) {
    self.key = key
    self.birth = birth
    self.firstFact = firstFact
    self.facts = facts
  }
}

/// What makes an execution what it is, besides its facts.
public struct ExecutionBirth: Sendable {
  /// An effect of another execution.
  public struct Parent: Sendable, Hashable {
    public var key: Int64
    public var effect: EventID
    /// Which child of a Map Run; 0 for a task that starts an execution.
    public var index: Int
    /// Whether the effect ends with this execution: not so for `states:startExecution` alone.
    public var isWaiting: Bool

    public init(key: Int64, effect: EventID, index: Int, isWaiting: Bool) {
      self.key = key
      self.effect = effect
      self.index = index
      self.isWaiting = isWaiting
    }
  }

  public var machine: StateMachine
  public var subMachine: Int
  public var settings: ExecutionSettings
  public var parent: Parent?

  public init(machine: StateMachine, subMachine: Int, settings: ExecutionSettings, parent: Parent?) {
    self.machine = machine
    self.subMachine = subMachine
    self.settings = settings
    self.parent = parent
  }
}

/// An execution as a store has it.
public struct StoredHistory: Sendable {
  public var key: Int64
  public var execution: Execution
  public var history: [HistoryEvent]

  public init(key: Int64, execution: Execution, history: [HistoryEvent]) {
    self.key = key
    self.execution = execution
    self.history = history
  }
}

/// Why a store could not be read or written.
public struct HistoryStoreError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// Nothing more fits on the disk.
    case full
    /// What the store holds is not what was written; the message names the record.
    case damaged
    /// The folder or the files cannot be read or written.
    case inaccessible
    /// A newer version of the program wrote the store.
    case newer
    /// Another program holds the store, or the execution.
    case busy
    /// The execution is not there, or not as it must be.
    case invalid
  }

  public var code: Code
  public var message: String
  public var description: String { message }

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
