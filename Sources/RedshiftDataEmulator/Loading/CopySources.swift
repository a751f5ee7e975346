import JSONTypes

/// The objects that a COPY loads: those with a prefix, or those of a manifest.
struct CopySources: Sendable {
  let command: CopyCommand
  let objects: StatementObjects

  struct Source: Sendable {
    var address: ObjectAddress
    /// False for an entry of a manifest that is passed by when its object is missing.
    var isMandatory = true
  }

  func sources() async throws(PostgresError) -> [Source] {
    let source = try ObjectAddress(command.source)
    guard command.isManifest else {
      let found = try await objects.keys(of: source, region: command.region).map { Source(address: ObjectAddress(bucket: source.bucket, key: $0)) }
      guard !found.isEmpty else { throw objects.missingPrefix(source) }
      return found
    }
    return try await entries(of: source)
  }

  private func entries(of manifest: ObjectAddress) async throws(PostgresError) -> [Source] {
    let text = try await objects.read(
      manifest, region: command.region, maximumBytes: LoadLimits.listBytes, prefix: "Problem reading manifest file - ")
    let list: JSONValue
    do throws(JSONSyntaxError) { list = try JSONValue(parsing: text) } catch { throw unreadable(manifest, "\(error)") }
    guard let entries = list["entries"]?.asArray else { throw unreadable(manifest, "expected an object with \"entries\"") }
    var found: [Source] = []
    for (number, entry) in entries.enumerated() {
      guard let url = entry["url"]?.asString else { throw unreadable(manifest, "entry \(number + 1) has no \"url\"") }
      found.append(Source(address: try ObjectAddress(url), isMandatory: entry["mandatory"] == true))
    }
    return found
  }

  private func unreadable(_ manifest: ObjectAddress, _ reason: String) -> PostgresError {
    objects.failed("Problem reading manifest file - \(reason)", context: "S3 manifest being read : \(manifest.url)")
  }
}

/// What a jsonpaths file says.
struct DocumentPaths: Sendable {
  let command: CopyCommand
  let objects: StatementObjects

  /// One for each column; nil where the columns' names say it.
  func paths(for columns: [LoadColumn]) async throws(PostgresError) -> [DocumentPath]? {
    guard case .json(.paths(let url)) = command.format else { return nil }
    let text = try await objects.read(try ObjectAddress(url), region: command.region, maximumBytes: LoadLimits.listBytes)
    let file: JSONValue
    do throws(JSONSyntaxError) { file = try JSONValue(parsing: text) } catch {
      throw PostgresError(sqlState: "XX000", message: "\(url) is no jsonpaths file: \(error)")
    }
    guard file.asObject != nil else { throw PostgresError(sqlState: "XX000", message: "\(url) is no jsonpaths file: expected an object with \"jsonpaths\"") }
    // Redshift passes by a file without that member.
    guard let list = file["jsonpaths"]?.asArray else { return nil }
    var paths: [DocumentPath] = []
    for (number, element) in list.enumerated() {
      guard let text = element.asString, let path = DocumentPath(text) else {
        throw PostgresError(
          sqlState: "XX000",
          message: "Invalid JSONPath format: \(element.asString ?? element.jsonText) (path \(number + 1) of \(url)); expected $.a.b or $['a'][0]")
      }
      paths.append(path)
    }
    guard paths.count == columns.count else {
      throw PostgresError(
        sqlState: "XX000",
        message:
          "Number of jsonpaths and the number of columns should match. JSONPath size: \(paths.count), Number of columns in table or column list: \(columns.count)"
      )
    }
    return paths
  }
}
