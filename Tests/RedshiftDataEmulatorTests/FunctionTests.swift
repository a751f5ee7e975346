import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// Redshift's functions, by the pages of its guide.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct FunctionTests {
  static let dates: [DialectTests.Row] = [
    .init("datediff(week, '2024-01-06', '2024-01-07')", 1), .init("datediff(week, '2024-01-07', '2024-01-08')", 0),
    .init("dateadd(hour, 2, timetz '23:30:00+00')", "01:30:00+00"), .init("extract(hour from timetz '18:24:26+00')", 18),
    .init("datediff(hour, timetz '20:00:00+00', timetz '22:58:00+00')", 2),
    .init("convert_timezone('UTC', 'EST', '2024-01-01 12:00:00'::varchar)", "2024-01-01 07:00:00"),
    .init("convert_timezone('GMT', 'NEWZONE +2', '2014-05-17 12:00:00')", "2014-05-17 10:00:00"),
    .init("interval '5-6' year to month", "5 years 6 mons"), .init("interval '5 4:3:2.1' day to second", "5 days 4 hours 3 mins 2.1 secs"),
    .init("interval '30' minute", "0 days 0 hours 30 mins 0.0 secs"), .init("interval '-2' day", "-2 days 0 hours 0 mins 0.0 secs"),
    .init("interval '1 day 2 hours'", "1 day 02:00:00"),
  ]

  /// Numbers, dates and truth values become texts without being asked.
  static let texts: [DialectTests.Row] = [
    .init("left(20240517, 4)", "2024"), .init("right(date '2024-05-17', 2)", "17"), .init("substring(12345, 2, 3)", "234"), .init("len(12.5)", 4),
    .init("length(date '2024-05-17')", 10), .init("reverse(12345)", "54321"), .init("split_part(1.25, '.', 2)", "25"), .init("upper(true)", "TRUE"),
    .init("125 like '12%'", true), .init("date '2024-05-05' not like '2023%'", true), .init("'5'::varchar = 5", true),
    .init("'2024-01-01'::varchar < date '2024-01-02'", true), .init("'a' || 1 || date '2024-01-01'", "a12024-01-01"),
    .init("crc32('Amazon Redshift')", "f2726906"), .init("soundex('Amazon')", "A525"), .init("difference('Amazon', '+Amazon+')", 4),
    .init("octetindex('q', 'AWSqredshift')", 4), .init("octetindex('d', 'éad')", 4), .init("octetindex('x', 'abc')", 0),
    .init("from_varbyte(to_varbyte('616263', 'hex'), 'utf8')", "abc"), .init("to_hex('abc'::varbyte)", "616263"),
    .init("regexp_substr('the fox ate a fox', '(f)(ox)', 1, 1, 'e')", "f"),
  ]

  static let hashes: [DialectTests.Row] = [
    .init("fnv_hash(1)", -5_968_735_742_475_085_980), .init("fnv_hash(1::smallint)", 589_727_492_704_079_044),
    .init("fnv_hash(1::bigint)", -8_517_097_267_634_966_620), .init("fnv_hash('Amazon Redshift')", 7_783_490_368_944_507_294),
    .init("fnv_hash('cd', fnv_hash('ab'))", -281_581_062_704_388_899), .init("murmur3_32_hash('')", 0), .init("murmur3_32_hash('a')", 1_009_084_850),
    .init("murmur3_32_hash('abcd')", 1_139_631_978), .init("murmur3_32_hash('hello, world')", 345_750_399),
  ]

  /// Numbers keep their types; quotients of decimals have max(4, s1 + p2 - s2 + 1) digits, and at most 38 in all.
  static let numbers: [DialectTests.Row] = [
    .init("round(7)", 7), .init("ceil(5)", 5), .init("round(12345, -2)", 12300), .init("sign(-3)", -1), .init("round(7.5)", "8"),
    .init("log(2, 8)", 3.0), .init("any_value(5)", 5),
    .init("1.0 / 3", "0.333333333333"), .init("10::decimal(8,2) / 3::decimal(8,2)", "3.333333333"), .init("2::decimal(38,2) / 3::bigint", "0.6666"),
    .init("(1.5 + 2.25) / 2", "1.8750000000000"), .init("-1.0 / 3", "-0.333333333333"), .init("7 / 2.0", "3.5000"), .init("7 / 2 / 2", 1),
    .init("7::float / 2", 3.5),
  ]

  /// Members stay in their order.
  static let documents: [DialectTests.Row] = [
    .init("json_parse('{\"b\":1,\"a\":{\"zz\":true,\"y\":[{\"d\":1,\"c\":2}]}}')", "{\"b\":1,\"a\":{\"zz\":true,\"y\":[{\"d\":1,\"c\":2}]}}"),
    .init("json_serialize(json_parse('{\"name\":\"x\",\"id\":1}'))", "{\"name\":\"x\",\"id\":1}"),
    .init("object('z', 1, 'a', object('q', array(1, null), 'b', 2.50))", "{\"z\":1,\"a\":{\"q\":[1,null],\"b\":2.50}}"),
    .init("object()", "{}"), .init("json_typeof(json_parse('{}'))", "object"), .init("'{\"a\":1}'::super", "\"{\\\"a\\\":1}\""),
    .init("json_parse('{\"a\":{\"b\":[1,2]}}').a.b[1]", "2"), .init("(json_parse('{\"a\":[7,8]}')).a[0]::int + 1", 8), .init("array(1, 2, 3)[1]", "2"),
    .init("json_parse('\"5\"')::int", 5), .init("json_parse('{\"a\":\"x\"}').a::int", .null), .init("json_parse('{\"a\":\"x\"}').a + 1", .null),
    .init("json_parse('{\"a\":null}').a is null", true), .init("cast(json_parse('{\"a\":\"2024-01-02\"}').a as date)", "2024-01-02"),
    .init("lower_attribute_names(json_parse('{\"B\":1,\"A\":{\"C\":2}}'))", "{\"b\":1,\"a\":{\"c\":2}}"),
    .init("get_number_attributes(json_parse('{\"b\":1,\"a\":2}'))", 2), .init("array_position(array('a', 'b'), 'b')", 1),
    .init("array_positions(array('red', 'green', 'red'), 'red')", "[0,2]"), .init("array_contains(array(1, 2), 3)", false),
    .init("array_intersection(array('a','b','b'), array('b','b','b'))", "[\"b\",\"b\"]"), .init("array_except(array(1, 2, 2, 3), array(2))", "[1,2,3]"),
    .init("array_union(array(1, 2), array(2, 3))", "[1,2,3]"), .init("array_sort(array(3, 1, 2))", "[1,2,3]"),
    .init("array_to_string(array('a', 1), '-')", "a-1"), .init("array_flatten(array(array(1, 2), array(3, array(4))))", "[1,2,3,4]"),
    .init("array_distinct(array(1, 1, 2))", "[1,2]"),
  ]

  @Test(arguments: [dates, texts, hashes, numbers, documents]) func evaluates(_ rows: [DialectTests.Row]) async throws {
    for row in rows {
      do {
        #expect(try await TestServer.rows("select \(row.expression) as r") == [[row.value]], "\(row.expression)")
      } catch let refused as TestServer.Refused {
        Issue.record("\(row.expression): \(refused.text)")
      }
    }
  }

  static let columnNames = [
    ("date_part(minute, timestamp '2023-01-04 04:05:06')", "pgdate_part"), ("current_date", "date"), ("extract(hour from sysdate)", "date_part"),
    ("nvl(null, 1)", "coalesce"), ("1.0 / 3", "?column?"), ("'1'::super", "super"), ("d.a.b", "b"), ("d.a.b::varchar", "b"), ("d.l[0]", "l"),
    ("get_array_length(d.l)", "get_array_length"), ("json_parse('{}').x", "x"),
  ]

  @Test func columnsAreNamed() async throws {
    let items = Self.columnNames.map(\.0).joined(separator: ", ")
    let description = try await TestServer.run("select \(items) from (select json_parse('{\"a\":{\"b\":1},\"l\":[1]}') as d)")
    let result = try await TestServer.call("GetStatementResult", ["Id": try #require(description["Id"])])
    let names = result["ColumnMetadata"]?.asArray?.map { $0["name"]?.asString ?? "" }
    #expect(names == Self.columnNames.map(\.1), "\(description["Error"]?.asString ?? "")")
  }

  @Test func quotientsOfColumnsHaveTheScaleOfTheirTypes() async throws {
    _ = try await TestServer.run("create table f_sales (paid decimal(8,2), commission decimal(8,2), sold smallint, whole bigint)")
    _ = try await TestServer.run("insert into f_sales values (10, 3, 3, 3), (5, 3, 4, 1)")
    #expect(
      try await TestServer.rows(
        "select paid / commission, paid / s.sold, sum(paid) over () / 2, sum(whole) over () / count(*) over () from f_sales s where sold = 3")
        == [["3.333333333", "3.33333333", "5.0000", "3.0000"]])
    #expect(try await TestServer.rows("select sum(paid) / count(*) from f_sales where paid / commission > 1") == [["7.5000"]])
    #expect(try await TestServer.rows("with f as (select paid as p from f_sales) select max(p / 3) from f") == [["3.3333333333333"]])
  }

  @Test func documentsKeepTheirMembersInOrder() async throws {
    _ = try await TestServer.run("create table f_documents (id int, d super)")
    _ = try await TestServer.run("insert into f_documents values (1, json_parse('{\"name\":\"Ann\",\"a\":1,\"items\":[{\"z\":1,\"b\":2}]}'))")
    _ = try await TestServer.run("insert into f_documents (d, id) values ('plain', 2), ('{\"a\":1}', 3), (5, 4)")
    #expect(
      try await TestServer.rows("select d from f_documents order by id") == [
        ["{\"name\":\"Ann\",\"a\":1,\"items\":[{\"z\":1,\"b\":2}]}"], ["\"plain\""], ["\"{\\\"a\\\":1}\""], ["5"],
      ])
    #expect(
      try await TestServer.rows("select k, v from f_documents t, unpivot t.d as v at k where id = 1") == [
        ["name", "\"Ann\""], ["a", "1"], ["items", "[{\"z\":1,\"b\":2}]"],
      ])
    #expect(try await TestServer.rows("select d.items[0]::varchar, d.a::int + 1 from f_documents where d.name = 'Ann'") == [["{\"z\":1,\"b\":2}", 2]])
  }
}
