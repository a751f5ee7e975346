import JSONPath
import JSONTypes
import StatesLanguage

/// One state with what can come to it: what goes on from there, and what is wrong for certain.
struct StateVisit {
  struct Arrival {
    var state: Int
    var input: Shape
    var scope: VariableScope
  }
  struct Report {
    var code: String
    var severity: Diagnostic.Severity
    var message: String
    var pointer: String
    /// What it is about within the text at the pointer, if not all of it.
    var word: String?
  }

  struct Outcome {
    var arrivals: [Arrival] = []
    /// What the sub-machine puts out here.
    var output: Shape?
    var reports: [Report] = []
    /// Whether there is anything to report.
    var hasReports = false
  }
  private var outcome = Outcome()

  /// Visits the state. The result holds nothing of the flow, which can then be changed in place.
  consuming func run() -> Outcome {
    visit()
    return outcome
  }

  private let machine: StateMachine
  private let outputs: [Shape?]
  private let assigned: [String: Set<Int>]
  private let isReporting: Bool
  private let state: State
  private let common: StateCommon
  private let raw: Shape
  private let scope: VariableScope
  private let context: Shape

  /// - Parameters:
  ///   - outputs: what the sub-machines put out, and `assigned` where variables are assigned, as far as it is known.
  ///   - isReporting: whether to say what is wrong.
  init(
    _ state: State, of machine: StateMachine, input: Shape, scope: VariableScope, outputs: [Shape?], assigned: [String: Set<Int>], isInMap: [Bool],
    isReporting: Bool
  ) {
    self.machine = machine
    self.outputs = outputs
    self.assigned = assigned
    self.isReporting = isReporting
    self.state = state
    common = state.common
    raw = input
    self.scope = scope
    context = Self.context(of: state, isInMap: isInMap[common.subMachine])
  }

  /// Source: AWS Step Functions Developer Guide, "Accessing execution data from the Context object".
  private static func context(of state: State, isInMap: Bool) -> Shape {
    if case .task = state { return isInMap ? taskInMapContext : taskContext }
    if case .map = state { return mapContext }
    return isInMap ? mapContext : plainContext
  }
  private static let plainContext = context(hasMap: false, hasTask: false)
  private static let mapContext = context(hasMap: true, hasTask: false)
  private static let taskContext = context(hasMap: false, hasTask: true)
  private static let taskInMapContext = context(hasMap: true, hasTask: true)

  private static func context(hasMap: Bool, hasTask: Bool) -> Shape {
    let open = Shape.Member(Shape(.object))
    var members = ["Execution": open, "State": open, "StateMachine": open]
    if hasMap { members["Map"] = open }
    // Recorded: a task with .sync has a token too.
    if hasTask { members["Task"] = Shape.Member(Shape(.object), isSure: false) }
    return .object(members)
  }

  private mutating func visit() {
    let effective = common.queryLanguage == .jsonata ? raw : path(common.inputPath, "InputPath", of: raw)
    switch state {
    case .pass(let pass): run(pass, effective)
    case .wait(let wait):
      check(wait, effective)
      leave(with: effective, result: effective)
    case .succeed: leave(with: effective, result: effective)
    case .fail(let fail): check(fail, effective)
    case .choice(let choice): run(choice, effective)
    case .task(let task): run(task, effective)
    case .parallel(let parallel): run(parallel, effective)
    case .map(let map): run(map, effective)
    }
  }

  // MARK: Evaluating

  private func place(_ field: @autoclosure () -> String) -> String { isReporting ? common.pointer + "/" + field() : "" }

  private func evaluator(_ input: Shape, result: Shape = .any, scope: VariableScope? = nil) -> FlowEvaluator {
    FlowEvaluator(input: input, context: context, scope: scope ?? self.scope, result: result, isReporting: isReporting)
  }

  private mutating func take(_ evaluator: FlowEvaluator) {
    if evaluator.hasProblems { outcome.hasReports = true }
    for (problem, pointer) in evaluator.problems {
      switch problem {
      case .missing(let text):
        let why = text.hasPrefix("$$.Task") ? ": only a task has a token" : ", whatever comes to the state \"\(common.name)\""
        report("impossible-path", "\(text) leads to nothing\(why)", pointer, word: text)
      case .undefined(let name):
        let places = assigned[name] ?? []
        let message =
          places.isEmpty
          ? "no state assigns the variable $\(name)"
          : places.contains(common.subMachine)
            ? "the variable $\(name) is read before any state assigns it"
            : "the variable $\(name) is assigned only where it cannot be read: in another branch, an iteration, or around a distributed Map"
        report("undefined-variable", message, pointer, word: "$" + name)
      case .perhapsUndefined(let name):
        report("perhaps-undefined-variable", "there is a way to the state \"\(common.name)\" on which no state assigns $\(name)", pointer, .advice, word: "$" + name)
      }
    }
  }

  private mutating func report(
    _ code: String, _ message: String, _ pointer: String, _ severity: Diagnostic.Severity = .warning, word: String? = nil
  ) {
    outcome.hasReports = true
    guard isReporting else { return }
    outcome.reports.append(Report(code: code, severity: severity, message: message, pointer: pointer, word: word))
  }

