import AWSJSONServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension PrivatePostgres {
  /// The steps from a folder to a server that answers. Whoever takes them holds the gate.
  struct Start {
    let folder: ServerFolder
    let user: ServerUser
    let watcher: SocketWatcher

    /// Makes the data folder when there is none: under another name first, so that one that exists is complete.
    func initialize() async throws(PostgresError) {
      guard !Files.exists(folder.data + "/PG_VERSION") else { return }
      let binaries = try PostgresBinaries.find()
      for name in Files.entries(of: folder.path) where name.hasPrefix("data.new") { Files.remove(folder.path + "/" + name) }
      let command =
        user.prefix + [
          binaries.initdb, "-D", folder.newData, "-U", PrivatePostgres.superuser, "--auth=trust", "--encoding=UTF8", "--locale=C",
          "--no-sync", "--no-instructions",
        ] + (Self.characterLocale.map { ["--lc-ctype=\($0)"] } ?? [])
      let log = folder.path + "/initdb.log"
      unlink(log)
      let pid = try ChildProcess.start(command, output: log)
      let status = await ChildProcess.wait(pid)
      guard status == 0 else {
        throw .lost("initdb failed with status \(status): \(tail(of: log))")
      }
      guard rename(folder.newData, folder.data) == 0 else { throw Files.failure("rename to its final name", folder.newData) }
    }

    /// A locale that knows the letters of all scripts, for UPPER and LOWER; the order of texts stays that of their bytes.
    private static var characterLocale: String? {
      ["C.UTF-8", "en_US.UTF-8", "UTF-8"].first { name in
        guard let locale = newlocale(Int32(LC_CTYPE_MASK), name, nil) else { return false }
        freelocale(locale)
        return true
      }
    }

    /// Comes to a server that lives and knows of us.
    ///
    /// - Returns: our end of the FIFO, and the watcher's process if we started it.
    func joinOrLaunch() async throws(PostgresError) -> (lifeline: Int32, child: pid_t?) {
      let deadline = ContinuousClock.now + .seconds(PrivatePostgres.startTimeInSeconds)
      while ContinuousClock.now < deadline {
        if let lock = try FileLock(trying: folder.serverLock) { return try await launch(holding: lock) }
        // Processes of a server live. With a watcher we are done once it knows of us.
        if let lifeline = try await join(), await answers() { return (lifeline, nil) }
        // Without one, the server is being shut down, or its watcher was killed: a server that answers gets a new watcher.
        if await answers(), let pid = postmasterPid {
          let child = try startWatcher(of: [], pid: pid, lock: -1)
          if let lifeline = try await join(watcher: child) { return (lifeline, child) }
        }
        try? await Task.sleep(for: .milliseconds(10))
      }
      throw .lost(
        "a database server of \(folder.data) lives but does not answer (process \(postmasterPid ?? 0)); end that process and try again")
    }

    private func launch(holding lock: borrowing FileLock) async throws(PostgresError) -> (lifeline: Int32, child: pid_t?) {
      let binaries = try PostgresBinaries.find()
      // Nobody holds the lock, so whatever these files say is about a server that is gone.
      for stale in [
        folder.data + "/postmaster.pid", folder.socketFolder + ServerFolder.socketName,
        folder.socketFolder + ServerFolder.socketName + ".lock",
      ] {
        unlink(stale)
      }
      for ack in Files.entries(of: folder.acks) { unlink(folder.acks + "/" + ack) }
      truncateLog()
      let child = try startWatcher(of: [binaries.postgres] + arguments, pid: 0, lock: lock.file)
      guard let lifeline = try await join(watcher: child) else {
        throw .lost("the database's watcher did not start: \(tail(of: folder.log))")
      }
      let deadline = ContinuousClock.now + .seconds(PrivatePostgres.startTimeInSeconds)
      while ContinuousClock.now < deadline {
        if await answers() { return (lifeline, child) }
        if hasFailed(child) { break }
        try? await Task.sleep(for: .milliseconds(5))
      }
      close(lifeline)
      throw .lost("PostgreSQL did not start: \(tail(of: folder.log))")
    }

    /// The server's settings. A commit must survive the end of any process, also of the server's own, but not a loss of power: it is written
    /// to the system at once, and never synced.
    private var arguments: [String] {
      let settings = [
        "listen_addresses=", "unix_socket_directories=\(folder.socketFolder)", "unix_socket_permissions=0700", "port=5432",
        "max_connections=\(PrivatePostgres.connectionLimit)", "fsync=off", "full_page_writes=off", "autovacuum=off",
        "shared_buffers=16MB", "logging_collector=off", "log_destination=stderr", "log_min_messages=fatal", "log_min_error_statement=panic",
        "bgwriter_delay=10s", "wal_writer_delay=10s", "checkpoint_timeout=30min", "max_wal_senders=0", "wal_level=minimal",
        "max_parallel_workers_per_gather=0", "timezone=UTC", "datestyle=ISO, MDY", "standard_conforming_strings=off",
        "escape_string_warning=off", "bytea_output=hex", "jit=off",
        "search_path=\"$user\", public, \(Translator.schema)",
      ]
      return ["-D", folder.data] + settings.flatMap { ["-c", $0] }
    }

    /// The watcher: starts the server unless it runs already, acknowledges who joins, and shuts the server down when all are gone.
    ///
    /// The server alone keeps the lock (descriptor 3). Before the signal the process id is compared with the server's own file: it may have
    /// ended by itself and its number may be another's by now.
    private static let script = """
      data=$1 fifo=$2 acks=$3 server=$4
      shift 4
      if [ "$server" = 0 ]; then
        "$@" &
        server=$!
      fi
      exec 3>&-
      while read -r token; do : > "$acks/$token"; done < "$fifo"
      if read -r running < "$data/postmaster.pid" && [ "$running" = "$server" ]; then kill -INT "$server"; fi
      wait
      """

    private func startWatcher(of server: [String], pid: pid_t, lock: Int32) throws(PostgresError) -> pid_t {
      try ChildProcess.start(
        user.prefix + ["/bin/sh", "-c", Self.script, "sfn-local-database", folder.data, folder.fifo, folder.acks, String(pid)] + server,
        output: folder.log, lock: lock)
    }

    /// Opens the FIFO and has the watcher acknowledge it. Nil when no watcher reads there.
    ///
    /// - Parameter watcher: one that was just started: it needs a moment to open its end, and has it as long as it lives.
    private func join(watcher child: pid_t? = nil) async throws(PostgresError) -> Int32? {
      let deadline = ContinuousClock.now + .seconds(PrivatePostgres.startTimeInSeconds)
      var lifeline: Int32 = -1
      while true {
        lifeline = open(folder.fifo, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        if lifeline >= 0 { break }
        guard errno == ENXIO else { throw Files.failure("open", folder.fifo) }
        guard let child, ChildProcess.check(child) == nil, ContinuousClock.now < deadline else { return nil }
        try? await Task.sleep(for: .milliseconds(2))
      }
      let token = RandomIdentifier.uuid()
      let ack = folder.acks + "/" + token
      guard Files.writeAll(lifeline, Array((token + "\n").utf8)) else {
        close(lifeline)
        return nil
      }
      while !Files.exists(ack) {
        // A watcher that ends now, because the last one has left, acknowledges nobody any more: its end of the FIFO is closed then.
        guard ContinuousClock.now < deadline, !isAlone(lifeline) else {
          close(lifeline)
          return nil
        }
        try? await Task.sleep(for: .milliseconds(1))
      }
      unlink(ack)
      return lifeline
    }

    /// Whether nobody reads the FIFO any more.
    private func isAlone(_ lifeline: Int32) -> Bool {
      var entry = pollfd(fd: lifeline, events: 0, revents: 0)
      return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLERR) != 0
    }

    private func answers() async -> Bool {
      guard Files.exists(folder.socketFolder + ServerFolder.socketName) else { return false }
      guard
        let connection = try? await PrivatePostgres.connect(
          folder, watcher, database: "postgres", user: PrivatePostgres.superuser)
      else { return false }
      return (try? await connection.rows("select 1")) != nil
    }

    private var postmasterPid: pid_t? {
      Files.text(folder.data + "/postmaster.pid")?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    /// The server is gone when nobody holds its lock.
    private func hasFailed(_ child: pid_t) -> Bool {
      if ChildProcess.check(child) != nil { return true }
      guard let lock = try? FileLock(trying: folder.serverLock) else { return false }
      _ = consume lock
      return true
    }

    private func truncateLog() {
      var status = stat()
      if stat(folder.log, &status) == 0, status.st_size > PrivatePostgres.logLimitInBytes { truncate(folder.log, 0) }
    }

    private func tail(of log: String) -> String {
      let lines = (Files.text(log) ?? "").split(separator: "\n").suffix(5)
      return lines.isEmpty ? "it left no message in \(log)" : lines.joined(separator: "; ")
    }
  }
}
