/// The rules of the language, by theme. Every code that a check reports has its page here.
package enum LanguageRules {
  package static let sections: [(title: String, rules: [Rule])] = [
    ("Fields and values", fields), ("Transitions", transitions), ("Names", names), ("Choice, Retry and Catch", decisions),
    ("Paths, templates and expressions", expressions), ("Tasks and Maps", work),
    ("Integrations", integrations), ("Texts and functions", texts), ("Data and errors", data), ("Advice", advice),
  ]
}
