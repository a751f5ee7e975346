import Foundation
import Synchronization
import TaskActions
import TestSupport

/// A small S3 on loopback: lists in pages, reads with ranges, writes and removes, and checks each signature.
///
/// The bucket `denied` refuses, `elsewhere` is in eu-central-1; others exist once something is put into them.
final class S3StandIn: Sendable {
  static let accessKey = "AKIDEXAMPLE"
  static let secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  static let environment = ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_MAX_ATTEMPTS": "1"]

  private struct State {
    var buckets: [String: [String: [UInt8]]] = ["elsewhere": ["x": Array("1\n".utf8)]]
    var requests: [String] = []
    var badSignatures = 0
  }
  private final class Kept: Sendable {
    let state = Mutex(State())
  }

  private let kept: Kept
  private let server: SocketServer
  var url: String { server.url }

  /// - Parameter pageSize: keys of one page of a list.
  init(pageSize: Int = 2) {
    let kept = Kept()
    self.kept = kept
    server = SocketServer { connection, _ in
      while let (head, body) = connection.readMessage() {
        guard let request = Request(head: head, body: body) else { return }
        let answer = Self.answer(request, kept, pageSize)
        connection.write(
          Array("HTTP/1.1 \(answer.status) Status\r\n\(answer.headers.map { "\($0.key): \($0.value)\r\n" }.joined())Content-Length: \(answer.body.count)\r\n\r\n".utf8) + answer.body)
      }
    }
  }

  func put(_ text: String, _ bucket: String, _ key: String) { kept.state.withLock { $0.buckets[bucket, default: [:]][key] = Array(text.utf8) } }
  func text(_ bucket: String, _ key: String) -> String? { bytes(bucket, key).map { String(decoding: $0, as: UTF8.self) } }
  func bytes(_ bucket: String, _ key: String) -> [UInt8]? { kept.state.withLock { $0.buckets[bucket]?[key] } }
  func keys(_ bucket: String) -> [String] { kept.state.withLock { $0.buckets[bucket]?.keys.sorted() ?? [] } }
  /// Method and path, with the query.
  var requests: [String] { kept.state.withLock { $0.requests } }
  var badSignatures: Int { kept.state.withLock { $0.badSignatures } }

  private struct Request {
    var method: String
    var target: String
    var headers: [String: String] = [:]
    var body: [UInt8]

    init?(head: String, body: [UInt8]) {
      let lines = head.components(separatedBy: "\r\n")
      let words = lines[0].split(separator: " ")
      guard words.count == 3 else { return nil }
      (method, target) = (String(words[0]), String(words[1]))
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
      self.body = body
    }

    var path: String { String(target.prefix { $0 != "?" }).removingPercentEncoding ?? "" }
    func query(_ name: String) -> String? {
      for item in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") where item.hasPrefix(name + "=") {
        return String(item.dropFirst(name.count + 1)).removingPercentEncoding
      }
      return nil
    }
    /// What the signature says of the region.
    var region: String { headers["authorization"]?.split(separator: "/").dropFirst(2).first.map(String.init) ?? "" }

    /// Of `20261122T120000Z`.
    private static func moment(_ text: String) -> WallTime? {
      let digits = Array(text)
      guard digits.count == 16 else { return nil }
      let written = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))T\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))Z"
      guard let date = try? Date(written, strategy: .iso8601) else { return nil }
      return WallTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970))
    }

    /// Whether the signature is the secret's, for what came over the wire.
    var isSigned: Bool {
      guard let authorization = headers["authorization"], let date = headers["x-amz-date"], let time = Self.moment(date), let host = headers["host"],
        let names = authorization.firstRange(of: "SignedHeaders=").map({ authorization[$0.upperBound...].prefix { $0 != "," } })
      else { return false }
      var request = HTTPRequest(method: method, url: "http://\(host)\(target)", body: body)
      for name in names.split(separator: ";") where name != "host" { request.headers[String(name)] = headers[String(name)] }
      let credentials = AWSCredentials(accessKeyID: S3StandIn.accessKey, secretAccessKey: S3StandIn.secretKey)
      return RequestSigner(region: region, service: "s3").sign(request, with: credentials, at: time).request.headers["Authorization"] == authorization
    }
  }

  private typealias Answer = (status: Int, headers: [String: String], body: [UInt8])

  private static func answer(_ request: Request, _ kept: Kept, _ pageSize: Int) -> Answer {
    kept.state.withLock { state in
      state.requests.append("\(request.method) \(request.target)")
      guard request.isSigned else {
        state.badSignatures += 1
        return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
      }
      let parts = request.path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let (bucket, key) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      if bucket == "denied" { return refusal(403, "AccessDenied", "Access Denied") }
      if bucket == "elsewhere", request.region != "eu-central-1" {
        return refusal(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.", region: "eu-central-1")
      }
      guard let objects = state.buckets[bucket] else { return refusal(404, "NoSuchBucket", "The specified bucket does not exist") }
      switch request.method {
      case "GET" where key.isEmpty: return list(objects, request, pageSize)
      case "GET":
        guard let bytes = objects[key] else { return refusal(404, "NoSuchKey", "The specified key does not exist.") }
        return part(of: bytes, request)
      case "PUT":
        state.buckets[bucket]?[key] = request.body
        return (200, ["ETag": "\"e\""], [])
      case "DELETE":
        state.buckets[bucket]?[key] = nil
        return (204, [:], [])
      default: return refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
      }
    }
  }

  private static func part(of bytes: [UInt8], _ request: Request) -> Answer {
    guard let range = request.headers["range"] else { return (200, [:], bytes) }
    let numbers = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] < bytes.count else { return refusal(416, "InvalidRange", "The requested range is not satisfiable") }
    let last = min(numbers[1], bytes.count - 1)
    return (206, ["Content-Range": "bytes \(numbers[0])-\(last)/\(bytes.count)", "ETag": "\"e\""], Array(bytes[numbers[0]...last]))
  }

  private static func list(_ objects: [String: [UInt8]], _ request: Request, _ pageSize: Int) -> Answer {
    let prefix = request.query("prefix") ?? ""
    var keys = objects.keys.filter { $0.hasPrefix(prefix) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let token = request.query("continuation-token") { keys.removeAll { !token.utf8.lexicographicallyPrecedes($0.utf8) } }
    func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;") }
    let page = keys.prefix(pageSize)
    let contents = page.map { "<Contents><Key>\(escaped($0))</Key><Size>\(objects[$0]?.count ?? 0)</Size></Contents>" }.joined()
    let next = keys.count > page.count ? "<NextContinuationToken>\(escaped(page.last ?? ""))</NextContinuationToken>" : ""
    return (200, [:], Array("<?xml version=\"1.0\"?><ListBucketResult>\(contents)\(next)</ListBucketResult>".utf8))
  }

  private static func refusal(_ status: Int, _ code: String, _ message: String, region: String? = nil) -> Answer {
    let text = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>\(message)</Message><RequestId>RID1</RequestId><HostId>HID1</HostId></Error>"
    return (status, region.map { ["x-amz-bucket-region": $0] } ?? [:], Array(text.utf8))
  }
}
