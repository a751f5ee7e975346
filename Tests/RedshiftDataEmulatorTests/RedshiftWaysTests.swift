import AWSJSONServer
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// Redshift's ways beyond the corpus, each with its answer. Source: Redshift's guide.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct RedshiftWaysTests {
  static let people = "(select 1 as id, 'x' as s union all select 2, 'y' union all select 3, null)"

  @Test(arguments: [
    // Outer joins by (+)
    ("select a.id, b.z from \(people) a, (select 1 as k, 99 as z) b where a.id = b.k(+) and a.id < 3 order by 1", [[1, 99], [2, nil]]),
    ("select a.id, b.id from (select 2 as id) a, (select 1 as id union all select 7) b where a.id(+) = b.id + 1 order by 2", [[2, 1], [nil, 7]]),
    // Dates
    ("select extract(ms from timestamp '2009-09-09 12:08:43.101')", [[101]]), ("select timestamp '2024-01-10' - 7", [["2024-01-03 00:00:00"]]),
    ("select to_date('20010631', 'YYYYMMDD')", [["2001-07-01"]]),
    ("select to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS')", [["2011-12-19 00:38:15+00"]]),
    // Texts
    ("select lower('ÀÉ')", [["àé"]]), ("select concat(1, 'a')", [["1a"]]), ("select regexp_replace('foo bar', '(\\\\w+) (\\\\w+)', '$2 $1')", [["bar foo"]]),
    ("select try_cast('abc' as int), try_cast('12' as int)", [[nil, 12]]), ("select json_extract_path_text('nojson', 'a', true)", [[nil]]),
    // Windows and aggregates
    ("select lag(s, 2) ignore nulls over (order by id) from (select 1 as id, 'x' as s union all select 2, null union all select 3, 'y' union all select 4, 'z') order by id", [[nil], [nil], [nil], ["x"]]),
    ("select listagg(distinct s, ',') within group (order by s desc) from \(people)", [["y,x"]]),
    // SUPER
    ("select d.a.b + 1 from (select json_parse('{\"a\":{\"b\":5}}') as d) t where d.a.b = 5 and d.a.b in (4, 5)", [["6"]]),
    ("select d.n || '!' from (select json_parse('{\"n\":\"Ann\"}') as d) t where d.n = 'Ann' and d.n like 'A%'", [["Ann!"]]),
    ("select k, v from (select json_parse('{\"x\":1}') as d) t, unpivot t.d as v at k", [["x", "1"]]),
    ("select array_concat(array(1), array(2)), array_flatten(array(array(1), array(2))), split_to_array('a|b', '|')", [["[1,2]", "[1,2]", "[\"a\",\"b\"]"]]),
    // What is ours stays hidden.
    ("select count(*) from information_schema.tables where table_schema = 'sfn_local'", [[0]]), ("show search_path", [["$user, public"]]),
    ("select count(*) from pg_namespace where nspname = 'sfn_local'", [[0]]),
  ] as [(String, [[JSONValue?]])]) func answers(_ sql: String, _ rows: [[JSONValue?]]) async throws {
    #expect(try await TestServer.rows(sql) == rows.map { $0.map { $0 ?? .null } })
  }

  @Test(arguments: [
    "select string_agg('a', ',')", "select array_agg(1)", "select array[1, 2]", "select sum(1) filter (where true)", "values (1)",
    "insert into t values (1) on conflict do nothing", "insert into t values (1) returning a", "select 1 for update", "select * from t tablesample system (1)",
    "select * from (select 1 as a) x, lateral (select 2) y", "select '{}'::super -> 'a'", "create table rw_bad (a decimal(39, 0))", "select split_part('a', ',', -1)",
    "select 1 union select a from t where a(+) = b(+)", "show grants on table t",
  ]) func refuses(_ sql: String) async throws {
    let ended = try await TestServer.run(sql)
    #expect(ended["Status"] == "FAILED")
  }

  @Test func columnsAreNamedAsOnRedshift() async throws {
    let id = try await TestServer.submit(["Sql": "select listagg('a'), dateadd(day, 1, date '2024-01-01'), datediff(day, date '2024-01-01', date '2024-01-02'), nvl(1, 2)"])
    _ = try await TestServer.ended(id)
    let columns = try await TestServer.call("GetStatementResult", ["Id": .string(id)])["ColumnMetadata"]?.asArray
    #expect(columns?.map { $0["name"] } == ["listagg", "date_add", "date_diff", "coalesce"])
  }

  @Test func mergeRemovesDuplicates() async throws {
    _ = try await TestServer.run("create table rw_merge (id int, v int); insert into rw_merge values (1, 1), (1, 1), (2, 5)")
    _ = try await TestServer.run("merge into rw_merge using (select 1 as id, 7 as v union all select 3, 9) s on rw_merge.id = s.id remove duplicates")
    #expect(try await TestServer.rows("select * from rw_merge order by 1") == [[1, 7], [2, 5], [3, 9]])
  }

  @Test func appendGoesByNames() async throws {
    _ = try await TestServer.run("create table rw_to (a int, b varchar(5)); create table rw_from (b varchar(5), c int, a int); insert into rw_from values ('y', 9, 2)")
    let refused = try await TestServer.run("alter table rw_to append from rw_from")
    #expect(refused["Error"]?.asString?.contains("IGNOREEXTRA") == true)
    let ended = try await TestServer.run("alter table rw_to append from rw_from ignoreextra")
    #expect(ended["HasResultSet"] == false)
    #expect(try await TestServer.rows("select a, b, (select count(*) from rw_from) from rw_to") == [[2, "y", 0]])
  }

  @Test func statementsAreShownByTheSystemTables() async throws {
    _ = try await TestServer.run("select 'rw history' as marked")
    #expect(try await TestServer.rows("select aborted from stl_query where querytxt = 'select ''rw history'' as marked'") == [[0]])
    #expect(try await TestServer.rows("select status, returned_rows from sys_query_history where query_text = 'select ''rw history'' as marked'") == [["success", 1]])
  }

  @Test func aLoadErrorNamesItsColumn() async throws {
    try Files.makeFolder(TestServer.shared.objects + "/rw")
    try Files.write("x,a\n2,b\n3,toolong\n", to: TestServer.shared.objects + "/rw/rows.csv")
    _ = try await TestServer.run("create table rw_load (id int, v varchar(3))")
    #expect(try await TestServer.run("copy rw_load from 's3://rw/rows' iam_role default csv maxerror 5")["ResultRows"] == 1)
    let errors = try await TestServer.rows(
      "select line_number, trim(colname), err_code, trim(err_reason) from stl_load_errors where filename like '%rw/rows.csv' order by 1")
    #expect(errors == [[1, "id", 1207, "Invalid digit, Value 'x', Pos 0, Type: Integer"], [3, "v", 1204, "String length exceeds DDL length"]])
  }
}
