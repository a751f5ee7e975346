import Foundation
import JSONTypes
import StatesLanguage
import StatesRuntime
import Testing

@testable import TaskActions

@Suite struct S3Tests {
  private func requested(_ target: AWSClientSettings.Target, bucket: String, key: String) async throws -> HTTPRequest? {
    let transport = ScriptedTransport(answer())
    let settings = AWSClientSettings(
      targets: [.s3: target], credentials: FixedCredentials(AWSCredentials(accessKeyID: "a", secretAccessKey: "b")))
    _ = try await S3Client(settings: settings, transport: transport).getObject(bucket: bucket, key: key, maximumBytes: 100)
    return transport.requests.first
  }

  @Test func addressesObjects() async throws {
    let aws = AWSClientSettings.Target.aws(url: "https://s3.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .flag)
    let local = AWSClientSettings.Target.endpoint(url: "http://127.0.0.1:9000", region: "us-east-1", namedBy: .flag)
    let virtual = try await requested(aws, bucket: "data", key: "a/ü +.sql")
    #expect(virtual?.url == "https://data.s3.eu-west-1.amazonaws.com/a/%C3%BC%20%2B.sql")
    #expect(virtual?.headers["X-Amz-Content-SHA256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(virtual?.headers["Authorization"]?.contains("/eu-west-1/s3/aws4_request") == true)
    #expect(try await requested(aws, bucket: "data.example", key: "k")?.url == "https://s3.eu-west-1.amazonaws.com/data.example/k")
    #expect(try await requested(local, bucket: "data", key: "k")?.url == "http://127.0.0.1:9000/data/k")
    await #expect(throws: AWSCallError.self) { try await requested(local, bucket: "../x", key: "k") }
  }

  @Test func followsABucketToItsRegion() async throws {
    let transport = ScriptedTransport(
      { _ in HTTPResponse(status: 301, headers: ["x-amz-bucket-region": "ap-south-1"]) }, { _ in HTTPResponse(status: 200, body: [1]) })
    let target = AWSClientSettings.Target.aws(url: "https://s3.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .flag)
    let settings = AWSClientSettings(
      targets: [.s3: target], credentials: FixedCredentials(AWSCredentials(accessKeyID: "a", secretAccessKey: "b")))
    let client = S3Client(settings: settings, transport: transport)
    #expect(try await client.getObject(bucket: "data", key: "k", maximumBytes: 9).body == [1])
    #expect(transport.requests.last?.url == "https://data.s3.ap-south-1.amazonaws.com/k")
    #expect(transport.requests.last?.headers["Authorization"]?.contains("/ap-south-1/s3/") == true)

    let evil = ScriptedTransport({ _ in HTTPResponse(status: 301, headers: ["x-amz-bucket-region": "evil.example/"]) })
    await #expect(throws: AWSCallError.self) {
      try await S3Client(settings: settings, transport: evil).getObject(bucket: "data", key: "k", maximumBytes: 9)
    }
    #expect(evil.requests.count == 1)
  }

  @Test func readsErrorDocuments() {
    let document =
      "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The key &lt;a&amp;b&gt; &#233;&#x20AC; &bogus; is not here.</Message><RequestId>R1</RequestId><HostId>H1</HostId></Error>"
    let error = s3Error(HTTPResponse(status: 404, body: Array(document.utf8)), bucket: "b", region: "us-east-1")
    #expect(error.code == "NoSuchKey")
    #expect(error.cause == "The key <a&b> é€ &bogus; is not here. (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: H1)")
    let moved = s3Error(HTTPResponse(status: 301, headers: ["x-amz-bucket-region": "eu-west-1"]), bucket: "b", region: "us-east-1")
    #expect(moved.code == "PermanentRedirect")
    #expect(moved.message.hasSuffix("The bucket b is in eu-west-1, the request was for us-east-1."))
    #expect(s3Error(HTTPResponse(status: 403, body: Array("<Code>".utf8)), bucket: "b", region: "r").code == "AccessDenied")
  }

  @Test func getObjectGivesHeadersAndText() async throws {
    let bench = Bench(
      ScriptedTransport({ _ in
        HTTPResponse(
          status: 200,
          headers: [
            "Accept-Ranges": "bytes", "Content-Length": "9", "Content-Type": "text/plain", "ETag": "\"e\"",
            "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT",
            "x-amz-server-side-encryption": "AES256", "x-amz-meta-Owner": "me", "x-amz-storage-class": "STANDARD_IA",
          ], body: Array("text data".utf8))
      }))
    let result = try await bench.run(
      "getObject", ["Bucket": "bucket", "Key": "k", "VersionId": "v 1", "Range": "bytes=0-8", "IfModifiedSince": "2026-11-22T12:00:00Z"])
    #expect(
      result.jsonText
        == #"{"AcceptRanges":"bytes","ContentLength":9,"ContentType":"text/plain","ETag":"\"e\"","LastModified":"2026-11-22T12:00:00Z","ServerSideEncryption":"AES256","StorageClass":"STANDARD_IA","Metadata":{"owner":"me"},"Body":"text data"}"#
    )
    let request = try #require(bench.transport.requests.first)
    #expect(request.url == "http://127.0.0.1:8085/bucket/k?versionId=v%201")
    #expect(request.headers["Range"] == "bytes=0-8")
    #expect(request.headers["If-Modified-Since"] == "Sun, 22 Nov 2026 12:00:00 GMT")
  }

