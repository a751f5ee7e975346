/// A payload template of either query language.
public enum Template: Sendable {
  case jsonPath(PayloadTemplate)
  case jsonata(JSONataTemplate)

  /// Whether evaluation reads the context object.
  public var usesContext: Bool {
    switch self {
    case .jsonPath(let template): template.usesContext
    case .jsonata(let template): template.usesContext
    }
  }

  /// Whether a fixed string of the template has this text within it.
  package func mentions(_ text: String) -> Bool {
    switch self {
    case .jsonPath(let template): template.mentions(text)
    case .jsonata(let template): template.mentions(text)
    }
  }
}
