#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a private server keeps its things.
///
/// ```
/// <state>/postgres/                 the server's user alone may enter
///   data/                           PostgreSQL's data folder
///   gate.lock                       held by who starts or stops the server
///   users.lock                      shared by the programs that use it
///   server.lock                     held by the server's processes as long as one of them lives
///   alive                           a FIFO that every program which uses the server holds open for writing
///   acks/                           the watcher's answers
///   server.log
/// ```
struct ServerFolder: Hashable, Sendable {
  /// Longest path of a Unix socket: 107 bytes on Linux, 103 on macOS.
  static let socketPathLimit = 103
  static let socketName = "/.s.PGSQL.5432"

  let path: String
  /// Where the server's socket lies: the folder itself, or a short one of its own when the path is too long for a socket.
  let socketFolder: String

  var data: String { path + "/data" }
  /// Where `initdb` works; one place for each program, as one that was killed may leave an `initdb` that still writes.
  var newData: String { path + "/data.new-\(getpid())" }
  var gateLock: String { path + "/gate.lock" }
  var usersLock: String { path + "/users.lock" }
  var serverLock: String { path + "/server.lock" }
  var fifo: String { path + "/alive" }
  var acks: String { path + "/acks" }
  var log: String { path + "/server.log" }

  /// Makes what is missing, for `user` to use.
  ///
  /// Run as root, the server belongs to another user, who cannot enter root's home. The folder then lies in `/var/lib/sfn-local`, under a
  /// name made from the state folder's.
  init(state: String, user: ServerUser) throws(PostgresError) {
    var root = state
    let isNew = !Files.exists(state)
    try Files.makeFolder(state)
    if !user.prefix.isEmpty {
      var status = stat()
      // Our own folder is opened for passing through, not for reading.
      if stat(state, &status) == 0, isNew || status.st_uid == geteuid(), user.canSearch(Self.parent(of: state)) {
        chmod(state, status.st_mode & 0o7777 | S_IXGRP | S_IXOTH)
      }
      if !user.canSearch(state) {
        root = "/var/lib/sfn-local/" + Self.shortName(of: state)
        try Files.makeFolder(root, mode: 0o711)
      }
    }
    path = root + "/postgres"
    try Files.makeFolder(path)
    try user.own(path)
    if (path + Self.socketName).utf8.count <= Self.socketPathLimit {
      socketFolder = path
    } else {
      let own = "/tmp/sfn-local-\(user.id)"
      try Self.makePrivateFolder(own, user)
      socketFolder = own + "/" + Self.shortName(of: path)
      try Self.makePrivateFolder(socketFolder, user)
    }
    try Files.makeFolder(acks)
    try user.own(acks)
    if !Files.exists(fifo) {
      guard mkfifo(fifo, 0o600) == 0 || errno == EEXIST else { throw Files.failure("make the FIFO", fifo) }
      try user.own(fifo)
    }
  }

  /// A folder in `/tmp` that is the server user's alone; one that somebody else made there is refused.
  private static func makePrivateFolder(_ path: String, _ user: ServerUser) throws(PostgresError) {
    if mkdir(path, 0o700) == 0 { try user.own(path) }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user.id, status.st_mode & 0o077 == 0 else {
      throw .lost("\(path) must be a folder of user \(user.id) with mode 0700, for the database's socket; remove what is there")
    }
  }

  private static func parent(of path: String) -> String {
    var parts = path.split(separator: "/")
    parts.removeLast()
    return "/" + parts.joined(separator: "/")
  }

  /// 16 hexadecimal digits (FNV-1a).
  private static func shortName(of path: String) -> String {
    let hash = path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The state folder when none is given: `$XDG_STATE_HOME/sfn-local`, `~/.local/state/sfn-local`,
  /// on macOS `~/Library/Application Support/sfn-local`.
  static func defaultState() throws(PostgresError) -> String {
    func variable(_ name: String) -> String? {
      guard let value = getenv(name).map({ String(cString: $0) }), value.hasPrefix("/") else { return nil }
      return value
    }
    if let folder = variable("XDG_STATE_HOME") { return folder + "/sfn-local" }
    guard let home = variable("HOME") ?? getpwuid(geteuid()).map({ String(cString: $0.pointee.pw_dir) }) else {
      throw .lost("there is no home folder to keep the database in; give a state folder")
    }
    #if canImport(Darwin)
      return home + "/Library/Application Support/sfn-local"
    #else
      return home + "/.local/state/sfn-local"
    #endif
  }
}
