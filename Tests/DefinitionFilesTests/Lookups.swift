import Foundation
import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// Loads a text as a file of this name; other files are given by path.
func load(
  _ text: String, as path: String = "template.yaml", files: [String: String] = [:], _ change: (inout LoadOptions) -> Void = { _ in }
) -> DefinitionFile {
  var options = LoadOptions()
  options.readFile = { (path, _) throws(FileReadError) in
    guard let text = files[path] else { throw FileReadError("No such file") }
    return Array(text.utf8)
  }
  change(&options)
  return DefinitionFile.load(path: path, text: text, options: options)
}

extension SyntaxNode {
  /// The node at a JSON pointer.
  func node(at pointer: String) -> SyntaxNode? { lastMember(at: pointer)?.value }

  /// The member (of duplicates the last) or element at a JSON pointer; an element's key is its value's place.
  func lastMember(at pointer: String) -> Member? {
    var current = Member(key: "", keyRange: range, value: self)
    for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let key = part.replacingOccurrences(of: "~1", with: "/").replacingOccurrences(of: "~0", with: "~")
      if let elements = current.value.elements {
        guard let index = Int(key), elements.indices.contains(index) else { return nil }
        current = Member(key: key, keyRange: elements[index].range, value: elements[index])
      } else {
        guard let member = current.value.members?.last(where: { $0.key == key }) else { return nil }
        current = member
      }
    }
    return current
  }

  /// Every node, with the ranges of keys.
  func forEachPlace(_ body: (SyntaxNode, SourceRange?) -> Void) {
    body(self, nil)
    for element in elements ?? [] { element.forEachPlace(body) }
    for member in members ?? [] {
      body(SyntaxNode(.string(member.key), member.keyRange), member.keyRange)
      member.value.forEachPlace(body)
    }
  }
}

extension String {
  /// The text between two places.
  subscript(range: SourceRange) -> String {
    let bytes = Array(utf8)
    guard range.lowerBound.offset <= range.upperBound.offset, range.upperBound.offset <= bytes.count else { return "‹outside›" }
    return String(decoding: bytes[range.lowerBound.offset..<range.upperBound.offset], as: UTF8.self)
  }
}

extension LoadOptions {
  static var forChecking: LoadOptions {
    var options = LoadOptions()
    options.unresolvedValues = .leftOpen
    return options
  }
}

extension PlacedText {
  /// What is wrong with the places: a verbatim stretch that does not stand in the file, or no verbatim stretch in a text that must have one.
  func problem(in file: [UInt8], isComputed: Bool) -> String? {
    let bytes = Array(text.utf8)
    for (index, segment) in segments.enumerated() where segment.isVerbatim {
      let end = index + 1 < segments.count ? segments[index + 1].start : bytes.count
      let start = segment.place.lowerBound.offset
      guard start + end - segment.start <= file.count, file[start..<start + end - segment.start].elementsEqual(bytes[segment.start..<end]) else {
        return "bytes \(segment.start)..<\(end) do not stand at \(segment.place.lowerBound.lineAndColumn)"
      }
    }
    guard !isComputed, !text.isEmpty, !segments.contains(where: \.isVerbatim), let place = segments.first?.place.lowerBound.offset else { return nil }
    // Values stand at the placeholder or function in whose place they came; other texts have something of their own unless all is escaped.
    let isReplaced = place < file.count && [UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "!")].contains(file[place])
    let isEscaped = text.unicodeScalars.allSatisfy { $0.value <= 0x20 || $0.value >= 0x7F || $0 == "\"" || $0 == "\\" }
    return isReplaced || isEscaped ? nil : "no part of it has a place of its own"
  }
}

extension SourcePosition {
  var lineAndColumn: String { "\(line):\(column)" }
}

extension Diagnostic {
  /// `3:5-3:9 error code: message; did you mean x`
  var line: String {
    "\(range.lowerBound.lineAndColumn)-\(range.upperBound.lineAndColumn) \(severity) \(code): \(message)" + (suggestion.map { "; did you mean \($0)" } ?? "")
  }
}
