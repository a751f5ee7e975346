import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// How the numbers of states in a store become those of the machine at hand.
///
/// They are the same when one version of the parser has counted both, and differ when the definition was edited or a later version counts otherwise.
struct StateNumbers {
  private let names: [String]
  /// By the number in the store; nil for a state that the machine does not have. Nil as a whole when nothing changes.
  private let numbers: [Int?]?

  /// - Parameter pointers: those of the states, in the order in which the store counts them.
  init(pointers: [String], machine: StateMachine) {
    names = pointers
    let own = machine.states.map(\.common.pointer)
    guard own != pointers else {
      numbers = nil
      return
    }
    let byPointer = Dictionary(own.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    numbers = pointers.map { byPointer[$0] }
  }

  private func number(_ state: Int) throws(HistoryStoreError) -> Int {
    guard names.indices.contains(state) else { throw HistoryStoreError(.damaged, "the store is damaged: a fact is about the state \(state), of \(names.count)") }
    guard let numbers else { return state }
    guard let number = numbers[state] else {
      throw HistoryStoreError(.invalid, "the definition has no state at \(names[state]), which the execution has entered")
    }
    return number
  }

  func renumber(_ fact: inout HistoryEvent) throws(HistoryStoreError) {
    fact.kind = try fact.kind.mapStates(number)
  }
}
