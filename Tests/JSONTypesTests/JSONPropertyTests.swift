import Foundation
import Testing

@testable import JSONTypes

@Suite struct JSONPropertyTests {
  @Test(arguments: 0..<40) func readsWhatItWrites(seed: Int) throws {
    var random = RandomJSON(seed: UInt64(seed))
    for _ in 0..<50 {
      let value = random.value()
      let text = value.jsonText
      let parsed = try JSONValue(parsing: text)
      #expect(parsed.isIdentical(to: value), "\(text)")
      #expect(parsed == value && parsed.hashValue == value.hashValue)
      #expect(parsed.jsonText == text)
      #expect(try JSONValue(parsing: value.prettyText).isIdentical(to: value))
      let (node, problems) = SyntaxNode.parse(json: text)
      #expect(problems == [] && node.value.isIdentical(to: value), "\(text)")
      #expect(SyntaxNode(value).value.isIdentical(to: value))
    }
  }

  /// The size remembered by the parser, the one counted, and that after edits are the length of the text.
  @Test(arguments: 0..<40) func countsWithoutWriting(seed: Int) throws {
    var random = RandomJSON(seed: UInt64(seed))
    for _ in 0..<50 {
      let value = random.value()
      #expect(value.jsonByteCount == value.jsonBytes.count)
      for text in [value.jsonText, value.prettyText] {
        var parsed = try JSONValue(parsing: text)
        #expect(parsed.jsonByteCount == value.jsonBytes.count)
        #expect(parsed.nesting == value.nesting)
        for depth in max(0, value.nesting - 1)...value.nesting { #expect(parsed.isNested(deeperThan: depth) == (value.nesting > depth)) }
        let inserted = random.value()
        let key = random.key()
        _ = parsed.editObject { $0[key] = inserted }
        _ = parsed.editArray { $0.append(inserted) }
        #expect(parsed.jsonByteCount == parsed.jsonBytes.count)
      }
    }
  }

  /// Numbers as people and programs write them, which need not be the shortest.
  @Test(arguments: 0..<20) func readsDecimalsAsTheNearestDouble(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<2000 {
      let digits = (0..<Int.random(in: 1...24, using: &random)).map { _ in "\(random.next() % 10)" }.joined()
      var text = "\(1 + random.next() % 999)" + (Bool.random(using: &random) ? "\(random.next())" : "") + "." + digits
      if Bool.random(using: &random) { text = "0." + digits }
      if Int.random(in: 0..<3, using: &random) == 0 { text += "e\(Int.random(in: -45...45, using: &random))" }
      let expected = try #require(Double(text))
      guard case .double(let value) = try JSONValue(parsing: text) else { Issue.record("\(text)"); return }
      #expect(value == expected, "\(text)")
      let object = try JSONValue(parsing: "{\"a\":\(text)}")
      #expect(object.jsonByteCount == object.jsonBytes.count, "\(text)")
    }
  }

  /// Halfway cases: a double's exact neighbours' middle, with and without something behind.
  @Test func roundsTiesToEven() throws {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let base = UInt64.random(in: (1 << 53)..<(1 << 54), using: &random) | 1
      for shift in 0..<4 {
        for text in ["\(base << UInt64(shift)).0", "\(base << UInt64(shift)).5", "\(base << UInt64(shift))0.0e-1"] {
          #expect(try JSONValue(parsing: text).asDouble == Double(text), "\(text)")
        }
      }
    }
  }

