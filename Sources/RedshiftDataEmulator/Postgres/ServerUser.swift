#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who the database server runs as: PostgreSQL refuses to run as root, so root hands it to `postgres`, else to `nobody`.
struct ServerUser: Hashable, Sendable {
  var name: String
  var id: uid_t
  var group: gid_t
  /// What a command is put behind to run as this user; empty when we are that user.
  var prefix: [String]

  /// - Throws: `PostgresError` when we are root and there is nobody to hand over to.
  static func current() throws(PostgresError) -> ServerUser {
    guard geteuid() == 0 else { return ServerUser(name: "", id: geteuid(), group: getegid(), prefix: []) }
    for name in ["postgres", "_postgres", "nobody"] {
      guard let entry = getpwnam(name) else { continue }
      let id = entry.pointee.pw_uid
      let group = entry.pointee.pw_gid
      for folder in ["/usr/bin", "/bin", "/usr/sbin", "/sbin"] {
        if access(folder + "/setpriv", X_OK) == 0 {
          let prefix = [folder + "/setpriv", "--reuid=\(id)", "--regid=\(group)", "--clear-groups"]
          return ServerUser(name: name, id: id, group: group, prefix: prefix)
        }
      }
      for command in ["/usr/sbin/runuser", "/sbin/runuser"] where access(command, X_OK) == 0 {
        return ServerUser(name: name, id: id, group: group, prefix: [command, "-u", name, "--"])
      }
    }
    throw .lost(
      "PostgreSQL does not run as root, and there is no way to run it as another user: run as an ordinary user, "
        + "or install setpriv (package util-linux) and have a user postgres or nobody")
  }

  /// Whether this user can reach what lies in a folder, as far as the permissions of all folders above say.
  func canSearch(_ folder: String) -> Bool {
    guard !prefix.isEmpty else { return true }
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/" + part
      var status = stat()
      guard stat(path, &status) == 0 else { return true }  // it will be made, by us
      let bit: mode_t = status.st_uid == id ? S_IXUSR : status.st_gid == group ? S_IXGRP : S_IXOTH
      if status.st_mode & bit == 0 { return false }
    }
    return true
  }

  /// Gives a file or folder to this user; what is ours already stays.
  func own(_ path: String) throws(PostgresError) {
    guard !prefix.isEmpty else { return }
    guard chown(path, id, group) == 0 else { throw Files.failure("hand over to user \(name)", path) }
  }
}
