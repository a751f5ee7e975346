/// What Redshift keeps of a table's layout; it has no effect here but is shown by the catalogue's views.
struct TableAttributes: Hashable, Sendable {
  /// `EVEN`, `ALL`, `KEY` or `AUTO`; nil when nothing was said.
  var distributionStyle: String?
  var distributionKey: String?
  var sortKeys: [String] = []
  /// `COMPOUND` or `INTERLEAVED`, nil for the default.
  var sortStyle: String?
  var encodings: [String: String] = [:]
  var primaryKey: [String] = []

  init() {}

  /// Reads attributes that stand behind a table's columns.
  ///
  /// - Throws: a refusal at the first word that is none.
  init(parsing nodes: [Node]) throws(TranslationStop) {
    var index = 0
    func next() throws(TranslationStop) -> Node {
      index += 1
      guard index < nodes.count else { throw .syntax(at: nil) }
      return nodes[index]
    }
    while index < nodes.count {
      switch nodes[index].word {
      case "backup", "encode": _ = try next()
      case "auto":
        _ = try next()
        _ = try next()  // AUTO REFRESH YES
      case "diststyle":
        let style = try next()
        guard ["even", "all", "key", "auto"].contains(style.word) else { throw .syntax(at: style) }
        distributionStyle = style.word.uppercased()
      case "distkey":
        let key = try next()
        guard let name = (key.parentheses?.first ?? key).name else { throw .syntax(at: key) }
        distributionKey = name
        if distributionStyle == nil { distributionStyle = "KEY" }
      case "compound", "interleaved": sortStyle = nodes[index].word.uppercased()
      case "sortkey":
        let keys = try next()
        if keys.isWord("auto") { break }
        if keys.isWord("none") {
          sortKeys = []
          break
        }
        guard let columns = keys.parentheses else { throw .syntax(at: keys) }
        sortKeys = columns.splitAtCommas().compactMap { $0.first?.name }
      default: throw .syntax(at: nodes[index])
      }
      index += 1
    }
    if distributionKey != nil, distributionStyle == nil { distributionStyle = "KEY" }
  }

  /// The statement that keeps them for a table: `remember_table` for a new one, `change_table` for what an ALTER gives.
  func statement(_ function: String, of table: String) -> String {
    func list(_ names: [String]) -> String { "array[\(names.map(Node.quoted).joined(separator: ","))]::text[]" }
    let pairs = encodings.sorted { $0.key < $1.key }
    return "select \(Translator.schema).\(function)(to_regclass(\(Node.quoted(table))), \(distributionStyle.map(Node.quoted) ?? "null"), "
      + "\(distributionKey.map(Node.quoted) ?? "null"), \(list(sortKeys)), \(sortStyle.map(Node.quoted) ?? "null"), "
      + "\(list(pairs.map(\.key))), \(list(pairs.map(\.value))), \(list(primaryKey)))"
  }
}
