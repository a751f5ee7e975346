package import StatesLanguage

/// All rules: what `sfn-local explain` tells, and what codes may be named in comments and configuration.
package enum RuleCatalogue {
  /// By theme.
  package static let sections: [(title: String, rules: [Rule])] =
    LanguageRules.sections + [("Files", FileRules.files), ("YAML", FileRules.yaml), ("CloudFormation and SAM", FileRules.templates), ("Terraform and the Serverless Framework", FileRules.others)]

  package static let all: [Rule] = sections.flatMap(\.rules)
  private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

  package static func rule(_ code: String) -> Rule? { byCode[code] }

  /// The code that was probably meant.
  package static func nearest(_ code: String) -> String? { NearestWord.find(code, among: all.map(\.code)) }
}
