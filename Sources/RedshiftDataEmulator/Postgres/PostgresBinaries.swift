#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where PostgreSQL's programs are.
struct PostgresBinaries: Hashable, Sendable {
  /// The folder with `initdb` and `postgres`.
  let folder: String

  var initdb: String { folder + "/initdb" }
  var postgres: String { folder + "/postgres" }

  /// Folders in which packages put them, newest version first, behind those of `PATH`.
  static func searchPath(_ path: String?) -> [String] {
    var folders = (path ?? "").split(separator: ":").map(String.init)
    for root in ["/usr/lib/postgresql"] {
      let versions = Files.entries(of: root).compactMap { Int($0) }.sorted(by: >)
      folders += versions.map { "\(root)/\($0)/bin" }
    }
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt"] {
      folders += ["postgresql@17", "postgresql@16", "postgresql@15", "postgresql"].map { "\(prefix)/\($0)/bin" }
    }
    folders += ["/usr/pgsql-17/bin", "/usr/pgsql-16/bin", "/usr/pgsql-15/bin", "/Applications/Postgres.app/Contents/Versions/latest/bin"]
    return folders
  }

  /// - Throws: `PostgresError` that names the package to install.
  static func find(in folders: [String] = searchPath(getenv("PATH").map { String(cString: $0) })) throws(PostgresError) -> PostgresBinaries
  {
    for folder in folders {
      guard access(folder + "/initdb", X_OK) == 0, access(folder + "/postgres", X_OK) == 0 else { continue }
      // A link in PATH may lead to another folder, where initdb finds its own files.
      return PostgresBinaries(folder: folder)
    }
    throw .lost(
      "PostgreSQL was not found (looked for initdb and postgres in PATH and in the usual folders of packages); "
        + "install it: Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql@17"
    )
  }
}