  @Test(arguments: 0..<20) func agreesWithFoundation(seed: Int) throws {
    var random = RandomJSON(seed: UInt64(seed) + 1000)
    for _ in 0..<30 {
      // Foundation drops byte order marks behind escapes.
      let text = String(String.UnicodeScalarView(JSONValue.object(random.object(depth: 4)).jsonText.unicodeScalars.filter { $0 != "\u{FEFF}" }))
      let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8))
      #expect(try matches(JSONValue(parsing: text), theirs), "\(text)")
    }
  }

  private func matches(_ value: JSONValue, _ other: Any) -> Bool {
    switch value {
    case .null: other is NSNull
    case .bool(let value): (other as? Bool) == value
    case .int(let value): (other as? NSNumber)?.int64Value == value
    // Foundation reads some as decimals, whose `doubleValue` is not the nearest; their digits are those of the text.
    case .double(let value): (other as? NSNumber).flatMap { Double("\($0)") } == value
    // Foundation keeps no more than doubles or decimals of these.
    case .bigInteger: other is NSNumber
    case .string(let text): (other as? String) == text
    case .array(let elements): (other as? [Any]).map { $0.count == elements.count && zip(elements, $0).allSatisfy { matches($0, $1) } } ?? false
    case .object(let object):
      // Foundation's keys are equal when canonically equivalent.
      (other as? [String: Any]).map { other in
        other.count <= object.count && (other.count < object.count || object.allSatisfy { key, value in other[key].map { matches(value, $0) } ?? false })
      } ?? false
    }
  }

  /// No text crashes a parser, and both say the same about it.
  @Test(arguments: 0..<40) func survivesEveryMutation(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed) + 5000)
    let pieces = ["\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud83d", "'", "/*", "//", "#", "\n", "-", "1e", ".", "nul", "é", "“", "\u{FEFF}", "\0"].map { Array($0.utf8) }
    for _ in 0..<60 {
      var bytes = random.value().jsonBytes
      for _ in 0..<Int.random(in: 1...4, using: &random.random) {
        let place = Int.random(in: 0...bytes.count, using: &random.random)
        switch Int.random(in: 0..<5, using: &random.random) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random.random)))
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random.random)!, at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random.random), at: place)
        case 3: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
        }
      }
      let value = try? JSONValue(parsing: bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      let (node, problems) = SyntaxNode.parse(json: text, maximumProblems: 7)
      #expect(problems.isEmpty == (value != nil) && problems.count <= 7, "\(text)")
      if let value { #expect(node.value.isIdentical(to: value), "\(text)") }
      check(node, within: SourceRange(.start, end(of: text)))
      for problem in problems { #expect(problem.range.lowerBound <= problem.range.upperBound && problem.range.upperBound <= end(of: text), "\(text)") }
    }
  }

  /// Ranges lie within each other, in the order of the text.
  private func check(_ node: SyntaxNode, within range: SourceRange) {
    #expect(node.range.lowerBound >= range.lowerBound && node.range.upperBound <= range.upperBound, "\(node.range) \(range)")
    var last = node.range.lowerBound
    for member in node.members ?? [] {
      #expect(member.keyRange.lowerBound >= last && member.keyRange.upperBound <= member.value.range.lowerBound)
      check(member.value, within: node.range)
      last = member.value.range.upperBound
    }
    for element in node.elements ?? [] {
      #expect(element.range.lowerBound >= last)
      check(element, within: node.range)
      last = element.range.upperBound
    }
  }

  private func end(of text: String) -> SourcePosition {
    var position = SourcePosition.start
    text.withBytes { bytes in
      // A byte order mark has no column.
      let start = bytes.startsWithByteOrderMark ? 3 : 0
      position.offset = start
      position.advance(over: bytes, from: start, to: bytes.count)
    }
    return position
  }

  /// Every prefix of a document, byte by byte.
  @Test func survivesEveryPrefix() {
    let bytes = Array("{\"a\":[1.5e-3,\"x\\ud83d\\ude00 é😀\\n\",{\"b\":null,\"a\":true}],\"a\":-0,\"c\":\"0123456789012345\"}".utf8)
    for count in 0..<bytes.count {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(bytes[..<count])) }
      #expect(!SyntaxNode.parse(json: String(decoding: bytes[..<count], as: UTF8.self)).problems.isEmpty)
    }
  }
}
