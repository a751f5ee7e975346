import Foundation
import JSONTypes
import StateGraphs
import TestSupport
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// The three forms of a drawing: golden files, and names that mean harm.
@Suite struct WriterTests {
  static let nested: JSONValue = [
    "StartAt": "Prepare",
    "States": [
      "Prepare": ["Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": ["FunctionName": "prepare"], "Next": "Both",
                  "Catch": [["ErrorEquals": ["Busy", "States.Timeout"], "Next": "Rest"]]],
      "Rest": ["Type": "Wait", "Seconds": 90, "Next": "Prepare"],
      "Both": ["Type": "Parallel", "Next": "Enough?", "Branches": [
        ["StartAt": "Each", "States": ["Each": ["Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": [
          "StartAt": "Weigh", "States": ["Weigh": ["Type": "Pass", "End": true]]]]]],
        ["StartAt": "Log", "States": ["Log": ["Type": "Pass", "End": true]]],
      ]],
      "Enough?": ["Type": "Choice", "Default": "Rest", "Choices": [
        ["And": [["Variable": "$.count", "NumericGreaterThan": 3], ["Not": ["Variable": "$.left", "IsPresent": true]]], "Next": "Done"]]],
      "Done": ["Type": "Succeed"],
    ],
  ]

  /// With `SFN_UPDATE_GOLDEN` set, what came is written down as what is expected from now on.
  private func expect(_ text: String, equalsGolden name: String) throws {
    let path = Conformance.packageRoot + "/Tests/Golden/graphs/" + name
    if ProcessInfo.processInfo.environment["SFN_UPDATE_GOLDEN"] != nil { try Data(text.utf8).write(to: URL(filePath: path)) }
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == text, "\(name) differs; set SFN_UPDATE_GOLDEN to take the new one, and look at it")
  }

  @Test func goldenFiles() throws {
    let graph = try #require(StateGraph(definition: SyntaxNode(Self.nested), title: "nested"))
    try expect(graph.svg(), equalsGolden: "nested.svg")
    try expect(graph.mermaid(), equalsGolden: "nested.mmd")
    try expect(graph.dot(), equalsGolden: "nested.dot")
    let marks = ExecutionMarks(
      outcomes: ["Prepare": StateOutcome(.caught, visits: 2), "Rest": StateOutcome(.running, visits: 1)],
      taken: [ExecutionMarks.Pair(from: "", to: "Prepare"), ExecutionMarks.Pair(from: "Prepare", to: "Rest")])
    try expect(graph.svg(marks: marks), equalsGolden: "marked.svg")
  }

  @Test func aDefinitionWithMistakesIsDrawn() throws {
    let definition: JSONValue = ["StartAt": "Nowhere", "States": ["A": ["Type": "Psas", "Next": "B"], "B": 7, "C": ["Next": "Gone"]]]
    let graph = try #require(StateGraph(definition: SyntaxNode(definition), title: "broken"))
    #expect(graph.nodes.filter { $0.kind == .missing }.map(\.name) == ["Nowhere", "Gone"])
    #expect(graph.stateCount == 3)
    #expect(graph.svg().contains("no such state"))
    #expect(StateGraph(definition: SyntaxNode(["StartAt": "A"]), title: "none") == nil)
    #expect(StateGraph(definition: SyntaxNode(["States": []]), title: "none") == nil)
    #expect(StateGraph(definition: SyntaxNode(["States": [:]]), title: "empty")?.stateCount == 0)
  }

  static let hostile = [
    "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--><svg onload=alert(1)>", "]]>", "&lt;&#60;", "\u{202e}abc\u{2066}", "a\nb\r\u{0}\u{1b}[31m",
    "\u{FFFE}\u{FFFF}\u{2028}", "end", "__proto__", "subgraph x", "\\N\\G", "%%{init: {}}%%", "a;b|c", "`tick`", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "click n1 href",
  ]

  private func hostileGraph() throws -> StateGraph {
    var states = JSONObject()
    for (name, next) in zip(Self.hostile, Self.hostile.dropFirst() + ["last"]) {
      states[name] = ["Type": .string(name), "Comment": .string(name), "Resource": .string(name), "Next": .string(next), "Catch": [["ErrorEquals": [.string(name)], "Next": "last"]]]
    }
    states["last"] = ["Type": "Choice", "Choices": .array(Self.hostile.map { ["Variable": .string($0), "StringEquals": .string($0), "Next": .string($0)] })]
    return try #require(StateGraph(definition: SyntaxNode(["StartAt": .string(Self.hostile[0]), "States": .object(states)]), title: Self.hostile.joined()))
  }

  /// Collects the names of elements and attributes.
  private final class Names: NSObject, XMLParserDelegate {
    var elements: Set<String> = []
    var attributes: Set<String> = []
    func parser(_ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]) {
      elements.insert(name)
      self.attributes.formUnion(attributes.keys)
    }
  }

  @Test func hostileNamesStayTextsInSVG() throws {
    for isAlone in [true, false] {
      let svg = try hostileGraph().svg(isAlone: isAlone)
      let names = Names()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = names
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(names.elements.isSubset(of: ["svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"]), "\(names.elements)")
      #expect(!names.attributes.contains { $0.hasPrefix("on") || $0 == "href" || $0 == "style" }, "\(names.attributes)")
      #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) })
    }
  }

  /// Each line of a diagram is a statement of ours; names stand only between quotes, in codes.
  @Test func hostileNamesStayTextsInMermaid() throws {
    let mermaid = try hostileGraph().mermaid()
    let text = #/"[^"<>;&|`{}\[\]]*(?:(?:#\d+;|<br>)[^"<>;&|`{}\[\]]*)*"/#
    for line in mermaid.split(separator: "\n").dropFirst() {
      let bare = line.trimmingCharacters(in: .whitespaces).replacing(text, with: "T")
      #expect(try #/n\d+(\[T\]|\{\{T\}\}|\(\[T\]\)|\(\(T\)\)|\(\(\(T\)\)\)| -->(\|T\|)? n\d+| -.->\|T\| n\d+)/#.wholeMatch(in: bare) != nil, "\(line)")
    }
  }

  @Test func hostileNamesStayTextsInDOT() throws {
    for line in try hostileGraph().dot().split(separator: "\n") {
      var isInside = false
      var bytes = line.utf8.makeIterator()
      while let byte = bytes.next() {
        if byte == UInt8(ascii: "\\"), isInside { _ = bytes.next() } else if byte == UInt8(ascii: "\"") { isInside.toggle() }
      }
      #expect(!isInside, "\(line)")
    }
  }

  /// Where Graphviz is installed, it must take what is written for it.
  @Test func graphvizTakesIt() throws {
    guard let dot = ["/usr/bin/dot", "/usr/local/bin/dot", "/opt/homebrew/bin/dot"].first(where: FileManager.default.isExecutableFile(atPath:)) else {
      print("dot is not installed; this test has nothing to compare")
      return
    }
    for graph in [try hostileGraph(), try #require(StateGraph(definition: SyntaxNode(Self.nested), title: "nested"))] {
      let process = Process()
      let (input, output, errors) = (Pipe(), Pipe(), Pipe())
      process.executableURL = URL(filePath: dot)
      process.arguments = ["-Tplain"]
      (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
      try process.run()
      input.fileHandleForWriting.write(Data(graph.dot().utf8))
      try input.fileHandleForWriting.close()
      let plain = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && complaints.isEmpty, "\(complaints)")
      #expect(plain.split(separator: "\n").filter { $0.hasPrefix("node ") }.count == graph.nodes.filter { $0.scopes.isEmpty }.count)
      #expect(plain.split(separator: "\n").filter { $0.hasPrefix("edge ") }.count == graph.edges.count)
    }
  }
}
