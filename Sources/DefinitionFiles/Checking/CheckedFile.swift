import JSONTypes
package import StatesLanguage

/// What is wrong with one file, everything at once.
package struct CheckedFile: Sendable {
  package struct Finding: Sendable, Hashable {
    package var diagnostic: Diagnostic
    /// The state machine of a template that it is about.
    package var definition: String?
  }

  package var path: String
  /// Nil when the file could not be read.
  package var text: String?
  /// State machines that stand in this file.
  package var definitions = 0
  /// By place, each once.
  package var findings: [Finding] = []
  /// How many findings a comment or the configuration keeps quiet.
  package var suppressed = 0
  /// Whether it is no definition, or could not be read at all.
  package var couldNotBeRead = false

  package init(path: String, text: String? = nil) {
    self.path = path
    self.text = text
  }

  /// A file of which nothing is known but why.
  init(unreadable path: String, _ diagnostic: Diagnostic) {
    self.path = path
    var diagnostic = diagnostic
    let prefix = "cannot read \(path): "
    if diagnostic.message.hasPrefix(prefix) { diagnostic.message = "cannot be read: " + diagnostic.message.dropFirst(prefix.count) }
    findings = [Finding(diagnostic: diagnostic)]
    couldNotBeRead = true
  }

  package func count(_ severity: Diagnostic.Severity) -> Int { findings.reduce(0) { $0 + ($1.diagnostic.severity == severity ? 1 : 0) } }

  /// Sorts by place and drops what is said twice.
  mutating func settle() {
    var seen: Set<String> = []
    findings = findings.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.diagnostic, right.element.diagnostic)
        if a.range.lowerBound != b.range.lowerBound { return a.range.lowerBound < b.range.lowerBound }
        if a.severity != b.severity { return a.severity < b.severity }
        return left.offset < right.offset
      }
      .map(\.element)
      .filter { finding in
        let place = finding.diagnostic.range.lowerBound
        return seen.insert("\(finding.diagnostic.code) \(place.line):\(place.column) \(finding.diagnostic.message)").inserted
      }
  }
}

extension Diagnostic.Severity {
  /// Errors first.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .advice: 2
    }
  }
}
