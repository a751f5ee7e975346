import JSONTypes
import StatesInterpreter
import StatesLanguage

/// Where a debugger stops.
struct Breakpoint {
  enum Place {
    case state(Int, condition: String?)
    /// nil: any error.
    case error(String?)
  }
  var number: Int
  var place: Place
  var isTemporary: Bool
  var hits = 0
}

struct Breakpoints {
  private(set) var all: [Breakpoint] = []
  private var last = 0

  mutating func add(_ place: Breakpoint.Place, isTemporary: Bool) -> Breakpoint {
    last += 1
    let breakpoint = Breakpoint(number: last, place: place, isTemporary: isTemporary)
    all.append(breakpoint)
    return breakpoint
  }

  /// - Returns: whether there was one.
  mutating func remove(_ number: Int?) -> Bool {
    let before = all.count
    all.removeAll { number == nil || $0.number == number }
    return all.count < before
  }

  /// Counts a stop; one that stops once is gone.
  mutating func hit(_ number: Int) {
    guard let index = all.firstIndex(where: { $0.number == number }) else { return }
    all[index].hits += 1
    if all[index].isTemporary { all.remove(at: index) }
  }

  func forError(_ error: String?) -> Breakpoint? {
    all.first { breakpoint in
      guard case .error(let name) = breakpoint.place else { return false }
      return name == nil || name == error || name == ErrorName.all.rawValue
    }
  }

  /// One for the error of a Fail state. A name that is only known when the state runs may be any.
  func forError(failing error: FailState.Text?) -> Breakpoint? {
    switch error {
    case nil: return forError(nil as String?)
    case .literal(let name): return forError(name)
    case .expression(let template): if let name = template.constant?.asString { return forError(name) }
    case .path: break
    }
    return all.first { if case .error = $0.place { true } else { false } }
  }

  func forState(_ state: Int) -> [(breakpoint: Breakpoint, condition: String?)] {
    all.compactMap { breakpoint in
      guard case .state(state, let condition) = breakpoint.place else { return nil }
      return (breakpoint, condition)
    }
  }
}
