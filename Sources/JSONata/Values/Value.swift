import JSONTypes

/// What an expression works on: JSON as it came, and what only lives inside an evaluation.
///
/// Documents are wrapped, not converted: a step into an object or array looks one level deep.
enum Value {
  /// JSONata's "nothing": the result of a path that leads nowhere.
  case undefined
  case null
  case bool(Bool)
  case number(Double)
  /// An integer of the input that no double holds; it counts as the nearest double and is passed on with all its digits.
  case exactInteger(JSONValue)
  case string(String)
  case jsonArray([JSONValue])
  case jsonObject(JSONObject)
  /// An array made by the evaluation, with what JSONata remembers about it.
  case list(List)
  /// An object made by the evaluation.
  case record(Record)
  case function(Function)
  /// Items with the variables that `@`, `#` and `%` bound on the way; seen by path steps only.
  case tuples(TupleStream)
  /// A call in tail position that is still to be made; seen by the loop in `Run.apply` only.
  case tailCall(TailCall)

  @inline(__always)
  init(_ json: JSONValue) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value):
      if value.magnitude <= 1 << 53 { self = .number(Double(value)) } else { self = .exactInteger(json) }
    case .double(let value): self = .number(value)
    case .bigInteger: self = .exactInteger(json)
    case .string(let value): self = .string(value)
    case .array(let value): self = .jsonArray(value)
    case .object(let value): self = .jsonObject(value)
    }
  }

  @inline(__always) var isUndefined: Bool { if case .undefined = self { true } else { false } }

  var isArray: Bool {
    switch self {
    case .jsonArray, .list, .tuples: true
    default: false
    }
  }

  /// The number of any representation.
  @inline(__always) var anyNumber: Double? {
    switch self {
    case .number(let value): value
    case .exactInteger(let value): value.asDouble
    default: nil
    }
  }

  var asString: String? { if case .string(let value) = self { value } else { nil } }
  var asFunction: Function? { if case .function(let value) = self { value } else { nil } }

  /// The members when this is an array, else nil.
  @inline(__always) var arrayItems: Items? {
    switch self {
    case .jsonArray(let elements): .json(elements)
    case .list(let list): .values(list.items)
    case .tuples(let stream): .values(stream.tuples.map(\.item))
    default: nil
    }
  }

  /// The members when this is an array, none when it is undefined, else this alone.
  var items: Items {
    if let items = arrayItems { return items }
    return isUndefined ? .values([]) : .values([self])
  }

  /// JSONata's name of the type, as `$type` gives it and messages use it; nil for undefined.
  var typeName: String? {
    switch self {
    case .undefined, .tailCall: nil
    case .null: "null"
    case .bool: "boolean"
    case .number, .exactInteger: "number"
    case .string: "string"
    case .jsonArray, .list, .tuples: "array"
    case .jsonObject, .record: "object"
    case .function: "function"
    }
  }
}

/// An array made by the evaluation.
struct List {
  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The result of a query: collapses to its only member, or to nothing, when an expression is done.
    static let sequence = Flags(rawValue: 1)
    /// A sequence that stays an array of one (`[]` was written).
    static let keepSingleton = Flags(rawValue: 2)
    /// Written as `[…]` within a path: is not flattened into the path's result.
    static let constructed = Flags(rawValue: 4)
    /// Holds the input document, which is an array.
    static let outerWrapper = Flags(rawValue: 8)
    /// Some member is a function, or a list or record with one.
    static let holdsFunctions = Flags(rawValue: 16)
  }

  var items: [Value]
  var flags: Flags
  /// Levels of lists and records made by the evaluation, this one included.
  let depth: UInt16

  /// Only for items that are no lists or records; else `Run.list`.
  init(scalars: [Value], _ flags: Flags = []) {
    items = scalars
    self.flags = flags
    depth = 1
  }

  init(items: [Value], flags: Flags, depth: UInt16) {
    self.items = items
    self.flags = flags
    self.depth = depth
  }
}

extension Value {
  /// Levels of lists and records; JSON of the input counts as flat.
  @inline(__always) var depth: UInt16 {
    switch self {
    case .list(let list): list.depth
    case .record(let record): record.depth
    default: 0
    }
  }

  @inline(__always) var isSequence: Bool { if case .list(let list) = self { list.flags.contains(.sequence) } else { false } }
}

/// The members of an array of either kind.
enum Items {
  case json([JSONValue])
  case values([Value])

  @inline(__always) var count: Int {
    switch self {
    case .json(let elements): elements.count
    case .values(let elements): elements.count
    }
  }
  @inline(__always) var isEmpty: Bool { count == 0 }
  @inline(__always) subscript(index: Int) -> Value {
    switch self {
    case .json(let elements): Value(elements[index])
    case .values(let elements): elements[index]
    }
  }
  var values: [Value] {
    switch self {
    case .json(let elements): elements.map { Value($0) }
    case .values(let elements): elements
    }
  }
}

extension Items: Sequence {
  struct Iterator: IteratorProtocol {
    let items: Items
    var index = 0
    @inline(__always) mutating func next() -> Value? {
      guard index < items.count else { return nil }
      defer { index &+= 1 }
      return items[index]
    }
  }
  @inline(__always) func makeIterator() -> Iterator { Iterator(items: self) }
}

/// One item of a path with what the steps before it bound.
struct Tuple {
  var item: Value
  var bindings: [Binding]
}

struct Binding {
  let name: NameID
  var value: Value
}

final class TupleStream {
  let tuples: [Tuple]
  init(_ tuples: [Tuple]) { self.tuples = tuples }
}

/// A call that is left to the loop in `Run.apply`, with the context and scope of its place.
final class TailCall {
  let call: CallNode
  let input: Value
  let frame: Frame
  init(_ call: CallNode, _ input: Value, _ frame: Frame) {
    self.call = call
    self.input = input
    self.frame = frame
  }
}
