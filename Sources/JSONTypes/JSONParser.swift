/// One pass over UTF-8 bytes, with its own stacks instead of recursion.
///
/// Finished values lie on `values` until their array or object closes and takes them over. Keys come from `makes`,
/// which knows the objects met so far: a key in the usual place is compared with the text, not read.
struct JSONParser: ~Copyable {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  var next: UnsafePointer<UInt8>
  let maximumDepth: Int
  /// The length of the compact text of what was read so far.
  var compactByteCount = 0
  var values = Stack<JSONValue>(capacity: 64)
  var frames = Stack<Frame>(capacity: 16)
  var makes = ObjectMakes()
  /// The keys of the open objects that have left `makes`, innermost last.
  var irregularKeys: [JSONKeys] = []
  var scratch = TextBuffer(capacity: 256)

  /// An open array or object.
  struct Frame {
    enum Kind { case array, object, irregularObject }
    var kind: Kind
    /// The height of `values` when it was opened.
    let height: Int
    /// `compactByteCount` when it was opened.
    var compactStart: Int
    /// Nesting of its deepest element.
    var innerDepth: Int32 = 0
    /// An object's last key in `makes`; where objects within an array begin.
    var make: ObjectMakes.Index
    /// Where the value now being read replaces an earlier one (a duplicate key), or -1.
    var replaced: Int32 = -1
  }

