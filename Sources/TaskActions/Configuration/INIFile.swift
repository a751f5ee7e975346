/// A mistake in the user's configuration or environment, with its place.
public struct AWSConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// A file of AWS's shared configuration: sections with properties, one level of nested properties under a property without value.
///
/// A section may be there twice, and a property: the parts of a section are put together, the last property counts. A name in quotes is the name
/// within them, `[profile "my name"]`. A line that is indented further than the property before it belongs to that one.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; what it leaves open is as AWS's command line has it.
struct INIFile: Sendable {
  struct Property: Sendable {
    var value: String
    /// `key = value` lines indented under a property without value, as `s3 =` has them.
    var nested: [String: String]
    var line: Int
  }
  struct Section: Sendable {
    var properties: [String: Property] = [:]
  }

  /// By the text between the brackets, blanks collapsed: `default`, `profile dev`, `services local`.
  private(set) var sections: [String: Section] = [:]
  let path: String

  init(path: String) {
    self.path = path
  }

  /// - Throws: `AWSConfigurationError` that names file, line and column of the first line that is none of the known kinds.
  init(parsing text: String, path: String) throws(AWSConfigurationError) {
    self.path = path
    var section: String?
    var property: (key: String, indent: Int)?
    // A mark of the byte order may stand before the first line, as editors leave it.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }).enumerated() {
      let number = index + 1
      let content = trimmed(line)
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      let indent = line.prefix { $0 == " " || $0 == "\t" }.count
      if let section, let property, indent > property.indent {
        try addContinuation(content, to: property.key, in: section, at: number, column: indent + 1)
      } else if content.hasPrefix("[") {
        guard let end = content.firstIndex(of: "]") else {
          throw error(number, line.utf8.count + 1, "a section starts with \"[\" but has no \"]\"")
        }
        let name = Self.sectionName(content[content.index(after: content.startIndex)..<end])
        guard !name.isEmpty else { throw error(number, 1, "a section without a name") }
        let rest = trimmed(content[content.index(after: end)...])
        guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else {
          throw error(number, line.utf8.count - rest.utf8.count + 1, "expected the end of the line after \"]\"")
        }
        if sections[name] == nil { sections[name] = Section() }
        section = name
        property = nil
      } else {
        let (key, value) = try split(content, at: number, column: indent + 1)
        guard let section else { throw error(number, 1, "a property stands before the first section, such as [default]") }
        sections[section]?.properties[key] = Property(value: value, nested: [:], line: number)
        property = (key, indent)
      }
    }
  }

  /// The words between the brackets, a blank between two; quotes around the name of a profile fall away.
  private static func sectionName(_ text: Substring) -> String {
    let words = text.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard words.count == 2 else { return words.first.map { String($0) } ?? "" }
    var name = trimmed(words[1])
    if let quote = name.first, quote == "\"" || quote == "'", name.count >= 2, name.last == quote {
      name = name.dropFirst().dropLast()
    } else {
      name = Substring(name.split { $0 == " " || $0 == "\t" }.joined(separator: " "))
    }
    return "\(words[0]) \(name)"
  }

  /// An indented line: a nested property under a property without value, else more text of the value.
  private mutating func addContinuation(_ content: Substring, to key: String, in section: String, at line: Int, column: Int)
    throws(AWSConfigurationError)
  {
    guard var property = sections[section]?.properties[key] else { return }
    if property.value.isEmpty {
      let (name, value) = try split(content, at: line, column: column)
      property.nested[name] = value
    } else {
      property.value += "\n" + content
    }
    sections[section]?.properties[key] = property
  }

  private func split(_ content: Substring, at line: Int, column: Int) throws(AWSConfigurationError) -> (String, String) {
    guard let equals = content.firstIndex(where: { $0 == "=" || $0 == ":" }), equals > content.startIndex else {
      throw error(line, column, "expected \"key = value\", a section in brackets or a comment")
    }
    var value = trimmed(content[content.index(after: equals)...])
    let key = trimmed(content[..<equals]).lowercased()
    // A comment may follow the value after a blank; a command has such marks of its own.
    for mark in key == "credential_process" ? [] : [" #", " ;", "\t#", "\t;"] {
      if let range = value.firstRange(ofText: mark) { value = trimmed(value[..<range.lowerBound]) }
    }
    return (key, String(value))
  }

  private func error(_ line: Int, _ column: Int, _ message: String) -> AWSConfigurationError {
    AWSConfigurationError("\(path):\(line):\(column): \(message)")
  }
}

// The files hold keys: neither printing nor reflection shows what is in them.
extension INIFile: CustomStringConvertible, CustomReflectable {
  var description: String { "INIFile(\(path), \(sections.count) sections)" }
  var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}
extension INIFile.Section: CustomStringConvertible, CustomReflectable {
  var description: String { "Section(\(properties.keys.sorted().joined(separator: ", ")))" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
extension INIFile.Property: CustomStringConvertible, CustomReflectable {
  var description: String { "<property of line \(line)>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

private func trimmed(_ text: Substring) -> Substring {
  var text = text
  while text.first == " " || text.first == "\t" { text.removeFirst() }
  while text.last == " " || text.last == "\t" { text.removeLast() }
  return text
}
