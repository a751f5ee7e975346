import JSONPath

/// What a path finds in a value of a known shape.
struct Selection: Equatable {
  /// What is found; `never` when nothing can be.
  var shape: Shape
  /// Whether there may be nothing.
  var mayMiss: Bool

  static let unknown = Selection(shape: .any, mayMiss: true)
  /// Nothing is ever found.
  var isMissing: Bool { shape.isNever }
}

extension Shape {
  func member(_ name: String) -> Selection {
    guard kinds.contains(.object) else { return Selection(shape: .never, mayMiss: true) }
    let mayBeOther = kinds != .object
    guard let members else { return .unknown }
    if let member = members.known[name] { return Selection(shape: member.shape, mayMiss: mayBeOther || !member.isSure) }
    return members.isOpen ? .unknown : Selection(shape: .never, mayMiss: true)
  }

  func element(_ index: Int) -> Selection {
    guard kinds.contains(.array) else { return Selection(shape: .never, mayMiss: true) }
    if let items = elements?.items {
      // Beyond the end some places read null and others fail.
      return items.indices.contains(index) ? Selection(shape: items[index], mayMiss: kinds != .array) : .unknown
    }
    let all = elements?.all ?? .any
    return Selection(shape: all.isNever ? .any : all, mayMiss: true)
  }

  func select(_ steps: [PathQuery.OutlineStep]) -> Selection {
    var current = Selection(shape: self, mayMiss: false)
    for step in steps {
      let next: Selection
      switch step {
      case .member(let name): next = current.shape.member(name)
      case .element(let index): next = current.shape.element(index)
      case .other: return .unknown
      }
      current = Selection(shape: next.shape, mayMiss: current.mayMiss || next.mayMiss)
      if current.isMissing { return current }
    }
    return current
  }

  /// This shape with a value put in at a place, as `ResultPath` does; nil where that cannot be done.
  func inserting(_ value: Shape, at segments: ArraySlice<ReferencePath.Segment>) -> Shape? {
    guard let segment = segments.first else { return value }
    guard case .member(let name) = segment else { return kinds.contains(.array) ? .any : nil }
    guard kinds.contains(.object) else { return nil }
    let rest = segments.dropFirst()
    let found = member(name)
    let inner: Shape
    if rest.isEmpty {
      inner = value
    } else if found.isMissing {
      guard let made = Shape.emptyObject.inserting(value, at: rest) else { return nil }
      inner = made
    } else if found.mayMiss {
      // What is missing is created; otherwise it is changed.
      let made = Shape.emptyObject.inserting(value, at: rest) ?? .never
      let changed = found.shape.inserting(value, at: rest) ?? .never
      inner = made.joined(with: changed)
      if inner.isNever { return nil }
    } else {
      guard let changed = found.shape.inserting(value, at: rest) else { return nil }
      inner = changed
    }
    var known = members?.known ?? [:]
    known[name] = Member(inner)
    return .object(known, isOpen: members?.isOpen ?? true)
  }
}
