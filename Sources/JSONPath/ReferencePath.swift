public import JSONTypes

/// A path that names one place, so that a value can be read from there or put there.
///
/// Shapes: `$`, `$.a.b`, `$['a']`, `$.list[3]`. A backslash takes away the meaning of the character after it: `$.a\.b` is the member `a.b`.
/// Spec: Amazon States Language, "Reference Paths".
public struct ReferencePath: Sendable, Hashable {
  public enum Segment: Sendable, Hashable {
    case member(String)
    /// Counted from 0.
    case element(Int)
  }

  /// The path as written.
  public let text: String
  /// Empty for `$`.
  public let segments: [Segment]

  /// - Throws: `JSONPathError` of kind `invalidPath` with the place in the text: not a path, or a path that may name several places.
  public init(parsing text: String) throws(JSONPathError) {
    guard text.utf8.count <= PathQuery.Limits.textBytes else {
      throw JSONPathError(.limit, "the path has \(text.utf8.count) bytes; at most \(PathQuery.Limits.textBytes) are allowed", at: 0)
    }
    self.text = text
    var parser = ReferencePathParser(text)
    segments = try parser.read()
  }

  /// The value at this place.
  ///
  /// - Throws: `JSONPathError` of kind `notFound` or, for an index on what is no array, `invalidPath`; in the words of `PathQuery`.
  public func value(in root: JSONValue) throws(JSONPathError) -> JSONValue {
    var current = root
    for (index, segment) in segments.enumerated() {
      switch segment {
      case .member(let name):
        guard case .object(let object) = current else {
          throw JSONPathError(.notFound, "Property ['\(name)'] not found in path \(normalText(index))")
        }
        guard let member = object[name] else {
          let isLast = index == segments.count - 1
          throw JSONPathError(.notFound, (isLast ? "No results for path: " : "Missing property in path ") + normalText(index + 1))
        }
        current = member
      case .element(let position):
        guard case .array(let elements) = current else {
          if current.isNull { throw JSONPathError(.notFound, "The path \(normalText(index)) is null") }
          throw JSONPathError(.invalidPath, "Filter: [\(position)] can only be applied to arrays. Current context is: \(current.jsonText)")
        }
        guard position < elements.count else {
          throw JSONPathError(.notFound, "Index out of bounds when evaluating path \(normalText(index + 1))")
        }
        current = elements[position]
      }
    }
    return current
  }

  /// Puts a value at this place, in place: nothing is copied that is not shared with others.
  ///
  /// Members that are missing on the way are created as objects; arrays do not grow.
  /// - Throws: `JSONPathError` of kind `notWritable` when something on the way is neither missing nor of the right kind, or an element is missing;
  ///   `root` is then as before.
  public func insert(_ value: JSONValue, into root: inout JSONValue) throws(JSONPathError) {
    guard canInsert(into: root) else {
      throw JSONPathError(.notWritable, "Unable to apply ReferencePath \(text) to input \(root.jsonText)")
    }
    Self.put(value, segments[...], in: &root)
  }

  private func canInsert(into root: JSONValue) -> Bool {
    var current = root
    for (index, segment) in segments.enumerated() {
      switch (segment, current) {
      case (.member(let name), .object(let object)):
        guard let member = object[name] else {
          // What is missing can be created when no index follows.
          return segments[(index + 1)...].allSatisfy { if case .member = $0 { true } else { false } }
        }
        current = member
      case (.element(let position), .array(let elements)):
        guard position < elements.count else { return false }
        current = elements[position]
      default: return false
      }
    }
    return true
  }

  private static func put(_ value: JSONValue, _ segments: ArraySlice<Segment>, in node: inout JSONValue) {
    guard let segment = segments.first else {
      node = value
      return
    }
    let rest = segments.dropFirst()
    switch segment {
    case .member(let name):
      // Taking the object out leaves one owner, so that it is changed in place.
      if case .object(var object) = node {
        node = .null
        object.edit(name) { put(value, rest, in: &$0) }
        node = .object(object)
      } else {
        var object = JSONObject()
        object.edit(name) { put(value, rest, in: &$0) }
        node = .object(object)
      }
    case .element(let position):
      if case .array(var elements) = node {
        node = .null
        put(value, rest, in: &elements[position])
        node = .array(elements)
      }
    }
  }

  private func normalText(_ count: Int) -> String {
    segments.prefix(count).reduce(into: "$") { text, segment in
      switch segment {
      case .member(let name): text += "['\(name)']"
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}

/// Reads `$`, `.name`, `['name']`, `[index]`.
private struct ReferencePathParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func read() throws(JSONPathError) -> [ReferencePath.Segment] {
    guard bytes.first == UInt8(ascii: "$") else { throw failure("expected '$' at the start of a reference path") }
    position = 1
    var segments: [ReferencePath.Segment] = []
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "."):
        position += 1
        // `$.['a']` is read like `$['a']`.
        if position < bytes.count, bytes[position] == UInt8(ascii: "[") { segments.append(try readBracket()) } else { segments.append(try readName()) }
      case UInt8(ascii: "["): segments.append(try readBracket())
      default: throw failure("expected '.' or '[' in a reference path")
      }
      if segments.count > PathQuery.Limits.steps {
        throw JSONPathError(.limit, "the path has more than \(PathQuery.Limits.steps) steps", at: position)
      }
    }
    return segments
  }

  private mutating func readName() throws(JSONPathError) -> ReferencePath.Segment {
    let start = position
    var name: [UInt8] = []
    var isPlain = true
    loop: while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "["): break loop
      case UInt8(ascii: "\\"):
        position += 1
        guard position < bytes.count else { throw failure("expected a character after '\\'") }
        isPlain = false
        name.append(bytes[position])
      case UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "?"):
        throw failure("'\(UnicodeScalar(byte))' is not allowed in a reference path; write ['…'] around the name, or '\\' before the character")
      case UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
        throw failure("'\(UnicodeScalar(byte))' is not allowed in a reference path: functions and scripts may name several values")
      case 0x20: throw failure("Space not allowed in path; write ['…'] around the name")
      default: name.append(byte)
      }
      position += 1
    }
    guard position > start else { throw failure("expected a name after '.'; a reference path must name one value, so '..' is not allowed") }
    if isPlain, name == [UInt8(ascii: "*")] {
      position = start
      throw failure("'*' is not allowed in a reference path, which must name one value")
    }
    return .member(String(decoding: name, as: UTF8.self))
  }

  private mutating func readBracket() throws(JSONPathError) -> ReferencePath.Segment {
    position += 1
    skipBlanks()
    guard position < bytes.count else { throw failure("expected an index or a name in single quotes after '['") }
    let segment: ReferencePath.Segment
    if bytes[position] == UInt8(ascii: "'") {
      position += 1
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "'") { position += 1 }
      guard position < bytes.count else { throw failure("expected a closing single quote") }
      segment = .member(String(decoding: bytes[start..<position], as: UTF8.self))
      position += 1
    } else {
      let start = position
      while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
      guard let index = Int32(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw failure("expected an index or a name in single quotes in the brackets of a reference path, which must name one value")
      }
      segment = .element(Int(index))
    }
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "]") else {
      throw failure("expected ']'; slices, unions and filters are not allowed in a reference path, which must name one value")
    }
    position += 1
    return segment
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
  }

  private func failure(_ message: String) -> JSONPathError {
    JSONPathError(.invalidPath, message, at: position)
  }
}
