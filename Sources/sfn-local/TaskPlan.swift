import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TaskActions

/// Who would answer each Task state of a machine and of those that it may start, without asking any of them.
struct TaskPlan {
  enum Mark: String { case inside = " ", outside = "!", nobody = "?" }
  struct Line {
    var mark: Mark
    var state: String
    var place: String
    var resource: String
    var answer: String
  }

  let machines: [Startable]
  let rules: TaskRules
  let services: RunServices
  /// Names of states that the chosen mocks answer.
  let mocked: Set<String>

  var text: String {
    let parts = machines.map { (machine: $0, lines: lines(of: $0)) }
    let all = parts.flatMap(\.lines)
    let nameWidth = min(48, all.map { $0.state.columns }.max() ?? 0)
    let placeWidth = min(60, all.map { $0.place.columns }.max() ?? 0)
    var text = ""
    for (number, part) in parts.enumerated() {
      if number > 0, !part.lines.isEmpty { text += "\nThe machine \(part.machine.name.printable()), when it is started:\n" }
      for line in part.lines {
        text += "\(line.mark.rawValue) \(line.state.padded(to: nameWidth))  \(line.place.padded(to: placeWidth))  \(line.resource)\n"
        text += String(repeating: " ", count: nameWidth + 4) + line.answer + "\n"
      }
    }
    return text + (machines.count > 1 && !all.isEmpty ? "\n" : "") + summary(all)
  }

  private func summary(_ lines: [Line]) -> String {
    if lines.isEmpty { return "No state is a Task. Nothing was run.\n" }
    var parts: [String] = []
    let outside = lines.count { $0.mark == .outside }
    let nobody = lines.count { $0.mark == .nobody }
    if outside > 0 { parts.append("\(outside) would run a program or leave this machine") }
    if nobody > 0 { parts.append("\(nobody) \(nobody == 1 ? "is" : "are") answered by nobody") }
    if parts.isEmpty { parts.append("none would run a program or leave this machine") }
    return "\(lines.count) task\(lines.count == 1 ? "" : "s"): \(parts.joined(separator: ", ")). Nothing was run.\n"
  }

  /// What to say of targets that no task has, and that are likely misspelt. A task that computes its function's name may have any.
  func warnings(about targets: [TaskRule.Target]) -> [String] {
    var functions: Set<String> = []
    var integrations: Set<String> = []
    var callsAnything = false
    for machine in machines {
      for case .task(let task) in machine.machine.states {
        switch task.resource.kind {
        case .lambdaFunction: functions.insert(ActionRegistry.functionName(in: task.resource.arn))
        case .service where task.resource.integration == RunServices.lambdaInvoke:
          guard let name = functionName(task, in: machine.loaded.definition.definition) else {
            callsAnything = true
            continue
          }
          functions.insert(ActionRegistry.functionName(in: name))
        case .service, .activity: integrations.insert(task.resource.integration)
        }
      }
    }
    return targets.compactMap { target in
      switch target {
      case .function(let name) where !callsAnything && !functions.contains(name):
        "no task calls the function \(name)" + (functions.isEmpty ? "" : "; called are \(functions.sorted().joined(separator: ", "))")
      case .integration(let arn) where arn != RunServices.lambdaInvoke && !integrations.contains(arn): "no task has the resource \(arn)"
      default: nil
      }
    }
  }

  func lines(of machine: Startable) -> [Line] {
    machine.machine.states.compactMap { state in
      guard case .task(let task) = state else { return nil }
      let function = functionName(task, in: machine.loaded.definition.definition)
      let (mark, answer) = answer(task, function: function)
      return Line(
        mark: mark, state: task.common.name.printable(), place: machine.loaded.source.place(task.common.range),
        resource: resource(task, function: function).printable(), answer: answer.printable())
    }
  }

  /// The resource, and for `lambda:invoke` the function.
  private func resource(_ task: TaskState, function: String?) -> String {
    guard task.resource.integration == RunServices.lambdaInvoke else { return task.resource.arn }
    return "\(task.resource.arn) of \(function ?? "a function named when it runs")"
  }

  private func answer(_ task: TaskState, function name: String?) -> (Mark, String) {
    if mocked.contains(task.common.name) { return (.inside, "mock") }
    let resource = task.resource
    switch resource.kind {
    case .lambdaFunction: return function(ActionRegistry.functionName(in: resource.arn))
    case .activity: return (.inside, "a worker of the activity, at the address that the run prints")
    case .service where resource.integration == RunServices.lambdaInvoke && !resource.isSync:
      if let name { return function(ActionRegistry.functionName(in: name)) }
      guard let rule = rules.answer(forFunction: "") else { return (.nobody, "whoever answers the function that it names when it runs") }
      return (mark(rule.answer), "\(words(rule.answer, resource: resource.integration)), unless the function has an answer of its own")
    case .service where TaskRules.isStart(resource) && rules.answer(forIntegration: resource.arn) == nil:
      return (.inside, "in process: another machine of this run")
    case .service: return integration(resource)
    }
  }

  private func function(_ name: String) -> (Mark, String) {
    let rule = rules.answer(forFunction: name)
    if let rule, rule.isExact { return (mark(rule.answer), words(rule.answer, resource: RunServices.lambdaInvoke)) }
    if let own = services.ownFunction(name) { return (own.isOutside ? .outside : .inside, own.words) }
    if let rule { return (mark(rule.answer), words(rule.answer, resource: RunServices.lambdaInvoke)) }
    return (.nobody, "nobody: no function \(name) is registered; name one with --task '\(name)=exec:…'")
  }

  private func integration(_ resource: TaskResource) -> (Mark, String) {
    let rule = rules.answer(forIntegration: resource.arn)
    let own = services.ownIntegration(resource.isSync ? resource.arn : resource.integration)
    if let own, rule?.isExact != true { return (own.isOutside ? .outside : .inside, own.words) }
    guard let rule else {
      let hint = resource.isSync ? "" : "; name one with --task '\(resource.integration)=…'"
      return (.nobody, "nobody: no action is registered\(hint)")
    }
    if case .aws = rule.answer, let problem = AnswerServices.problem(of: resource.integration) { return (.nobody, "nobody: \(problem)") }
    return (mark(rule.answer), words(rule.answer, resource: resource.integration))
  }

  private func mark(_ answer: TaskRule.Answer) -> Mark { answer.isOutside ? .outside : .inside }

  private func words(_ answer: TaskRule.Answer, resource: String) -> String {
    guard case .aws = answer else { return answer.summary }
    return resource == RunServices.lambdaInvoke ? services.calls.placeOfFunctions : services.calls.place(of: resource)
  }

  /// The fixed `FunctionName` of a `lambda:invoke`; nil when it comes from the data.
  private func functionName(_ task: TaskState, in definition: SyntaxNode?) -> String? {
    guard let state = definition?.node(at: task.common.pointer) else { return nil }
    let field = task.common.queryLanguage == .jsonata ? "Arguments" : "Parameters"
    guard let name = state[field]?["FunctionName"]?.text, !name.hasPrefix("{%") else { return nil }
    return name
  }
}

extension TaskResource {
  fileprivate var isSync: Bool { pattern == .sync || pattern == .sync2 }
}

extension SyntaxNode {
  /// The node that a JSON pointer leads to (RFC 6901).
  fileprivate func node(at pointer: String) -> SyntaxNode? {
    var node = self
    for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let key = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
      if let elements = node.elements {
        guard let index = Int(key), elements.indices.contains(index) else { return nil }
        node = elements[index]
      } else {
        guard let next = node[key] else { return nil }
        node = next
      }
    }
    return node
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - columns)) }
}
