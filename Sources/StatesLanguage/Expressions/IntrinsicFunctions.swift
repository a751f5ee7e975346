import JSONata
import JSONTypes

/// One intrinsic function: its name, how many arguments it takes, and what it does.
struct IntrinsicFunction: Sendable {
  typealias None = @Sendable (inout SeededRandom) -> JSONValue
  typealias One = @Sendable (JSONValue) throws(IntrinsicFailure) -> JSONValue
  typealias Two = @Sendable (JSONValue, JSONValue) throws(IntrinsicFailure) -> JSONValue
  typealias Three = @Sendable (JSONValue, JSONValue, JSONValue) throws(IntrinsicFailure) -> JSONValue
  typealias Many = @Sendable ([JSONValue], inout SeededRandom) throws(IntrinsicFailure) -> JSONValue

  enum Body: Sendable {
    case none(None)
    case one(One)
    case two(Two)
    case three(Three)
    case many(Many)
    /// `States.Format`, whose template is read with the call.
    case format
  }

  let name: String
  let arguments: ClosedRange<Int>
  let body: Body

  /// Bounds of AWS's documentation.
  enum Limits {
    /// Characters that `States.Base64Encode`, `States.Base64Decode` and `States.Hash` take.
    static let text = 10_000
    /// Items that `States.ArrayRange` makes.
    static let range = 1_000
    /// Arguments of `States.Array` and `States.Format`.
    static let arguments = 1_000
    /// Nesting of what `States.StringToJson` reads.
    static let depth = 512
  }

  static func named(_ name: some StringProtocol) -> IntrinsicFunction? { all[String(name)] }

  /// What an argument must be, where that can be told of a literal.
  enum ArgumentKind: String, Sendable {
    case any = "a value"
    case string = "a string"
    case number = "a number"
    case boolean = "true or false"
    case array = "an array"
    case object = "an object"

    func allows(_ literal: JSONValue) -> Bool {
      switch (self, literal) {
      case (.any, _), (.string, .string), (.number, .int), (.number, .double), (.number, .bigInteger), (.boolean, .bool), (.array, .array),
        (.object, .object):
        true
      default: false
      }
    }
  }

  /// Source: AWS Step Functions Developer Guide, "Intrinsic functions for JSONPath states".
  static let argumentKinds: [String: [ArgumentKind]] = [
    "States.ArrayPartition": [.array, .number], "States.ArrayContains": [.array, .any], "States.ArrayRange": [.number, .number, .number],
    "States.ArrayGetItem": [.array, .number], "States.ArrayLength": [.array], "States.ArrayUnique": [.array], "States.Base64Encode": [.string],
    "States.Base64Decode": [.string], "States.Hash": [.any, .string], "States.JsonMerge": [.object, .object, .boolean],
    "States.StringToJson": [.string], "States.MathRandom": [.number, .number, .number], "States.MathAdd": [.number, .number],
    "States.StringSplit": [.string, .string], "States.Format": [.string],
  ]

