import JSONTypes

/// An expression of the HashiCorp Configuration Language with its place.
///
/// Only what a state machine's definition can be made of keeps its meaning; operators and `for` are read and have no value.
/// Source: HCL Native Syntax Specification, "Expressions" and "Templates".
struct HCLExpression: Sendable {
  indirect enum Kind: Sendable {
    case null
    case bool(Bool)
    case number(JSONValue)
    case template([HCLTemplatePart])
    /// `var.region`, `data.template_file.x.rendered`: names joined by dots.
    case reference([String])
    case call(String, [HCLExpression])
    case tuple([HCLExpression])
    case object([HCLObjectItem])
    case conditional(HCLExpression, HCLExpression, HCLExpression)
    /// An index, a splat, an operation, a `for`: what only Terraform computes. The text names it.
    case opaque(String)
  }

  var kind: Kind
  var range: SourceRange

  init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

struct HCLObjectItem: Sendable {
  /// Nil for a key that only Terraform computes.
  var key: String?
  var keyRange: SourceRange
  var value: HCLExpression
}

/// A piece of a quoted string, a heredoc or a template file.
enum HCLTemplatePart: Sendable {
  case text(PlacedText)
  case interpolation(HCLExpression)
  case beginIf(HCLExpression)
  case orElse
  case endIf
  case beginFor(names: [String], HCLExpression)
  case endFor
}

/// What stands between braces: `name = expression` and blocks.
struct HCLBody: Sendable {
  struct Attribute: Sendable {
    var name: String
    var nameRange: SourceRange
    var value: HCLExpression
  }

  struct Block: Sendable {
    var type: String
    var labels: [String]
    var range: SourceRange
    var body: HCLBody
  }

  var attributes: [Attribute] = []
  var blocks: [Block] = []

  subscript(name: String) -> HCLExpression? { attributes.first { $0.name == name }?.value }
}

/// Why a text is no HCL.
struct HCLSyntaxError: Error {
  var message: String
  var range: SourceRange
}
