import AWSJSONServer
import Foundation
import Gzip
import JSONTypes
import Synchronization
import Testing

@testable import RedshiftDataEmulator

/// UNLOAD's options and what they write. Source: Redshift's guide, "UNLOAD".
@Suite(.serialized, .enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct UnloadTests {
  static let rows = """
    select 1 as id, 'a|b'::varchar(9) as s, 1.50::decimal(5,2) as d, true as f union all select 2, 'q"''\\\\', null, false union all select 3, null, 0::decimal(5,2), null order by 1
    """

  static func text(_ key: String) throws -> String {
    String(decoding: try #require(Files.read(TestServer.shared.objects + "/bucket/" + key)), as: UTF8.self)
  }

  static func names(_ folder: String) -> [String] { Files.entries(of: TestServer.shared.objects + "/bucket/" + folder).sorted() }

  @discardableResult static func unload(_ query: String, to key: String, _ options: String) async throws -> JSONValue {
    let text = query.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return try await TestServer.run("unload ('\(text)') to 's3://bucket/\(key)' iam_role default \(options)")
  }

  @Test(arguments: [
    ("", "1|a|b|1.50|t\n2|q\"'\\||f\n3||0.00|\n"),
    ("delimiter '\\t' null as '\\N'", "1\ta|b\t1.50\tt\n2\tq\"'\\\t\\N\tf\n3\t\\N\t0.00\t\\N\n"),
    ("escape", "1|a\\|b|1.50|t\n2|q\"'\\\\||f\n3||0.00|\n"),
    ("addquotes null 'NIL'", "\"1\"|\"a|b\"|\"1.50\"|\"t\"\n\"2\"|\"q\"'\\\"|NIL|\"f\"\n\"3\"|NIL|\"0.00\"|NIL\n"),
    ("addquotes escape", "\"1\"|\"a\\|b\"|\"1.50\"|\"t\"\n\"2\"|\"q\\\"\\'\\\\\"||\"f\"\n\"3\"||\"0.00\"|\n"),
    ("csv header", "id,s,d,f\n1,a|b,1.50,t\n2,\"q\"\"'\\\",,f\n3,,0.00,\n"),
    ("format as csv delimiter as '|'", "1|\"a|b\"|1.50|t\n2|\"q\"\"'\\\"||f\n3||0.00|\n"),
    ("header", "id|s|d|f\n1|a|b|1.50|t\n2|q\"'\\||f\n3||0.00|\n"),
    ("json", "{\"id\":1,\"s\":\"a|b\",\"d\":1.50,\"f\":true}\n{\"id\":2,\"s\":\"q\\\"'\\\\\",\"d\":null,\"f\":false}\n{\"id\":3,\"s\":null,\"d\":0.00,\"f\":null}\n"),
    ("fixedwidth 'a:2,b:6,c:5,d:1'", "1 a|b   1.50 t\n2 q\"'\\       f\n3       0.00  \n"),
    ("fixedwidth as 'a:2,b:6,c:5,d:1' null as 'NIL'", "1 a|b   1.50 t\n2 q\"'\\  NIL  f\n3 NIL   0.00  \n"),
  ]) func writes(_ options: String, _ expected: String) async throws {
    let key = "unload/" + UUID().uuidString + "/x"
    let ended = try await Self.unload(Self.rows, to: key, "parallel off \(options)")
    #expect(ended["Status"] == "FINISHED", "\(ended["Error"]?.asString ?? "")")
    let text = try Self.text(key + "000")
    #expect(text == expected)
    #expect(ended["ResultRows"] == 3 && ended["HasResultSet"] == false)
  }

  @Test(arguments: [
    ("", "0000_part_00"),
    ("parallel off", "000"),
    ("parallel false gzip", "000.gz"),
    ("gzip", "0000_part_00.gz"),
    ("extension 'txt'", "0000_part_00.txt"),
    ("gzip extension 'csv.gz'", "0000_part_00.csv.gz"),
    ("parallel on csv encrypted auto region 'eu-west-1' maxfilesize 5 mb", "0000_part_00"),
    ("parallel true encrypted kms_key_id 'k' maxfilesize as 6.2 gb", "0000_part_00"),
  ]) func names(_ options: String, _ suffix: String) async throws {
    let folder = "unload/" + UUID().uuidString
    let ended = try await Self.unload("select 1 as a", to: folder + "/x_", options)
    #expect(ended["Status"] == "FINISHED", "\(ended["Error"]?.asString ?? "")")
    #expect(Self.names(folder) == ["x_" + suffix])
  }

  @Test(arguments: [
    ("select 1 limit 1", "", "Limit clause is not supported"),
    ("insert into t values (1)", "", "UNLOAD takes a SELECT query"),
    ("select 1; select 2", "", "syntax error"),
    ("select 1 as a", "json header", "HEADER cannot be used with JSON"),
    ("select 1 as a", "fixedwidth 'a:1' delimiter ','", "DELIMITER cannot be used with FIXEDWIDTH"),
    ("select 1 as a", "cleanpath allowoverwrite", "ALLOWOVERWRITE cannot be used with CLEANPATH"),
    ("select 1 as a", "maxfilesize 4 mb", "between 5 MB and 6.2 GB"),
    ("select 1 as a", "format parquet", "UNLOAD to PARQUET is not supported"),
    ("select 1 as a", "zstd", "UNLOAD to ZSTD"),
    ("select 1 as a", "rowgroupsize 64 mb", "PARQUET only"),
    ("select 'abc'::varchar(9) as a", "fixedwidth 'a:2'", "too small for 'abc'"),
    ("select 1 as a", "fixedwidth 'a:2,b:2'", "FIXEDWIDTH names 2 columns"),
    ("select 1 as a", "partition by (b)", "\"b\" of PARTITION BY"),
    ("select 1 as a", "partition by (a)", "that PARTITION BY does not name"),
    ("select 1 as a, 2 as a", "json", "a name of its own"),
    ("select nope", "", "nope"),
    ("select 1 as a", "nonsense", "UNLOAD's option NONSENSE"),
  ]) func refuses(_ query: String, _ options: String, _ words: String) async throws {
    let folder = "unload/" + UUID().uuidString
    let ended = try await Self.unload(query, to: folder + "/x", options)
    #expect(ended["Status"] == "FAILED" && ended["Error"]?.asString?.contains(words) == true, "\(ended["Error"]?.asString ?? "")")
    #expect(Self.names(folder).isEmpty)
  }

  @Test func whatIsThereIsKeptReplacedOrRemoved() async throws {
    let folder = "unload/" + UUID().uuidString
    for name in ["x_000", "x_old", "y"] { try DialectTests.put("\(folder)/\(name)", Array("old".utf8)) }
    let refused = try await Self.unload("select 1 as a", to: folder + "/x_", "parallel off")
    #expect(refused["Error"]?.asString?.hasPrefix("ERROR: Specified unload destination on S3 is not empty.") == true)
    try await Self.unload("select 1 as a", to: folder + "/x_", "parallel off allowoverwrite")
    #expect(try Self.names(folder) == ["x_000", "x_old", "y"] && Self.text(folder + "/x_000") == "1\n")
    try await Self.unload("select 2 as a", to: folder + "/x_", "parallel off cleanpath")
    #expect(try Self.names(folder) == ["x_000", "y"] && Self.text(folder + "/x_000") == "2\n")
    // A folder makes its buckets.
    let bucket = "new-" + UUID().uuidString.lowercased()
    for option in ["cleanpath", ""] {
      let made = try await TestServer.run("unload ('select 1 as a') to 's3://\(bucket)/\(option)-' iam_role default \(option)")
      #expect(made["Status"] == "FINISHED", "\(made["Error"]?.asString ?? "")")
    }
  }

  @Test func partitionsAreFolders() async throws {
    let folder = "unload/" + UUID().uuidString
    for name in ["y=2024/m=1/old", "y=2023/m=9/old"] { try DialectTests.put("\(folder)/\(name)", Array("old".utf8)) }
    let query = "select 2024 as y, 'a/b'::varchar(9) as m, 1 as n union all select 2024, '1', 2 union all select 2024, null, 3 union all select 2024, '1', 4"
    let ended = try await Self.unload(query, to: folder, "partition by (y, m) cleanpath csv manifest")
    #expect(ended["Status"] == "FINISHED", "\(ended["Error"]?.asString ?? "")")
    #expect(Self.names(folder) == ["manifest", "y=2023", "y=2024"] && Self.names(folder + "/y=2024") == ["m=1", "m=__HIVE_DEFAULT_PARTITION__", "m=a%2Fb"])
    #expect(Self.names(folder + "/y=2024/m=1") == ["0000_part_00"] && Self.names(folder + "/y=2023/m=9") == ["old"])
    #expect(try Self.text(folder + "/y=2024/m=1/0000_part_00") == "2\n4\n")
    try await Self.unload("select 1 as p, 2 as n", to: folder + "/all/", "partition by (p) include parallel off header")
    #expect(try Self.text(folder + "/all/p=1/000") == "p|n\n1|2\n")
    // A manifest can be loaded again.
    _ = try await TestServer.run("create table u_again (n int)")
    #expect(try await TestServer.run("copy u_again from 's3://bucket/\(folder)/manifest' iam_role default csv manifest")["ResultRows"] == 4)
  }

  @Test func filesEndAtMaxFileSize() async throws {
    let folder = "unload/" + UUID().uuidString
    let ended = try await Self.unload(
      "select n, repeat('x', 1000) as s from (select row_number() over () as n from pg_attribute a, pg_attribute b) t where n <= 12000", to: folder + "/x_", "parallel off maxfilesize 5 mb header manifest verbose")
    #expect(ended["ResultRows"] == 12000, "\(ended["Error"]?.asString ?? "")")
    #expect(Self.names(folder) == ["x_000", "x_001", "x_002", "x_manifest"])
    let manifest = try JSONValue(parsing: Self.text(folder + "/x_manifest"))
    #expect(manifest["meta"]?["record_count"] == 12003 && manifest["entries"]?[2]?["url"] == .string("s3://bucket/\(folder)/x_002"))
    let sizes = manifest["entries"]?.asArray?.compactMap { $0["meta"]?["content_length"]?.asInt } ?? []
    #expect(sizes.count == 3 && sizes.allSatisfy { $0 <= 5 << 20 } && manifest["meta"]?["content_length"] == .int(sizes.reduce(0, +)))
    for name in ["x_000", "x_001", "x_002"] { #expect(Files.read(TestServer.shared.objects + "/bucket/\(folder)/\(name)", limit: 4) == Array("n|s\n".utf8)) }
    let query = ended["RedshiftQueryId"]?.jsonText ?? ""
    #expect(try await TestServer.rows("select count(*), sum(line_count) from stl_unload_log where query = \(query)") == [[3, "12000"]])
    #expect(
      try await TestServer.rows("select status, unloaded_rows, unloaded_files_count, file_format, unloaded_location from sys_unload_history where query_id = \(query)")
        == [["completed", 12000, 3, "Text", .string("s3://bucket/\(folder)/x_")]])
    #expect(try await TestServer.rows("select count(*) from sys_unload_detail where query_id = \(query)") == [[3]])
  }

  @Test func aVerboseManifestDescribesTheColumns() async throws {
    let folder = "unload/" + UUID().uuidString
    try await Self.unload("select 1 as i, 'a'::varchar(7) as v, 'b'::char(3) as c, 1.5::decimal(8,2) as d, current_date as t", to: folder + "/x_", "manifest verbose")
    let manifest = try JSONValue(parsing: Self.text(folder + "/x_manifest"))
    #expect(
      manifest["schema"]?["elements"] == [
        ["name": "i", "type": ["base": "integer"]], ["name": "v", "type": ["base": "character varying", "max_length": 7]], ["name": "c", "type": ["base": "character", "max_length": 3]],
        ["name": "d", "type": ["base": "numeric", "precision": 8, "scale": 2]], ["name": "t", "type": ["base": "date"]],
      ])
    #expect(manifest["author"]?["name"] == "Amazon Redshift")
  }

  @Test func nothingIsOneEmptyFile() async throws {
    let folder = "unload/" + UUID().uuidString
    #expect(try await Self.unload("select 1 as a where false", to: folder + "/x_", "header")["ResultRows"] == 0)
    #expect(try Self.text(folder + "/x_0000_part_00") == "a\n")
  }

  @Test func documentsGoRoundInEachFormat() async throws {
    _ = try await TestServer.run("create table u_from (id int, d super, s varchar(40), c char(4), t timestamp, f float8, n decimal(20,5), b bool, k date)")
    _ = try await TestServer.run(
      "insert into u_from values (1, json_parse('{\"a\":[1,\"x|,\\\\\"y\"]}'), 'a|b,\"c\"\\\\ \\n end', 'ab', '2024-01-31 10:20:30.25', 1.5e10, 123456789012345.12345, true, '2024-02-29'), (2, null, '', null, null, null, null, false, null)")
    for (number, (out, back)) in [
      ("escape", "escape"),
    ("csv", "csv"),
    ("json", "json 'auto'"),
    ("addquotes escape delimiter ','", "removequotes escape delimiter ','"),
    ("csv header gzip", "csv ignoreheader 1 gzip"),
      ("escape null as '\\N'", "escape"),
    ].enumerated() {
      let folder = "unload/" + UUID().uuidString
      let unloaded = try await Self.unload("select * from u_from order by id", to: folder + "/x_", out)
      #expect(unloaded["Status"] == "FINISHED", "\(out) \(unloaded["Error"]?.asString ?? "")")
      _ = try await TestServer.run("create table u_to\(number) (like u_from)")
      let loaded = try await TestServer.run("copy u_to\(number) from 's3://bucket/\(folder)/x_' iam_role default \(back)")
      #expect(loaded["ResultRows"] == 2, "\(out) \(loaded["Error"]?.asString ?? "")")
      let (given, found) = (try await TestServer.rows("select * from u_from order by id"), try await TestServer.rows("select * from u_to\(number) order by id"))
      #expect(found.first == given.first, "\(out)")
      // NULL of a text that has no word for it is empty, and that of a document is the document's own.
      #expect(found.last?.dropFirst(4) == given.last?.dropFirst(4), "\(out)")
    }
  }

  // MARK: cancellation

  /// Objects whose requests never end by themselves.
  final class Silence: RedshiftObjects {
    let (asked, continuation) = AsyncStream<Void>.makeStream()
    var place: String { "nowhere" }
    var makesBuckets: Bool { false }

    func page(of bucket: ObjectBucket, prefix: String, after token: String?) async throws(ObjectFailure) -> ObjectPage {
      let (stream, ending) = AsyncStream<Void>.makeStream()
      await withTaskCancellationHandler {
        continuation.yield()
        for await _ in stream {}
      } onCancel: {
        ending.finish()
      }
      throw ObjectFailure(.unusable, "cancelled")
    }
    func read(_ key: String, in bucket: ObjectBucket, maximumBytes: Int) throws(ObjectFailure) -> [UInt8] { [] }
    func write(_ bytes: [UInt8], to key: String, in bucket: ObjectBucket) throws(ObjectFailure) {}
    func remove(_ key: String, from bucket: ObjectBucket) throws(ObjectFailure) {}
  }

  @Test func aCancellationEndsTheRequestUnderWay() async throws {
    let silence = Silence()
    let control = RunControl { _ in }
    let objects = StatementObjects(objects: silence, control: control, query: 1)
    let listing = Task { () -> Bool in
      do { _ = try await objects.keys(of: ObjectAddress(bucket: "b", key: "k"), region: nil) } catch { return true }
      return false
    }
    for await _ in silence.asked { break }
    control.cancel()
    #expect(await listing.value)
    // A request that begins after it ends at once.
    await #expect(throws: PostgresError.self) { try await objects.keys(of: ObjectAddress(bucket: "b", key: "k"), region: nil) }
    await control.end()
  }
}
