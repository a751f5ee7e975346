import JSONTypes
import Testing

@Suite struct TextMapTests {
  private func place(_ offset: Int, _ line: Int, _ column: Int) -> SourcePosition { SourcePosition(offset: offset, line: line, column: column) }
  private func map(_ text: String) throws -> TextMap {
    let (node, problems) = SyntaxNode.parse(json: text)
    #expect(problems.isEmpty)
    return try #require(node.textMap)
  }

  @Test func followsPlainText() throws {
    let map = try map("\n \"aé😀b\"")
    #expect(map.text == "aé😀b")
    #expect([0, 1, 3, 7, 8].map { map.position(of: $0) } == [place(3, 2, 3), place(4, 2, 4), place(6, 2, 5), place(10, 2, 6), place(11, 2, 7)])
    #expect(map.position(of: -5) == place(3, 2, 3) && map.position(of: 100) == place(11, 2, 7))
  }

  @Test func followsEscapes() throws {
    let map = try map(#""\"é\n\u00e9\ud83d\ude00z""#)
    #expect(map.text == "\"é\né😀z")
    // The escape of several bytes is one place.
    let offsets = [0, 1, 3, 4, 5, 6, 7, 9, 10, 11]
    let columns = [2, 4, 5, 7, 7, 13, 13, 13, 25, 26]
    #expect(offsets.map { map.position(of: $0).column } == columns)
    #expect(map.position(of: 11).offset == 26 && map.position(of: 4).line == 1)
    #expect(map.range(of: 1..<3) == SourceRange(place(3, 1, 4), place(5, 1, 5)))
  }

  @Test func endsBehindItsLastEscape() throws {
    let map = try map(#""a\n""#)
    #expect(map.position(of: 2) == place(4, 1, 5) && map.position(of: 1) == place(2, 1, 3))
    let empty = try self.map("\"\"")
    #expect(empty.position(of: 0) == place(1, 1, 2) && empty.position(of: 3) == place(1, 1, 2))
  }

  /// As a YAML block scalar: each line stands elsewhere.
  @Test func takesRuns() {
    let runs = [
      TextMap.Run(offset: 0, position: place(20, 3, 5), isVerbatim: true), TextMap.Run(offset: 4, position: place(28, 4, 5), isVerbatim: true),
    ]
    let map = TextMap(text: "abc\ndéf\n", runs: runs, end: place(33, 5, 1))
    #expect([0, 3, 4, 5, 7, 9].map { map.position(of: $0) } == [place(20, 3, 5), place(23, 3, 8), place(28, 4, 5), place(29, 4, 6), place(31, 4, 7), place(33, 5, 1)])
  }

  /// A definition in a string in a string: what is said about the innermost text leads to the outermost.
  @Test func relocatesNodesOfEmbeddedTexts() throws {
    let innermost = "{\n  \"Next\": \"é\\\"x\", \"b\": [tru]}"
    let middle = JSONValue.object(["Definition": .string(innermost)]).jsonText
    let outer = "\n{\"Body\": " + JSONValue.string(middle).jsonText + "}"
    let outerNode = try #require(SyntaxNode.parse(json: outer).node["Body"])
    let outerMap = try #require(outerNode.textMap)
    let middleNode = SyntaxNode.parse(json: outerMap.text).node.relocated(by: outerMap)
    let middleMap = try #require(middleNode["Definition"]?.textMap)
    #expect(middleMap.text == innermost)
    let (plain, problems) = SyntaxNode.parse(json: middleMap.text)
    let node = plain.relocated(by: middleMap)
    #expect(node.value == plain.value)

    let bytes = Array(outer.utf8)
    func source(_ range: SourceRange) -> String { String(decoding: bytes[range.lowerBound.offset..<range.upperBound.offset], as: UTF8.self) }
    let member = try #require(node.member("Next"))
    #expect(source(member.keyRange) == #"\\\"Next\\\""#)
    #expect(source(member.value.range) == #"\\\"é\\\\\\\"x\\\""#)
    #expect(member.keyRange.lowerBound.line == 2)
    // Line and column belong to the offset: all of it is on the second line.
    for range in [member.keyRange, member.value.range, node.range] {
      for place in [range.lowerBound, range.upperBound] { #expect(place.column == String(decoding: bytes[1..<place.offset], as: UTF8.self).unicodeScalars.count + 1) }
    }
    let problem = try #require(problems.first?.relocated(by: middleMap))
    #expect(problems.count == 1 && source(problem.range) == "tru")
    let innerMap = try #require(member.value.textMap)
    #expect(innerMap.text == "é\"x")
    #expect(source(innerMap.range(of: 0..<2)) == "é" && source(innerMap.range(of: 2..<3)) == #"\\\\\\\""# && source(innerMap.range(of: 3..<4)) == "x")
  }

  @Test(arguments: 0..<20) func leadsBackToEachCharacter(seed: Int) throws {
    var random = RandomJSON(seed: UInt64(seed) + 77)
    for _ in 0..<50 {
      let text = random.text()
      let literal = "  " + JSONValue.string(text).jsonText
      let map = try map(literal)
      #expect(map.text.isSameText(as: text))
      let source = Array(literal.utf8)
      var offset = 0
      for scalar in text.unicodeScalars {
        let count = String(scalar).utf8.count
        let range = map.range(of: offset..<(offset + count))
        let piece = String(decoding: source[range.lowerBound.offset..<range.upperBound.offset], as: UTF8.self)
        #expect(try JSONValue(parsing: "\"\(piece)\"").asString?.isSameText(as: String(scalar)) == true)
        #expect(range.lowerBound.line == 1 && range.lowerBound.column == String(decoding: source[..<range.lowerBound.offset], as: UTF8.self).unicodeScalars.count + 1)
        offset += count
      }
    }
  }
}