  @Test(arguments: [
    (404, "NoSuchKey", "S3.NoSuchKeyException"), (404, "NoSuchBucket", "S3.NoSuchBucketException"), (403, "AccessDenied", "S3.S3Exception"),
  ]) func failsAsAWSDoes(_ status: Int, _ code: String, _ error: String) async {
    let bench = Bench(
      ScriptedTransport({ _ in
        HTTPResponse(
          status: status, headers: ["x-amz-request-id": "R", "x-amz-id-2": "H"],
          body: Array("<Error><Code>\(code)</Code><Message>Why.</Message></Error>".utf8))
      }))
    let expected = TaskFailure(error: error, cause: "Why. (Service: S3, Status Code: \(status), Request ID: R, Extended Request ID: H)")
    #expect(await bench.failure("getObject", ["Bucket": "bucket", "Key": "k"]) == expected)
  }

  @Test func aMappedFolderServesObjects() async throws {
    let folder = try TemporaryFolder()
    try folder.write("bucket/dir/a.txt", "hello")
    let bench = Bench(ScriptedTransport(answer()), mapping: S3Mapping(folder: folder.path))
    let result = try await bench.run("getObject", ["Bucket": "bucket", "Key": "dir/a.txt"])
    #expect(result["Body"] == "hello")
    #expect(result["ContentLength"] == 5)
    #expect(result["ETag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
    #expect(result["LastModified"]?.asString?.hasSuffix("Z") == true)
    #expect(await bench.failure("getObject", ["Bucket": "bucket", "Key": "b"])?.error == "S3.NoSuchKeyException")
    #expect(await bench.failure("getObject", ["Bucket": "other", "Key": "b"])?.error == "S3.NoSuchBucketException")
    #expect(bench.transport.requests.isEmpty)
  }

