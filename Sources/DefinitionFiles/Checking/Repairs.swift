import JSONTypes
import StatesLanguage

/// Finds the change of the file that mends a finding, where nothing else could have been meant.
///
/// A change keeps the form of the text around it: JSON, JSON within a JSON string, YAML or HCL. Where that form cannot be followed, there is none.
struct Repairs {
  private let source: [UInt8]
  private let root: SyntaxNode

  init(text: String, root: SyntaxNode) {
    source = Array(text.utf8)
    self.root = root
  }

  func fix(for diagnostic: Diagnostic) -> Diagnostic.Fix? {
    switch diagnostic.code {
    case "missing-transition": addEnd(diagnostic)
    case "missing-field": addStart(diagnostic)
    default: diagnostic.isSuggestionCertain ? rename(diagnostic) : nil
    }
  }

  // MARK: Another word

  private func rename(_ diagnostic: Diagnostic) -> Diagnostic.Fix? {
    guard let new = diagnostic.suggestion, !isTaken(new, diagnostic), let (old, range) = word(diagnostic.range), Self.isPlain(new), old != new
    else { return nil }
    return Diagnostic.Fix("rename \"\(old)\" to \"\(new)\"", [Diagnostic.Fix.Edit(range, new)])
  }

  /// Whether the object of an unknown key has the right key too.
  private func isTaken(_ key: String, _ diagnostic: Diagnostic) -> Bool {
    guard diagnostic.code == "unknown-field" || diagnostic.code == "deprecated-field" else { return false }
    let parent = diagnostic.pointer.lastIndex(of: "/").map { String(diagnostic.pointer[..<$0]) } ?? ""
    return root.node(at: parent)?[key] != nil
  }

  /// The word that a range holds without its quotes, on one line.
  private func word(_ range: SourceRange) -> (String, SourceRange)? {
    guard range.lowerBound.line == range.upperBound.line else { return nil }
    var (start, end) = (range.lowerBound.offset, range.upperBound.offset)
    guard start >= 0, end <= source.count, start < end else { return nil }
    func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") }
    while start < end, isQuote(source[start]) { start += 1 }
    while end > start, isQuote(source[end - 1]) { end -= 1 }
    let text = String(decoding: source[start..<end], as: UTF8.self)
    guard !text.isEmpty, Self.isPlain(text) else { return nil }
    var result = range
    result.lowerBound.column += start - range.lowerBound.offset
    result.lowerBound.offset = start
    result.upperBound.column -= range.upperBound.offset - end
    result.upperBound.offset = end
    return (text, result)
  }

