public import JSONTypes

/// A state of one of the eight types.
public enum State: Sendable {
  case task(TaskState)
  case pass(PassState)
  case wait(WaitState)
  case choice(ChoiceState)
  case succeed(SucceedState)
  case fail(FailState)
  case parallel(ParallelState)
  case map(MapState)
}

/// The types of states, in the words of the language.
public enum StateType: String, Sendable, CaseIterable {
  case task = "Task"
  case pass = "Pass"
  case wait = "Wait"
  case choice = "Choice"
  case succeed = "Succeed"
  case fail = "Fail"
  case parallel = "Parallel"
  case map = "Map"
}

/// What every state has.
public struct StateCommon: Sendable {
  public var name: String
  public var type: StateType
  /// The number of the state in `StateMachine.states`.
  public var index: Int
  /// The number of the branch, item processor or machine that holds it.
  public var subMachine: Int
  public var comment: String?
  public var queryLanguage: QueryLanguage
  public var inputPath: PathField
  public var outputPath: PathField
  /// `Next` or `End`; `.end` for Succeed and Fail too. Choice has none of its own.
  public var transition: Transition
  /// `Assign`: variables that the state sets as it ends.
  public var assign: PayloadTemplate?
  /// The place of the state's name in the file.
  public var range: SourceRange
  /// JSON pointer of the state in the definition.
  public var pointer: String
}

/// What a state that does work has besides: how its result is shaped and its failure is met.
///
/// Spec: Amazon States Language, "Input and Output Processing", "Errors".
public struct WorkFields: Sendable {
  /// `Parameters` of the state; for a Map the old name of `ItemSelector` is kept there instead.
  public var parameters: PayloadTemplate?
  public var resultSelector: PayloadTemplate?
  public var resultPath: ResultPathField
  public var retry: [Retrier]
  public var `catch`: [Catcher]
}

extension State {
  public var common: StateCommon {
    switch self {
    case .task(let state): state.common
    case .pass(let state): state.common
    case .wait(let state): state.common
    case .choice(let state): state.common
    case .succeed(let state): state.common
    case .fail(let state): state.common
    case .parallel(let state): state.common
    case .map(let state): state.common
    }
  }
  public var name: String { common.name }
  public var type: StateType {
    switch self {
    case .task: .task
    case .pass: .pass
    case .wait: .wait
    case .choice: .choice
    case .succeed: .succeed
    case .fail: .fail
    case .parallel: .parallel
    case .map: .map
    }
  }

  /// `Retry`, `Catch` and the fields about the result, for the types that have them.
  public var work: WorkFields? {
    switch self {
    case .task(let state): state.work
    case .parallel(let state): state.work
    case .map(let state): state.work
    case .pass, .wait, .choice, .succeed, .fail: nil
    }
  }
}
