import JSONTypes

/// A Parallel state: its branches run at the same time, on the same input.
///
/// Spec: Amazon States Language, "Parallel State".
public final class ParallelState: Sendable {
  public let common: StateCommon
  public let work: WorkFields
  /// The branches in their order, as numbers into `StateMachine.subMachines`.
  public let branches: [Int]

  init(common: StateCommon, work: WorkFields, branches: [Int]) {
    self.common = common
    self.work = work
    self.branches = branches
  }
}

extension StateMachineParser {
  mutating func parseParallel(_ reading: StateReading, _ common: StateCommon, _ scope: inout SubMachineGraph) -> ParallelState? {
    let work = parseWork(reading, &scope)
    guard let elements = reading.node["Branches"]?.elements else { return nil }
    var branches: [Int] = []
    for (number, element) in elements.enumerated() {
      let pointer = reading.pointer("Branches") + "/\(number)"
      guard expectObject(element, "a branch", pointer) else { continue }
      checkFields(of: element, owner: .branch, language: reading.language, pointer: pointer, place: element.range.opening)
      if let branch = parseSubMachine(element, owner: reading.index, pointer: pointer) { branches.append(branch) }
    }
    return branches.count == elements.count ? ParallelState(common: common, work: work, branches: branches) : nil
  }
}
