/// `s3://bucket/key` as files: `<root>/<bucket>/<key>`.
struct ObjectFolder: Sendable {
  /// Nil when no folder was given: then there are no objects.
  let root: String?

  /// The path of an object.
  ///
  /// - Throws: `PostgresError` when there is no folder, or the URL leads out of it.
  func path(of url: String) throws(PostgresError) -> String {
    guard let root else {
      throw PostgresError(sqlState: "58030", message: "\(url) cannot be read: no folder stands for s3:// here (give one with --s3-root)")
    }
    let rest = url.dropFirst("s3://".count)
    let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
    guard url.lowercased().hasPrefix("s3://"), let bucket = parts.first, !bucket.isEmpty, parts.count > 1 else {
      throw PostgresError(sqlState: "58030", message: "expected s3://bucket/key, found \(url)")
    }
    guard !parts.contains(".."), !parts.contains("."), !rest.utf8.contains(0) else {
      throw PostgresError(sqlState: "58030", message: "\(url) leads out of the folder that stands for s3://")
    }
    return root + "/" + parts.joined(separator: "/")
  }

  /// The objects whose keys begin with a prefix, in the order of their names: path and URL.
  func objects(withPrefix url: String) throws(PostgresError) -> [(path: String, url: String)] {
    let prefix = try path(of: url)
    guard let slash = prefix.lastIndex(of: "/") else { return [] }
    let folder = String(prefix[..<slash])
    let start = String(prefix[prefix.index(after: slash)...])
    guard let bucketStart = root.map({ $0.utf8.count + 1 }) else { return [] }
    var found: [(path: String, url: String)] = []
    func walk(_ folder: String, _ start: String, _ depth: Int) {
      for name in Files.entries(of: folder).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where name.hasPrefix(start) {
        let path = folder + "/" + name
        if Files.isFolder(path) {
          if depth < 32 { walk(path, "", depth + 1) }
        } else {
          found.append((path, "s3://" + String(decoding: path.utf8.dropFirst(bucketStart), as: UTF8.self)))
        }
      }
    }
    walk(folder, start, 0)
    return found
  }
}
