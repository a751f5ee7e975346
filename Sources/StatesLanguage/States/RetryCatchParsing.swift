import JSONTypes

extension StateMachineParser {
  mutating func parseRetry(_ reading: StateReading) -> [Retrier] {
    guard let elements = reading.node["Retry"]?.elements else { return [] }
    var retriers: [Retrier] = []
    for (number, element) in elements.enumerated() {
      // Spelled out only where something is wrong.
      var pointer: String { reading.pointer("Retry") + "/\(number)" }
      guard expectObject(element, "a retrier", pointer) else { continue }
      checkFields(of: element, owner: .retrier, language: reading.language, pointer: pointer, place: element.range.opening)
      var retrier = Retrier(errorEquals: parseErrorEquals(element, isLast: number == elements.count - 1, pointer))
      if let value = element.integer("IntervalSeconds") { retrier.intervalSeconds = Double(value) }
      if let value = element.integer("MaxAttempts") { retrier.maxAttempts = value }
      if case .number(let value)? = element["BackoffRate"]?.kind, let rate = value.asDouble { retrier.backoffRate = rate }
      if let value = element.integer("MaxDelaySeconds") { retrier.maxDelaySeconds = Double(value) }
      if let text = element["JitterStrategy"]?.text, let strategy = Retrier.JitterStrategy(rawValue: text) { retrier.jitterStrategy = strategy }
      retriers.append(retrier)
    }
    return retriers
  }

  mutating func parseCatch(_ reading: StateReading, _ scope: inout SubMachineGraph) -> [Catcher] {
    guard let node = reading.node["Catch"] else { return [] }
    guard let elements = node.elements else {
      scope.isBroken = true
      return []
    }
    var catchers: [Catcher] = []
    for (number, element) in elements.enumerated() {
      let pointer = reading.pointer("Catch") + "/\(number)"
      guard expectObject(element, "a catcher", pointer) else {
        scope.isBroken = true
        continue
      }
      checkFields(of: element, owner: .catcher, language: reading.language, pointer: pointer, place: element.range.opening)
      let errors = parseErrorEquals(element, isLast: number == elements.count - 1, pointer)
      guard let next = element["Next"], let name = next.text,
        let index = resolve(name, field: "Next", at: next, pointer: pointer + "/Next", from: reading.index - scope.first, &scope)
      else {
        scope.isBroken = true
        continue
      }
      catchers.append(
        Catcher(
          errorEquals: errors, resultPath: parseResultPath(of: element, pointer, language: reading.language),
          assign: parseAssign(of: element, pointer, language: reading.language, location: "Catch[\(number)]/Assign"),
          output: parseOutput(of: element, field: "Output", pointer, language: reading.language, location: "Catch[\(number)]/Output"), next: index))
    }
    return catchers
  }

  /// `ErrorEquals`: names, where `States.ALL` stands alone and in the last entry.
  private mutating func parseErrorEquals(_ node: SyntaxNode, isLast: Bool, _ pointer: @autoclosure () -> String) -> [ErrorName] {
    guard let elements = node["ErrorEquals"]?.elements else { return [] }
    var names: [ErrorName] = []
    for (number, element) in elements.enumerated() {
      guard let text = element.text else {
        report("wrong-type", "expected the name of an error, found \(element.described)", at: element.range, pointer: pointer() + "/ErrorEquals/\(number)")
        continue
      }
      let name = ErrorName(rawValue: text)
      if name == .all, elements.count > 1 || !isLast {
        report(
          "states-all-position", "States.ALL must stand alone in its ErrorEquals, and in the last entry", at: element.range,
          pointer: pointer() + "/ErrorEquals")
      }
      names.append(name)
    }
    return names
  }

  mutating func expectObject(_ node: SyntaxNode, _ what: String, _ pointer: @autoclosure () -> String) -> Bool {
    if node.members != nil { return true }
    if case .invalid = node.kind { return false }
    report("wrong-type", "expected an object for \(what), found \(node.described)", at: node.range, pointer: pointer())
    return false
  }
}
