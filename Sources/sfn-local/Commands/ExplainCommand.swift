import ArgumentParser
import DefinitionFiles
import StatesLanguage

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell what a finding of validate means, with an example; alone, list all rules.")

  @Argument(help: ArgumentHelp("A rule's code, as it stands in brackets behind a finding.", valueName: "code"))
  var code: String?

  @Flag(help: "Print all rules as one page in Markdown.")
  var markdown = false

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color, for: .output)
    if markdown { return Terminal.writeOutput(RulePages.markdown) }
    guard let code else { return Terminal.writeOutput(RulePages.list(style)) }
    guard let rule = RuleCatalogue.rule(code) else {
      let hint = RuleCatalogue.nearest(code).map { "; did you mean \($0)?" } ?? ""
      throw CommandProblem("there is no rule \"\(code)\"\(hint); sfn-local explain lists all")
    }
    Terminal.writeOutput(RulePages.page(rule, style))
  }
}

/// The catalogue of rules as text.
enum RulePages {
  static func list(_ style: Style) -> String {
    let width = RuleCatalogue.all.map(\.code.count).max() ?? 0
    return RuleCatalogue.sections.map { section in
      style.bold(section.title) + "\n"
        + section.rules.map { rule in
          let code = rule.code + String(repeating: " ", count: width - rule.code.count)
          return "  \(code)  \(rule.severity.rawValue.padded(to: 7))  \(rule.summary)\n"
        }.joined()
    }.joined(separator: "\n")
  }

  static func page(_ rule: Rule, _ style: Style) -> String {
    """
    \(style.bold(rule.code)) (\(rule.severity.rawValue))
    \(rule.summary)

    \(rule.explanation.wrapped(to: 100))

    \(style.boldRed("Bad"))\(rule.bad.title)
    \(rule.bad.text.indented)

    \(style.green("Good"))\(rule.good.title)
    \(rule.good.text.indented)

    Source: \(rule.source)

    """
  }

  static var markdown: String {
    var text = """
      # Findings of `sfn-local validate`

      This page is printed by `sfn-local explain --markdown`; a test executes each example. `sfn-local explain CODE` shows one of them in the
      terminal. An error is what AWS refuses, or what must fail; a warning is almost surely a mistake; advice is given with `--advice`.

      To keep a rule quiet, see [validate.md](validate.md).

      """
    for section in RuleCatalogue.sections {
      text += "\n## \(section.title)\n\n| rule | | |\n|---|---|---|\n"
      for rule in section.rules { text += "| [`\(rule.code)`](#\(rule.code)) | \(rule.severity.rawValue) | \(rule.summary.markdownCell) |\n" }
      for rule in section.rules {
        text += """

          ### \(rule.code)

          \(rule.severity.rawValue.capitalizedFirst): \(rule.summary).

          \(rule.explanation)

          Bad\(rule.bad.title):\(rule.bad.markdown)

          Good\(rule.good.title):\(rule.good.markdown)

          Source: \(rule.source)

          """
      }
    }
    return text
  }
}

extension Rule.Example {
  /// Where the example stands: `, in a machine`, `, template.yaml`.
  fileprivate var title: String {
    let express = type == .express ? " of type EXPRESS" : ""
    if isNote { return "" }
    return isStates ? ", in a machine\(express)" : ", \(file)\(express)"
  }

  fileprivate var markdown: String { isNote ? " " + text + "." : "\n\n```\(markdownLanguage)\n\(text)\n```" }

  fileprivate var markdownLanguage: String {
    if file.hasSuffix(".tf") { return "hcl" }
    if file.hasSuffix(".json") { return "json" }
    return "yaml"
  }
}

extension String {
  fileprivate var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
  }
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
  fileprivate var markdownCell: String { split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }

  /// Broken at blanks into lines of at most so many characters.
  fileprivate func wrapped(to width: Int) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var result = ""
      var used = 0
      for word in line.split(separator: " ") {
        if used > 0, used + 1 + word.count > width {
          result += "\n"
          used = 0
        } else if used > 0 {
          result += " "
          used += 1
        }
        result += word
        used += word.count
      }
      return result
    }.joined(separator: "\n")
  }
}
