/// The steps of a path, as far as they name one place.
extension PathQuery {
  package enum OutlineStep: Sendable, Hashable {
    case member(String)
    /// Counted from 0.
    case element(Int)
    /// A wildcard, filter, slice, or anything else that may find several values.
    case other
  }

  package var outline: [OutlineStep] {
    parsed.steps.map { step in
      switch step {
      case .property(let name): .member(name)
      case .index(let index) where index >= 0: .element(index)
      default: .other
      }
    }
  }
}
