/// What one Redshift statement becomes.
struct Translation: Sendable {
  enum Action: Sendable {
    /// Runs `sql`.
    case run
    /// Nothing is left to do, as for `VACUUM`.
    case nothing
    case begin, commit, rollback
    /// Runs `sql` and commits the transaction it runs in.
    case truncate
    case copy(CopyCommand)
    case unload(UnloadCommand)
  }

  var action = Action.run
  /// For PostgreSQL, with `$1`, `$2`, … for parameters.
  var sql = ""
  /// The names of the parameters in the order of `$1`, `$2`, …: one for each place, so that each takes the type of its place.
  var parameters: [String] = []
  /// Statements that belong to the first, such as remembering a table's distribution key; they run behind it in its transaction.
  var followUps: [String] = []
  /// Whether it is DDL, whatever `sql` gives.
  var givesNoRows = false
  /// Where each token of the source stands in `sql`, in bytes, ascending.
  var marks: [(output: Int, source: Int)] = []

  /// The source's character that a place in `sql` comes from; both 1-based, in characters as PostgreSQL counts them.
  func sourcePosition(of position: Int, in source: String) -> Int? {
    let scalars = sql.unicodeScalars
    guard position >= 1, let index = scalars.index(scalars.startIndex, offsetBy: position - 1, limitedBy: scalars.endIndex) else {
      return nil
    }
    let byte = sql.utf8.distance(from: sql.startIndex, to: index)
    guard let mark = marks.last(where: { $0.output <= byte }) else { return nil }
    return Self.character(at: mark.source, in: source)
  }

  /// 1-based, in Unicode scalars.
  static func character(at byte: Int, in source: String) -> Int? {
    guard let index = source.utf8.index(source.startIndex, offsetBy: byte, limitedBy: source.endIndex) else { return nil }
    return source.unicodeScalars.distance(from: source.startIndex, to: index) + 1
  }
}

/// Rewrites statements of Redshift's SQL for PostgreSQL 15, on their tokens.
///
/// Pure: what must be known of the database is asked for by throwing a question (`TranslationStop.question`); the caller finds the answer,
/// puts it into `answers`, and translates again.
struct Translator {
  /// What was asked for so far.
  var answers: [Question: [String]] = [:]
  /// Views WITH NO SCHEMA BINDING: name (with its schema unless that is public) and query in PostgreSQL's SQL.
  var lateViews: [String: String] = [:]
  /// The names that may stand as `:name`.
  var knownParameters: Set<String> = []

  /// Schema of the functions, views and tables that stand for Redshift's.
  static let schema = "sfn_local"

  var usedParameters: [String] = []
  var followUps: [String] = []
  /// Names that FROM clauses give to tables, inner scopes last.
  var scopes: [Set<String>] = []
  /// Names that FROM gives to the elements of arrays.
  var elementNames: Set<String> = []
  /// `WITH …` of the queries around, as text, for questions.
  var withClauses: [String] = []
  /// Names that WITH gives.
  var withNames: Set<String> = []
  var derivedTables = 0
  /// `SELECT * FROM …` of the queries around, inner ones last, for questions.
  var sources: [String] = []
  /// The last name of the path into a document that was met last.
  var pathName: String?
  /// Whether tables must be named with their schemas, as in a late-binding view.
  var requiresSchemas = false
  /// Whether `$1` stands for an argument of a prepared statement.
  var isPrepared = false
  /// Within a routine's body variables look like names, and no parameters exist.
  var isInRoutine = false

  /// - Throws: `TranslationStop`.
  static func translate(
    _ tokens: [Token], parameters: Set<String> = [], answers: [Question: [String]] = [:], lateViews: [String: String] = [:]
  ) throws(TranslationStop)
    -> Translation
  {
    var translator = Translator(answers: answers, lateViews: lateViews, knownParameters: parameters)
    return try translator.statement(tokens)
  }

  mutating func statement(_ tokens: [Token]) throws(TranslationStop) -> Translation {
    let nodes: [Node]
    do throws(DialectError) { nodes = try Node.tree(tokens) } catch { throw .refused(error) }
    var translation = try statement(nodes)
    translation.parameters = usedParameters
    translation.followUps += followUps
    return translation
  }

  /// A statement that runs as it is rewritten.
  func running(_ nodes: [Node]) -> Translation {
    let (sql, marks) = nodes.rendered()
    var translation = Translation(sql: sql)
    translation.marks = marks
    return translation
  }
}

/// Why a translation did not come to its end.
enum TranslationStop: Error, Sendable {
  case refused(DialectError)
  /// This must be known first.
  case question(Question)

  static func unsupported(_ construct: String, at node: Node?) -> TranslationStop {
    .refused(.unsupported(construct, at: node?.firstToken))
  }
  static func refusal(_ message: String, at node: Node?, sqlState: String = "0A000") -> TranslationStop {
    .refused(DialectError(message, at: node?.firstToken, sqlState: sqlState))
  }
  static func syntax(at node: Node?) -> TranslationStop {
    .refused(
      DialectError(
        node.map { "syntax error at or near \"\($0.firstToken.text)\"" } ?? "syntax error at end of input", at: node?.firstToken,
        sqlState: "42601"))
  }
}

/// What a translation must know of the database.
enum Question: Hashable, Sendable {
  /// The names of the columns of a query in PostgreSQL's SQL.
  case columns(of: String)
  /// Type, modifier and name of the columns of a query, each in a line with blanks between.
  case types(of: String)
  /// The first column of its rows.
  case rows(of: String)
}

extension Translator {
  /// - Throws: the question, as long as it has no answer.
  func answer(_ question: Question) throws(TranslationStop) -> [String] {
    guard let answer = answers[question] else { throw .question(question) }
    return answer
  }
}
