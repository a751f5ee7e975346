import AWSJSONServer
import JSONTypes

/// Scripts that run outside of the API: their statements are in no ledger.
extension RedshiftDataService {
  func query(_ sql: String, database: String?) async throws(PostgresError) -> RedshiftDataEndpoint.QueryResult {
    let target = StatementTarget(database: database ?? configuration.database)
    let session = try await open(target)
    var result = RedshiftDataEndpoint.QueryResult(columns: [], rows: [], rowCount: 0, messages: [])
    let now = Moment.now()
    let record = StatementRecord(
      id: RandomIdentifier.uuid(), name: nil, isBatch: false, target: target, parameters: [], clientToken: nil, resultFormat: .json,
      sessionId: nil, createdAt: now, updatedAt: now,
      parts: [StatementRecord.Part(sql: sql, createdAt: now, updatedAt: now, queryId: 0, queryUuid: "")])
    let box = RecordBox(record)
    let server = try server()
    let control = RunControl { pid in if pid != 0 { await server.cancel(backendPid: pid) } }
    control.began(backendPid: session.connection.backendPid)
    await StatementRunner(
      record: record, session: session, control: control, limits: limits, objects: objects, spoolFolder: spoolFolder, journal: nil,
      apart: { [self] sql in
        guard let session = try? await open(target) else { return }
        _ = try? await session.connection.rows(sql)
      }
    ) { await box.change($0) }.run()
    await control.end()
    let ended = await box.record
    result.messages = await session.connection.takeNotices()
    if let error = ended.error { throw PostgresError.described(error) }
    let part = ended.parts[0]
    result.rowCount = part.rows
    if let stored = part.result {
      defer { stored.discard() }
      result.columns = stored.columns.map(\.name)
      for index in stored.pages.indices { result.rows += try Self.texts(of: try stored.page(index)) }
    }
    return result
  }

  /// The fields of a page's rows as texts.
  private static func texts(of page: [UInt8]) throws(PostgresError) -> [[String?]] {
    guard let rows = (try? JSONValue(parsing: [UInt8(ascii: "[")] + page + [UInt8(ascii: "]")]))?.asArray else { return [] }
    return rows.map { row in
      (row.asArray ?? []).map { field in
        guard let object = field.asObject, let member = object.first, member.key != "isNull" else { return nil }
        return member.value.asString ?? member.value.jsonText
      }
    }
  }
}

/// Collects what becomes of a statement that is in no ledger.
private actor RecordBox {
  private(set) var record: StatementRecord
  init(_ record: StatementRecord) { self.record = record }
  func change(_ change: (inout StatementRecord) -> Void) { change(&record) }
}

extension PostgresError {
  /// From the text of a statement's error, `ERROR: …` with the line of the position.
  fileprivate static func described(_ text: String) -> PostgresError {
    let colon = text.firstIndex(of: ":") ?? text.startIndex
    let rest = text[colon...].dropFirst(2)
    return PostgresError(severity: String(text[..<colon]), sqlState: "XX000", message: String(rest))
  }
}
