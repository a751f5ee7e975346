/// Where `s3://` is: the objects that COPY reads and UNLOAD writes. A folder is one such place; a program may inject another, such as S3.
package protocol RedshiftObjects: Sendable {
  /// For messages: `the folder /data/s3`, `http://127.0.0.1:9000`.
  var place: String { get }
  /// Whether writing an object makes the bucket that is missing.
  var makesBuckets: Bool { get }

  /// One page of the objects whose keys begin with a prefix, in the order of their bytes.
  ///
  /// - Parameter token: what the page before named as next; nil asks for the first page.
  func page(of bucket: ObjectBucket, prefix: String, after token: String?) async throws(ObjectFailure) -> ObjectPage

  /// A whole object.
  ///
  /// - Throws: `ObjectFailure`, also when it has more than `maximumBytes`.
  func read(_ key: String, in bucket: ObjectBucket, maximumBytes: Int) async throws(ObjectFailure) -> [UInt8]

  /// Writes an object, in place of an earlier one.
  func write(_ bytes: [UInt8], to key: String, in bucket: ObjectBucket) async throws(ObjectFailure)

  /// Removes an object; one that is not there is no failure.
  func remove(_ key: String, from bucket: ObjectBucket) async throws(ObjectFailure)
}

package struct ObjectBucket: Hashable, Sendable {
  package var name: String
  /// What the statement's REGION says.
  package var region: String?

  package init(name: String, region: String? = nil) {
    self.name = name
    self.region = region
  }
}

package struct ObjectPage: Sendable {
  package var keys: [String]
  /// Names the next page; nil for the last one.
  package var nextToken: String?

  package init(keys: [String], nextToken: String? = nil) {
    self.keys = keys
    self.nextToken = nextToken
  }
}

/// Why something could not be done with objects.
package struct ObjectFailure: Error, Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// S3, or what stands for it, refused: its code, such as `NoSuchKey`, the status of its answer, and the ids of the request.
    case refused(code: String, status: Int, requestID: String = "", extendedRequestID: String = "")
    /// The bucket is in another region than the request was for.
    case otherRegion(bucketRegion: String?, status: Int, requestID: String = "", extendedRequestID: String = "")
    /// No answer; libcurl's number for the reason.
    case unanswered(curlError: Int)
    /// Something else, which the message says.
    case unusable
  }

  package var cause: Cause
  /// A sentence: S3's own when it refused.
  package var message: String

  package init(_ cause: Cause, _ message: String) {
    self.cause = cause
    self.message = message
  }

  /// In the words of Redshift's errors.
  var redshiftText: String {
    func service(_ message: String, _ code: String, _ status: Int, _ request: String, _ extended: String) -> String {
      "S3ServiceException:\(message),Status \(status),Error \(code),Rid \(request),ExtRid \(extended),CanRetry 1"
    }
    return switch cause {
    case .refused(let code, let status, let request, let extended): service(message, code, status, request, extended)
    case .otherRegion(_, let status, let request, let extended):
      service("The S3 bucket addressed by the query is in a different region from this cluster.", "PermanentRedirect", status, request, extended)
    case .unanswered(let number): "S3CurlException: \(message), CurlError \(number), multiCurlError 0, CanRetry 1, UserError 0"
    case .unusable: message
    }
  }
}

/// `s3://bucket/key`; the key of a prefix may be empty.
struct ObjectAddress: Hashable, Sendable {
  var bucket: String
  var key: String

  var url: String { "s3://\(bucket)/\(key)" }

  init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// - Throws: `PostgresError` for a text of another form.
  init(_ url: String) throws(PostgresError) {
    let rest = url.dropFirst("s3://".count)
    guard url.lowercased().hasPrefix("s3://"), let slash = rest.firstIndex(of: "/"), slash > rest.startIndex, !rest.utf8.contains(0) else {
      throw PostgresError(sqlState: "58030", message: "expected s3://bucket/key, found \(url)")
    }
    bucket = String(rest[..<slash])
    key = String(rest[rest.index(after: slash)...])
  }
}
