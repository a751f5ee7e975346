/// Database sessions that wait for their next statement: making one costs the server a process, cleaning one a question.
///
/// What a statement without a `SessionId` gets is as good as new: `DISCARD ALL` has dropped temporary tables, settings and locks.
actor SessionPool {
  /// Sessions kept for each database and user.
  static let idleSessions = 16

  struct Key: Hashable, Sendable {
    var database: String
    var user: String
  }

  private let server: PrivatePostgres
  private var idle: [Key: [PostgresConnection]] = [:]
  private var isClosed = false

  init(server: PrivatePostgres) { self.server = server }

  func connection(_ key: Key) async throws(PostgresError) -> PostgresConnection {
    while let connection = idle[key]?.popLast() {
      if await connection.isOpen { return connection }
    }
    return try await server.connect(database: key.database, user: key.user)
  }

  /// Takes a connection back; one that is broken, or not needed, is let go.
  func takeBack(_ connection: PostgresConnection, _ key: Key) async {
    guard !isClosed, (idle[key]?.count ?? 0) < Self.idleSessions, await connection.isOpen else { return }
    if await connection.transaction != .idle {
      guard (try? await connection.rows("rollback")) != nil else { return }
    }
    guard (try? await connection.rows("discard all")) != nil, !isClosed else { return }
    _ = await connection.takeNotices()
    idle[key, default: []].append(connection)
  }

  /// Lets go of what is connected to a database, as dropping it needs.
  func forget(database: String) { for key in idle.keys where key.database == database { idle[key] = nil } }

  func close() {
    isClosed = true
    idle = [:]
  }
}
