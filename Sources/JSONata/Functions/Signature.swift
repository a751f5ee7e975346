import JSONTypes

/// A function's signature, such as `<s-nn?:s>`: which arguments it takes, and how they are completed.
///
/// Source: docs.jsonata.org, "Function signatures".
struct Signature: Sendable {
  /// The kinds of values that signatures tell apart, as bits.
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt8
    static let string = Kinds(rawValue: 1)
    static let number = Kinds(rawValue: 2)
    static let boolean = Kinds(rawValue: 4)
    static let null = Kinds(rawValue: 8)
    static let object = Kinds(rawValue: 16)
    static let array = Kinds(rawValue: 32)
    static let function = Kinds(rawValue: 64)
    static let missing = Kinds(rawValue: 128)
    static let json: Kinds = [.string, .number, .boolean, .null, .object, .array, .missing]
    static let any: Kinds = [.json, .function]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(letter: UInt8) {
      switch letter {
      case UInt8(ascii: "s"): self = .string
      case UInt8(ascii: "n"): self = .number
      case UInt8(ascii: "b"): self = .boolean
      case UInt8(ascii: "l"): self = .null
      case UInt8(ascii: "o"): self = .object
      case UInt8(ascii: "a"): self = .array
      case UInt8(ascii: "f"): self = .function
      default: return nil
      }
    }

