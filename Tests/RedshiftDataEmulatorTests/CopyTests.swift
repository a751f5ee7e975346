import AWSJSONServer
import Foundation
import Gzip
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// COPY's options, each with rows and what becomes of them. Source: Redshift's guide, "COPY".
@Suite(.serialized, .enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct CopyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var columns: String
    var text: [UInt8]
    var options: String
    var rows: [[JSONValue]]
    var testDescription: String { "\(options) \(columns) \(String(decoding: text.prefix(60), as: UTF8.self).debugDescription)" }

    init(_ columns: String, _ text: String, _ options: String, _ rows: [[JSONValue]]) { self.init(columns, Array(text.utf8), options, rows) }
    init(_ columns: String, _ text: [UInt8], _ options: String, _ rows: [[JSONValue]]) {
      self.columns = columns
      self.text = text
      self.options = options
      self.rows = rows
    }
  }

  static let delimited: [Case] = [
    Case("id int, s varchar(9)", "1|a\n2|\n3|\\N\n", "", [[1, "a"], [2, ""], [3, .null]]),
    Case("id int, s varchar(9)", "1|a|\r\n2|b\r\n3|c", "", [[1, "a"], [2, "b"], [3, "c"]]),
    Case("id int, s varchar(9)", "1\ta\n", "delimiter '\\t'", [[1, "a"]]),
    Case("id int, s varchar(9)", "1~|~a\n2~|~b~c\n", "delimiter '~|~'", [[1, "a"], [2, "b~c"]]),
    Case("id int, s varchar(9)", "1|a\n", "delimiter '\\174'", [[1, "a"]]),
    Case("id int, s varchar(9)", "1\u{1}a\n", "delimiter as '\\001'", [[1, "a"]]),
    Case("id int, s varchar(9)", "1;a\n", "delimiter '\\x3b'", [[1, "a"]]),
    // NULL AS
    Case("id int, s varchar(9)", "1|NIL\nNIL|\\N\n", "null as 'NIL'", [[1, .null], [.null, "\\N"]]),
    Case("id int, s varchar(9)", "1|\\N\n", "null '\\N'", [[1, .null]]),
    Case("id int, s varchar(9)", "1|\\N\n", "null as '\\\\N'", [[1, .null]]),
    Case("id int, s varchar(9)", "1|\0\n2|b\n", "null as '\\0'", [[1, .null], [2, "b"]]),
    Case("id int, s varchar(9)", "1|\0\n", "null as '\\000'", [[1, .null]]),
    Case("id int, s varchar(9)", "1|\n", "null as ''", [[1, .null]]),
    Case("id int, s varchar(9)", "1|ab\0rest|x\n2|c\n", "", [[1, "ab"], [2, "c"]]),
    // Blanks
    Case("id int, s varchar(9)", "1|\n2| \t \n3|x \n", "emptyasnull blanksasnull trimblanks", [[1, .null], [2, .null], [3, "x"]]),
    Case("id int, s varchar(9)", "1|\n2|  \n3|x \n", "", [[1, ""], [2, "  "], [3, "x "]]),
    Case("id int, s char(3), v varchar(3)", " 1 |a|b \n", "trimblanks", [[1, "a  ", "b"]]),
    Case("id int, b bool, d decimal(5,2)", "  |  | \n", "", [[.null, .null, .null]]),
    // ESCAPE
    Case("id int, s varchar(40)", "1|The quick\\\nfox\n2|A\\\\B\n3|A\\|B\n4|\\N\n5|\\\\N\n6|a\\n\\012\n", "escape",
      [[1, "The quick\nfox"], [2, "A\\B"], [3, "A|B"], [4, .null], [5, .null], [6, "an012"]]),
    // REMOVEQUOTES
    Case("id int, s varchar(40)", "1|\"The | here\"\n2|'Black'\n3|Blue'\n4|' ' 'Black' ' '\n5|\"a\"b\"\n6|''\n7|' '\n", "removequotes",
      [[1, "The | here"], [2, "Black"], [3, "Blue'"], [4, " ' 'Black' ' "], [5, "a\"b"], [6, ""], [7, " "]]),
    Case("id int, s varchar(40)", "1|'A Midsummer Night\\'s Dream'\n", "removequotes escape", [[1, "A Midsummer Night's Dream"]]),
    // FILLRECORD
    Case("id int, s varchar(9), c char(3), n int", "1|a\n2\n", "fillrecord", [[1, "a", .null, .null], [2, "", .null, .null]]),
    Case("id int, s varchar(9)", "1\n", "fillrecord emptyasnull", [[1, .null]]),
    // Lines
    Case("id int, s varchar(9)", "x\ny|z\n1|a\n\n\r\n2|b\n\n", "ignoreheader 2 ignoreblanklines", [[1, "a"], [2, "b"]]),
    Case("s varchar(9)", "a\n\nb\n", "", [["a"], [""], ["b"]]),
    // Widths
    Case("id int, s varchar(9), t varchar(9)", "1  éé  x\n22 b   yz\n", "fixedwidth 'a:3,b:4,c:2'", [[1, "éé  ", "x"], [22, "b   ", "yz"]]),
    Case("id int, s varchar(9)", "1  ab\n2    \n", "fixedwidth as '0:3,1:2' trimblanks blanksasnull", [[1, "ab"], [2, .null]]),
    Case("id int, s varchar(9)", "1  ab\n2  \n", "fixedwidth 'a:3,b:2' fillrecord", [[1, "ab"], [2, ""]]),
  ]

  static let csv: [Case] = [
    Case("id int, s varchar(20)", "1,\"a,\"\"b\"\"\nc\"\n2, \"x\" \n3,\"\"\n4,\n", "csv", [[1, "a,\"b\"\nc"], [2, "x"], [3, ""], [4, ""]]),
    Case("id int, s varchar(20)", "1,%a,\"b\"%%c%\n", "csv quote '%'", [[1, "a,\"b\"%c"]]),
    Case("id int, s varchar(20)", "1|\"a|b\"\n", "csv delimiter '|'", [[1, "a|b"]]),
    Case("id int, s varchar(20)", "1,\\N\n2,NIL\n3,\"NIL\"\n", "csv null as 'NIL'", [[1, "\\N"], [2, .null], [3, "NIL"]]),
    Case("id int, s varchar(20)", "1,\\N\n", "format as csv", [[1, .null]]),
    Case("id int, s varchar(20)", "id,s\r\n1,a\r\n2,\"b\"\r\n", "csv ignoreheader as 1", [[1, "a"], [2, "b"]]),
    Case("id int, s varchar(20)", "1,\"a\tb\"\n", "csv delimiter ','", [[1, "a\tb"]]),
  ]

  static let values: [Case] = [
    Case("d decimal(8,2)", "20.259\n-0.999\n.5\n7\n+1.\n", "", [["20.25"], ["-0.99"], ["0.50"], ["7.00"], ["1.00"]]),
    Case("d decimal(8,2)", "20.259\n", "roundec", [["20.26"]]),
    Case("b bool", "t\nFALSE\n1\nno\n", "", [[true], [false], [true], [false]]),
    Case("s varchar(4)", "abcdef\néééé\n", "truncatecolumns", [["abcd"], ["éé"]]),
    // Dates
    Case("d date, t timestamp", "2024-02-29|2024-02-29 10:20:30.5\n2024-01-01 10:00|2024-01-01\n", "", [["2024-02-29", "2024-02-29 10:20:30.5"], ["2024-01-01", "2024-01-01 00:00:00"]]),
    Case("d date", "31/01/2024\n1/2/2024\n", "dateformat 'DD/MM/YYYY'", [["2024-01-31"], ["2024-02-01"]]),
    Case("d date", "20240131\n", "dateformat as 'YYYYMMDD'", [["2024-01-31"]]),
    Case("d date", "31-Jan-24\n", "dateformat 'DD-MON-YY'", [["2024-01-31"]]),
    Case("d date", "Jan 31, 2024\n20240131\n2024/1/31\n", "dateformat 'auto'", [["2024-01-31"], ["2024-01-31"], ["2024-01-31"]]),
    Case("t timestamp", "31.01.2024 15:20:30\n", "timeformat 'DD.MM.YYYY HH:MI:SS'", [["2024-01-31 15:20:30"]]),
    Case("t timestamp", "2024-01-31T15:20:30.25\n", "timeformat 'YYYY-MM-DDTHH:MI:SS'", [["2024-01-31 15:20:30.25"]]),
    Case("t timestamp", "01/31/2024 03:20:30 PM\n", "timeformat 'MM/DD/YYYY HH12:MI:SS AM'", [["2024-01-31 15:20:30"]]),
    Case("t timestamptz", "2024-01-31 15:20:30+02\n", "", [["2024-01-31 13:20:30+00"]]),
    Case("t timestamptz", "2024-01-31 15:20:30 +02:00\n", "timeformat 'YYYY-MM-DD HH:MI:SS OF'", [["2024-01-31 13:20:30+00"]]),
    Case("t timestamp", "2024-01-31T15:20:30Z\nJan 31 2024 15:20\n", "timeformat 'auto'", [["2024-01-31 15:20:30"], ["2024-01-31 15:20:00"]]),
    Case("t timestamp", "1706714430\n-1\n", "timeformat 'epochsecs'", [["2024-01-31 15:20:30"], ["1969-12-31 23:59:59"]]),
    Case("t timestamp", "1706714430250\n-1\n", "timeformat 'epochmillisecs'", [["2024-01-31 15:20:30.25"], ["1969-12-31 23:59:59.999"]]),
    Case("d date", "00/00/0000\n2024-02-30\nabc\n31/01/2024\n", "dateformat 'DD/MM/YYYY' acceptanydate", [[.null], [.null], [.null], ["2024-01-31"]]),
    Case("d date, t timestamp", "00/00/00|x\n", "dateformat 'auto' timeformat 'auto' acceptanydate", [[.null, .null]]),
    // Bytes
    Case("s varchar(9)", [0x61, 0xFF, 0xE2, 0x82, 0x0A], "acceptinvchars", [["a???"]]),
    Case("s varchar(9)", [0x61, 0xC3, 0x0A], "acceptinvchars as '^'", [["a^"]]),
    Case("s varchar(9)", [0xFF, 0xFE, 0x61, 0, 0xAC, 0x20, 0x0A, 0], "encoding utf16", [["a€"]]),
    Case("s varchar(9)", [0, 0x61, 0x20, 0xAC, 0, 0x0A], "encoding as utf16be", [["a€"]]),
    Case("s varchar(9)", [0x61, 0, 0x0A, 0], "encoding utf16le", [["a"]]),
    Case("s varchar(9)", [0xE9, 0x0A], "encoding iso88591", [["é"]]),
    Case("s varchar(9)", [0xEF, 0xBB, 0xBF, 0x61, 0x0A], "", [["a"]]),
    // SUPER
    Case("id int, d super", "1|{\"a\": [1, \"x\"]}\n2|\n3|5\n", "", [[1, "{\"a\":[1,\"x\"]}"], [2, .null], [3, "5"]]),
  ]

  static let documents: [Case] = [
    Case("id int, name varchar(9)", "{\"id\":1,\"name\":\"a\",\"more\":[]}\n{\"name\":null,\n \"id\":\"2\"} {\"ID\":3}", "json 'auto'", [[1, "a"], [2, .null], [.null, .null]]),
    Case("id int, name varchar(9)", "{\"ID\":1,\"Name\":\"a\"}", "format as json 'auto ignorecase'", [[1, "a"]]),
    Case("id int", "header\n{\"id\":1}", "json ignoreheader 1", [[1]]),
    Case("d super", "{\"a\":1}\n[1,2]", "json 'noshred'", [["{\"a\":1}"], ["[1,2]"]]),
    Case("b bool, s varchar(30), d super, n decimal(20,10)", "{\"b\":true,\"s\":{\"x\":[1]},\"d\":\"t\",\"n\":1234567890.0123456789}", "json 'auto'", [[true, "{\"x\":[1]}", "\"t\"", "1234567890.0123456789"]]),
    Case("id int, s varchar(9)", "{\"id\":\"\",\"s\":\"\"}", "json 'auto'", [[.null, ""]]),
    Case("id int, s varchar(9)", "{\"id\":\"\",\"s\":\"\"}", "json 'auto' emptyasnull", [[.null, .null]]),
  ]

  @Test(arguments: delimited + csv + values + documents) func loads(_ given: Case) async throws {
    let name = "c_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try DialectTests.put("copy/\(name)", given.text)
    _ = try await TestServer.run("create table \(name) (\(given.columns))")
    let ended = try await TestServer.run("copy \(name) from 's3://bucket/copy/\(name)' iam_role default \(given.options)")
    #expect(ended["Status"] == "FINISHED", "\(ended["Error"]?.asString ?? "")")
    #expect(try await TestServer.rows("select * from \(name)") == given.rows)
    #expect(ended["ResultRows"] == .int(Int64(given.rows.count)))
  }

  @Test(arguments: [
    ("id int", "x\n", "", 1207, "Invalid digit, Value 'x', Pos 0, Type: Integer", "id", 0),
    ("id int", "1.5\n", "", 1207, "Invalid digit, Value '.', Pos 1, Type: Integer", "id", 1),
    ("id smallint", "40000\n", "", 1222, "Overflow (Short valid range -32768 to 32767)", "id", 0),
    ("d decimal(4,2)", "100\n", "", 1204, "Numeric data overflow (result precision)", "d", 0),
    ("d decimal(4,2)", "1x\n", "", 1207, "Invalid digit, Value 'x', Pos 1, Type: Decimal", "d", 1),
    ("f float8", "1.x\n", "", 1207, "Invalid digit, Value 'x', Pos 2, Type: Float", "f", 2),
    ("b bool", "maybe\n", "", 1210, "Unknown boolean format", "b", 0),
    ("s varchar(2)", "abc\n", "", 1204, "String length exceeds DDL length", "s", 0),
    ("s char(9)", "é\n", "", 1220, "Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: c3 a9", "s", 0),
    ("d date", "1/2/2024\n", "", 1205, "Invalid Date Format - length must be 10 or more", "d", 0),
    ("d date", "01/02/2024\n", "", 1205, "Invalid date format or value", "d", 0),
    ("d date", "2024-02-30\n", "", 1205, "Invalid date format or value", "d", 0),
    ("d date", "nothing\n", "dateformat 'auto'", 1205, "Invalid date format or value", "d", 0),
    ("t timestamp", "2024-01-31T10:00:00Z\n", "", 1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]", "t", 0),
    ("t timestamp", "2024-01-31\n", "timeformat 'DD/MM/YYYY'", 1206, "Invalid timestamp format or value", "t", 0),
    ("id int not null", "\\N\n", "", 1213, "Missing data for not-null field", "id", 0),
    ("a int, b int", "1\n", "", 1214, "Delimiter not found", "a", 0),
    ("a int", "1|2\n", "", 1202, "Extra column(s) found", "", 0),
    ("a varchar(9)", "'b\n", "removequotes", 1214, "Delimited value missing end quote", "a", 0),
    ("a varchar(9), b int", "aa\"b,1\n", "csv", 1214, "Invalid quote formatting for CSV", "a", 2),
    ("a varchar(9)", "\"b\n", "csv", 1214, "Invalid quote formatting for CSV", "a", 0),
    ("d super", "{\n", "", 1224, "Invalid JSON format in the value of a SUPER column", "d", 0),
    ("v varbyte(9)", "zz\n", "", 1219, "Invalid hexadecimal digit, Value 'z'", "v", 0),
    ("a int", "{\"a\":1\n", "json 'auto'", 1216, "Invalid JSON: ", "", 0),
    ("a int", "oops {\"a\":1}\n", "json 'auto'", 1216, "Invalid JSON: expected an object or an array", "", 0),
    ("a int", "[1]\n", "json 'auto'", 1216, "Invalid JSON: an array needs a jsonpaths file", "", 0),
  ] as [(String, String, String, Int, String, String, Int)]) func refuses(
    _ columns: String, _ text: String, _ options: String, _ code: Int, _ reason: String, _ column: String, _ position: Int
  ) async throws {
    let name = "e_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try DialectTests.put("copy/\(name)", Array(text.utf8))
    _ = try await TestServer.run("create table \(name) (\(columns))")
    let copy = "copy \(name) from 's3://bucket/copy/\(name)' iam_role default \(options)"
    let failed = try await TestServer.run(copy)
    #expect(failed["Error"] == .string("ERROR: Load into table '\(name)' failed.  Check 'stl_load_errors' system table for details."))
    let query = failed["RedshiftQueryId"]?.jsonText ?? ""
    let found = try await TestServer.rows("select err_code, trim(err_reason), trim(colname), position, tbl = '\(name)'::regclass::int from stl_load_errors where query = \(query)")
    try #require(found.count == 1)
    #expect(found[0][0] == .int(Int64(code)) && found[0][2] == .string(column) && found[0][3] == .int(Int64(position)) && found[0][4] == true, "\(found)")
    #expect(found[0][1].asString?.hasPrefix(reason) == true, "\(found)")
    #expect(try await TestServer.rows("select error_code from sys_load_error_detail where query_id = \(query)") == [[.int(Int64(code))]])
    #expect(try await TestServer.rows("select status, error_count from sys_load_history where query_id = \(query)") == [["aborted", 1]])
    let tolerant = try await TestServer.run(copy + " maxerror 1")
    #expect(tolerant["Status"] == "FINISHED", "\(tolerant["Error"]?.asString ?? "")")
    #expect(try await TestServer.run(copy + " ignoreallerrors")["Status"] == "FINISHED")
  }

  @Test func badBytesAreNamed() async throws {
    try DialectTests.put("copy/bytes", [0x61, 0xE2, 0x82, 0x0A])
    _ = try await TestServer.run("create table c_bytes (s varchar(9))")
    let failed = try await TestServer.run("copy c_bytes from 's3://bucket/copy/bytes' iam_role default")
    let found = try await TestServer.rows("select err_reason, raw_line from stl_load_errors where query = \(failed["RedshiftQueryId"]?.jsonText ?? "")")
    #expect(found == [["String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: e2 82 (error 2)", "a.."]])
    let loaded = try await TestServer.run("copy c_bytes from 's3://bucket/copy/bytes' iam_role default acceptinvchars")
    #expect(try await TestServer.rows("select line_number, trim(colname) from stl_replacements where query = \(loaded["RedshiftQueryId"]?.jsonText ?? "")") == [[1, "s"]])
  }

  @Test(arguments: [
    ("quote '%'", "QUOTE is for CSV only"),
    ("csv escape", "ESCAPE cannot be used with CSV"),
    ("csv fixedwidth 'a:1'", "FIXEDWIDTH cannot be used with CSV"),
    ("json 'auto' null as 'x'", "NULL cannot be used with JSON"),
    ("fixedwidth 'a:1' delimiter ','", "DELIMITER cannot be used with FIXEDWIDTH"),
    ("fixedwidth 'a'", "'label:width,label:width'"),
    ("fixedwidth 'a:1,b:2'", "FIXEDWIDTH names 2 columns, but 1"),
    ("maxerror 100001", "at most 100000"),
    ("json 'any'", "'auto ignorecase'"),
    ("dateformat 'xx'", "names no part of a date"),
    ("acceptinvchars 'ab'", "one ASCII character"),
    ("delimiter ''", "DELIMITER needs"),
    ("parquet", "COPY from PARQUET is not supported"),
    ("format as avro 'auto'", "COPY from AVRO is not supported"),
    ("csv bzip2", "COPY from BZIP2"),
    ("lzop", "COPY from LZOP"),
    ("zstd", "COPY from ZSTD"),
    ("orc", "COPY from ORC"),
    ("shapefile", "COPY from SHAPEFILE"),
    ("encrypted", "COPY from ENCRYPTED"),
    ("nonsense", "COPY's option NONSENSE"),
    ("encoding utf7", "syntax error"),
    ("gzip", "is not in gzip format"),
    ("encoding utf16", "byte order mark"),
    ("json 'noshred'", "one SUPER column"),
    ("manifest", "Problem reading manifest file"),
    ("json 's3://bucket/copy/no'", "NoSuchKey"),
  ]) func refusesOptions(_ options: String, _ words: String) async throws {
    try DialectTests.put("copy/options", Array("1\n".utf8))
    _ = try await TestServer.run("create table if not exists c_options (a int)")
    let ended = try await TestServer.run("copy c_options from 's3://bucket/copy/options' iam_role default \(options)")
    #expect(ended["Status"] == "FAILED" && ended["Error"]?.asString?.contains(words) == true, "\(ended["Error"]?.asString ?? "")")
  }

  @Test func columnsIdentitiesAndDefaults() async throws {
    try DialectTests.put("copy/two", Array("a|7\nb|8\n".utf8))
    try DialectTests.put("copy/one", Array("c\n".utf8))
    let create = "create table c_ids (id int identity(1, 1), s varchar(5), n int default 5)"
    _ = try await TestServer.run(create)
    #expect(try await TestServer.run("copy c_ids from 's3://bucket/copy/two' iam_role default")["ResultRows"] == 2)
    #expect(try await TestServer.run("copy c_ids (s) from 's3://bucket/copy/one' iam_role default")["ResultRows"] == 1)
    #expect(try await TestServer.run("copy c_ids (s, id) from 's3://bucket/copy/two' iam_role default explicit_ids")["ResultRows"] == 2)
    #expect(try await TestServer.rows("select * from c_ids order by id, s") == [[1, "a", 7], [2, "b", 8], [3, "c", 5], [7, "a", 5], [8, "b", 5]])
    for (list, words) in [("(nope)", "does not exist"),
    ("(s, s)", "more than once"),
    ("(id, s)", "identity column")] {
      let ended = try await TestServer.run("copy c_ids \(list) from 's3://bucket/copy/two' iam_role default")
      #expect(ended["Error"]?.asString?.contains(words) == true, "\(list) \(ended["Error"]?.asString ?? "")")
    }
    #expect(try await TestServer.run("copy c_ids from 's3://bucket/copy/two' iam_role default noload")["ResultRows"] == 0)
    #expect(try await TestServer.rows("select count(*) from c_ids") == [[5]])
    let view = try await TestServer.run("create view c_view as select 'a'::varchar as s; copy c_view from 's3://bucket/copy/one' iam_role default")
    #expect(view["Error"] == "ERROR: cannot copy to view \"c_view\"")
  }

  @Test func pathsOfAFileNameTheValues() async throws {
    try DialectTests.put("paths/data", Array("{\"a.b\":{\"c\":[10,\"x\"]},\"d\":1}\n{\"a.b\":{\"c\":[20]},\"d\":null}".utf8))
    func paths(_ text: String) throws -> String {
      try DialectTests.put("jsonpaths", Array(text.utf8))
      return "copy c_paths from 's3://bucket/paths/data' iam_role default json 's3://bucket/jsonpaths' maxerror 1"
    }
    _ = try await TestServer.run("create table c_paths (n int, s varchar(9))")
    #expect(try await TestServer.run(paths("{\"jsonpaths\": [\"$['a.b']['c'][0]\", \"$.d\"]}"))["ResultRows"] == 2)
    #expect(try await TestServer.rows("select * from c_paths order by 1") == [[10, "1"], [20, .null]])
    let short = try await TestServer.run(paths("{\"jsonpaths\": [\"$.d\", \"$['a.b'].c[1]\"]}"))
    #expect(short["ResultRows"] == 1)
    #expect(
      try await TestServer.rows("select line_number, err_code, err_reason from stl_load_errors where query = \(short["RedshiftQueryId"]?.jsonText ?? "")")
        == [[2, 1216, "Invalid JSONPath format: Not an array or index out of range."]])
    // Without that member the names of the columns count.
    #expect(try await TestServer.run(paths("{\"paths\": []}"))["ResultRows"] == 2)
    for text in ["{\"jsonpaths\": [\"$.*\", \"$.d\"]}", "{\"jsonpaths\": [\"\", \"$.d\"]}", "{\"jsonpaths\": [\"$.d\"]}", "[]", "{\"jsonpaths\": [1, 2]}"] {
      #expect(try await TestServer.run(paths(text))["Status"] == "FAILED", "\(text)")
    }
  }

  @Test func prefixesAndManifests() async throws {
    for number in 0..<1203 { try DialectTests.put("many/part-\(number)", Array("\(number)\n".utf8)) }
    try DialectTests.put("many/sub/deep", Gzip.compress(Array("5000\n".utf8)))
    _ = try await TestServer.run("create table c_many (n int)")
    #expect(try await TestServer.run("copy c_many from 's3://bucket/many/part' iam_role default")["ResultRows"] == 1203)
    #expect(try await TestServer.run("copy c_many from 's3://bucket/many/su' iam_role default gzip")["ResultRows"] == 1)
    #expect(try await TestServer.rows("select count(distinct n), max(n) from c_many") == [[1204, 5000]])
    func manifest(_ text: String) async throws -> JSONValue {
      try DialectTests.put("manifest", Array(text.utf8))
      return try await TestServer.run("copy c_many from 's3://bucket/manifest' iam_role default manifest")
    }
    let there = "{\"url\":\"s3://bucket/many/part-1\",\"mandatory\":true}"
    #expect(try await manifest("{\"entries\":[\(there),{\"url\":\"s3://bucket/many/gone\"}]}")["ResultRows"] == 1)
    // Keys that begin with an entry's are none of its.
    let prefix = try await manifest("{\"entries\":[{\"url\":\"s3://bucket/many/part-\",\"mandatory\":true}]}")
    #expect(prefix["Error"]?.asString?.contains("NoSuchKey") == true, "\(prefix["Error"]?.asString ?? "")")
    for text in ["{\"entries\":[{\"url\":\"s3://bucket/many/gone\"}]}", "{\"entries\":[{}]}", "{", "{\"entries\":[\(there),{\"url\":\"s3://bucket/many/gone\",\"mandatory\":true}]}"] {
      #expect(try await manifest(text)["Status"] == "FAILED", "\(text)")
    }
  }

  @Test func counts() async throws {
    try DialectTests.put("copy/counted", Array("1\n2\nx\n".utf8))
    _ = try await TestServer.run("create table c_count (n int)")
    let session = try await TestServer.call("ExecuteStatement", ["ClusterIdentifier": "c1", "Database": "dev", "DbUser": "awsuser", "Sql": "select pg_last_copy_count(), pg_last_copy_id()", "SessionKeepAliveSeconds": 30])
    let id: JSONValue = session["SessionId"] ?? ""
    _ = try await TestServer.ended(session["Id"]?.asString ?? "")
    let copy = try await TestServer.ended(try await TestServer.submit(["SessionId": id, "Sql": "copy c_count from 's3://bucket/copy/counted' iam_role default maxerror 1"]))
    let counted = try await TestServer.submit(["SessionId": id, "Sql": "select pg_last_copy_count(), pg_last_copy_id(), (select count(*) from stl_load_errors where query = pg_last_copy_id())"])
    _ = try await TestServer.ended(counted)
    let query = copy["RedshiftQueryId"] ?? .null
    #expect(try await TestServer.rows(ofStatement: counted) == [[2, query, 1]])
    #expect(try await TestServer.rows("select lines_scanned, trim(filename), status from stl_load_commits where query = \(query.jsonText)") == [[3, "s3://bucket/copy/counted", 1]])
    #expect(
      try await TestServer.rows("select table_name, status, data_source, file_format, loaded_rows, source_file_count, source_file_bytes, error_count from sys_load_history where query_id = \(query.jsonText)")
        == [["c_count", "completed", "s3://bucket/copy/counted", "Text", 2, 1, 6, 1]])
    #expect(try await TestServer.rows("select file_name, lines_scanned from sys_load_detail where query_id = \(query.jsonText)") == [["s3://bucket/copy/counted", 3]])
  }

  /// Rows that only the database refuses are all counted, and the first thousand kept.
  @Test func manyRefusedRowsAreCounted() async throws {
    try DialectTests.put("copy/times", Array((String(repeating: "25:00:00\n", count: 1200) + "23:00:00\n").utf8))
    _ = try await TestServer.run("create table c_times (t time)")
    let copy = try await TestServer.run("copy c_times from 's3://bucket/copy/times' iam_role default maxerror 5000")
    #expect(copy["ResultRows"] == 1, "\(copy["Error"]?.asString ?? "")")
    let query = copy["RedshiftQueryId"]?.jsonText ?? ""
    #expect(try await TestServer.rows("select count(*) from stl_load_errors where query = \(query)") == [[1000]])
    #expect(try await TestServer.rows("select loaded_rows, error_count from sys_load_history where query_id = \(query)") == [[1, 1200]])
  }

  @Test func whatIsNotAboutRowsIsNoLoadError() async throws {
    try DialectTests.put("copy/rights", Array("1\n".utf8))
    _ = try await TestServer.run("create table c_rights (n int)")
    let id = try await TestServer.submit(["DbUser": "somebody_else", "Sql": "copy c_rights from 's3://bucket/copy/rights' iam_role default"])
    #expect(try await TestServer.ended(id)["Error"]?.asString?.hasPrefix("ERROR: permission denied for") == true)
  }

  @Test func errorsOfTheStoreAreRedshifts() async throws {
    _ = try await TestServer.run("create table if not exists c_errors (n int)")
    let missing = try await TestServer.run("copy c_errors from 's3://no-such-bucket/x' iam_role default")
    let text = missing["Error"]?.asString ?? ""
    #expect(text.hasPrefix("ERROR: S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket,Rid ,ExtRid ,CanRetry 1\n  Detail: \n  ---"), "\(text)")
    #expect(text.contains("\n  code:      8001\n  context:   Listing bucket=no-such-bucket prefix=x\n  query:     \(missing["RedshiftQueryId"]?.jsonText ?? "")\n"), "\(text)")
    let empty = try await TestServer.run("copy c_errors from 's3://bucket/copy/nothing' iam_role default")
    #expect(empty["Error"]?.asString?.hasPrefix("ERROR: The specified S3 prefix 'copy/nothing' does not exist\n") == true)
  }
}
