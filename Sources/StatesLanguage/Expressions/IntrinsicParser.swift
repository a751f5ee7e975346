import JSONTypes

/// Reads a call of an intrinsic function: `States.Name(argument, …)`, where an argument is a string in single quotes, a number, `true`, `false`,
/// `null`, a path, or another call.
///
/// Spec: Amazon States Language, "Intrinsic Functions".
struct IntrinsicParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(ExpressionSyntaxError) -> IntrinsicCall {
    let call = try readCall()
    // Blanks behind the call are accepted, blanks before it are not.
    skipBlanks()
    guard position == bytes.count else { throw failure("expected the end after the intrinsic function, found \(found)") }
    return call
  }

  private mutating func readCall() throws(ExpressionSyntaxError) -> IntrinsicCall {
    let start = position
    while position < bytes.count, isNameByte(bytes[position]) { position += 1 }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let function = IntrinsicFunction.named(name) else { throw unknownName(name, at: start) }
    guard next == UInt8(ascii: "(") else { throw failure("expected '(' right after \(name), found \(found)") }
    position += 1
    depth += 1
    guard depth <= PathExpression.Limits.intrinsicNesting else {
      throw ExpressionSyntaxError("intrinsic functions are nested deeper than \(PathExpression.Limits.intrinsicNesting) levels", at: start)
    }
    let (arguments, template) = try readArguments(of: function)
    depth -= 1
    guard function.arguments.contains(arguments.count) else {
      let range = function.arguments
      let expected =
        range.lowerBound == range.upperBound ? "\(range.lowerBound)"
        : range.upperBound >= IntrinsicFunction.Limits.arguments && arguments.count < range.lowerBound
          ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw ExpressionSyntaxError("\(name) takes \(expected) argument\(range.upperBound == 1 ? "" : "s"), found \(arguments.count)", at: start)
    }
    return IntrinsicCall(function, arguments, template: template)
  }

  private mutating func readArguments(
    of function: IntrinsicFunction
  ) throws(ExpressionSyntaxError) -> ([IntrinsicCall.Argument], Result<FormatTemplate, IntrinsicFailure>?) {
    var arguments: [IntrinsicCall.Argument] = []
    var template: Result<FormatTemplate, IntrinsicFailure>?
    skipBlanks()
    if next == UInt8(ascii: ")") {
      position += 1
      return ([], nil)
    }
    while true {
      let start = position
      arguments.append(try readArgument())
      if arguments.count == 1, case .format = function.body, bytes[start] == UInt8(ascii: "'") {
        let text = String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self)
        template = Result { () throws(IntrinsicFailure) in try FormatTemplate(text) }
      }
      skipBlanks()
      switch next {
      case UInt8(ascii: ","):
        position += 1
        skipBlanks()
      case UInt8(ascii: ")"):
        position += 1
        return (arguments, template)
      default: throw failure("expected ',' or ')' after an argument, found \(found)")
      }
      if arguments.count > IntrinsicFunction.Limits.arguments {
        throw failure("more than \(IntrinsicFunction.Limits.arguments) arguments")
      }
    }
  }

  private mutating func readArgument() throws(ExpressionSyntaxError) -> IntrinsicCall.Argument {
    switch next {
    case UInt8(ascii: "'"): return .literal(.string(try readString()))
    case UInt8(ascii: "$"): return try readPath()
    case let byte? where byte == UInt8(ascii: "-") || byte &- 0x30 < 10: return .literal(try readNumber())
    case UInt8(ascii: "\""): throw failure("strings stand in single quotes here")
    case let byte? where isNameByte(byte):
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)] {
        let end = position + word.utf8.count
        guard bytes[position...].starts(with: word.utf8), end == bytes.count || !isNameByte(bytes[end]) else { continue }
        position = end
        return .literal(value)
      }
      return .call(try readCall())
    default: throw failure("expected an argument: a string in single quotes, a number, true, false, null, a path or a function, found \(found)")
    }
  }

  private mutating func readString() throws(ExpressionSyntaxError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "'"): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = next, [UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\")].contains(escaped) else {
          position -= 1
          throw failure("unknown escape; intrinsic functions know \\' \\{ \\} \\\\")
        }
        text.append(escaped)
        position += 1
      default: text.append(byte)
      }
    }
    throw ExpressionSyntaxError("expected a closing single quote for the string that begins here", at: start)
  }

  private mutating func readNumber() throws(ExpressionSyntaxError) -> JSONValue {
    let start = position
    while let byte = next, byte &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) { position += 1 }
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: Array(bytes[start..<position]))
    } catch {
      throw ExpressionSyntaxError("expected a number: \(error.message)", at: start + error.offset)
    }
  }

  /// Up to the comma, parenthesis or blank that ends it; brackets and what is quoted in them belong to the path.
  private mutating func readPath() throws(ExpressionSyntaxError) -> IntrinsicCall.Argument {
    let start = position
    var brackets = 0
    var parentheses = 0
    var isQuoted = false
    scan: while let byte = next {
      switch byte {
      case UInt8(ascii: "'") where brackets > 0: isQuoted.toggle()
      case UInt8(ascii: "\\") where isQuoted: position += 1
      case _ where isQuoted: break
      case UInt8(ascii: "["): brackets += 1
      case UInt8(ascii: "]"): brackets -= 1
      case UInt8(ascii: "("): parentheses += 1
      case UInt8(ascii: ")"):
        if parentheses == 0, brackets <= 0 { break scan }
        parentheses -= 1
      case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: if brackets <= 0, parentheses <= 0 { break scan }
      default: break
      }
      position += 1
    }
    position = min(position, bytes.count)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    return .path(try PathExpression.path(text, at: start), text)
  }

  // MARK: Bytes

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private var found: String {
    guard position < bytes.count else { return "the end" }
    let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    return "'\(rest.unicodeScalars.first.map { String($0) } ?? "")'"
  }

  private func unknownName(_ name: String, at start: Int) -> ExpressionSyntaxError {
    if name.isEmpty {
      return ExpressionSyntaxError("expected a path that begins with '$' or an intrinsic function such as States.Format('{}', $.a)", at: start)
    }
    if next != UInt8(ascii: "(") {
      return ExpressionSyntaxError(
        depth == 0
          ? "expected a path that begins with '$' or an intrinsic function, found '\(name)'; did you mean '$.\(name)'?"
          : "expected an argument, found '\(name)'; a string stands in single quotes, a path begins with '$'", at: start)
    }
    let lowered = name.lowercased()
    if let meant = IntrinsicFunction.all.keys.first(where: { $0.lowercased() == lowered || $0.lowercased() == "states." + lowered }) {
      return ExpressionSyntaxError("unknown intrinsic function \(name); did you mean \(meant)?", at: start)
    }
    if let meant = name.closest(among: IntrinsicFunction.all.keys.sorted()) {
      return ExpressionSyntaxError("unknown intrinsic function \(name); did you mean \(meant)?", at: start)
    }
    return ExpressionSyntaxError(
      "unknown intrinsic function \(name); there are \(IntrinsicFunction.all.keys.sorted().joined(separator: ", "))", at: start)
  }

  private func failure(_ message: String) -> ExpressionSyntaxError { ExpressionSyntaxError(message, at: min(position, bytes.count)) }
}
