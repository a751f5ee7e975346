import AWSJSONServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A PostgreSQL server of our own: one per state folder, shared by the programs that use the folder, reachable by its Unix socket only.
///
/// It ends with the last program that uses it, however that one ends. Its parent is a small shell, the watcher, that reads a FIFO which every
/// program holds open for writing. When the last writer is gone, even by kill -9, the watcher reads the FIFO's end and shuts the server down.
/// A program that joins writes a token into the FIFO and waits until the watcher has acknowledged it: from then on the end cannot be read
/// before that program is gone. Whether a server lives is told by a lock that its processes inherit; process ids, which the system uses
/// again, decide nothing.
actor PrivatePostgres {
  static let superuser = "sfn_local"
  /// Sessions at once: 200 statements of the Data API and 500 sessions that are kept open, and some for looking into the catalogue.
  static let connectionLimit = 800
  static let startTimeInSeconds: Double = 30
  static let logLimitInBytes = 1 << 20

  nonisolated let folder: ServerFolder
  nonisolated let watcher: SocketWatcher
  private let user: ServerUser
  /// Our share of the lock that tells whether others use the server.
  private var users: FileLock?
  /// Our end of the FIFO: as long as it is open, the server lives.
  private var lifeline: Int32
  /// The watcher's process when it is our child.
  private var child: pid_t?
  private var control: PostgresConnection?

  /// Joins the server of a state folder; makes and starts it where needed.
  ///
  /// - Parameter stateFolder: an absolute path.
  /// - Throws: `PostgresError` that says what is missing and what to do.
  static func start(stateFolder: String) async throws(PostgresError) -> PrivatePostgres {
    let user = try ServerUser.current()
    let folder = try ServerFolder(state: stateFolder, user: user)
    let watcher = try SocketWatcher()
    do throws(PostgresError) {
      let gate = try await lock(folder.gateLock, what: "another program is starting or stopping the database")
      guard let users = try FileLock(trying: folder.usersLock, shared: true) else {
        throw .lost("cannot share \(folder.usersLock); another program has it for itself")
      }
      let start = Start(folder: folder, user: user, watcher: watcher)
      try await start.initialize()
      let (lifeline, child) = try await start.joinOrLaunch()
      let server = PrivatePostgres(folder, user, watcher, users, lifeline, child)
      _ = consume gate
      return server
    } catch {
      watcher.stop()
      throw error
    }
  }

  private init(
    _ folder: ServerFolder, _ user: ServerUser, _ watcher: SocketWatcher, _ users: consuming FileLock, _ lifeline: Int32, _ child: pid_t?
  ) {
    self.folder = folder
    self.user = user
    self.watcher = watcher
    self.users = consume users
    self.lifeline = lifeline
    self.child = child
  }

  /// Waits for a lock that others hold for a short time only.
  static func lock(_ path: String, what: String) async throws(PostgresError) -> FileLock {
    let deadline = ContinuousClock.now + .seconds(startTimeInSeconds * 2)
    while ContinuousClock.now < deadline {
      if let lock = try FileLock(trying: path) { return lock }
      try? await Task.sleep(for: .milliseconds(5))
    }
    throw .lost("\(what) and does not come to an end (\(path))")
  }

  /// A new session.
  nonisolated func connect(database: String, user: String) async throws(PostgresError) -> PostgresConnection {
    try await Self.connect(folder, watcher, database: database, user: user)
  }

  static func connect(_ folder: ServerFolder, _ watcher: SocketWatcher, database: String, user: String) async throws(PostgresError)
    -> PostgresConnection
  {
    try await PostgresConnection.open(
      [
        ("host", folder.socketFolder), ("port", "5432"), ("user", user), ("dbname", database), ("application_name", "sfn-local"),
        ("client_encoding", "UTF8"), ("gssencmode", "disable"), ("sslmode", "disable"), ("passfile", folder.path + "/no-passwords"),
      ], watcher: watcher)
  }

  /// Has the server stop what the session with this process id is doing.
  func cancel(backendPid: Int) async {
    _ = try? await controlRows("select pg_cancel_backend(\(backendPid))")
  }

  /// Runs a statement as the superuser, in the database `postgres`.
  func controlRows(_ sql: String) async throws(PostgresError) -> [[String?]] {
    while isControlTaken { await withCheckedContinuation { controlQueue.append($0) } }
    isControlTaken = true
    defer {
      isControlTaken = false
      if !controlQueue.isEmpty { controlQueue.removeFirst().resume() }
    }
    if let control, await control.isOpen { return try await control.rows(sql) }
    let control = try await connect(database: "postgres", user: Self.superuser)
    self.control = control
    return try await control.rows(sql)
  }
  private var isControlTaken = false
  private var controlQueue: [CheckedContinuation<Void, Never>] = []

  /// Lets go of the server as kill -9 would: the kernel closes the FIFO, nobody waits for anything. For tests.
  func abandon() {
    close(lifeline)
    lifeline = -1
    control = nil
    users = nil
    watcher.stop()
  }

  /// Leaves the server; the last to leave waits until it has shut down.
  func stop() async {
    guard lifeline >= 0 else { return }
    control = nil
    let gate = try? await Self.lock(folder.gateLock, what: "another program is starting or stopping the database")
    let isLast = users?.becomesExclusive() ?? false
    users = nil
    close(lifeline)
    lifeline = -1
    if isLast {
      let deadline = ContinuousClock.now + .seconds(10)
      while ContinuousClock.now < deadline, (try? FileLock(trying: folder.serverLock)) == nil {
        try? await Task.sleep(for: .milliseconds(2))
      }
      if let child { _ = await ChildProcess.wait(child) }
      child = nil
    }
    _ = consume gate
    watcher.stop()
  }
}
