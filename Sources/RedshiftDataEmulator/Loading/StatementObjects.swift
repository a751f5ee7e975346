/// Objects as one COPY or UNLOAD sees them: a cancellation of the statement ends the request that is under way, and failures come in Redshift's
/// words.
struct StatementObjects: Sendable {
  /// Nil when nothing says where `s3://` is.
  let objects: (any RedshiftObjects)?
  let control: RunControl
  /// What Redshift's report of an error names.
  let query: Int

  /// The most objects that one prefix may have.
  static let maximumObjects = 100_000
  /// Redshift's number for what went wrong within it, as with S3.
  static let internalError = 8001

  func keys(of address: ObjectAddress, region: String?) async throws(PostgresError) -> [String] {
    var keys: [String] = []
    var token: String?
    repeat {
      let start = token
      let page = try await call(listing(address)) { (objects) throws(ObjectFailure) in
        try await objects.page(of: ObjectBucket(name: address.bucket, region: region), prefix: address.key, after: start)
      }
      keys += page.keys
      guard keys.count <= Self.maximumObjects else {
        throw PostgresError(sqlState: "54000", message: "more than \(Self.maximumObjects) objects begin with \(address.url)")
      }
      token = page.nextToken
    } while token != nil
    return keys
  }

  /// Whether no object begins so, where UNLOAD may write.
  func isFree(_ address: ObjectAddress, region: String?) async throws(PostgresError) -> Bool {
    try await call(listing(address)) { (objects) throws(ObjectFailure) in
      do throws(ObjectFailure) {
        return try await objects.page(of: ObjectBucket(name: address.bucket, region: region), prefix: address.key, after: nil).keys.isEmpty
      } catch {
        guard case .refused(code: "NoSuchBucket", _, _, _) = error.cause, objects.makesBuckets else { throw error }
        return true
      }
    }
  }

  /// - Parameter prefix: what comes before the words of an error.
  func read(_ address: ObjectAddress, region: String?, maximumBytes: Int, prefix: String = "") async throws(PostgresError) -> [UInt8] {
    try await call("S3 key being read : \(address.url)", prefix: prefix) { (objects) throws(ObjectFailure) in
      try await objects.read(address.key, in: ObjectBucket(name: address.bucket, region: region), maximumBytes: maximumBytes)
    }
  }

  /// Nil when there is no such object.
  func readIfThere(_ address: ObjectAddress, region: String?, maximumBytes: Int) async throws(PostgresError) -> [UInt8]? {
    try await call("S3 key being read : \(address.url)") { (objects) throws(ObjectFailure) in
      do throws(ObjectFailure) {
        return try await objects.read(address.key, in: ObjectBucket(name: address.bucket, region: region), maximumBytes: maximumBytes)
      } catch {
        guard case .refused(code: "NoSuchKey", _, _, _) = error.cause else { throw error }
        return nil
      }
    }
  }

  func write(_ bytes: [UInt8], to address: ObjectAddress, region: String?) async throws(PostgresError) {
    try await call("S3 key being written : \(address.url)") { (objects) throws(ObjectFailure) in
      try await objects.write(bytes, to: address.key, in: ObjectBucket(name: address.bucket, region: region))
    }
  }

  func remove(_ address: ObjectAddress, region: String?) async throws(PostgresError) {
    try await call("S3 key being deleted : \(address.url)") { (objects) throws(ObjectFailure) in
      try await objects.remove(address.key, from: ObjectBucket(name: address.bucket, region: region))
    }
  }

  func missingPrefix(_ address: ObjectAddress) -> PostgresError {
    failed("The specified S3 prefix '\(address.key)' does not exist", context: listing(address))
  }

  func notEmpty(_ address: ObjectAddress) -> PostgresError {
    failed(
      "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.",
      context: listing(address))
  }

  /// An error of what runs within Redshift, with its report.
  func failed(_ message: String, context: String) -> PostgresError {
    let line = String(repeating: "-", count: 47)
    let report = """
        \(line)
        error:  \(message)
        code:      \(Self.internalError)
        context:   \(context)
        query:     \(query)
        location:  \(objects?.place ?? "no place")
        process:   sfn-local [pid=\(control.backendPid)]
        \(line)
      """
    return PostgresError(sqlState: "XX000", message: message, report: report)
  }

  private func listing(_ address: ObjectAddress) -> String { "Listing bucket=\(address.bucket) prefix=\(address.key)" }

  private func call<Value: Sendable>(
    _ context: String, prefix: String = "", _ work: @escaping @Sendable (any RedshiftObjects) async throws(ObjectFailure) -> Value
  ) async throws(PostgresError) -> Value {
    guard let objects else {
      throw PostgresError(
        sqlState: "58030", message: "nothing says where s3:// is: give a folder with --s3-root DIR, or S3 with --s3 URL or --s3 aws")
    }
    let outcome: Result<Value, ObjectFailure> = await control.whileCancellable {
      do throws(ObjectFailure) { return .success(try await work(objects)) } catch { return .failure(error) }
    }
    switch outcome {
    case .success(let value): return value
    case .failure(let failure):
      var context = context
      if case .otherRegion(let region?, _, _, _) = failure.cause { context += ", the bucket is in \(region)" }
      throw failed(prefix + failure.redshiftText, context: context)
    }
  }
}
