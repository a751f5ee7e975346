import JSONTypes

/// The functions that Step Functions adds.
///
/// Source: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions", JSONata functions provided by Step Functions.
enum StepFunctionsFunctions {
  static let table: [Builtin] = [
    Builtin("partition", "<an:a>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0), let size = try call.number(1) else { return .undefined }
      guard size >= 1, let size = Int(exactly: size.rounded(.down)) else {
        throw argument("The chunk size of the partition function must be a positive integer. It was given \(numberText(size))", call[1])
      }
      let values = items.values
      var chunks: [Value] = []
      var start = 0
      while start < values.count {
        let end = min(values.count, start + min(size, values.count))
        chunks.append(try call.run.list(Array(values[start..<end])))
        start = end
      }
      return try call.run.list(chunks)
    },
    Builtin("range", "<nnn:a>", parameters: 3) { call throws(Failure) in
      guard let first = try call.number(0), let last = try call.number(1), let step = try call.number(2) else { return .undefined }
      guard step != 0, first.isFinite, last.isFinite, step.isFinite else {
        throw argument("The step of the range function must not be zero. It was given \(numberText(step))", call[2])
      }
      let count = ((last - first) / step).rounded(.down) + 1
      guard count > 0 else { return .undefined }
      guard count <= RangeNode.maximumCount else { throw Failure("D2014", value: JSONValue(number: count)) }
      // A range is a sequence: one number alone is that number.
      return try call.run.sequence((0..<Int(count)).map { .number(first + Double($0) * step) })
    },
    Builtin("hash", "<s-s?:s>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      let name = try call.text(1) ?? "SHA-256"
      guard let algorithm = MessageDigest(rawValue: name) else {
        throw argument("The hash function knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512. It was given \(name)", call[1])
      }
      let bytes = Array(text.utf8)
      try call.run.charge(steps: bytes.count)
      return try call.result(algorithm.hexadecimal(of: bytes))
    },
    Builtin("random", "<n?:n>", parameters: 1) { call throws(Failure) in
      guard let seed = try call.number(0) else { return .number(call.run.random.nextUnit()) }
      return .number(JavaRandom.firstUnit(seed: Int64(exactly: seed.rounded(.towardZero)) ?? 0))
    },
    Builtin("uuid", "<:s>", parameters: 0) { call throws(Failure) in
      var bytes: [UInt8] = []
      for _ in 0..<2 { withUnsafeBytes(of: call.run.random.next().bigEndian) { bytes += $0 } }
      // Version 4, variant 1 (RFC 9562).
      bytes[6] = bytes[6] & 0x0F | 0x40
      bytes[8] = bytes[8] & 0x3F | 0x80
      let digits = MessageDigest.hexadecimal(bytes)
      var text = ""
      for (index, digit) in digits.enumerated() {
        if [8, 12, 16, 20].contains(index) { text += "-" }
        text.append(digit)
      }
      return try call.result(text)
    },
    Builtin("parse", "<s-:x>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      try call.run.charge(bytes: text.utf8.count)
      // What may nest deeply is read where there is room for it.
      let brackets = text.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
      return brackets < 32 ? try parse(text) : try call.run.onFreshStack { () throws(Failure) in try parse(text) }
    },
  ]

  private static func parse(_ text: String) throws(Failure) -> Value {
    do throws(JSONSyntaxError) { return Value(try JSONValue(parsing: text, maximumDepth: Int(List.maximumDepth))) } catch {
      throw Failure(JSONataError.Code.parse, value: .string("\(error.message) (line \(error.line), column \(error.column))"))
    }
  }

  private static func argument(_ message: String, _ value: Value) -> Failure {
    Failure(JSONataError.Code.argument, value: value.scalarJSON, message: message)
  }
}

/// The generator of `java.util.Random`, by which Step Functions draws numbers from a seed.
///
/// Source: Java SE API, class `java.util.Random`.
enum JavaRandom {
  static func firstUnit(seed: Int64) -> Double {
    let mask: UInt64 = 1 << 48 - 1
    var state = (UInt64(bitPattern: seed) ^ 0x5_DEEC_E66D) & mask
    func next(_ bits: UInt64) -> UInt64 {
      state = (state &* 0x5_DEEC_E66D &+ 0xB) & mask
      return state >> (48 - bits)
    }
    let high = next(26) << 27
    return Double(high + next(27)) * 0x1p-53
  }
}
