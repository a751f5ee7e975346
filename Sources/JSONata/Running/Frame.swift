/// A variable's name as a number; numbers are given per expression.
typealias NameID = Int32

/// The variables bound in one scope, and the scope around it.
final class Frame {
  let parent: Frame?
  private var bindings: [Binding]
  /// Closures that would be released one within another with this frame.
  fileprivate(set) var closureDepth: Int32

  init(parent: Frame?, bindings: [Binding] = []) {
    self.parent = parent
    self.bindings = bindings
    var depth = parent?.closureDepth ?? 0
    for binding in bindings { depth = max(depth, binding.value.closureDepth) }
    closureDepth = depth
  }

  @inline(__always) func bind(_ name: NameID, _ value: Value) {
    closureDepth = max(closureDepth, value.closureDepth)
    for position in bindings.indices where bindings[position].name == name {
      bindings[position].value = value
      return
    }
    bindings.append(Binding(name: name, value: value))
  }

  /// The value of the innermost binding of the name, or nil.
  @inline(__always) func lookup(_ name: NameID) -> Value? {
    var frame = self
    while true {
      for binding in frame.bindings where binding.name == name { return binding.value }
      guard let parent = frame.parent else { return nil }
      frame = parent
    }
  }

  fileprivate func clear() { bindings = [] }
  fileprivate func startAnew() { closureDepth = 0 }
}

extension Value {
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
    frame.startAnew()
  }

  mutating func keep(_ function: Function) { functions.append(function) }

  mutating func release() {
    // Later functions hold earlier ones, so each is released while those below it are still held.
    while functions.popLast() != nil {}
    for frame in frames { frame.clear() }
    while frames.popLast() != nil {}
    known = []
  }
}
