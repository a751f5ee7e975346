import JSONTypes

/// A path of a jsonpaths file: to one place in a document.
///
/// Source: Redshift's guide, "JSONPath expressions".
struct DocumentPath: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case member(String)
    case element(Int)
  }

  private(set) var steps: [Step]

  init(member: String) { steps = [.member(member)] }

  /// Reads `$.a.b[0]` or `$['a']['b'][0]`; nil for anything else, such as wildcards and filters.
  init?(_ text: String) {
    steps = []
    guard text.first == "$" else { return nil }
    var rest = text.dropFirst()
    while let first = rest.first {
      rest.removeFirst()
      if first == "." {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty, name != "*" else { return nil }
        steps.append(.member(String(name)))
        rest = rest.dropFirst(name.count)
      } else if first == "[" {
        if let quote = rest.first, quote == "'" || quote == "\"" {
          rest.removeFirst()
          let name = rest.prefix { $0 != quote }
          rest = rest.dropFirst(name.count + 1)
          guard !name.isEmpty, rest.first == "]" else { return nil }
          steps.append(.member(String(name)))
        } else {
          let digits = rest.prefix { $0 != "]" }
          guard let number = Int(digits), number >= 0 else { return nil }
          steps.append(.element(number))
          rest = rest.dropFirst(digits.count)
        }
        guard rest.first == "]" else { return nil }
        rest.removeFirst()
      } else {
        return nil
      }
    }
  }

  /// Nil where a member is missing.
  ///
  /// - Throws: `LoadError` where an element of an array is missing.
  func value(in document: JSONValue, ignoresCase: Bool = false) throws(LoadError) -> JSONValue? {
    var current = document
    for step in steps {
      switch step {
      case .member(let name):
        guard let next = ignoresCase ? current.asObject?.first(where: { $0.key.lowercased() == name.lowercased() })?.value : current[name] else { return nil }
        current = next
      case .element(let number):
        guard let elements = current.asArray, number < elements.count else {
          throw LoadError(1216, "Invalid JSONPath format: Not an array or index out of range.")
        }
        current = elements[number]
      }
    }
    return current
  }

  /// The text of a number, as it stands in the document.
  func digits(in text: [UInt8], ignoresCase: Bool) -> [UInt8]? {
    var node = SyntaxNode.parse(json: String(decoding: text, as: UTF8.self)).node
    for step in steps {
      switch (step, node.kind) {
      case (.member(let name), .object(let members)):
        guard let member = members.last(where: { ignoresCase ? $0.key.lowercased() == name.lowercased() : $0.key == name }) else { return nil }
        node = member.value
      case (.element(let number), .array(let elements)) where number < elements.count: node = elements[number]
      default: return nil
      }
    }
    guard case .number = node.kind else { return nil }
    return Array(text[node.range.lowerBound.offset..<node.range.upperBound.offset])
  }
}