  static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumByteCount: Int
  ) -> Result<JSONValue, JSONSyntaxError> {
    if bytes.count > maximumByteCount {
      return .failure(
        JSONSyntaxError(
          "the text has \(bytes.count) bytes, which is more than the limit of \(maximumByteCount)", at: 0, of: bytes))
    }
    guard let start = bytes.baseAddress else {
      return .failure(JSONSyntaxError("expected a value, found the end of the text", at: 0, of: bytes))
    }
    var parser = JSONParser(start: start, count: bytes.count, maximumDepth: maximumDepth)
    if bytes.startsWithByteOrderMark { parser.next += 3 }
    do throws(JSONSyntaxError) { return .success(try parser.parseDocument()) } catch { return .failure(error) }
  }

  private init(start: UnsafePointer<UInt8>, count: Int, maximumDepth: Int) {
    self.start = start
    self.end = start + count
    self.next = start
    self.maximumDepth = min(maximumDepth, JSONValue.maximumNesting)
  }

  /// The values that stand one after another, and why reading ended before the end of the text, if it did.
  static func parseSequence(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumByteCount: Int
  ) -> (values: [JSONValue], problem: JSONSyntaxError?) {
    if bytes.count > maximumByteCount {
      let problem = JSONSyntaxError("the text has \(bytes.count) bytes, which is more than the limit of \(maximumByteCount)", at: 0, of: bytes)
      return ([], problem)
    }
    guard let start = bytes.baseAddress else { return ([], nil) }
    var parser = JSONParser(start: start, count: bytes.count, maximumDepth: maximumDepth)
    if bytes.startsWithByteOrderMark { parser.next += 3 }
    var values: [JSONValue] = []
    parser.skipBlanks()
    do throws(JSONSyntaxError) {
      while parser.next < parser.end {
        values.append(try parser.parseValue())
        parser.skipBlanks()
      }
    } catch {
      return (values, error)
    }
    return (values, nil)
  }

  private mutating func parseDocument() throws(JSONSyntaxError) -> JSONValue {
    skipBlanks()
    let value = try parseValue()
    skipBlanks()
    if next < end { throw failure("expected the end of the text after the value, found \(nextCharacter)") }
    return value
  }

  private mutating func parseValue() throws(JSONSyntaxError) -> JSONValue {
    while true {
      // Here a value is expected.
      guard next < end else { throw failure("expected a value, found the end of the text") }
      switch next.pointee {
      case UInt8(ascii: "\""): values.push(.string(try parseText()))
      case UInt8(ascii: "{"):
        if try open(.object, until: UInt8(ascii: "}")) {
          try parseKey()
          continue
        }
        values.push(.object(JSONObject()))
      case UInt8(ascii: "["):
        if try open(.array, until: UInt8(ascii: "]")) { continue }
        values.push(.array([]))
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): values.push(try parseNumber())
      case UInt8(ascii: "t"): values.push(try parseLiteral("true", .bool(true)))
      case UInt8(ascii: "f"): values.push(try parseLiteral("false", .bool(false)))
      case UInt8(ascii: "n"): values.push(try parseLiteral("null", .null))
      default: throw failure("expected a value, found \(nextCharacter)")
      }
      // And here one is complete.
      var isOpen = false
      while frames.count > 0 {
        skipBlanks()
        isOpen = try closeOrContinue()
        if isOpen { break }
      }
      if isOpen { continue }
      return values.pop()
    }
  }

  /// Enters an array or object; false when it is empty and done with.
  @inline(__always)
  private mutating func open(_ kind: Frame.Kind, until close: UInt8) throws(JSONSyntaxError) -> Bool {
    if frames.count >= maximumDepth { throw failure("nested deeper than \(maximumDepth) levels") }
    next += 1
    skipBlanks()
    if next < end, next.pointee == close {
      next += 1
      compactByteCount &+= 2
      if frames.count > 0 { frames.top.pointee.innerDepth = max(frames.top.pointee.innerDepth, 1) }
      return false
    }
    var make: ObjectMakes.Index = 0
    if frames.count > 0 {
      make = frames.top.pointee.kind == .array ? frames.top.pointee.make : makes.root(below: frames.top.pointee.make)
    }
    frames.push(Frame(kind: kind, height: values.count, compactStart: compactByteCount, make: make))
    compactByteCount &+= 1
    return true
  }

  /// After an element: true when another follows, false when the innermost array or object has become a value.
  @inline(__always)
  private mutating func closeOrContinue() throws(JSONSyntaxError) -> Bool {
    let frame = frames.top
    if frame.pointee.kind == .array {
      guard next < end else { throw failure("expected ',' or ']' in an array, found the end of the text") }
      compactByteCount &+= 1
      if next.pointee == UInt8(ascii: ",") {
        next += 1
        skipBlanks()
        return true
      }
      guard next.pointee == UInt8(ascii: "]") else { throw failure("expected ',' or ']' in an array, found \(nextCharacter)") }
      next += 1
      closeArray()
      return false
    }
    guard next < end else { throw failure("expected ',' or '}' in an object, found the end of the text") }
    if frame.pointee.kind == .irregularObject { settleIrregularValue() }
    compactByteCount &+= 1
    if next.pointee == UInt8(ascii: ",") {
      next += 1
      skipBlanks()
      try parseKey()
      return true
    }
    guard next.pointee == UInt8(ascii: "}") else { throw failure("expected ',' or '}' in an object, found \(nextCharacter)") }
    next += 1
    closeObject()
    return false
  }

  private mutating func closeArray() {
    let frame = frames.pop()
    if frames.count > 0 { frames.top.pointee.innerDepth = max(frames.top.pointee.innerDepth, frame.innerDepth &+ 1) }
    let elements = values.moveTop(above: frame.height) { first, count in
      // Appending is specialised; the initializer for uninitialized memory looks the array's class up each time.
      var elements: [JSONValue] = []
      elements.reserveCapacity(count)
      for index in 0..<count { elements.append((first + index).move()) }
      return elements
    }
    values.push(.array(elements))
  }

  private mutating func closeObject() {
    let frame = frames.pop()
    let depth = frame.innerDepth &+ 1
    if frames.count > 0 { frames.top.pointee.innerDepth = max(frames.top.pointee.innerDepth, depth) }
    let keys = frame.kind == .object ? makes.keys(of: frame.make) : irregularKeys.removeLast()
    let size = JSONSize(byteCount: compactByteCount &- frame.compactStart, depth: Int(depth))
    let object = values.moveTop(above: frame.height) { first, count in
      JSONObject(keys: keys, movingValuesFrom: first, count: count, size: size)
    }
    values.push(.object(object))
  }

  private mutating func parseLiteral(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let count = word.utf8CodeUnitCount
    guard end - next >= count else { throw failure("expected \(word), found the end of the text") }
    if !areEqual(next, word.utf8Start, count: count) {
      let different = (0..<count).first { next[$0] != word.utf8Start[$0] } ?? 0
      next += different
      throw failure("expected \(word), found \(nextCharacter)")
    }
    next += count
    compactByteCount &+= count
    return value
  }

  @inline(__always)
  mutating func skipBlanks() {
    while next < end {
      let byte = next.pointee
      if byte > 0x20 || byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return }
      next += 1
    }
  }

  // MARK: Errors

  private var text: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: end - start) }

  /// The error at the place that was reached.
  @inline(never)
  func failure(_ message: String) -> JSONSyntaxError { JSONSyntaxError(message, at: next - start, of: text) }

  var nextCharacter: String { text.describeCharacter(at: next - start) }
}
