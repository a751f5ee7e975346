/// What is said about a kind of finding: the page behind its code.
package struct Rule: Sendable {
  /// A definition, or a part of one, in a file of some kind; or words, where no short text can show it.
  package struct Example: Sendable {
    /// Tells the kind of the file.
    package var file: String
    /// What is shown.
    package var text: String
    /// Whether the text is members of `States`, to which the rest of a machine is added before it is read.
    package var isStates: Bool
    package var type: WorkflowType
    /// Whether it is words about an example.
    package var isNote = false

    /// What no short text can show.
    package static func note(_ text: String) -> Example {
      var example = Example.file("note", text)
      example.isNote = true
      return example
    }

    /// One or more states; the first is where the machine starts.
    package static func states(_ text: String, type: WorkflowType = .standard, language: QueryLanguage = .jsonPath) -> Example {
      Example(file: language == .jsonata ? "jsonata.asl.json" : "machine.asl.json", text: text, isStates: true, type: type)
    }

    package static func file(_ name: String, _ text: String, type: WorkflowType = .standard) -> Example {
      Example(file: name, text: text, isStates: false, type: type)
    }

    package static func machine(_ text: String, type: WorkflowType = .standard) -> Example { .file("machine.asl.json", text, type: type) }

    /// The whole file.
    package var source: String {
      guard isStates else { return text + "\n" }
      let first = text.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first ?? ""
      let language = file.hasPrefix("jsonata") ? "  \"QueryLanguage\": \"JSONata\",\n" : ""
      let states = text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n")
      return "{\n\(language)  \"StartAt\": \"\(first)\",\n  \"States\": {\n\(states)\n  }\n}\n"
    }
  }

  package var code: String
  package var severity: Diagnostic.Severity
  /// One sentence without a full stop.
  package var summary: String
  /// Why it matters and what to do.
  package var explanation: String
  package var bad: Example
  package var good: Example
  /// Where the rule comes from.
  package var source: String

  package init(
    _ code: String, _ severity: Diagnostic.Severity, _ summary: String, _ explanation: String, bad: Example, good: Example, source: String
  ) {
    self.code = code
    self.severity = severity
    self.summary = summary
    self.explanation = explanation
    self.bad = bad
    self.good = good
    self.source = source
  }
}
