/// A mapped file as S3 answers GetObject: with conditions, ranges and overridden headers.
///
/// Source: Amazon Simple Storage Service API Reference, "GetObject"; RFC 9110, "Conditional Requests", "Range Requests".
extension S3Mapping {
  func answer(
    bucket: String, key: String, headers: HTTPHeaders, query: [(name: String, value: String)], maximumBytes: Int
  ) throws(AWSCallError) -> HTTPResponse {
    let asked = Dictionary(query.map { ($0.name, $0.value) }) { _, last in last }
    let (bytes, path) = try object(bucket: bucket, key: key, maximumBytes: maximumBytes)
    if let version = asked["versionId"], version != "null" {
      throw refused("NoSuchVersion", 404, "The specified version does not exist: a folder keeps one version of a file, \"null\"")
    }
    if headers["x-amz-server-side-encryption-customer-key"] != nil {
      throw refused("InvalidRequest", 400, "The encryption parameters are not applicable to this object.")
    }
    if let part = asked["partNumber"], part != "1" {
      throw refused("InvalidPartNumber", 416, "The requested partnumber is not satisfiable: a file is an object of one part")
    }
    let etag = "\"\(hexadecimal(md5(bytes)))\""
    let changed = modificationTime(path)
    try check(headers, etag: etag, changed: changed)

    var answer: HTTPHeaders = ["Accept-Ranges": "bytes", "Content-Type": "binary/octet-stream", "ETag": etag]
    if let changed { answer["Last-Modified"] = changed.httpDateText }
    for name in ["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires"] {
      if let value = asked["response-" + name.lowercased()] { answer[name] = value }
    }
    guard let text = headers["Range"], let range = try byteRange(text, of: bytes.count) else {
      answer["Content-Length"] = String(bytes.count)
      return HTTPResponse(status: 200, headers: answer, body: bytes)
    }
    answer["Content-Length"] = String(range.count)
    answer["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
    return HTTPResponse(status: 206, headers: answer, body: Array(bytes[range]))
  }

  /// A match of tags decides before the times do.
  private func check(_ headers: HTTPHeaders, etag: String, changed: WallTime?) throws(AWSCallError) {
    func names(_ text: String) -> Bool {
      text.split(separator: ",").contains { part in
        let tag = String(part.drop { $0 == " " }).replacing("\"", with: "")
        return tag == "*" || tag == etag.replacing("\"", with: "")
      }
    }
    let failed = refused("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
    let unchanged = refused("NotModified", 304, "Not Modified")
    if let tags = headers["If-Match"] {
      if !names(tags) { throw failed }
    } else if let time = headers["If-Unmodified-Since"].flatMap({ WallTime(httpDate: $0) }), let changed, changed > time {
      throw failed
    }
    if let tags = headers["If-None-Match"] {
      if names(tags) { throw unchanged }
    } else if let time = headers["If-Modified-Since"].flatMap({ WallTime(httpDate: $0) }), let changed, changed <= time {
      throw unchanged
    }
  }

  /// The bytes of `bytes=2-5`, `bytes=2-` or `bytes=-3`; nil for a text of another form, which counts for nothing.
  private func byteRange(_ text: String, of size: Int) throws(AWSCallError) -> Range<Int>? {
    guard text.hasPrefix("bytes=") else { return nil }
    let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let range: Range<Int>
    switch (Int(parts[0]), Int(parts[1])) {
    case (let first?, let last?) where first <= last: range = first < size ? first..<min(last, size - 1) + 1 : 0..<0
    case (let first?, nil) where parts[1].isEmpty: range = first < size ? first..<size : 0..<0
    case (nil, let count?) where parts[0].isEmpty: range = max(0, size - count)..<size
    default: return nil
    }
    guard !range.isEmpty else { throw refused("InvalidRange", 416, "The requested range is not satisfiable: \(text) of \(size) bytes") }
    return range
  }

  private func refused(_ code: String, _ status: Int, _ message: String) -> AWSCallError {
    .service(AWSServiceError(service: .s3, code: code, message: message, status: status, requestID: nil))
  }
}