    init(of value: Value) {
      switch value {
      case .undefined, .tailCall: self = .missing
      case .null: self = .null
      case .bool: self = .boolean
      case .number, .exactInteger: self = .number
      case .string: self = .string
      case .jsonArray, .list, .tuples: self = .array
      case .jsonObject, .record: self = .object
      case .function: self = .function
      }
    }
  }

  struct Parameter: Sendable {
    var kinds: Kinds
    var isArray = false
    /// What an array's members must be; nil for anything.
    var memberKind: Kinds?
    /// The letters between `<` and `>`.
    var memberLetters = ""
    var usesContext = false
    var isOptional = false
    var repeats = false
    var takesParameters = false
  }

  private(set) var parameters: [Parameter] = []
  /// No parameter may be left out or repeated: arguments and parameters go side by side.
  private(set) var isPlain = true

  struct SyntaxError: Error {
    let code: String
    let value: String
    /// UTF-16 units before the place.
    let offset: Int
  }

  /// Reads a signature with its angle brackets.
  init(parsing text: String) throws(SyntaxError) {
    let letters = Array(text.utf16)
    var position = 1
    func closing(_ open: Character, _ close: Character) -> Int {
      let open = open.utf16.first ?? 0
      let close = close.utf16.first ?? 0
      var depth = 1
      var end = position
      while end < letters.count {
        end += 1
        guard end < letters.count else { break }
        if letters[end] == close {
          depth -= 1
          if depth == 0 { break }
        } else if letters[end] == open {
          depth += 1
        }
      }
      return end
    }
    func inner(_ end: Int) -> String { position + 1 < end ? String(decoding: letters[(position + 1)..<end], as: UTF16.self) : "" }
    reading: while position < letters.count {
      let letter = UInt8(exactly: letters[position]) ?? 0
      switch letter {
      case UInt8(ascii: ":"): break reading
      case UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "b"), UInt8(ascii: "l"), UInt8(ascii: "o"):
        parameters.append(Parameter(kinds: Kinds(letter: letter)?.union(.missing) ?? .missing))
      case UInt8(ascii: "a"):
        parameters.append(Parameter(kinds: .any, isArray: true, takesParameters: true))
      case UInt8(ascii: "f"):
        parameters.append(Parameter(kinds: .function, takesParameters: true))
      case UInt8(ascii: "j"): parameters.append(Parameter(kinds: .json))
      case UInt8(ascii: "x"): parameters.append(Parameter(kinds: .any))
      case UInt8(ascii: "-"):
        edit {
          $0.usesContext = true
          $0.isOptional = true
        }
      case UInt8(ascii: "?"): edit { $0.isOptional = true }
      case UInt8(ascii: "+"): edit { $0.repeats = true }
      case UInt8(ascii: "("):
        let end = closing("(", ")")
        let choice = inner(end)
        if choice.utf8.contains(UInt8(ascii: "<")) { throw SyntaxError(code: "S0402", value: choice, offset: position) }
        var kinds: Kinds = .missing
        for letter in choice.utf8 {
          switch letter {
          case UInt8(ascii: "j"): kinds.formUnion(.json)
          case UInt8(ascii: "x"): kinds.formUnion(.any)
          default: kinds.formUnion(Kinds(letter: letter) ?? [])
          }
        }
        parameters.append(Parameter(kinds: kinds))
        position = end
      case UInt8(ascii: "<"):
        guard parameters.last?.takesParameters == true else {
          throw SyntaxError(code: "S0401", value: String(text.dropFirst(max(0, position - 1)).prefix(1)), offset: position)
        }
        let end = closing("<", ">")
        let letters = inner(end)
        edit {
          $0.memberLetters = letters
          $0.memberKind = $0.isArray ? letters.utf8.first.flatMap { Kinds(letter: $0) } ?? [] : nil
        }
        position = end
      default: break
      }
      position += 1
    }
    isPlain = parameters.allSatisfy { !$0.repeats }
  }

  private mutating func edit(_ change: (inout Parameter) -> Void) {
    if !parameters.isEmpty { change(&parameters[parameters.count - 1]) }
  }

  // MARK: Checking

  /// The arguments as the function expects them: completed from the context, single values made arrays.
  func validate(_ arguments: [Value], context: Value, run: Run) throws(Failure) -> [Value] {
    if isPlain, arguments.count == parameters.count {
      // Each parameter takes one argument: the only reading, as long as every one fits.
      var fits = true
      var asIs = true
      for (argument, parameter) in zip(arguments, parameters) {
        if !parameter.kinds.isSuperset(of: Kinds(of: argument)) {
          fits = false
          break
        }
        if parameter.isArray { asIs = false }
      }
      if fits {
        if asIs { return arguments }
        var completed = arguments
        for index in completed.indices where parameters[index].isArray {
          completed[index] = try array(completed[index], parameters[index], index: index, run: run)
        }
        return completed
      }
    }
    let kinds = arguments.map { Kinds(of: $0) }
    guard let counts = match(kinds) else { throw mismatch(arguments, kinds) }
    var completed: [Value] = []
    completed.reserveCapacity(max(arguments.count, parameters.count))
    var next = 0
    for (parameter, count) in zip(parameters, counts) {
      if count == 0 {
        if parameter.usesContext {
          guard parameter.kinds.isSuperset(of: Kinds(of: context)) else {
            throw Failure("T0411", value: try? run.json(context), details: ["index": .int(Int64(next + 1))])
          }
          completed.append(context)
        } else {
          completed.append(next < arguments.count ? arguments[next] : .undefined)
          next += 1
        }
      } else {
        for _ in 0..<count {
          // A parameter left out before may have moved the rest on, beyond the end.
          let argument = next < arguments.count ? arguments[next] : .undefined
          completed.append(parameter.isArray ? try array(argument, parameter, index: next, run: run) : argument)
          next += 1
        }
      }
    }
    return completed
  }

  /// How many arguments each parameter takes: as many as it can, as long as the rest still fits.
  private func match(_ kinds: [Kinds]) -> [Int]? {
    var counts: [Int] = []
    func place(_ parameter: Int, _ argument: Int) -> Bool {
      guard parameter < parameters.count else { return argument == kinds.count }
      let this = parameters[parameter]
      var limit = 0
      while argument + limit < kinds.count, this.kinds.isSuperset(of: kinds[argument + limit]), this.repeats || limit == 0 { limit += 1 }
      let least = this.isOptional ? 0 : 1
      guard limit >= least else { return false }
      for count in stride(from: limit, through: least, by: -1) {
        counts.append(count)
        if place(parameter + 1, argument + count) { return true }
        counts.removeLast()
      }
      return false
    }
    return place(0, 0) ? counts : nil
  }

  private func mismatch(_ arguments: [Value], _ kinds: [Kinds]) -> Failure {
    // The first argument that no reading of the parameters before it reaches.
    var good = 0
    for parameter in parameters {
      var count = 0
      while good + count < kinds.count, parameter.kinds.isSuperset(of: kinds[good + count]), parameter.repeats || count == 0 { count += 1 }
      if count == 0, !parameter.isOptional { break }
      good += count
    }
    return Failure("T0410", value: good < arguments.count ? arguments[good].scalarJSON : .none, details: ["index": .int(Int64(good + 1))])
  }

  private func array(_ argument: Value, _ parameter: Parameter, index: Int, run: Run) throws(Failure) -> Value {
    if argument.isUndefined { return argument }
    let items = argument.arrayItems
    if let wanted = parameter.memberKind {
      let fits: Bool
      if let items {
        try run.charge(steps: items.count)
        fits = items.isEmpty || Self.allMembers(of: items, are: wanted)
      } else {
        fits = Kinds(of: argument) == wanted && parameter.memberLetters.utf8.count == 1
      }
      guard fits else {
        let type = Self.plurals[parameter.memberLetters].map { JSONValue.string($0) }
        throw Failure("T0412", value: argument.scalarJSON, details: ["index": .int(Int64(index + 1)), "type": type ?? .null])
      }
    }
    return items == nil ? try run.list([argument]) : argument
  }

  private static func allMembers(of items: Items, are wanted: Kinds) -> Bool {
    switch items {
    case .json(let elements): elements.allSatisfy { Kinds(of: Value($0)) == wanted }
    case .values(let elements): elements.allSatisfy { Kinds(of: $0) == wanted }
    }
  }

  private static let plurals = [
    "a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
  ]
}
