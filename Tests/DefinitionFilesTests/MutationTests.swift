import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// Whatever is done to a file: it loads or has findings, and all places lie within it.
@Suite struct MutationTests {
  static let tokens = [
    "", "\n", "\r\n", "\t", " ", "  ", ":", ": ", "- ", "'", "\"", "\\", "|", ">-", "|2\n", "{", "}", "[", "]", ",", "&a ", "*a", "!Sub ", "!Ref ", "${", "}",
    "${!", "#", "<<: ", "? ", "---\n", "...", "%", "@", "é", "😀", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{0}", "null", "~", "Fn::Join", "Fn::Sub", "Ref: ", "!!binary ",
    "\\ud83d", "\\u00e9", "9999999999999999999999", "AWS::NoValue",
  ]

  @Test(arguments: 0..<8) func nothingCrashes(_ group: Int) {
    let samples = [TemplateTests.byHand, TemplateTests.serverless, TemplateTests.flow, TemplateFunctionTests.head + "!Sub ['${a}', {a: !Ref Text}]\n"]
    for seed in group * 60..<(group + 1) * 60 {
      var random = SeededRandom(seed: UInt64(seed))
      let sample = samples[seed % samples.count]
      var scalars = Array(sample.unicodeScalars)
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        guard !scalars.isEmpty else { break }
        let start = Int.random(in: 0..<scalars.count, using: &random)
        let end = min(scalars.count, start + Int.random(in: 0..<12, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: scalars.removeSubrange(start..<end)
        case 1: scalars.insert(contentsOf: scalars[start..<end], at: Int.random(in: 0...scalars.count, using: &random))
        default: scalars.replaceSubrange(start..<(Bool.random(using: &random) ? start : end), with: Self.tokens.randomElement(using: &random)!.unicodeScalars)
        }
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      check(text, seed)
    }
  }

  private func check(_ text: String, _ seed: Int) {
    let path = seed % 4 == 2 ? "a.asl.json" : "app/template.yaml"
    let file = load(text, as: path, files: ["app/machines/flow.asl.json": TemplateTests.flow]) {
      $0.unresolvedValues = seed % 8 < 4 ? .refused : .leftOpen
    }
    let size = text.utf8.count
    for finding in file.diagnostics {
      #expect(finding.range.lowerBound.offset <= size && finding.range.upperBound.offset <= size, "seed \(seed): \(finding.line)")
      #expect(finding.range.lowerBound <= finding.range.upperBound, "seed \(seed): \(finding.line)")
    }
    #expect(!file.diagnostics.isEmpty || file.kind != nil, "seed \(seed) says nothing")
    let bytes = Array(text.utf8)
    for definition in file.definitions where definition.path == path {
      definition.definition?.forEachPlace { node, _ in
        guard let string = node.text else { return }
        let placed = definition.places.text(of: node)
        #expect(placed.text.isSameText(as: string), "seed \(seed)")
        for (index, segment) in placed.segments.enumerated() where segment.isVerbatim {
          let end = index + 1 < placed.segments.count ? placed.segments[index + 1].start : placed.utf8Count
          let start = segment.place.lowerBound.offset
          #expect(
            start + end - segment.start <= size && bytes[start..<start + end - segment.start].elementsEqual(Array(string.utf8)[segment.start..<end]),
            "seed \(seed): \(string) at \(segment.place.lowerBound.lineAndColumn)")
        }
      }
    }
  }
}