  /// What a distributed Map asks of a mapped folder.
  @Test func aMappedFolderListsAndWrites() async throws {
    let folder = try TemporaryFolder()
    for name in ["a/1", "a-b", "a/2/x", "b", "a.c"] { try folder.write("bucket/\(name)", name) }
    try folder.write("outside", "x")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/bucket/link", withDestinationPath: "/etc")
    let mapping = S3Mapping(folder: folder.path)
    let store = S3Objects(mapping: mapping, client: S3Client(settings: AWSClientSettings(localEndpoint: "", for: []), transport: ScriptedTransport(answer())))
    let all = try await store.objects(bucket: "bucket", prefix: "", after: nil)
    #expect(all.objects.map(\.key) == ["a-b", "a.c", "a/1", "a/2/x", "b"] && all.nextToken == nil)
    #expect(all.objects[0].sizeInBytes == 3 && all.objects[0].etag == "\"8ca2ed590cf2ea2404f2e67641bcdf50\"")
    #expect(try await store.objects(bucket: "bucket", prefix: "a/", after: "a/1").objects.map(\.key) == ["a/2/x"])
    #expect(try await store.objects(bucket: "bucket", prefix: "none", after: nil).objects.isEmpty)
    await #expect(throws: ObjectStoreError.self) { try await store.objects(bucket: "other", prefix: "", after: nil) }

    try await store.write(Array("one".utf8), bucket: "new-bucket", key: "p/q/r.json")
    try await store.write(Array("two".utf8), bucket: "new-bucket", key: "p/q/r.json")
    #expect(try await store.object(bucket: "new-bucket", key: "p/q/r.json", versionID: nil, maximumBytes: 10) == Array("two".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new-bucket/p/q") == ["r.json"])
    for (bucket, key) in [("bucket", "../x"), ("..", "x"), ("bucket", "link/x"), ("bucket", ""), ("bucket", "a//b"), ("bucket", "b/c")] {
      await #expect(throws: ObjectStoreError.self, "\(bucket) \(key)") { try await store.write([1], bucket: bucket, key: key) }
    }
  }

  /// What COPY and UNLOAD ask: whole objects in ranges, and a bucket in its own region only.
  @Test func readsInRangesAndRemoves() async throws {
    let first = [UInt8](repeating: 1, count: S3Client.rangeBytes)
    let size = S3Client.rangeBytes + 2
    let transport = ScriptedTransport(
      { _ in HTTPResponse(status: 206, headers: ["Content-Range": "bytes 0-\(S3Client.rangeBytes - 1)/\(size)", "ETag": "\"e\""], body: first) },
      { _ in HTTPResponse(status: 206, headers: ["Content-Range": "bytes \(S3Client.rangeBytes)-\(size - 1)/\(size)"], body: [2, 3]) },
      { _ in HTTPResponse(status: 416, body: Array("<Error><Code>InvalidRange</Code></Error>".utf8)) },
      { _ in HTTPResponse(status: 200, body: [7]) }, { _ in HTTPResponse(status: 204) },
      { _ in HTTPResponse(status: 301, headers: ["x-amz-bucket-region": "eu-central-1"]) }, { _ in HTTPResponse(status: 200, body: [1, 2, 3]) })
    let target = AWSClientSettings.Target.aws(url: "https://s3.eu-west-1.amazonaws.com", region: "eu-west-1", namedBy: .flag)
    let client = S3Client(
      settings: AWSClientSettings(targets: [.s3: target], credentials: FixedCredentials(AWSCredentials(accessKeyID: "a", secretAccessKey: "b"))), transport: transport)
    #expect(try await client.readObject(bucket: "data", key: "k", region: .own, maximumBytes: 1 << 30) == first + [2, 3])
    #expect(transport.requests[1].headers["Range"] == "bytes=\(S3Client.rangeBytes)-\(2 * S3Client.rangeBytes - 1)" && transport.requests[1].headers["If-Match"] == "\"e\"")
    #expect(try await client.readObject(bucket: "data", key: "empty", maximumBytes: 9).isEmpty)
    #expect(try await client.readObject(bucket: "data", key: "whole", region: .named("ap-south-1"), maximumBytes: 9) == [7])
    #expect(transport.requests.last?.url == "https://data.s3.ap-south-1.amazonaws.com/whole")
    #expect(transport.requests.last?.headers["Authorization"]?.contains("/ap-south-1/s3/") == true)
    try await client.deleteObject(bucket: "data", key: "a b")
    #expect(transport.requests.last.map { "\($0.method) \($0.url)" } == "DELETE https://data.s3.eu-west-1.amazonaws.com/a%20b")
    let before = transport.requests.count
    await #expect(throws: AWSCallError.self) { try await client.readObject(bucket: "data", key: "k", region: .own, maximumBytes: 9) }
    #expect(transport.requests.count == before + 1)
    await #expect(throws: AWSCallError.unusable("s3://data/k is larger than 2 bytes")) { try await client.readObject(bucket: "data", key: "k", maximumBytes: 2) }
    await #expect(throws: AWSCallError.self) { try await client.deleteObject(bucket: "data", key: "k", region: .named("evil.example/")) }
  }

