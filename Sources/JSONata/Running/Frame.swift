import JSONTypes

/// A variable's name as a number; numbers are given per expression.
typealias NameID = Int32

/// The variables bound in one scope, and the scope around it.
///
/// Most scopes bind one to three variables, which stand in the frame itself.
final class Frame {
  let parent: Frame?
  private var name0: NameID = Frame.noName
  private var name1: NameID = Frame.noName
  private var name2: NameID = Frame.noName
  private var value0 = Value.undefined
  private var value1 = Value.undefined
  private var value2 = Value.undefined
  private var others: [Binding] = []
  private var hasOthers = false
  /// Closures that would be released one within another with this frame.
  private(set) var closureDepth: Int32

  static let noName: NameID = -1

  init(parent: Frame?) {
    self.parent = parent
    closureDepth = parent?.closureDepth ?? 0
  }

  /// A scope that binds two different names.
  @inline(__always)
  init(parent: Frame, _ name0: NameID, _ value0: Value, _ name1: NameID = Frame.noName, _ value1: Value = .undefined) {
    self.parent = parent
    self.name0 = name0
    self.value0 = value0
    self.name1 = name1
    self.value1 = value1
    closureDepth = max(parent.closureDepth, value0.closureDepth, value1.closureDepth)
  }

  convenience init(parent: Frame?, bindings: [Binding]) {
    self.init(parent: parent)
    for binding in bindings { bind(binding.name, binding.value) }
  }

  @inline(__always) func bind(_ name: NameID, _ value: Value) {
    if case .undefined = value {} else { closureDepth = max(closureDepth, value.closureDepth) }
    if name0 == name || name0 == Frame.noName {
      name0 = name
      value0 = value
    } else if name1 == name || name1 == Frame.noName {
      name1 = name
      value1 = value
    } else if name2 == name || name2 == Frame.noName {
      name2 = name
      value2 = value
    } else {
      bindOther(name, value)
    }
  }

  @inline(never) private func bindOther(_ name: NameID, _ value: Value) {
    if let position = others.firstIndex(where: { $0.name == name }) {
      others[position].value = value
    } else {
      others.append(Binding(name: name, value: value))
      hasOthers = true
    }
  }

  /// The value of the innermost binding of the name, or nil.
  func lookup(_ name: NameID) -> Value? {
    if name0 == name { return value0 }
    if name1 == name { return value1 }
    if name2 == name { return value2 }
    if hasOthers {
      for binding in others where binding.name == name { return binding.value }
    }
    return parent?.lookup(name)
  }

  /// A member of the object that is the value of the innermost binding; nil when there is no such binding or it is no object.
  func lookup(_ name: NameID, member key: JSONKey) -> Value? {
    if name0 == name { return value0.objectMember(key) }
    if name1 == name { return value1.objectMember(key) }
    if name2 == name { return value2.objectMember(key) }
    if hasOthers {
      for binding in others where binding.name == name { return binding.value.objectMember(key) }
    }
    return parent?.lookup(name, member: key)
  }

  fileprivate func clear() {
    value0 = .undefined
    value1 = .undefined
    value2 = .undefined
    others = []
    hasOthers = false
  }
}

extension Value {
  @inline(__always) fileprivate func objectMember(_ key: JSONKey) -> Value? {
    switch self {
    case .jsonObject(let object): object[key].map { Value($0) } ?? .undefined
    case .record(let record): record[key.text].asPathResult
    default: nil
    }
  }

  /// Closures that would be released one within another with this value.
  @inline(__always) var closureDepth: Int32 {
    switch self {
    case .function(let function): function.closureDepth
    case .list(let list): list.holdsFunctions ? 64 : 0
    case .record(let record): record.holdsFunctions ? 64 : 0
    default: 0
    }
  }

  /// Whether a frame that holds this value may be reachable from itself.
  @inline(__always) var mayHoldFunctions: Bool {
    switch self {
    case .function: true
    case .list(let list): list.holdsFunctions
    case .record(let record): record.holdsFunctions
    default: false
    }
  }
}

extension List { var holdsFunctions: Bool { flags.contains(.holdsFunctions) } }

/// What an evaluation must take apart by itself at its end.
///
/// A frame with a variable that holds a closure may be part of a cycle, and a long chain of closures would be released recursively.
/// Both are held here and let go one by one.
struct KeptObjects {
  private var frames: [Frame] = []
  private var functions: [Function] = []
  private var known: Set<ObjectIdentifier> = []

  var count: Int { frames.count + functions.count }

  mutating func keep(_ frame: Frame) {
    guard known.insert(ObjectIdentifier(frame)).inserted else { return }
    frames.append(frame)
  }

  mutating func keep(_ function: Function) { functions.append(function) }

  mutating func release() {
    // What the frames let go reaches at most to the next function held here; and of those later ones hold earlier ones,
    // so that each is released while those below it are still held.
    for frame in frames { frame.clear() }
    while frames.popLast() != nil {}
    while functions.popLast() != nil {}
    known = []
  }
}
