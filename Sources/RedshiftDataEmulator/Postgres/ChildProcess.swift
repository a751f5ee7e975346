import CPQ

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Starts programs in a process group of their own, so that Ctrl-C at the terminal does not reach them, with none of our open files.
enum ChildProcess {
  /// - Parameters:
  ///   - output: the file that gets standard output and standard error, appended to.
  ///   - lock: a lock that the program, and what it starts, holds from now on: its file descriptor 3; or -1.
  /// - Returns: the process id.
  static func start(_ command: [String], output: String, lock: Int32 = -1) throws(PostgresError) -> pid_t {
    // A fixed environment: nothing of ours (PGDATA, LC_ALL, …) may change what the server does.
    let environment = ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", "TZ=UTC"]
    let arguments = command.map { strdup($0) }
    let variables = environment.map { strdup($0) }
    defer { for pointer in arguments + variables { free(pointer) } }
    var pid: Int32 = 0
    let result = cpq_spawn(
      &pid, arguments.map { UnsafePointer($0) } + [nil], variables.map { UnsafePointer($0) } + [nil], output, lock)
    guard result == 0 else { throw .lost("cannot start \(command[0]): \(String(cString: strerror(result)))") }
    return pid
  }

  /// Waits for the end of a child without blocking a thread. Returns its exit status; 128 + signal when a signal ended it.
  static func wait(_ pid: pid_t) async -> Int32 {
    while true {
      if let status = check(pid) { return status }
      try? await Task.sleep(for: .milliseconds(2))
    }
  }

  /// The exit status of a child that has ended, nil while it runs.
  static func check(_ pid: pid_t) -> Int32? {
    var status: Int32 = 0
    let found = waitpid(pid, &status, WNOHANG)
    if found == 0 || (found < 0 && errno == EINTR) { return nil }
    if found < 0 { return 0 }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
