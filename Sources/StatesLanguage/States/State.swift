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

/// What every state has. A class, so that a turn passes one reference.
public final class StateCommon: Sendable {
  public let name: String
  public let type: StateType
  /// The number of the state in `StateMachine.states`.
  public let index: Int
  /// The number of the branch, item processor or machine that holds it.
  public let subMachine: Int
  public let comment: String?
  public let queryLanguage: QueryLanguage
  public let inputPath: PathField
  public let outputPath: PathField
  /// `Next` or `End`; `.end` for Succeed and Fail too. Choice has none of its own.
  public let transition: Transition
  /// `Assign`: variables that the state sets as it ends.
  public let assign: Template?
  /// JSONata: `Output`, what the state puts out.
  public let output: JSONataTemplate?
  /// The place of the state's name in the file.
  public let range: SourceRange
  /// JSON pointer of the state in the definition.
  public let pointer: String

  init(
    name: String, type: StateType, index: Int, subMachine: Int, comment: String?, queryLanguage: QueryLanguage, inputPath: PathField,
    outputPath: PathField, transition: Transition, assign: Template?, output: JSONataTemplate?, range: SourceRange, pointer: String
  ) {
    self.name = name
    self.type = type
    self.index = index
    self.subMachine = subMachine
    self.comment = comment
    self.queryLanguage = queryLanguage
    self.inputPath = inputPath
    self.outputPath = outputPath
    self.transition = transition
    self.assign = assign
    self.output = output
    self.range = range
    self.pointer = pointer
  }
}

/// What a state that does work has besides: how its result is shaped and its failure is met.
///
/// Spec: Amazon States Language, "Input and Output Processing", "Errors".
public final class WorkFields: Sendable {
  /// `Parameters`, or `Arguments` in JSONata; in a Map state the old name of `ItemSelector`.
  public let parameters: Template?
  public let resultSelector: PayloadTemplate?
  public let resultPath: ResultPathField
  public let retry: [Retrier]
  public let `catch`: [Catcher]

  init(parameters: Template?, resultSelector: PayloadTemplate?, resultPath: ResultPathField, retry: [Retrier], catch: [Catcher]) {
    self.parameters = parameters
    self.resultSelector = resultSelector
    self.resultPath = resultPath
    self.retry = retry
    self.catch = `catch`
  }
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
