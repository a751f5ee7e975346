import JSONTypes

extension StateMachineParser {
  /// A key that stands twice in one object, at any depth: one of its values is lost without a word.
  ///
  /// States of one name are reported as such.
  mutating func checkDuplicateKeys(_ root: SyntaxNode, pointer: String) {
    let repeatedStates = Set(diagnostics.lazy.filter { $0.code == "duplicate-state-name" }.map(\.range))
    var finder = DuplicateKeyFinder()
    finder.visit(root)
    for found in finder.found where !repeatedStates.contains(found.range) {
      report(
        "duplicate-key", "\"\(found.key)\" is given twice in one object", at: found.range, pointer: found.pointer,
        notes: [Diagnostic.Note("first given here", at: found.earlier)])
    }
  }
}

/// Walks a tree once; the place is spelled out only where something is found.
private struct DuplicateKeyFinder {
  struct Found {
    var key: String
    var range: SourceRange
    var earlier: SourceRange
    var pointer: String
  }
  private(set) var found: [Found] = []
  private var path: [String] = []

  mutating func visit(_ node: SyntaxNode) {
    switch node.kind {
    case .object(let members):
      check(members)
      for index in members.indices where members[index].value.isStructure {
        path.append(members[index].key)
        visit(members[index].value)
        path.removeLast()
      }
    case .array(let elements):
      for (number, element) in elements.enumerated() where element.isStructure {
        path.append(String(number))
        visit(element)
        path.removeLast()
      }
    default: break
    }
  }

  private static func hasRepeatedKey(_ members: [SyntaxNode.Member]) -> Bool {
    if members.count > 12 {
      var keys = Set<String>(minimumCapacity: members.count)
      return members.indices.contains { !keys.insert(members[$0].key).inserted }
    }
    return members.withUnsafeBufferPointer { members in
      for index in 1..<members.count {
        let count = members[index].key.utf8.count
        for earlier in 0..<index where members[earlier].key.utf8.count == count && members[earlier].key == members[index].key { return true }
      }
      return false
    }
  }

  private mutating func check(_ members: [SyntaxNode.Member]) {
    guard members.count > 1 else { return }
    guard Self.hasRepeatedKey(members) else { return }
    var seen: [String: SourceRange] = [:]
    for member in members {
      if let earlier = seen[member.key] {
        let pointer = (path + [member.key]).reduce(into: "") { $0 += "/" + $1.pointerToken }
        found.append(Found(key: member.key, range: member.keyRange, earlier: earlier, pointer: pointer))
      } else {
        seen[member.key] = member.keyRange
      }
    }
  }
}

extension SyntaxNode {
  /// Whether it is an object or an array.
  package var isStructure: Bool {
    switch kind {
    case .object, .array: true
    default: false
    }
  }
}

extension String {
  /// An ARN in which nothing but the partition may be left open, with AWS's own in its place; nil where more is left open.
  package var withKnownPartition: String? {
    guard hasPlaceholder else { return self }
    guard hasPrefix("arn:${"), let end = firstIndex(of: "}") else { return nil }
    let written = "arn:aws" + self[index(after: end)...]
    return written.hasPlaceholder ? nil : written
  }

  /// Whether it holds a `${…}` that some template fills in later: then nothing certain can be said about it.
  package var hasPlaceholder: Bool {
    let bytes = utf8
    guard let dollar = bytes.firstIndex(of: UInt8(ascii: "$")) else { return false }
    var isOpen = false
    var last = bytes[dollar]
    for byte in bytes[bytes.index(after: dollar)...] {
      if last == UInt8(ascii: "$"), byte == UInt8(ascii: "{") { isOpen = true }
      if isOpen, byte == UInt8(ascii: "}") { return true }
      last = byte
    }
    return false
  }
}
