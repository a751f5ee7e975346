import Testing

@testable import RedshiftDataEmulator

@Suite struct TranslatorTests {
  static func sql(_ text: String, answers: [Question: [String]] = [:]) throws -> String {
    let statement = try #require(StatementSplitter.statements(of: text).first)
    return try Translator.translate(statement, answers: answers).sql.split(separator: " ").joined(separator: " ")
  }

  /// What a statement is refused with; nil when it is translated.
  static func refusal(of source: String) throws -> DialectError? {
    let statement = try #require(StatementSplitter.statements(of: source).first)
    do throws(TranslationStop) { _ = try Translator.translate(statement) } catch {
      guard case .refused(let refusal) = error else { return nil }
      return refusal
    }
    return nil
  }

  /// Rows named by the rule: Redshift's text, PostgreSQL's text.
  @Test(arguments: [
    ("attributes go", "create table t (a int encode zstd distkey sortkey) diststyle key backup no", "create table t ( a int4)"),
    (
      "words in literals stay", "create table t (a varchar(9) default 'encode zstd') sortkey(a)",
      "create table t ( a varchar(9) constraint \"a_bytes\" check (coalesce(octet_length(\"a\"), 0) <= 9 or sfn_local.too_long('character varying(9)')) default 'encode zstd')"
    ),
    ("keys are not enforced", "create table t (a int, primary key (a))", "create table t ( a int4 not null)"),
    (
      "identity", "create table t (a int identity(1,1))",
      "create table t ( a int4 generated always as identity (start with 1 increment by 1 minvalue 1))"
    ),
    ("temporary names", "select * from #t", "select * from \"#t\""),
    ("TOP", "select top 3 a from t order by a", "select a from t order by a limit 3"),
    ("MINUS", "select 1 minus select 2", "select 1 except select 2"),
    ("derived tables get a name", "select 1 from (select 2)", "select 1 from ( select 2) as sfn_derived_1"),
    ("NVL", "select nvl(a, 1)", "select coalesce(a, 1)"),
    ("date parts", "select dateadd(m, 1, x)", "select sfn_local.dateadd('minute', 1, x) as \"date_add\""),
    ("SYSDATE", "select trunc(sysdate)", "select trunc(sfn_local.sysdate())"),
    ("CONVERT", "select convert(int, '1')", "select cast( '1' as int4 )"),
    ("names fold", "select 1 as \"Total Amount\"", "select 1 as \"total amount\""),
    ("DELETE without FROM", "delete t where a = 1", "delete from t where a = 1"),
    ("aggregates with a frame", "select sum(v) over (order by id rows unbounded preceding) from t", "select sum(v) over ( order by id rows unbounded preceding) from t"),
    ("paths behind calls", "select f(a).b[0]", "select (f(a))['b'][0] as \"b\""),
    ("quotients of literals", "select 1.0 / 3", "select (pg_catalog.round(pg_catalog.div((1.0) * 1e12, (3)) * 1e-12, 12)) as \"?column?\""),
    ("prepared statements", "prepare p (varchar, int) as select $1, top_of($2)", "prepare p ( varchar, int4 ) as select $1, top_of($2)"),
    ("unknown settings", "set query_group to 'x'", "set redshift.query_group to 'x'"),
  ]) func rewrites(_ rule: String, _ source: String, _ expected: String) throws {
    // Blanks decide nothing here.
    let sql = try Self.sql(source)
    #expect(sql.filter { $0 != " " } == expected.filter { $0 != " " }, "\(sql)")
  }

