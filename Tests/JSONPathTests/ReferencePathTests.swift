import JSONPath
import JSONTypes
import Testing

@Suite struct ReferencePathTests {
  @Test(arguments: [
    ("$", []), ("$.a.b", [.member("a"), .member("b")]), ("$['a b'][3]", [.member("a b"), .element(3)]), ("$.['a']", [.member("a")]),
    ("$.a\\.b", [.member("a.b")]), ("$.foo\\@bar.baz\\[\\[", [.member("foo@bar"), .member("baz[[")]), ("$.日本-x_y$", [.member("日本-x_y$")]),
  ] as [(String, [ReferencePath.Segment])])
  func reads(_ text: String, _ segments: [ReferencePath.Segment]) throws {
    #expect(try ReferencePath(parsing: text).segments == segments)
  }

  /// Spec: Amazon States Language, "Reference Paths": only what names one node.
  @Test(arguments: [
    "", "a", "$a", "$.", "$..a", "$.*", "$[*]", "$[0,1]", "$[1:2]", "$[-1]", "$[?(@.a)]", "$['a','b']", "$.a.length()", "$.a:b", "$.a b", "$.a[",
    "$.a]", "$['a", "$[99999999999]", "$.a\\", "$[(@.length-1)]", "$.a@b", "$.a?b",
  ])
  func refuses(_ text: String) {
    #expect(throws: JSONPathError.self) { try ReferencePath(parsing: text) }
  }

  @Test func insertsAndCreates() throws {
    func inserted(_ path: String, _ root: JSONValue) throws -> JSONValue {
      var root = root
      try ReferencePath(parsing: path).insert(9, into: &root)
      return root
    }
    #expect(try inserted("$", ["a": 1]) == 9)
    #expect(try inserted("$.a", ["a": 1, "b": 2]) == ["a": 9, "b": 2])
    #expect(try inserted("$.x.y.z", ["a": 1]) == ["a": 1, "x": ["y": ["z": 9]]])
    #expect(try inserted("$.x.x.x", [:]) == ["x": ["x": ["x": 9]]])
    #expect(try inserted("$.l[1].n", ["l": [0, ["n": 1]]]) == ["l": [0, ["n": 9]]])
  }

  @Test func leavesTheValueAloneWhenItCannotWrite() throws {
    for (path, root) in [("$.a.b", ["a": 1]), ("$.l[2]", ["l": [1, 2]]), ("$.a", 5), ("$.a[0]", [:]), ("$.a.b", ["a": nil]), ("$[0]", ["a": 1])] as [(String, JSONValue)] {
      var copy = root
      do {
        try ReferencePath(parsing: path).insert(9, into: &copy)
        Issue.record("\(path) was written")
      } catch {
        #expect(error.kind == .notWritable)
        #expect(error.message == "Unable to apply ReferencePath \(path) to input \(root.jsonText)")
      }
      #expect(copy.jsonText == root.jsonText)
    }
  }

  /// What was inserted is read back, and other owners of the value do not see it.
  @Test(arguments: 0..<50 as Range<UInt64>) func readsBackWhatWasInserted(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var root: JSONValue = [:]
    var names = (0..<40).map { "k\($0)" }
    names.append(contentsOf: ["a.b", "é", "", "x[0]", "with space"])
    for number in 0..<200 {
      var text = "$"
      for _ in 0..<Int.random(in: 1...4, using: &random) { text += "['\(names.randomElement(using: &random) ?? "")']" }
      let path = try ReferencePath(parsing: text)
      let before = root
      let beforeText = root.jsonText
      do {
        try path.insert(.int(Int64(number)), into: &root)
      } catch {
        #expect(error.kind == .notWritable)
        #expect(root.jsonText == beforeText, "seed \(seed)")
        continue
      }
      #expect(try path.value(in: root) == .int(Int64(number)), "seed \(seed): \(text)")
      #expect(try PathQuery(parsing: text.contains("x[0]") ? "$" : text).isDefinite)
      #expect(before.jsonText == beforeText, "seed \(seed): another owner saw \(text)")
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>) func survivesAnyText(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = ["$", ".", "[", "]", "'", "\\", "a", "0", "12", " ", "é", "\u{301}", "*", "@"]
    for _ in 0..<1_000 {
      let text = "$" + (0..<Int.random(in: 0...10, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      guard let path = try? ReferencePath(parsing: text) else { continue }
      var root: JSONValue = ["a": [["a": 1]]]
      if (try? path.insert(true, into: &root)) != nil { #expect((try? path.value(in: root)) == true, "seed \(seed): \(text)") }
    }
  }
}