  @Test func listsAndWritesOverHTTP() async throws {
    let list = """
      <ListBucketResult><Name>data</Name><Contents><Key>a&amp;b</Key><LastModified>2026-11-22T12:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size>\
      <StorageClass>GLACIER</StorageClass></Contents><Contents><Key>c</Key><Size>0</Size></Contents><NextContinuationToken>t+=</NextContinuationToken></ListBucketResult>
      """
    let transport = ScriptedTransport({ _ in HTTPResponse(status: 200, body: Array(list.utf8)) }, answer())
    let store = S3Objects(mapping: nil, client: S3Client(settings: AWSClientSettings(localEndpoint: "http://localhost:1", for: [.s3]), transport: transport))
    let page = try await store.objects(bucket: "data", prefix: "p/ä", after: "x y")
    #expect(page.objects.map(\.key) == ["a&b", "c"] && page.nextToken == "t+=")
    #expect(page.objects[0] == StoredObject(key: "a&b", sizeInBytes: 7, lastModified: Timestamp(microseconds: 1_795_348_800_000_000), etag: "\"e\"", storageClass: "GLACIER"))
    try await store.write([1, 2], bucket: "data", key: "a b/c")
    #expect(transport.requests.map { "\($0.method) \($0.url)" } == [
      "GET http://localhost:1/data/?continuation-token=x%20y&list-type=2&prefix=p%2F%C3%A4", "PUT http://localhost:1/data/a%20b/c",
    ])
    #expect(transport.requests[1].body == [1, 2])
  }

  @Test func aMappedFolderIsNotLeft() async throws {
    let folder = try TemporaryFolder()
    try folder.write("root/bucket/a.txt", "in")
    try folder.write("secret.txt", "out")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/root/bucket/link", withDestinationPath: folder.path + "/secret.txt")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/root/bucket/inner", withDestinationPath: "a.txt")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/root/outer", withDestinationPath: folder.path)
    let mapping = S3Mapping(folder: folder.path + "/root")
    #expect(try mapping.object(bucket: "bucket", key: "inner", maximumBytes: 10).bytes == Array("in".utf8))
    for (bucket, key) in [
      ("bucket", "link"), ("bucket", "../../secret.txt"), ("bucket", "x/../a.txt"), ("bucket", "./a.txt"), ("bucket", "/a.txt"),
      ("bucket", ""),
      ("..", "secret.txt"), ("outer", "secret.txt"), ("bucket", "a\0.txt"), ("a/b", "c"), ("bucket/..", "x"),
    ] {
      let error = #expect(throws: AWSCallError.self, "\(bucket) \(key)") { try mapping.object(bucket: bucket, key: key, maximumBytes: 10) }
      if case .unusable = error {} else { Issue.record("\(bucket) \(key): \(String(describing: error))") }
    }
    #expect(throws: AWSCallError.self) { try mapping.object(bucket: "bucket", key: "a.txt", maximumBytes: 1) }
  }

  @Test(arguments: [("s3://b/k", "b", "k"), ("s3://bucket/a/b.sql", "bucket", "a/b.sql"), ("s3://b//k", "b", "/k")])
  func readsAddresses(_ text: String, _ bucket: String, _ key: String) {
    #expect(S3Address(text)?.bucket == bucket)
    #expect(S3Address(text)?.key == key)
  }

  @Test(arguments: ["", "s3://", "s3://b", "s3://b/", "s3:///k", "http://b/k", "/b/k"]) func refusesOthers(_ text: String) {
    #expect(S3Address(text) == nil)
  }

  // MARK: Conditions and ranges of mapped files

  struct MappedRow: Sendable, CustomTestStringConvertible {
    var name: String
    var parameters: JSONObject
    var body: String?
    var members: JSONObject = [:]
    var error: String?
    var testDescription: String { name }
  }

  /// The file has the ten bytes `0123456789` and was changed on 2026-01-02 03:04:05.
  static let mappedRows: [MappedRow] = [
    MappedRow(name: "plain", parameters: [:], body: "0123456789", members: ["ContentLength": 10, "ContentType": "binary/octet-stream"]),
    MappedRow(name: "range", parameters: ["Range": "bytes=2-4"], body: "234", members: ["ContentLength": 3, "ContentRange": "bytes 2-4/10"]),
    MappedRow(name: "open range", parameters: ["Range": "bytes=7-"], body: "789", members: ["ContentRange": "bytes 7-9/10"]),
    MappedRow(name: "last bytes", parameters: ["Range": "bytes=-3"], body: "789"),
    MappedRow(name: "range past the end", parameters: ["Range": "bytes=8-9223372036854775807"], body: "89"),
    MappedRow(name: "range behind the end", parameters: ["Range": "bytes=10-"], error: "S3.S3Exception The requested range is not satisfiable"),
    MappedRow(name: "no range", parameters: ["Range": "lines=1"], body: "0123456789"),
    MappedRow(name: "another type", parameters: ["ResponseContentType": "text/plain"], body: "0123456789", members: ["ContentType": "text/plain"]),
    MappedRow(name: "tag", parameters: ["IfMatch": "\"781e5e245d69b566979b86e28d23f2c7\""], body: "0123456789"),
    MappedRow(name: "another tag", parameters: ["IfMatch": "\"x\""], error: "S3.S3Exception At least one of the pre-conditions"),
    MappedRow(name: "not this tag", parameters: ["IfNoneMatch": "*"], error: "S3.S3Exception Not Modified"),
    MappedRow(name: "changed since", parameters: ["IfModifiedSince": "2026-01-02T03:04:04Z"], body: "0123456789"),
    MappedRow(name: "not changed since", parameters: ["IfModifiedSince": "2026-01-02T03:04:05Z"], error: "S3.S3Exception Not Modified"),
    MappedRow(name: "changed too late", parameters: ["IfUnmodifiedSince": "2026-01-01T00:00:00Z"], error: "S3.S3Exception At least one"),
    MappedRow(name: "the only version", parameters: ["VersionId": "null"], body: "0123456789"),
    MappedRow(name: "another version", parameters: ["VersionId": "3"], error: "S3.S3Exception The specified version does not exist"),
    MappedRow(name: "first part", parameters: ["PartNumber": 1], body: "0123456789"),
    MappedRow(name: "second part", parameters: ["PartNumber": 2], error: "S3.S3Exception The requested partnumber"),
  ]

  @Test(arguments: mappedRows) func aMappedFileAnswersAsS3Does(_ row: MappedRow) async throws {
    let folder = try TemporaryFolder()
    try folder.write("data/k.txt", "0123456789")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_767_323_045)], ofItemAtPath: folder.path + "/data/k.txt")
    let bench = Bench(ScriptedTransport(), mapping: S3Mapping(folder: folder.path))
    var input: JSONObject = ["Bucket": "data", "Key": "k.txt"]
    for (name, value) in row.parameters { input[name] = value }
    do throws(TaskFailure) {
      let result = try await bench.run("getObject", .object(input))
      #expect(result["Body"]?.asString == row.body)
      for (name, value) in row.members { #expect(result[name] == value) }
    } catch {
      #expect("\(error.error) \(error.cause ?? "")".hasPrefix(row.error ?? "no error"), "\(error)")
    }
    #expect(bench.transport.requests.isEmpty)
  }
}
