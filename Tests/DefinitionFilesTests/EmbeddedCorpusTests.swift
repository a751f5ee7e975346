import Foundation
import JSONTypes
import StatesLanguage
import TestSupport
import Testing

@testable import DefinitionFiles

/// The places of definitions that are embedded in other files, against the corpus of the validator.
@Suite struct EmbeddedCorpusTests {
  /// Every place that a case names is found on its line, and at its column. The corpus gives the column of the key or, in cases of AWS's
  /// editor, of the value; a definition that `Fn::Join` puts together has only the line of its state there, and ours must lie within it.
  @Test func placesAgreeWithTheCorpus() throws {
    guard let folder = Conformance.folder else { return }
    var counts: [String: (total: Int, line: Int, columns: Int, column: Int)] = [:]
    var misses: [String] = []
    for entry in try Conformance.cases("validate/manifest.jsonl") {
      guard let file = entry["file"]?.asString, let format = entry["format"]?.asString, format != "terraform", format != "json",
        let pointer = entry["where"]?.asString, let line = entry["line"]?.asInt, entry["defect"]?.asString != "yaml-syntax",
        entry["defect"]?.asString != "json-syntax"
      else { continue }
      let group = entry["embedding"]?.asString ?? "yaml"
      counts[group, default: (0, 0, 0, 0)].total += 1
      let pointers = [pointer] + (entry["alt_where"]?.asArray ?? []).compactMap(\.asString)
      let loaded = DefinitionFile.load(path: folder + "/validate/" + file, options: .forChecking)
      let place = loaded.definitions.first?.definition.flatMap { root in pointers.lazy.compactMap { root.lastMember(at: $0) }.first }
      let found = place?.keyRange.lowerBound
      let stateLines = (entry["state_lines"]?.asArray ?? []).compactMap(\.asInt)
      let isOnLine = found.map { found in
        format == "cdk-out" && stateLines.count == 2 ? (stateLines[0]...stateLines[1]).contains(Int64(found.line)) : Int64(found.line) == line
      }
      if isOnLine == true { counts[group]?.line += 1 } else { misses.append("\(file) \(pointer): line \(line), found \(found?.lineAndColumn ?? "nothing")") }
      guard let column = entry["col"]?.asInt else { continue }
      counts[group]?.columns += 1
      if [found, place?.value.range.lowerBound].contains(where: { $0.map { Int64($0.column) } == column }) {
        counts[group]?.column += 1
      } else {
        misses.append("\(file) \(pointer): column \(column), found \(found?.lineAndColumn ?? "nothing")")
      }
    }
    for (group, count) in counts.sorted(by: { $0.key < $1.key }) {
      print("\(group): line \(count.line) of \(count.total), column \(count.column) of \(count.columns)")
    }
    #expect(misses == [])
  }

  /// What AWS accepts loads without an error when values may stay open.
  @Test func validFilesLoad() throws {
    guard let folder = Conformance.folder else { return }
    var total = 0
    var failed: [String] = []
    for entry in try Conformance.cases("validate/manifest.jsonl") {
      guard let file = entry["file"]?.asString, let format = entry["format"]?.asString, format != "terraform",
        entry["verdict"]?.asString == "valid"
      else { continue }
      total += 1
      var options = LoadOptions()
      options.unresolvedValues = .leftOpen
      let loaded = DefinitionFile.load(path: folder + "/validate/" + file, options: options)
      if loaded.hasErrors || loaded.definitions.isEmpty || loaded.definitions.contains(where: { $0.definition == nil }) {
        failed.append("\(file): \((loaded.diagnostics + loaded.definitions.flatMap(\.diagnostics)).map(\.line))")
      }
    }
    print("valid files loaded: \(total - failed.count) of \(total)")
    #expect(failed == [])
  }

  /// In every template and YAML file of the corpus the text at each place of a string is the string's text.
  @Test func stringsStandWhereTheirPlacesSay() throws {
    guard let folder = Conformance.folder else { return }
    var strings = 0
    var wrong: [String] = []
    for entry in try Conformance.cases("validate/manifest.jsonl") {
      guard let file = entry["file"]?.asString, let format = entry["format"]?.asString, format != "terraform", format != "json" else { continue }
      let loaded = DefinitionFile.load(path: folder + "/validate/" + file, options: .forChecking)
      for definition in loaded.definitions {
        guard let root = definition.definition, let bytes = try? Array(Data(contentsOf: URL(filePath: definition.path))) else { continue }
        root.forEachPlace { node, _ in
          guard let text = node.text, !text.isEmpty else { return }
          strings += 1
          let placed = definition.places.text(of: node)
          if let problem = placed.problem(in: bytes, isComputed: definition.places.computed[node.range.lowerBound.offset] != nil) {
            wrong.append("\(file) \(node.range.lowerBound.lineAndColumn) \(text.prefix(60)): \(problem)")
          }
        }
      }
    }
    print("strings compared with their places: \(strings)")
    #expect(wrong.prefix(20) == [])
  }
}