  @Test(arguments: [
    ("create table t (id int check (id > 0))", "CHECK constraints"),
    ("create index i on t(a)", "CREATE INDEX"),
    ("select distinct on (a) b from t", "DISTINCT ON"),
    ("create table t (a int[])", "Arrays"),
    ("create table t (a serial)", "serial"),
    ("select a from t, u where x(+) = u.x", "(+)"), ("select a from t join u on t.a = u.a where t.x = u.x(+)", "(+)"),
    ("select concat('a', 'b', 'c')", "concat takes 2 arguments"),
    ("select sum(v) over (order by id) from t", "require a frame clause"), ("select max(v) over (partition by g order by id) from t", "require a frame clause"),
    ("select sum(v) over (order by id range unbounded preceding) from t", "at or near \"range\""),
    ("select '{}'::jsonb", "type \"jsonb\" does not exist"), ("select x::uuid from t", "type \"uuid\" does not exist"),
    ("select '{1}'::int[]", "Arrays"), ("select cast(a as json) from t", "type \"json\" does not exist"),
    ("select * from (values (1), (2)) as v(a)", "at or near \"values\""), ("select a from t order by a using >", "at or near \"using\""),
    ("create view v as select a from t with no schema binding", "should be qualified"),
    ("merge into t using s on t.a = s.a when matched and s.b > 1 then delete", "at or near \"and\""),
    ("rollback to savepoint a", "at or near \"to\""), ("alter table t enable row level security", "at or near \"enable\""),
    ("alter table t set (fillfactor = 10)", "at or near \"set\""), ("alter table t alter column a set not null", "at or near \"set\""),
    ("alter table t alter column a type bigint", "target data type \"bigint\" is not supported"),
    ("create function f(a int) returns int as $$ begin return a; end; $$ language plpgsql", "plpgsql"),
    ("explain analyze select 1", "at or near \"analyze\""), ("select * from stl_scan", "the system view stl_scan is not supported by this local endpoint"),
    ("select object_transform(a) from t", "OBJECT_TRANSFORM is not supported by this local endpoint"),
    ("select hll_cardinality(a) from t", "HLL_CARDINALITY is not supported by this local endpoint"), ("show grants on t", "SHOW GRANTS is not supported"),
    ("show tables from schema", "syntax error at end of input"), ("show tables from schema a like 5", "at or near \"like\""),
    ("create function f() returns int as $$ return 1 $$ language plpythonu", "plpythonu"),
    ("select 'abc", "unterminated quoted string"),
    ("select (1", "is not closed"),
    ("selct 1", "syntax error at or near \"selct\""),
  ]) func refuses(_ source: String, _ part: String) throws {
    #expect(try Self.refusal(of: source)?.message.contains(part) == true)
  }

  @Test func refusalsNameLineAndColumn() throws {
    let source = "select 1,\n  convert_x(a(+))"
    let refusal = try #require(try Self.refusal(of: source))
    let error = RedshiftSession.error(refusal, in: source)
    #expect(error.message.hasSuffix("(line 2, column 14)"))
    #expect(error.position == nil)
  }

  /// A body's statement, as PostgreSQL gets it.
  @Test(arguments: [
    ("execute 'select top 2 a from t';", "execute 'select a from t limit 2';"),
    ("execute 'create table ' || t || ' (a int encode az64)' || ' diststyle even';", "execute 'create table ' || (t) || ' ( a int4)"),
    ("execute 'select 1 from ' || quote_ident(t) || ' where a = ' || b;", "execute 'select 1 from ' || quote_ident(t) || ' where a = ' || b;"),
    ("execute 'not sql ' || t;", "execute 'not sql ' || t;"),
    ("execute 'vacuum ' || 'x';", "execute 'select 1';"),
    ("q := 'select nvl(a, 1) from t'; execute q;", "q := 'select coalesce(a, 1) from t'; execute q;"),
    ("q := 'select nvl(a, 1) from t'; raise info '%', q; execute q;", "q := 'select nvl(a, 1) from t'; raise info '%', q; execute q;"),
    ("for r in select top 1 a from t loop null; end loop;", "for r in select a from t limit 1 loop null; end loop;"),
  ]) func bodies(_ source: String, _ expected: String) throws {
    let sql = try Self.sql("create procedure p() as $$ begin \(source) end; $$ language plpgsql").filter { $0 != " " }
    let plain = expected.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''").filter { $0 != " " }
    #expect(sql.contains("as'begin" + plain), "\(sql)")
  }

  @Test func anAliasGivesWayToAColumn() throws {
    let source = "select a + 1 as b, b * 2 as c from t"
    let question = Question.columns(of: "select * from t")
    let statement = try #require(StatementSplitter.statements(of: source).first)
    #expect(throws: TranslationStop.self) { try Translator.translate(statement) }
    #expect(try Self.sql(source, answers: [question: ["a"]]) == "select a + 1 as b, ( a + 1) * 2 as c from t")
    #expect(try Self.sql(source, answers: [question: ["a", "b"]]) == "select a + 1 as b, b * 2 as c from t")
  }

  @Test func parametersTakeOnePlaceEach() throws {
    let statement = try #require(StatementSplitter.statements(of: "select :a, ':a', :b, :a::int").first)
    let translation = try Translator.translate(statement, parameters: ["a", "b"])
    #expect(translation.parameters == ["a", "b", "a"])
    #expect(translation.sql == "select $1, ':a', $2, $3::int4")
  }

  @Test func positionsPointIntoTheSource() throws {
    let source = "select nvl(a, b), dateadd(day, 1, wrong) from t"
    let statement = try #require(StatementSplitter.statements(of: source).first)
    let translation = try Translator.translate(statement)
    let place = try #require(translation.sql.firstRange(of: "wrong")).lowerBound
    let position = translation.sql.unicodeScalars.distance(from: translation.sql.startIndex, to: place) + 1
    #expect(translation.sourcePosition(of: position, in: source) == 35)
  }
}