  private mutating func path(_ field: PathField, _ name: String, of input: Shape) -> Shape {
    switch field {
    case .whole: return input
    case .discard: return .emptyObject
    case .path(let path): return select(path, name, of: input)
    }
  }

  @discardableResult
  private mutating func select(_ path: PathExpression?, _ field: String, of input: Shape) -> Shape {
    guard let path else { return .any }
    var evaluator = evaluator(input)
    let selection = evaluator.select(path, at: place(field))
    take(evaluator)
    return selection.isMissing ? .any : selection.shape
  }

  private mutating func evaluate(_ template: Template?, _ field: String, of input: Shape, result: Shape = .any) -> Shape? {
    guard let template else { return nil }
    var evaluator = evaluator(input, result: result)
    let shape = evaluator.shape(of: template, at: place(field))
    take(evaluator)
    return shape
  }

  private mutating func evaluate(_ template: JSONataTemplate?, _ field: String, result: Shape = .any) -> Shape? {
    template.flatMap { evaluate(.jsonata($0), field, of: raw, result: result) }
  }

  private mutating func check(_ number: NumberField?, _ field: String, _ input: Shape) {
    switch number {
    case .path(let path)?: select(path, field + "Path", of: input)
    case .expression(let template)?: _ = evaluate(template, field)
    case .literal?, nil: break
    }
  }

  /// The variables after an `Assign`.
  private mutating func assign(_ template: Template?, _ field: String, of input: Shape, result: Shape = .any) -> VariableScope {
    guard let template else { return scope }
    var evaluator = evaluator(input, result: result)
    let shape = evaluator.shape(of: template, at: place(field))
    take(evaluator)
    var after = scope
    for (name, member) in (shape?.members?.known ?? [:]).sorted(by: { $0.key < $1.key }) {
      if scope[name]?.isOuter == true {
        report(
          "shadowed-variable", "$\(name) is a variable of the states around this branch or iteration: it can be read here, but not assigned",
          "\(common.pointer)/\(field)")
      }
      after.assign(name, member.shape)
    }
    return after
  }

  // MARK: Going on

  /// Ends the state: `OutputPath` or `Output`, `Assign`, and its transition.
  /// - Parameter result: what `$` stands for in `Assign`, and `$states.result`.
  private mutating func leave(with data: Shape, result: Shape) {
    let after = assign(common.assign, "Assign", of: common.queryLanguage == .jsonata ? raw : result, result: result)
    let output = evaluate(common.output, "Output", result: result) ?? path(common.outputPath, "OutputPath", of: data)
    switch common.transition {
    case .next(let next): outcome.arrivals.append(Arrival(state: next, input: output, scope: after))
    case .end: outcome.output = output
    }
  }

  private mutating func combine(_ value: Shape, at field: ResultPathField, _ name: String) -> Shape {
    switch field {
    case .whole: return value
    case .discard: return raw
    case .path(let path):
      if let combined = raw.inserting(value, at: path.segments[...]) { return combined }
      report("impossible-path", "ResultPath \(path.text) cannot be put into what comes to the state \"\(common.name)\": there is no object to put it in", common.pointer + "/" + name)
      return .any
    }
  }

  // MARK: The types

  private mutating func run(_ pass: PassState, _ effective: Shape) {
    if common.queryLanguage == .jsonata { return leave(with: raw, result: .any) }
    let parameters = evaluate(pass.parameters, "Parameters", of: effective)
    let value = pass.result.map { Shape(of: $0) } ?? parameters ?? effective
    leave(with: combine(value, at: pass.resultPath, "ResultPath"), result: .any)
  }

  private mutating func check(_ wait: WaitState, _ effective: Shape) {
    switch wait.duration {
    case .secondsPath(let path): select(path, "SecondsPath", of: effective)
    case .timestampPath(let path): select(path, "TimestampPath", of: effective)
    case .secondsExpression(let template): _ = evaluate(template, "Seconds")
    case .timestampExpression(let template): _ = evaluate(template, "Timestamp")
    case .seconds, .timestamp: break
    }
  }

  private mutating func check(_ fail: FailState, _ effective: Shape) {
    for (text, field) in [(fail.error, "Error"), (fail.cause, "Cause")] {
      switch text {
      case .path(let path)?: select(path, field + "Path", of: effective)
      case .expression(let template)?: _ = evaluate(template, field)
      case .literal?, nil: break
      }
    }
  }

  private mutating func run(_ choice: ChoiceState, _ effective: Shape) {
    var input = effective
    for (number, rule) in choice.choices.enumerated() {
      let pointer = place("Choices/\(number)")
      var evaluator = evaluator(input)
      let outlook = evaluator.outlook(of: rule.condition, at: pointer)
      take(evaluator)
      if outlook.breaks { return }
      if outlook.canHold {
        let after = assign(rule.assign, "Choices/\(number)/Assign", of: effective)
        let output = evaluate(rule.output, "Choices/\(number)/Output") ?? path(common.outputPath, "OutputPath", of: input)
        outcome.arrivals.append(Arrival(state: rule.next, input: output, scope: after))
      } else {
        report("choice-never-matches", "this rule never matches, whatever comes to the state \"\(common.name)\"", pointer)
      }
      if !outlook.canFail { return }
      input = evaluator.ruledOut(rule.condition)
    }
    guard let fallback = choice.default else { return }
    let after = assign(common.assign, "Assign", of: effective)
    let output = evaluate(common.output, "Output") ?? path(common.outputPath, "OutputPath", of: input)
    outcome.arrivals.append(Arrival(state: fallback, input: output, scope: after))
  }

