/// The variables that a state can read.
struct VariableScope: Sendable, Equatable {
  struct Variable: Sendable, Equatable {
    var shape: Shape
    /// Whether every way to the state assigns it.
    var isSure: Bool
    /// Whether it was assigned outside of the branch or iteration.
    var isOuter = false
  }
  private(set) var known: [String: Variable] = [:]

  /// Bound on the variables that are followed; beyond it nothing is said about any.
  static let limit = 200
  private(set) var isOpen = false

  subscript(name: String) -> Variable? { known[name] }

  mutating func assign(_ name: String, _ shape: Shape) {
    if known.count >= Self.limit, known[name] == nil {
      isOpen = true
      return
    }
    known[name] = Variable(shape: shape, isSure: true)
  }

  func joined(with other: VariableScope) -> VariableScope {
    if self == other { return self }
    var joined = VariableScope()
    joined.isOpen = isOpen || other.isOpen
    joined.known = known
    for (name, variable) in known {
      if let twin = other.known[name] {
        joined.known[name] = Variable(
          shape: variable.shape.joined(with: twin.shape), isSure: variable.isSure && twin.isSure, isOuter: variable.isOuter && twin.isOuter)
      } else {
        joined.known[name]?.isSure = false
      }
    }
    for (name, variable) in other.known where known[name] == nil {
      joined.known[name] = Variable(shape: variable.shape, isSure: false, isOuter: variable.isOuter)
    }
    return joined
  }

  /// What a branch or iteration sees.
  var inner: VariableScope {
    var inner = self
    for name in known.keys { inner.known[name]?.isOuter = true }
    return inner
  }
}

extension VariableScope {
  /// Nothing is known of the values any more, only of which there are.
  mutating func forgetShapes() {
    for name in known.keys { known[name]?.shape = .any }
  }
}
