/// Brings a server's databases up to date: users, the first database, and the script in each.
struct DatabaseInstallation {
  let server: PrivatePostgres
  let database: String

  func run() async throws(PostgresError) {
    let gate = try await PrivatePostgres.lock(server.folder.path + "/install.lock", what: "another program is preparing the database")
    let databases = try await server.controlRows(
      "select d.datname, shobj_description(d.oid, 'pg_database') from pg_database d where d.datname not in ('template0', 'postgres')")
    let installed = databases.reduce(into: [String: String]()) { $0[$1[0] ?? ""] = $1[1] ?? "" }
    let user = RedshiftDataService.defaultUser
    if try await server.controlRows("select 1 from pg_roles where rolname = '\(user)'").isEmpty {
      // Not CREATEROLE: on PostgreSQL 15 that is the right to grant oneself the running of programs.
      _ = try await server.controlRows("create role \(user) login createdb")
    }
    for name in ["template1"] + installed.keys.filter({ $0 != "template1" }).sorted()
    where !(installed[name] ?? "").contains(DatabaseScript.digest) {
      let connection = try await server.connect(database: name, user: PrivatePostgres.superuser)
      try await connection.rows("begin; \(DatabaseScript.text) commit")
      try await connection.rows("comment on database \(quoted(name)) is 'sfn-local \(DatabaseScript.digest)'")
    }
    if installed[database] == nil {
      _ = try await server.controlRows("create database \(quoted(database)) owner \(user)")
      _ = try await server.controlRows("comment on database \(quoted(database)) is 'sfn-local \(DatabaseScript.digest)'")
    }
    _ = consume gate
  }

  private func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
