/// Runs COPY: reads the objects, lays the rows out for PostgreSQL, and keeps what does not fit in `stl_load_errors`.
struct CopyLoader {
  let command: CopyCommand
  let connection: PostgresConnection
  let objects: ObjectFolder

  func load() async throws(PostgresError) -> Int {
    throw PostgresError(sqlState: "0A000", message: "COPY is not supported by this local endpoint")
  }
}

/// Runs UNLOAD: writes a query's rows to objects.
struct Unloader {
  let command: UnloadCommand
  let connection: PostgresConnection
  let objects: ObjectFolder

  func unload() async throws(PostgresError) -> Int {
    throw PostgresError(sqlState: "0A000", message: "UNLOAD is not supported by this local endpoint")
  }
}