  /// Spec: Amazon States Language, "Intrinsic Functions" (Format, StringToJson, JsonToString, Array); the others:
  /// AWS Step Functions Developer Guide, "Intrinsic functions for JSONPath states".
  static let all: [String: IntrinsicFunction] = Dictionary(
    uniqueKeysWithValues: [
      // Intrinsics for arrays
      IntrinsicFunction(name: "States.Array", arguments: 0...Limits.arguments, body: .many { values, _ in .array(values) }),
      IntrinsicFunction(name: "States.ArrayPartition", arguments: 2...2, body: .two(arrayPartition)),
      IntrinsicFunction(name: "States.ArrayContains", arguments: 2...2, body: .two(arrayContains)),
      IntrinsicFunction(name: "States.ArrayRange", arguments: 3...3, body: .three(arrayRange)),
      IntrinsicFunction(name: "States.ArrayGetItem", arguments: 2...2, body: .two(arrayGetItem)),
      IntrinsicFunction(name: "States.ArrayLength", arguments: 1...1, body: .one(arrayLength)),
      IntrinsicFunction(name: "States.ArrayUnique", arguments: 1...1, body: .one(arrayUnique)),
      // Intrinsics for data encoding and decoding
      IntrinsicFunction(name: "States.Base64Encode", arguments: 1...1, body: .one(base64Encode)),
      IntrinsicFunction(name: "States.Base64Decode", arguments: 1...1, body: .one(base64Decode)),
      // Intrinsic for hash calculation
      IntrinsicFunction(name: "States.Hash", arguments: 2...2, body: .two(hash)),
      // Intrinsics for JSON data manipulation
      IntrinsicFunction(name: "States.JsonMerge", arguments: 3...3, body: .three(jsonMerge)),
      IntrinsicFunction(name: "States.StringToJson", arguments: 1...1, body: .one(stringToJson)),
      IntrinsicFunction(name: "States.JsonToString", arguments: 1...1, body: .one { value in .string(value.jsonText) }),
      // Intrinsics for math operations
      IntrinsicFunction(name: "States.MathRandom", arguments: 2...3, body: .many(mathRandom)),
      IntrinsicFunction(name: "States.MathAdd", arguments: 2...2, body: .two(mathAdd)),
      // Intrinsic for string operation
      IntrinsicFunction(name: "States.StringSplit", arguments: 2...2, body: .two(stringSplit)),
      // Intrinsic for unique identifier generation
      IntrinsicFunction(name: "States.UUID", arguments: 0...0, body: .none(uuid)),
      // Intrinsic for generic operation
      IntrinsicFunction(name: "States.Format", arguments: 1...(Limits.arguments + 1), body: .format),
    ].map { ($0.name, $0) })

  // MARK: Arrays

  private static let arrayPartition: Two = { (value, size) throws(IntrinsicFailure) in
    let elements = try array(value)
    let size = Int(try integer(size, "the chunk size"))
    guard size > 0 else { throw IntrinsicFailure("the chunk size must be above 0, but is \(size)") }
    return .array(stride(from: 0, to: elements.count, by: size).map { .array(Array(elements[$0..<min($0 + size, elements.count)])) })
  }

  private static let arrayContains: Two = { (value, wanted) throws(IntrinsicFailure) in
    .bool(try array(value).contains(wanted))
  }

  private static let arrayRange: Three = { (first, last, step) throws(IntrinsicFailure) in
    let first = try integer(first, "the first number")
    let last = try integer(last, "the last number")
    let step = try integer(step, "the step")
    guard step != 0 else { throw IntrinsicFailure("the step must not be 0") }
    // Whole numbers of 32 bits: no overflow in 64.
    let steps = (last - first) / step
    guard (last - first) * step >= 0 else { return .array([]) }
    guard steps < Limits.range else { throw IntrinsicFailure("the range has \(steps + 1) items; at most \(Limits.range) are allowed") }
    return .array((0...steps).map { .int(first + $0 * step) })
  }

  private static let arrayGetItem: Two = { (value, index) throws(IntrinsicFailure) in
    let elements = try array(value)
    let index = try integer(index, "the index")
    guard index >= 0, index < elements.count else { throw IntrinsicFailure("the array has \(elements.count) elements, none at index \(index)") }
    return elements[Int(index)]
  }

  private static let arrayLength: One = { (value) throws(IntrinsicFailure) in .int(Int64(try array(value).count)) }

  private static let arrayUnique: One = { (value) throws(IntrinsicFailure) in
    var seen: Set<JSONValue> = []
    return .array(try array(value).filter { seen.insert($0).inserted })
  }

  // MARK: Encoding, hashes

  private static let base64Encode: One = { (value) throws(IntrinsicFailure) in .string(Base64.encode(try shortText(value).utf8)) }

