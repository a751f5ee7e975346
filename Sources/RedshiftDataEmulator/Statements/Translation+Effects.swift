/// What a translated statement does, as far as its transaction depends on it.
extension Translation {
  private var firstWord: String { Tokenizer.firstWord(of: sql) }
  /// What cannot be in a transaction: it makes its own.
  var standsAlone: Bool {
    let word = firstWord
    guard word != "call" else { return !changesLateViews }
    return (word == "create" || word == "drop" || word == "alter") && isAboutDatabase
  }
  private var isAboutDatabase: Bool { Tokenizer.tokens(of: sql).dropFirst().first?.isWord("database") == true }
  /// Whether it may change something. A query cannot: Redshift's functions change nothing.
  var hasEffect: Bool { !["select", "with", "values", "explain", "show", "set", "reset", "(", "declare", "fetch", "close", "lock", "prepare", "deallocate"].contains(firstWord) || isSelectInto }
  private var isSelectInto: Bool { marks.isEmpty ? false : sql.utf8.count < 1 << 20 && Tokenizer.tokens(of: sql).contains { $0.isWord("into") } }
  var changesLateViews: Bool {
    sql.hasPrefix("call \(Translator.schema).create_late_view") || sql.hasPrefix("call \(Translator.schema).drop_late_view")
  }
  var isLoad: Bool {
    switch action {
    case .copy, .unload: true
    default: false
    }
  }
}
