import Foundation
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// What Redshift's SQL gives, end to end.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct DialectTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var expression: String
    var value: JSONValue
    var testDescription: String { expression }
    init(_ expression: String, _ value: JSONValue) {
      self.expression = expression
      self.value = value
    }
  }

  static let expressions: [Row] = [
    Row("datediff(year, '2023-12-31', '2024-01-01')", 1), Row("datediff(week, '2024-01-01', '2024-01-15')", 2),
    Row("datediff(hour, '2024-01-01 10:59:59', '2024-01-01 11:00:00')", 1), Row("datediff(qtr, date '2024-03-31', date '2024-04-01')", 1),
    Row("dateadd(month, 1, '2024-01-31')", "2024-02-29 00:00:00"), Row("dateadd(m, 90, timestamp '2024-01-01')", "2024-01-01 01:30:00"),
    Row("add_months('2024-02-29', 1)", "2024-03-31 00:00:00"), Row("last_day(date '2023-02-05')", "2023-02-28"),
    Row("next_day('2024-05-17', 'Fri')", "2024-05-24"), Row("date_trunc('month', date '2024-05-17')", "2024-05-01 00:00:00"),
    Row("extract(month from timestamp '2024-05-17 10:00:00')", 5), Row("trunc(timestamp '2024-05-17 10:00:00')", "2024-05-17"),
    Row("convert_timezone('Asia/Tokyo', 'UTC', '2024-01-01 00:00:00')", "2023-12-31 15:00:00"),
    Row("months_between('2024-03-15', '2024-01-15')", 2.0),
    Row("nvl(null, 'x')", "x"), Row("nvl2(null::int, 1, 2)", 2), Row("decode(null::int, 1, 'a', null, 'b')", "b"), Row("len('abc')", 3),
    Row("charindex('c', 'abc')", 3), Row("strtol('ff', 16)", 255), Row("concat('a', 'b')", "ab"), Row("replicate('ab', 2)", "abab"),
    Row("regexp_replace('a1b2', '[0-9]')", "ab"), Row("regexp_substr('abc', '[0-9]')", ""),
    Row("sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    Row("sha2('', 256)", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), Row("len('a\\\\b')", 3),
    Row("json_extract_path_text('{\"a\":{\"b\":7}}', 'a', 'b')", "7"), Row("json_array_length('[1,2]')", 2),
    Row("is_valid_json('[1]')", false),
    Row("json_serialize(json_parse('{\"a\": [1, 2]}'))", "{\"a\":[1,2]}"), Row("array(1, 'x')[1]::varchar", "x"),
    Row("convert(int, '7')", 7),
    Row("log(100)", 2.0), Row("version() like '%Redshift%'", true), Row("'n=' || 5", "n=5"), Row("7 / 2", 3),
  ]

  @Test(arguments: expressions) func evaluates(_ row: Row) async throws {
    #expect(try await TestServer.rows("select \(row.expression) as r") == [[row.value]])
  }

  static let values =
    "(select 'a' as g, 1 as id, 10 as v union all select 'a', 2, 30 union all select 'b', 3, null union all select 'b', 4, 7) as d"

  @Test(
    arguments: [
      ("select g, sum(v) as total, total * 2 as twice from \(values) group by g order by g", [["a", 40, 80], ["b", 7, 14]]),
      ("select v + 1 as v, v as again from \(values) where id = 1", [[11, 10]]),
      (
        "select g, id from \(values) qualify row_number() over (partition by g order by v desc nulls last) = 1 order by g",
        [["a", 2], ["b", 4]]
      ),
      ("select top 1 id from \(values) order by id desc", [[4]]),
      ("select count(*) from (select distinct g from \(values))", [[2]]),
      ("select avg(v) from \(values) where g = 'a' or id = 4", [[15]]),
      ("select listagg(id, '-') within group (order by id desc) from \(values)", [["4-3-2-1"]]),
      (
        "select distinct g, listagg(id, '') within group (order by id) over (partition by g) as l from \(values) order by g",
        [["a", "12"], ["b", "34"]]
      ),
      ("select id, lag(v) ignore nulls over (order by id) from \(values) where id = 4 or id < 4 order by id desc limit 1", [[4, 30]]),
      ("select median(v) from \(values)", [[10.0]]),
      ("select id from \(values) where id < 3 minus select 2 order by id", [[1]]),
      (
        "select * from (select g, id, v from \(values)) pivot (sum(v) for g in ('a', 'b' as bee)) order by id limit 2",
        [[1, 10, .null], [2, 30, .null]]
      ),
      ("select k, n from (select 1 as x, null::int as y) unpivot (n for k in (x, y))", [["x", 1]]),
    ] as [(String, [[JSONValue]])]) func queries(_ sql: String, _ expected: [[JSONValue]]) async throws
  {
    #expect(try await TestServer.rows(sql) == expected)
  }

  @Test func charactersAreCountedInBytes() async throws {
    _ = try await TestServer.run("create table d_bytes (v varchar(3), w varchar)")
    #expect(try await TestServer.run("insert into d_bytes values (null, null), ('abc', 'x')")["Status"] == "FINISHED")
    #expect(
      try await TestServer.run("insert into d_bytes values ('éé', '')")["Error"] == "ERROR: value too long for type character varying(3)")
    _ = try await TestServer.run("alter table d_bytes alter column v type varchar(4)")
    #expect(try await TestServer.run("insert into d_bytes values ('éé', '')")["Status"] == "FINISHED")
  }

  @Test func errorsAreInRedshiftsWords() async throws {
    _ = try await TestServer.run("create table d_words (a int not null, d decimal(5,2))")
    for (sql, message) in [
      ("insert into d_words values (null, 1)", "ERROR: Cannot insert a NULL value into column a"),
      ("insert into d_words values (1, 1234.5)", "ERROR: Numeric data overflow (result precision)"),
      ("select 12345.678::decimal(7,3)", "ERROR: Numeric data overflow (result precision)"),
      ("select 'abc'::bigint", "ERROR: invalid input syntax for integer: \"abc\"\n  Position: 8"),
      ("insert into d_words values (1, 1); insert into d_words values (1, 2); merge into d_words using (select 1 as b union all select 1) s on d_words.a = s.b "
        + "when matched then update set d = 3 when not matched then insert values (s.b, 0)", "ERROR: Found multiple matches to update the same tuple."),
    ] { #expect(try await TestServer.run(sql)["Error"]?.asString == message) }
  }

  @Test func aViewMayPrecedeItsTable() async throws {
    _ = try await TestServer.run("create view public.d_late as select a from public.d_late_t with no schema binding")
    _ = try await TestServer.run("create table d_late_t (a int)")
    _ = try await TestServer.run("insert into d_late_t values (5)")
    #expect(try await TestServer.rows("select a from d_late") == [[5]])
    #expect(try await TestServer.run("drop view d_late")["Status"] == "FINISHED")
    await #expect(throws: TestServer.Refused.self) { try await TestServer.rows("select a from d_late") }
  }

  @Test func documentsAreUnnested() async throws {
    _ = try await TestServer.run("create table d_super (id int, doc super)")
    _ = try await TestServer.run("insert into d_super values (1, json_parse('{\"items\":[{\"n\":1},{\"n\":2}],\"who\":\"Ann\"}'))")
    #expect(try await TestServer.rows("select doc.who::varchar, doc.items[1].n::int from d_super") == [["Ann", 2]])
    #expect(try await TestServer.rows("select t.id, i.n::int as n from d_super t, t.doc.items i order by n") == [[1, 1], [1, 2]])
  }

  @Test func aHandlersWorkStaysAndTheErrorComesAgain() async throws {
    _ = try await TestServer.run("create table d_log (m varchar(99)); create table d_work (a int)")
    let body =
      "begin insert into d_work values (1); execute 'select wrong'; exception when others then insert into d_log values (sqlerrm); end;"
    _ = try await TestServer.run("create procedure d_fails() as $$ \(body) $$ language plpgsql")
    _ = try await TestServer.run("create procedure d_goes_on() nonatomic as $$ \(body) $$ language plpgsql")
    #expect(try await TestServer.run("call d_fails()")["Error"]?.asString?.hasPrefix("ERROR: column \"wrong\" does not exist") == true)
    #expect(try await TestServer.rows("select count(*) from d_work") == [[0]])
    #expect(try await TestServer.run("call d_goes_on()")["Status"] == "FINISHED")
    #expect(try await TestServer.rows("select count(*) from d_work") == [[1]])
    #expect(try await TestServer.rows("select m from d_log") == [["column \"wrong\" does not exist"], ["column \"wrong\" does not exist"]])
  }

  @Test func outArgumentsAreNotPassed() async throws {
    _ = try await TestServer.run(
      "create procedure d_out(a in int, b out int, c inout int) as $$ begin b := a * 2; c := c + 1; end; $$ language plpgsql")
    #expect(try await TestServer.rows("call d_out(4, 10)") == [[8, 11]])
  }

  // MARK: objects

  static func put(_ key: String, _ bytes: [UInt8]) throws {
    let path = TestServer.shared.objects + "/bucket/" + key
    try FileManager.default.createDirectory(at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
  }

  @Test func copyLoadsWhatUnloadWrites() async throws {
    _ = try await TestServer.run("create table d_from (id int, s varchar(20)); create table d_to (like d_from)")
    _ = try await TestServer.run("insert into d_from values (1, 'a|b'), (2, null), (3, 'quote\" \\\\ end')")
    let unloaded = try await TestServer.run(
      "unload ('select * from d_from') to 's3://bucket/out/u_' iam_role 'r' delimiter ',' addquotes escape null as '@' gzip")
    #expect(unloaded["Status"] == "FINISHED", "\(unloaded["Error"]?.asString ?? "")")
    let loaded = try await TestServer.run(
      "copy d_to from 's3://bucket/out/u_' iam_role 'r' delimiter ',' removequotes escape null as '@' gzip")
    #expect(loaded["ResultRows"] == 3, "\(loaded["Error"]?.asString ?? "")")
    #expect(try await TestServer.rows("select count(*) from d_from f join d_to t on f.id = t.id and nvl(f.s, '') = nvl(t.s, '')") == [[3]])
    let again = try await TestServer.run("unload ('select 1') to 's3://bucket/out/u_' iam_role 'r'")
    #expect(again["Error"]?.asString?.contains("is not empty") == true)
  }

  @Test func rowsThatDoNotFitAreKept() async throws {
    try Self.put("bad/a.csv", Array("id,s\n1,a\nx,b\n3,c,d\n4,\"e,\"\"f\"\"\"\n".utf8))
    _ = try await TestServer.run("create table d_bad (id int, s varchar(9))")
    let failed = try await TestServer.run("copy d_bad from 's3://bucket/bad/' iam_role 'r' csv ignoreheader 1")
    #expect(failed["Error"] == "ERROR: Load into table 'd_bad' failed.  Check 'stl_load_errors' system table for details.")
    #expect(
      try await TestServer.rows("select line_number from stl_load_errors where filename = 's3://bucket/bad/a.csv' order by 1") == [
        [3], [4],
      ])
    #expect(try await TestServer.run("copy d_bad from 's3://bucket/bad/' iam_role 'r' csv ignoreheader 1 maxerror 2")["ResultRows"] == 2)
    #expect(try await TestServer.rows("select id, s from d_bad order by id") == [[1, "a"], [4, "e,\"f\""]])
  }

  @Test func objectsStayInTheirFolder() async throws {
    for url in ["s3://../etc/passwd", "s3://bucket/../../etc/passwd", "s3://bucket"] {
      _ = try await TestServer.run("create table if not exists d_out_of (s varchar(999))")
      #expect(try await TestServer.run("copy d_out_of from '\(url)' iam_role 'r'")["Status"] == "FAILED", "\(url)")
    }
  }
}
