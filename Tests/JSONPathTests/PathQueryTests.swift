import JSONPath
import JSONTypes
import Testing

@Suite struct PathQueryTests {
  static let store: JSONValue = [
    "id": "A1", "name": ["first": "Ana", "o'k": 1, "a.b": 2], "coupon": nil,
    "items": [["sku": "x", "qty": 2, "tags": ["t"]], ["sku": "y", "qty": 0], ["sku": "z", "qty": "7", "deep": ["sku": "w"]]],
  ]

  /// What a path gives on `store`, as JSON text; or the kind of the error and its words.
  enum Expected: Sendable {
    case value(String)
    case error(JSONPathError.Kind, String)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let path: String
    let expected: Expected
    init(_ path: String, _ value: String) { (self.path, expected) = (path, .value(value)) }
    init(_ path: String, _ kind: JSONPathError.Kind, _ words: String) { (self.path, expected) = (path, .error(kind, words)) }
    var testDescription: String { path }
  }

  static func check(_ row: Row, on document: JSONValue = store) {
    let answer = Result { () throws(JSONPathError) in try PathQuery(parsing: row.path).evaluate(on: document) }
    switch (answer, row.expected) {
    case (.success(let value), .value(let text)): #expect(value.jsonText == text, "\(row.path)")
    case (.failure(let error), .error(let kind, let words)):
      #expect(error.kind == kind, "\(row.path)")
      #expect(error.message.hasPrefix(words), "\(row.path): \(error.message)")
    default: Issue.record("\(row.path) gave \(answer)")
    }
  }

