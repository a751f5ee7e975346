import JSONTypes
import StatesLanguage

/// Entries that come too late: a retrier or catcher whose errors another takes before it, a rule that repeats one.
///
/// Spec: Amazon States Language, "Retrying after error": the first entry that names the error counts.
enum OrderCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    // A Fail state may bear any name, and one of the language's kind, though unwise, reaches the catchers around.
    let fails = walk.sites.filter { $0.type == .fail }
    let own = Set(fails.compactMap { $0.node["Error"]?.text })
    let namesAreOpen = fails.contains { $0.node["ErrorPath"] != nil || $0.node["Error"]?.text?.hasPrefix("{%") ?? false }
    for site in walk.sites {
      let retriers = site.node["Retry"]?.elements ?? []
      let catchers = site.node["Catch"]?.elements ?? []
      if !namesAreOpen {
        checkNames(retriers, "Retry", site, own, &findings)
        checkNames(catchers, "Catch", site, own, &findings)
      }
      checkErrors(retriers, "Retry", site, &findings)
      checkErrors(catchers, "Catch", site, &findings)
      if site.type == .choice { checkRules(site, &findings) }
    }
  }

  private static func checkErrors(_ entries: [SyntaxNode], _ field: String, _ site: DefinitionWalk.Site, _ findings: inout Findings) {
    var taken: [String: SourceRange] = [:]
    for (number, entry) in entries.enumerated() {
      guard let list = entry["ErrorEquals"], let elements = list.elements, !elements.isEmpty else { continue }
      let names = elements.compactMap(\.text)
      guard names.count == elements.count else { continue }
      var pointer: String { "\(site.pointer)/\(field)/\(number)" }
      var what: String { field == "Retry" ? "retrier" : "catcher" }
      let places = names.compactMap { isTaken($0, taken) }
      if places.count == names.count, let earlier = places.first {
        findings.report(
          "shadowed-entry", .warning, "this \(what) never acts: an entry before it takes \(names.count == 1 ? names[0] : "all its errors")",
          at: entry.range.opening, pointer: pointer, notes: [Diagnostic.Note("taken here", at: earlier)])
      } else if names.allSatisfy({ $0 == ErrorName.runtime.rawValue }) {
        findings.report(
          "uncatchable-error", .warning, "this \(what) never acts: the service ends an execution at States.Runtime, whatever names it",
          at: list.range, pointer: pointer + "/ErrorEquals")
      }
      guard number + 1 < entries.count else { break }
      for (name, element) in zip(names, elements) where taken[name] == nil { taken[name] = element.range }
    }
  }

  private static let predefined = ErrorName.predefined.map(\.rawValue).sorted()
  private static let reserved = Set(predefined)

  /// Spec: Amazon States Language, "Error Representation": names that begin with States. are reserved.
  private static func checkNames(
    _ entries: [SyntaxNode], _ field: String, _ site: DefinitionWalk.Site, _ own: Set<String>, _ findings: inout Findings
  ) {
    for (number, entry) in entries.enumerated() {
      for (index, element) in (entry["ErrorEquals"]?.elements ?? []).enumerated() {
        guard let name = element.text, name.hasPrefix("States."), !reserved.contains(name), !name.hasPlaceholder, !own.contains(name) else { continue }
        findings.report(
          "unknown-error-name", .warning, "no error bears the name \"\(name)\": names that begin with States. are those of the language",
          at: element.range, pointer: "\(site.pointer)/\(field)/\(number)/ErrorEquals/\(index)", suggestion: name.closest(among: predefined))
      }
    }
  }

  /// Where an error is taken by an earlier entry; nil when it is not for certain.
  private static func isTaken(_ name: String, _ taken: [String: SourceRange]) -> SourceRange? {
    if let range = taken[name] { return range }
    // States.TaskFailed stands for every error but a timeout; what the language's own names mean besides is left open.
    return name.hasPrefix("States.") ? nil : taken[ErrorName.taskFailed.rawValue]
  }

  private static func checkRules(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    var known: [JSONValue: SourceRange] = [:]
    for (number, rule) in (site.node["Choices"]?.elements ?? []).enumerated() {
      guard let members = rule.members else { continue }
      let condition = JSONObject(members.lazy.filter { !["Next", "Comment", "Assign", "Output"].contains($0.key) }.map { ($0.key, $0.value.value) })
      // Two draws of a random value differ.
      let draws = condition["Condition"]?.asString.map { text in ["$random", "$uuid", "$now", "$millis"].contains { text.contains($0) } } ?? false
      guard !condition.isEmpty, !draws else { continue }
      if let earlier = known[.object(condition)] {
        findings.report(
          "choice-never-matches", .warning, "this rule never matches: an earlier one asks the same", at: rule.range.opening,
          pointer: "\(site.pointer)/Choices/\(number)", notes: [Diagnostic.Note("the same condition stands here", at: earlier)])
      } else {
        known[.object(condition)] = rule.range.opening
      }
    }
  }
}
