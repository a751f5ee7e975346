import JSONTypes

/// One database session as Redshift has it: what is sent is translated, and the transaction behaves like Redshift's.
///
/// Whoever holds it has it alone: `acquire` and `release` make turns.
actor RedshiftSession {
  let connection: PostgresConnection
  let target: StatementTarget
  /// The statements of the API, for the system tables that show them.
  private let history: @Sendable () async -> JSONValue
  /// Nil until they are needed, and again when they may have changed.
  private var lateViews: [String: String]?
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(connection: PostgresConnection, target: StatementTarget, history: @escaping @Sendable () async -> JSONValue = { [] }) {
    self.connection = connection
    self.target = target
    self.history = history
  }

  func acquire() async {
    if isTaken { await withCheckedContinuation { waiting.append($0) } } else { isTaken = true }
  }

  func release() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }

  func forgetLateViews() { lateViews = nil }

  /// Words before the names of views.
  private static let namingWords: Set<String> = ["from", "join", "view", "using", "procedure", "function"]

  /// The late-binding views, which the translation puts in place of their names; read from the database where a statement may name one.
  private func lateViews(for tokens: [Token]) async throws(PostgresError) -> [String: String] {
    guard tokens.contains(where: { $0.kind == .word && Self.namingWords.contains($0.key) }) else { return [:] }
    // Another session may have made one since: only within a transaction of this one they stay.
    if let lateViews, await connection.transaction != .idle, !tokens.contains(where: { StatementHistory.views[$0.key] != nil }) {
      return lateViews
    }
    guard await connection.transaction != .inFailedTransaction else { return [:] }
    var views: [String: String] = [:]
    // Only read where they are named: the rows stand in the query itself.
    let shown = Set(tokens.lazy.filter { $0.isName }.map(\.name)).intersection(StatementHistory.views.keys)
    if !shown.isEmpty {
      let rows = StatementHistory.source(await history())
      for name in shown {
        guard let query = StatementHistory.views[name] else { continue }
        for schema in ["", "pg_catalog."] { views[schema + name] = "select \(query) from \(rows)" }
      }
    }
    for row in try await connection.rows("select name, query from \(Translator.schema).late_views") {
      if let name = row[0], let query = row[1] { views[name] = query }
    }
    lateViews = views
    return views
  }

  var transaction: TransactionStatus { get async { await connection.transaction } }

  /// Translates one statement; asks the database what the translation must know.
  func translate(_ tokens: [Token], parameters: [StatementParameter], source: String) async throws(PostgresError) -> Translation {
    var answers: [Question: [String]] = [:]
    let lateViews = try await lateViews(for: tokens)
    // Each round answers one question more; a statement has fewer questions than this.
    for _ in 0..<200 {
      do throws(TranslationStop) {
        return try Translator.translate(tokens, parameters: Set(parameters.map(\.name)), answers: answers, lateViews: lateViews)
      } catch {
        switch error {
        case .question(let question): answers[question] = await answer(question)
        case .refused(let refusal): throw Self.error(refusal, in: source)
        }
      }
    }
    throw PostgresError(sqlState: "54001", message: "The statement is too complex to be translated.")
  }

  /// A question that fails has no answer; what is wrong with the statement is then said by the statement itself.
  private func answer(_ question: Question) async -> [String] {
    let isInTransaction = await connection.transaction == .inTransaction
    if isInTransaction { _ = try? await connection.rows("savepoint sfn_question") }
    var answer: [String] = []
    switch question {
    case .columns(let query):
      let rows = try? await connection.run("select * from (\(query)) as sfn_question limit 0", into: TextRows())
      answer = rows?.outcome.columns?.map(\.name) ?? []
    case .types(let query):
      let rows = try? await connection.run("select * from (\(query)) as sfn_question limit 0", into: TextRows())
      answer = (rows?.outcome.columns ?? []).map { "\($0.type) \($0.modifier) \($0.name)" }
    case .rows(let query): answer = ((try? await connection.rows(query)) ?? []).compactMap { $0.first ?? nil }
    }
    if isInTransaction {
      _ = try? await connection.rows("rollback to savepoint sfn_question")
      _ = try? await connection.rows("release savepoint sfn_question")
    }
    return answer
  }

  /// A refusal with its place: `Position`, which counts characters, or for what is not supported here line and column.
  static func error(_ refusal: DialectError, in source: String) -> PostgresError {
    var message = refusal.message
    var position = refusal.offset.flatMap { Translation.character(at: $0, in: source) }
    if refusal.sqlState == "0A000", let offset = refusal.offset {
      let before = source.utf8.prefix(offset)
      let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
      let lineStart = before.lastIndex(of: 0x0A).map { source.utf8.index(after: $0) } ?? source.startIndex
      let column = source.unicodeScalars.distance(from: lineStart, to: before.endIndex) + 1
      message += " (line \(line), column \(column))"
      position = nil
    }
    return PostgresError(sqlState: refusal.sqlState, message: message, position: position)
  }
}
