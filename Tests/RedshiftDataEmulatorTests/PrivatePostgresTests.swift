import Foundation
import Testing

@testable import RedshiftDataEmulator

/// The server's life: each test has a state folder of its own.
@Suite(.serialized, .enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct PrivatePostgresTests {
  static func folder(_ name: String) -> String { NSTemporaryDirectory() + "sfn-local-pg-\(getpid())-\(name)" }

  static func rows(_ server: PrivatePostgres, _ sql: String) async throws -> [[String?]] {
    try await server.connect(database: "postgres", user: PrivatePostgres.superuser).rows(sql)
  }

  /// Waits until no process of the server lives: they hold its lock between them. A thread of its own waits, so that tasks find theirs.
  static func ended(_ folder: ServerFolder) async throws {
    let file = open(folder.serverLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(file >= 0)
    let status = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: flock(file, LOCK_EX)) }
    }
    close(file)
    #expect(status == 0)
  }

  static func postmaster(_ folder: ServerFolder) throws -> pid_t {
    try #require(Files.text(folder.data + "/postmaster.pid")?.split(separator: "\n").first.flatMap { pid_t($0) })
  }

  @Test func theLastOneOutStopsIt() async throws {
    let state = Self.folder("shared")
    defer { Files.remove(state) }
    let first = try await PrivatePostgres.start(stateFolder: state)
    let second = try await PrivatePostgres.start(stateFolder: state)
    _ = try await Self.rows(first, "create table kept (a int)")
    await first.stop()
    #expect(try await Self.rows(second, "select count(*) from kept") == [["0"]])
    await second.stop()
    try await Self.ended(second.folder)
    #expect(!Files.exists(second.folder.data + "/postmaster.pid"))
  }

  @Test func itEndsWhenItsProgramIsKilled() async throws {
    let state = Self.folder("killed")
    defer { Files.remove(state) }
    let server = try await PrivatePostgres.start(stateFolder: state)
    _ = try await Self.rows(server, "create table kept as select 1 as a")
    await server.abandon()
    try await Self.ended(server.folder)
    let next = try await PrivatePostgres.start(stateFolder: state)
    #expect(try await Self.rows(next, "select a from kept") == [["1"]])
    await next.stop()
  }

  /// The next program may come while the orphan is shutting down.
  @Test func theNextRunComesAtOnce() async throws {
    let state = Self.folder("at-once")
    defer { Files.remove(state) }
    for _ in 0..<5 {
      let server = try await PrivatePostgres.start(stateFolder: state)
      #expect(try await Self.rows(server, "select 1") == [["1"]])
      await server.abandon()
    }
    let last = try await PrivatePostgres.start(stateFolder: state)
    await last.stop()
  }

  @Test func aKilledServerIsStartedAgain() async throws {
    let state = Self.folder("server-killed")
    defer { Files.remove(state) }
    let server = try await PrivatePostgres.start(stateFolder: state)
    _ = try await Self.rows(server, "create table kept as select 1 as a")
    kill(try Self.postmaster(server.folder), SIGKILL)
    try await Self.ended(server.folder)
    let next = try await PrivatePostgres.start(stateFolder: state)
    #expect(try await Self.rows(next, "select a from kept") == [["1"]])
    await next.stop()
    await server.stop()
  }

  /// A stale file names a process that lives but is no database server.
  @Test func aReusedProcessIdMisleadsNobody() async throws {
    let state = Self.folder("reused")
    defer { Files.remove(state) }
    let server = try await PrivatePostgres.start(stateFolder: state)
    await server.stop()
    try Files.write("\(getppid())\n\(server.folder.data)\n0\n5432\n\n\n", to: server.folder.data + "/postmaster.pid")
    let next = try await PrivatePostgres.start(stateFolder: state)
    #expect(try await Self.rows(next, "select 1") == [["1"]])
    await next.stop()
  }

  /// `initdb` was cut off: what it left is no data folder.
  @Test func aHalfMadeFolderIsMadeAgain() async throws {
    let state = Self.folder("half")
    defer { Files.remove(state) }
    try Files.makeFolder(state)
    let user = try ServerUser.current()
    let folder = try ServerFolder(state: state, user: user)
    try Files.makeFolder(folder.newData)
    try Files.write("15\n", to: folder.newData + "/PG_VERSION")
    let server = try await PrivatePostgres.start(stateFolder: state)
    #expect(try await Self.rows(server, "select 1") == [["1"]])
    await server.stop()
  }

  @Test func aLongPathStillHasASocket() async throws {
    let state = Self.folder("long-" + String(repeating: "x", count: 120))
    defer { Files.remove(state) }
    let server = try await PrivatePostgres.start(stateFolder: state)
    #expect(server.folder.socketFolder.utf8.count + ServerFolder.socketName.utf8.count <= ServerFolder.socketPathLimit)
    #expect(try await Self.rows(server, "select 1") == [["1"]])
    await server.stop()
    Files.remove(server.folder.socketFolder)
  }

  @Test func whatIsMissingIsNamed() {
    do throws(PostgresError) { _ = try PostgresBinaries.find(in: ["/nonexistent"]) } catch {
      #expect(error.message.contains("apt-get install postgresql"))
    }
  }
}