  private mutating func run(_ task: TaskState, _ effective: Shape) {
    check(task.timeoutSeconds, "TimeoutSeconds", effective)
    check(task.heartbeatSeconds, "HeartbeatSeconds", effective)
    _ = evaluate(task.credentials, "Credentials", of: effective)
    _ = evaluate(task.work.parameters, parametersField, of: effective)
    finish(task.work, result: IntegrationResults.shape(of: task.resource))
  }

  private var parametersField: String { common.queryLanguage == .jsonata ? "Arguments" : "Parameters" }

  private mutating func run(_ parallel: ParallelState, _ effective: Shape) {
    let start = evaluate(parallel.work.parameters, parametersField, of: effective) ?? effective
    var results: [Shape] = []
    for branch in parallel.branches {
      outcome.arrivals.append(Arrival(state: machine.subMachines[branch].startAt, input: start, scope: scope.inner))
      if let output = outputs[branch] { results.append(output) }
    }
    meet(parallel.work)
    // Until every branch ends, nothing goes on.
    guard results.count == parallel.branches.count else { return }
    finish(parallel.work, result: Shape(.array, elements: Shape.Elements(items: results)), meetsErrors: false)
  }

  private mutating func run(_ map: MapState, _ effective: Shape) {
    check(map.maxConcurrency, "MaxConcurrency", effective)
    check(map.toleratedFailureCount, "ToleratedFailureCount", effective)
    check(map.toleratedFailurePercentage, "ToleratedFailurePercentage", effective)
    var items = items(of: map, effective)
    if map.distributed?.itemReader != nil { items = .array }
    if !items.kinds.contains(.array), !(common.queryLanguage == .jsonata && items.kinds.contains(.object)) {
      let field = map.items != nil ? "/Items" : map.itemsPath != nil ? "/ItemsPath" : ""
      report("not-an-array", "the items of the Map state \"\(common.name)\" are never an array", common.pointer + field)
    }
    let item = items.elements.map { $0.all.isNever ? .any : $0.all } ?? .any
    var start = item
    if let selector = map.itemSelector {
      // Only in a Map state of its old form does the selector bear the name Parameters.
      let isOld = common.queryLanguage == .jsonPath && map.work.parameters != nil
      start = evaluate(selector, isOld ? "Parameters" : "ItemSelector", of: effective) ?? .any
    }
    if map.itemBatcher != nil { start = .any }
    let seen = map.distributed == nil ? scope.inner : VariableScope()
    outcome.arrivals.append(Arrival(state: machine.subMachines[map.itemProcessor].startAt, input: start, scope: seen))
    meet(map.work)
    let tolerates = map.toleratedFailureCount != nil || map.toleratedFailurePercentage != nil
    let result: Shape
    if map.distributed != nil || tolerates {
      result = map.distributed?.resultWriter == nil ? .array : .any
    } else {
      result = outputs[map.itemProcessor].map { Shape.array(of: $0) } ?? .array(of: .never)
    }
    finish(map.work, result: result, meetsErrors: false)
  }

  private mutating func items(of map: MapState, _ effective: Shape) -> Shape {
    if common.queryLanguage == .jsonata { return evaluate(map.items, "Items") ?? raw }
    return map.itemsPath.map { select($0, "ItemsPath", of: effective) } ?? effective
  }

  /// After the work: `ResultSelector`, `ResultPath`, and what follows.
  private mutating func finish(_ work: WorkFields, result: Shape, meetsErrors: Bool = true) {
    if meetsErrors { meet(work) }
    if common.queryLanguage == .jsonata { return leave(with: result, result: result) }
    let selected = work.resultSelector.map { Template.jsonPath($0) }.flatMap { evaluate($0, "ResultSelector", of: result) } ?? result
    leave(with: combine(selected, at: work.resultPath, "ResultPath"), result: result)
  }

  private static let error = Shape.object(["Error": Shape.Member(.string), "Cause": Shape.Member(.string, isSure: false)])

  /// `Catch`: the error takes its place in the raw input.
  private mutating func meet(_ work: WorkFields) {
    let error = Self.error
    for (number, catcher) in work.catch.enumerated() {
      let field = "Catch/\(number)"
      let after = assign(catcher.assign, field + "/Assign", of: common.queryLanguage == .jsonata ? raw : error, result: error)
      let data =
        common.queryLanguage == .jsonata
        ? evaluate(catcher.output, field + "/Output", result: error) ?? error
        : combine(error, at: catcher.resultPath, field + "/ResultPath")
      outcome.arrivals.append(Arrival(state: catcher.next, input: data, scope: after))
    }
  }
}
