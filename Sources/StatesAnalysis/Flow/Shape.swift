import JSONTypes

/// What is known of a value: which kinds of JSON it may be, and of each kind what it may look like.
///
/// The shapes form a lattice: `never` at the bottom, where no execution comes, `any` at the top, where nothing is known. Joining two shapes
/// gives one that allows what either allows.
struct Shape: Sendable, Equatable {
  struct Kinds: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let object = Kinds(rawValue: 1)
    static let array = Kinds(rawValue: 2)
    static let string = Kinds(rawValue: 4)
    static let number = Kinds(rawValue: 8)
    static let boolean = Kinds(rawValue: 16)
    static let null = Kinds(rawValue: 32)
    static let all: Kinds = [.object, .array, .string, .number, .boolean, .null]
  }

  var kinds: Kinds
  /// What objects have; nil when nothing is known of them.
  var members: Members?
  /// What arrays hold; nil when nothing is known of it.
  var elements: Elements?
  /// The texts that a string may be; nil for any.
  var texts: Set<String>?
  /// The value of a boolean where there is only one.
  var truth: Bool?

  init(_ kinds: Kinds, members: Members? = nil, elements: Elements? = nil, texts: Set<String>? = nil, truth: Bool? = nil) {
    self.kinds = kinds
    self.members = members
    self.elements = elements
    self.texts = texts
    self.truth = truth
  }

  static let any = Shape(.all)
  static let never = Shape([])
  static let string = Shape(.string)
  static let number = Shape(.number)
  static let boolean = Shape(.boolean)
  static let null = Shape(.null)
  static let array = Shape(.array)
  static let emptyObject = object([:])

  var isNever: Bool { kinds.isEmpty }
  var isAny: Bool { kinds == .all && members == nil && elements == nil && texts == nil && truth == nil }

  /// An object with these members, and no others unless it is open.
  static func object(_ members: [String: Member], isOpen: Bool = false) -> Shape {
    Shape(.object, members: Members(members, isOpen: isOpen))
  }
  static func array(of shape: Shape) -> Shape { Shape(.array, elements: Elements(shape)) }
  static func text(_ texts: Set<String>) -> Shape { Shape(.string, texts: texts) }

  /// Bounds on what is kept of a value; beyond them nothing is known.
  enum Limits {
    static let members = 100
    static let elements = 50
    static let texts = 40
    static let depth = 12
  }

  struct Member: Sendable, Equatable {
    var shape: Shape
    /// Whether every object has it.
    var isSure = true
    init(_ shape: Shape, isSure: Bool = true) {
      self.shape = shape
      self.isSure = isSure
    }
  }

  /// Shared by all shapes that have it, and compared by identity first.
  final class Members: Sendable, Equatable {
    let known: [String: Member]
    /// Whether there may be other members than the known ones.
    let isOpen: Bool
    init(_ known: [String: Member], isOpen: Bool) {
      let isTooWide = known.count > Limits.members
      self.known = isTooWide ? [:] : known
      self.isOpen = isOpen || isTooWide
    }
    static func == (left: Members, right: Members) -> Bool { left === right || (left.isOpen == right.isOpen && left.known == right.known) }
  }

  final class Elements: Sendable, Equatable {
    /// Each element in its order, where their number is known.
    let items: [Shape]?
    /// What any element is.
    let all: Shape
    init(_ all: Shape) { (items, self.all) = (nil, all) }
    init(items: [Shape]) {
      self.items = items.count > Limits.elements ? nil : items
      all = items.reduce(.never) { $0.joined(with: $1) }
    }
    static func == (left: Elements, right: Elements) -> Bool { left === right || (left.all == right.all && left.items == right.items) }
  }

  /// The shape of one value.
  init(of value: JSONValue, depth: Int = 0) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = Shape(.boolean, truth: value)
    case .int, .double, .bigInteger: self = .number
    case .string(let text): self = .text([text])
    case .array(let elements):
      self = depth >= Limits.depth ? .array : Shape(.array, elements: Elements(items: elements.map { Shape(of: $0, depth: depth + 1) }))
    case .object(let object):
      guard depth < Limits.depth, object.count <= Limits.members else {
        self = Shape(.object)
        return
      }
      self = .object(Dictionary(object.map { ($0.key, Member(Shape(of: $0.value, depth: depth + 1))) }) { $1 })
    }
  }

  /// Whether a value may be what the shape stands for.
  func allows(_ value: JSONValue) -> Bool {
    switch value {
    case .null: return kinds.contains(.null)
    case .bool(let value): return kinds.contains(.boolean) && (truth == nil || truth == value)
    case .int, .double, .bigInteger: return kinds.contains(.number)
    case .string(let text): return kinds.contains(.string) && (texts?.contains(text) ?? true)
    case .array(let values):
      guard kinds.contains(.array) else { return false }
      guard let elements else { return true }
      if let items = elements.items { return items.count == values.count && zip(items, values).allSatisfy { $0.allows($1) } }
      return values.allSatisfy { elements.all.allows($0) }
    case .object(let object):
      guard kinds.contains(.object) else { return false }
      guard let members else { return true }
      let isComplete = members.known.allSatisfy { !$0.value.isSure || object[$0.key] != nil }
      return isComplete && object.allSatisfy { members.known[$0.key]?.shape.allows($0.value) ?? members.isOpen }
    }
  }

  // MARK: Joining

  func joined(with other: Shape, depth: Int = 0) -> Shape {
    if isNever { return other }
    if other.isNever || self == other { return self }
    if isAny || other.isAny || depth >= Limits.depth { return .any }
    var joined = Shape(kinds.union(other.kinds))
    joined.members = Self.either(members, kinds.contains(.object), other.members, other.kinds.contains(.object)) { $0.joined(with: $1, depth: depth) }
    joined.elements = Self.either(elements, kinds.contains(.array), other.elements, other.kinds.contains(.array)) { $0.joined(with: $1, depth: depth) }
    joined.texts = Self.either(texts, kinds.contains(.string), other.texts, other.kinds.contains(.string)) { left, right in
      let union = left.union(right)
      return union.count > Limits.texts ? nil : union
    }
    joined.truth = Self.either(truth, kinds.contains(.boolean), other.truth, other.kinds.contains(.boolean)) { $0 == $1 ? $0 : nil }
    return joined
  }

  /// What is known of one kind: of both sides where both have it, else of the side that has it.
  private static func either<T>(_ left: T?, _ hasLeft: Bool, _ right: T?, _ hasRight: Bool, _ join: (T, T) -> T?) -> T? {
    switch (hasLeft, hasRight) {
    case (true, true):
      guard let left, let right else { return nil }
      return join(left, right)
    case (true, false): return left
    case (false, true): return right
    case (false, false): return nil
    }
  }
}

extension Shape.Members {
  fileprivate func joined(with other: Shape.Members, depth: Int) -> Shape.Members {
    if self === other { return self }
    var joined: [String: Shape.Member] = [:]
    for (key, member) in known {
      if let twin = other.known[key] {
        joined[key] = Shape.Member(member.shape.joined(with: twin.shape, depth: depth + 1), isSure: member.isSure && twin.isSure)
      } else {
        joined[key] = Shape.Member(other.isOpen ? .any : member.shape, isSure: false)
      }
    }
    for (key, member) in other.known where known[key] == nil {
      joined[key] = Shape.Member(isOpen ? .any : member.shape, isSure: false)
    }
    return Shape.Members(joined, isOpen: isOpen || other.isOpen)
  }
}

extension Shape.Elements {
  fileprivate func joined(with other: Shape.Elements, depth: Int) -> Shape.Elements {
    if self === other { return self }
    if let items, let others = other.items, items.count == others.count {
      return Shape.Elements(items: zip(items, others).map { $0.joined(with: $1, depth: depth + 1) })
    }
    return Shape.Elements(all.joined(with: other.all, depth: depth + 1))
  }
}