  /// Whether a word is spelled the same in all forms.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: "$"):
        true
      default: false
      }
    }
  }

  // MARK: A further member

  /// A state without Next and End, in a machine that has no other end and whose other states all follow from each other: it is the end.
  private func addEnd(_ diagnostic: Diagnostic) -> Diagnostic.Fix? {
    guard let slash = diagnostic.pointer.range(ofLast: "/States/"), let states = root.node(at: String(diagnostic.pointer[..<slash]) + "/States")?.members
    else { return nil }
    let open = states.filter { state in
      let type = state.value["Type"]?.text ?? ""
      return ["Task", "Pass", "Wait", "Parallel", "Map"].contains(type) && state.value["Next"] == nil && state.value["End"] == nil
    }
    guard open.count == 1, let state = open.first?.value, !states.contains(where: { $0.value.isTerminal }),
      states.allSatisfy({ state in
        states.contains { $0.value.leads(to: state.key) } || root.node(at: String(diagnostic.pointer[..<slash]))?["StartAt"]?.text == state.key
      })
    else { return nil }
    return insert("End", "true", into: state, isLast: true).map { Diagnostic.Fix("add \"End\": true", [$0]) }
  }

  /// A machine without StartAt, whose states all follow from one: it begins there.
  private func addStart(_ diagnostic: Diagnostic) -> Diagnostic.Fix? {
    guard let machine = root.node(at: diagnostic.pointer), machine["StartAt"] == nil, diagnostic.message.contains("\"StartAt\""),
      let states = machine["States"]?.members
    else { return nil }
    let first = states.filter { state in !states.contains { $0.key != state.key && $0.value.leads(to: state.key) } }
    guard first.count == 1, let name = first.first?.key, Self.isPlain(name) else { return nil }
    return insert("StartAt", "\"\(name)\"", into: machine, isLast: false).map { Diagnostic.Fix("add \"StartAt\": \"\(name)\"", [$0]) }
  }

  /// A member written as its neighbours are.
  private func insert(_ key: String, _ value: String, into object: SyntaxNode, isLast: Bool) -> Diagnostic.Fix.Edit? {
    guard let members = object.members, let neighbour = isLast ? members.last : members.first else { return nil }
    let keyRange = neighbour.keyRange
    guard keyRange.lowerBound.offset >= 0, keyRange.upperBound.offset < source.count,
      let spelling = spelling(of: neighbour)
    else { return nil }
    let lineStart = source[..<keyRange.lowerBound.offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let before = source[lineStart..<keyRange.lowerBound.offset]
    let standsAlone = before.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    let indentation = String(decoding: before, as: UTF8.self)
    let member: String
    var comma = ""
    switch spelling {
    case .json(let quote):
      member = "\(quote)\(key)\(quote): \(value.replacing("\"", with: quote))"
      comma = ","
    case .yaml:
      // In a flow mapping members have commas too.
      guard standsAlone else { return nil }
      member = "\(key): \(value.replacing("\"", with: ""))"
    case .hcl:
      guard standsAlone else { return nil }
      member = "\(key) = \(value)"
    }
    if isLast {
      let end = neighbour.value.range.upperBound
      guard end.offset <= source.count else { return nil }
      return Diagnostic.Fix.Edit(SourceRange(end, end), standsAlone ? "\(comma)\n\(indentation)\(member)" : "\(comma) \(member)")
    }
    let start = keyRange.lowerBound
    return Diagnostic.Fix.Edit(SourceRange(start, start), standsAlone ? "\(member)\(comma)\n\(indentation)" : "\(member)\(comma) ")
  }

  private enum Spelling { case json(quote: String), yaml, hcl }

  private func spelling(of member: SyntaxNode.Member) -> Spelling? {
    let range = member.keyRange.lowerBound.offset..<member.keyRange.upperBound.offset
    guard range.lowerBound < range.upperBound else { return nil }
    let text = source[range]
    let isEscaped = text.first == UInt8(ascii: "\\")
    if text.first == UInt8(ascii: "\"") || isEscaped {
      guard String(decoding: text, as: UTF8.self).contains(member.key) else { return nil }
      if !isEscaped, next(after: range.upperBound) == UInt8(ascii: "=") { return .hcl }
      return .json(quote: isEscaped ? "\\\"" : "\"")
    }
    guard text.elementsEqual(member.key.utf8) else { return nil }
    switch next(after: range.upperBound) {
    case UInt8(ascii: ":"): return .yaml
    case UInt8(ascii: "="): return .hcl
    default: return nil
    }
  }

  private func next(after offset: Int) -> UInt8 {
    var index = offset
    while index < source.count, source[index] == 0x20 || source[index] == 0x09 { index += 1 }
    return index < source.count ? source[index] : 0
  }
}

extension SyntaxNode {
  /// The node that a JSON pointer names.
  func node(at pointer: String) -> SyntaxNode? {
    var node = self
    for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      switch node.kind {
      case .object(let members):
        guard let next = members.first(where: { $0.key.pointerToken == token }) else { return nil }
        node = next.value
      case .array(let elements):
        guard let index = Int(token), elements.indices.contains(index) else { return nil }
        node = elements[index]
      default: return nil
      }
    }
    return node
  }

  fileprivate var isTerminal: Bool {
    if case .bool(true)? = self["End"]?.kind { return true }
    return ["Succeed", "Fail"].contains(self["Type"]?.text)
  }

  /// Whether this state may be followed by that of a name.
  fileprivate func leads(to name: String) -> Bool {
    if self["Next"]?.text == name || self["Default"]?.text == name { return true }
    return ((self["Choices"]?.elements ?? []) + (self["Catch"]?.elements ?? [])).contains { $0["Next"]?.text == name }
  }
}

extension String {
  /// Where the last occurrence of a text begins.
  fileprivate func range(ofLast text: String) -> String.Index? {
    var index = endIndex
    while index > startIndex {
      index = self.index(before: index)
      if self[index...].hasPrefix(text) { return index }
    }
    return nil
  }

  fileprivate func replacing(_ character: Character, with text: String) -> String {
    var result = ""
    for next in self { if next == character { result += text } else { result.append(next) } }
    return result
  }
}
