import StatesLanguage

/// The rules about files that hold definitions.
enum FileRules {
  static let files: [Rule] = []
  static let yaml: [Rule] = []
  static let templates: [Rule] = []
  static let others: [Rule] = []
}