  private static let base64Decode: One = { (value) throws(IntrinsicFailure) in
    guard let bytes = Base64.decode(try shortText(value)) else { throw IntrinsicFailure("the text is not Base64") }
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  private static let hash: Two = { (value, algorithm) throws(IntrinsicFailure) in
    let text = try shortText(value)
    guard let digest = MessageDigest(rawValue: try string(algorithm, "the algorithm")) else {
      throw IntrinsicFailure("expected one of \(MessageDigest.allCases.map(\.rawValue).joined(separator: ", ")), found \(algorithm.jsonText)")
    }
    return .string(digest.hexadecimal(of: Array(text.utf8)))
  }

  // MARK: JSON

  private static let jsonMerge: Three = { (first, second, isDeep) throws(IntrinsicFailure) in
    guard case .object(var merged) = first, case .object(let other) = second else {
      throw IntrinsicFailure("expected two objects, found \(first.typeName) and \(second.typeName)")
    }
    guard case .bool(let isDeep) = isDeep else { throw IntrinsicFailure("the third argument must be false, but is \(isDeep.typeName)") }
    guard !isDeep else { throw IntrinsicFailure("the third argument must be false: deep merging is not supported") }
    for (key, value) in other { merged[key] = value }
    return .object(merged)
  }

  /// White space alone gives null, as recorded of the service.
  private static let stringToJson: One = { (value) throws(IntrinsicFailure) in
    let text = try string(value, "the argument")
    if text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return .null }
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: text, maximumDepth: Limits.depth)
    } catch {
      throw IntrinsicFailure("the text is not JSON: \(error.message) (line \(error.line), column \(error.column))")
    }
  }

  // MARK: Numbers, texts

  private static let mathRandom: Many = { (values, random) throws(IntrinsicFailure) in
    let start = try integer(values[0], "the start number")
    let end = try integer(values[1], "the end number")
    guard start < end else { throw IntrinsicFailure("the start number \(start) must be below the end number \(end)") }
    guard values.count == 3 else { return .int(Int64.random(in: start..<end, using: &random)) }
    // The same seed gives the same number wherever it is asked for.
    var seeded = SeededRandom(seed: UInt64(bitPattern: try integer(values[2], "the seed")))
    return .int(Int64.random(in: start..<end, using: &seeded))
  }

  private static let mathAdd: Two = { (first, second) throws(IntrinsicFailure) in
    let sum = try integer(first, "the first number") + integer(second, "the second number")
    guard let checked = Int32(exactly: sum) else { throw IntrinsicFailure("the sum \(sum) is beyond 32 bits") }
    return .int(Int64(checked))
  }

  /// Each character of the splitter splits, and empty pieces are left out.
  private static let stringSplit: Two = { (value, splitter) throws(IntrinsicFailure) in
    let text = try string(value, "the text")
    let separators = Set(try string(splitter, "the splitter").unicodeScalars)
    return .array(text.unicodeScalars.split { separators.contains($0) }.map { .string(String($0)) })
  }

  /// Version 4 of RFC 4122.
  private static let uuid: None = { random in
    let high = (random.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
      let word = index < 16 ? high : low
      text.append(digits[Int(word >> UInt64(60 - 4 * (index % 16)) & 15)])
    }
    return .string(String(decoding: text, as: UTF8.self))
  }

  // MARK: Arguments

  private static func array(_ value: JSONValue) throws(IntrinsicFailure) -> [JSONValue] {
    if case .array(let elements) = value { return elements }
    throw IntrinsicFailure("expected an array, found \(value.typeName)")
  }

  private static func string(_ value: JSONValue, _ what: StaticString) throws(IntrinsicFailure) -> String {
    if case .string(let text) = value { return text }
    throw IntrinsicFailure("\(what) must be a string, but is \(value.typeName)")
  }

  private static func shortText(_ value: JSONValue) throws(IntrinsicFailure) -> String {
    let text = try string(value, "the text")
    // No text has more UTF-16 units than bytes.
    guard text.utf8.count <= Limits.text || text.utf16.count <= Limits.text else {
      throw IntrinsicFailure("the text has \(text.utf16.count) characters; at most \(Limits.text) are allowed")
    }
    return text
  }

  /// A number as a whole one of 32 bits, rounded half up as `java.lang.Math.round` does: 1.5 is 2, -1.5 is -1.
  @inline(__always)
  private static func integer(_ value: JSONValue, _ what: StaticString) throws(IntrinsicFailure) -> Int64 {
    switch value {
    case .int(let number) where Int32(exactly: number) != nil: return number
    case .double(let number):
      if let rounded = Int32(exactly: (number + 0.5).rounded(.down)) { return Int64(rounded) }
    case .int, .bigInteger: break
    default: throw IntrinsicFailure("\(what) must be a number, but is \(value.typeName)")
    }
    throw IntrinsicFailure("\(what) must be of 32 bits, but is \(value.jsonText)")
  }
}