  static let paths: [Row] = [
    // Members and elements
    Row("$.id", #""A1""#), Row("$['name']['a.b']", "2"), Row("$.name['first']", #""Ana""#), Row("$.coupon", "null"), Row("id", #""A1""#),
    Row("@.id", #""A1""#), Row("$.items[1].sku", #""y""#), Row("$.items.[0].sku", #""x""#), Row("$['id','none']", #"{"id":"A1"}"#),
    Row("$.items[(@.length-1)].sku", #""z""#), Row("$.items[0]sku", #""x""#), Row(" $.id ", #""A1""#),
    Row("$.none", .notFound, "No results for path: $['none']"), Row("$.none.x", .notFound, "Missing property in path $['none']"),
    Row("$.id.x", .notFound, "Property ['x'] not found in path $['id']"), Row("$.coupon[0]", .notFound, "The path $['coupon'] is null"),
    Row("$.items[3]", .notFound, "Index out of bounds when evaluating path $['items'][3]"),
    Row("$.items[-1]", .notFound, "Index out of bounds when evaluating path $['items'][-1]"),
    Row("$.name[0]", .invalidPath, "Filter: [0] can only be applied to arrays."), Row("$.items.length()", .notFound, "Property ['length()'] not found"),
    // Several values
    Row("$.items[*].sku", #"["x","y","z"]"#), Row("$.items[0,2].sku", #"["x","z"]"#), Row("$.items[1:].sku", #"["y","z"]"#),
    Row("$.items[:1].sku", #"["x"]"#), Row("$.items[-1:].sku", #"["z"]"#), Row("$.items[0:2].sku", #"["x","y"]"#), Row("$.items[2:9].sku", #"["z"]"#),
    Row("$..sku", #"["x","y","z","w"]"#), Row("$.items[*].tags[0]", #"["t"]"#), Row("$.none[*]", "[]"), Row("$.name.*", #"["Ana",1,2]"#),
    Row("$.items..sku", #"["x","y","z","w"]"#), Row("$.id.*", "[]"),
    // Filters
    Row("$.items[?(@.qty > 0)].sku", #"["x","z"]"#), Row("$.items[?(@.qty == 7)].sku", #"["z"]"#), Row("$.items[?(@.tags)].sku", #"["x"]"#),
    Row("$.items[?(!@.tags)].sku", #"["y","z"]"#), Row("$.items[?(@.sku == 'y' || @.qty == 2)].sku", #"["x","y"]"#),
    Row("$.items[?(@.qty >= 0 && @.sku != 'x')].sku", #"["y","z"]"#), Row("$.items[?(@.sku =~ /[XY]/i)].sku", #"["x","y"]"#),
    Row("$.items[?(@.sku == $.items[1].sku)].qty", "[0]"), Row("$.items[?(@.deep.sku == 'w')].sku", #"["z"]"#),
    Row("$.items[?(@.qty > 'a')]", .invalidValue, "a filter compares a number with 'a'"),
    // Texts that are no paths
    Row("", .invalidPath, "path can not be null or empty"), Row("$x", .invalidPath, "Invalid path"), Row("$..", .invalidPath, "A path can not end with a scan."),
    Row("$.a b", .invalidPath, "Space not allowed in path"), Row("$[a]", .invalidPath, "Could not analyze"), Row("$['a", .invalidPath, "Could not analyze"),
    Row("$[99999999999]", .invalidPath, "expected a 32-bit number"), Row("$.items[?(@.sku)", .invalidPath, "Filter"),
    Row("$.items[?()]", .invalidPath, "expected a criterion"), Row("$.items[?(@.*)]", .invalidPath, "the predicate path: @.* is not definite"),
    Row("$.items[?(@.sku =~ /(/)]", .invalidPath, "Filter brackets"), Row("$.items[?(@.sku =~ /+/)]", .invalidPath, "invalid regular expression"),
  ]
  @Test(arguments: paths) func evaluates(_ row: Row) { Self.check(row) }

  @Test func tellsDefinitePathsFromOthers() throws {
    for path in ["$", "$.a", "$['a','b']", "$[0]", "$[(@.length-1)]"] { #expect(try PathQuery(parsing: path).isDefinite, "\(path)") }
    for path in ["$.*", "$..a", "$[0,1]", "$[1:]", "$[?(@.a)]", "$[*].a"] { #expect(try !PathQuery(parsing: path).isDefinite, "\(path)") }
  }

  @Test func comparesNumbersExactly() throws {
    let document: JSONValue = [["n": 9_007_199_254_740_993], ["n": .bigInteger("123456789012345678901234567890")], ["n": 0.1], ["n": 1e10]]
    for (literal, index) in [("9007199254740993", 0), ("123456789012345678901234567890", 1), ("0.10", 2), ("1E+10", 3)] {
      let found = try PathQuery(parsing: "$[?(@.n == \(literal))]").evaluate(on: document)
      #expect(found == [document[index] ?? nil], "\(literal)")
    }
    #expect(try PathQuery(parsing: "$[?(@.n > 9007199254740992)].n").evaluate(on: document).asArray?.count == 2)
  }

  @Test func tellsWhereAPathIsWrong() {
    for (path, offset) in [("$.é b", 4), ("$.a[b]", 3), ("$.a..", 3), ("$.a[0][?(@.b =~ /+/)]", 6)] {
      do {
        _ = try PathQuery(parsing: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.offset == offset, "\(path): \(error)")
      }
    }
  }

  /// A million results, a deep document and a hostile pattern end with an error or a value, not with the process.
  @Test func keepsItsLimits() throws {
    #expect(throws: JSONPathError.self) { try PathQuery(parsing: "$" + String(repeating: ".a", count: 501)) }
    #expect(throws: JSONPathError.self) { try PathQuery(parsing: "$." + String(repeating: "a", count: 70_000)) }
    var nested = "@.a"
    for _ in 0..<40 { nested = "$[?(\(nested) == 1)]" }
    #expect(throws: JSONPathError.self) { try PathQuery(parsing: nested) }
    var deep: JSONValue = 1
    for _ in 0..<500 { deep = ["a": deep] }
    #expect(try PathQuery(parsing: "$..a").evaluate(on: deep).asArray?.count == 500)
    let slow: JSONValue = [["s": .string(String(repeating: "a", count: 40) + "!")]]
    do {
      _ = try PathQuery(parsing: "$[?(@.s =~ /(a+)+/)]").evaluate(on: slow)
      Issue.record("a match of 2^40 steps ended")
    } catch {
      #expect(error.kind == .limit)
    }
  }

  /// No text crashes the parser or the evaluator.
  @Test(arguments: 0..<20 as Range<UInt64>) func survivesAnyText(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = ["$", "@", ".", "..", "[", "]", "'", "\"", "(", ")", "?", "*", ",", ":", "-", "1", "0", " ", "a", "items", "sku", "==", "&&", "||", "!", "=~", "/", "length", "é", "\u{301}", "\\", "99999999999", "\n"]
    let whole = PathQueryTests.paths.map(\.path)
    for _ in 0..<500 {
      var text = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      if Bool.random(using: &random) {
        var scalars = Array((whole.randomElement(using: &random) ?? "$").unicodeScalars)
        for _ in 0...2 where !scalars.isEmpty {
          let place = Int.random(in: 0..<scalars.count, using: &random)
          if Bool.random(using: &random) { scalars.remove(at: place) } else { scalars.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").unicodeScalars, at: place) }
        }
        text = scalars.map { String($0) }.joined()
      }
      guard let query = try? PathQuery(parsing: text) else { continue }
      for document in [Self.store, nil, 3, []] as [JSONValue] {
        if let value = try? query.evaluate(on: document), !query.isDefinite { #expect(value.asArray != nil, "seed \(seed): \(text)") }
      }
    }
  }
}
