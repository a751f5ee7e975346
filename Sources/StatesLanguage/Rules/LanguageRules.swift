/// The rules of the language, by theme.
package enum LanguageRules {
  package static let sections: [(title: String, rules: [Rule])] = []
}
