import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// `SHOW`, and the catalogue's views of what users wrote.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct ShowTests {
  @Test func tablesAndColumns() async throws {
    _ = try await TestServer.run("create table sh_t (id int not null encode az64 distkey, d super, v varchar(9) default 'x', primary key (id)) sortkey(id)")
    #expect(try await TestServer.rows("show tables from schema dev.public like 'sh_t'").map { Array($0[1...3]) } == [["public", "sh_t", "TABLE"]])
    #expect(
      try await TestServer.rows("show columns from table dev.public.sh_t").map { [$0[3], $0[4], $0[7]] } == [
        ["id", 1, "integer"], ["d", 2, "super"], ["v", 3, "character varying"],
      ])
    #expect(try await TestServer.rows("show columns from table sh_t like 'v%' limit 1").count == 1)
    #expect(try await TestServer.rows("show schemas from database dev like 'public'").map { $0[1] } == ["public"])
    #expect(try await TestServer.rows("show databases").map { $0[0] }.contains("dev"))
    #expect(
      try await TestServer.rows("show table sh_t") == [
        [
          """
          CREATE TABLE public.sh_t (
              id integer NOT NULL ENCODE az64 distkey,
              d super,
              v character varying(9) DEFAULT 'x'::character varying,
              PRIMARY KEY (id)
          )
          DISTSTYLE KEY
          SORTKEY ( id );
          """
        ]
      ])
    #expect(
      try await TestServer.rows("select \"column\", type from pg_table_def where tablename = 'sh_t' and type = 'super'") == [["d", "super"]])
  }

  @Test func whatUsersWrote() async throws {
    _ = try await TestServer.run("create or replace view sh_v as select nvl(1, 2) as x")
    #expect(try await TestServer.rows("show view sh_v") == [["CREATE OR REPLACE VIEW public.sh_v AS select nvl(1, 2) as x;"]])
    #expect(try await TestServer.rows("select definition from pg_views where viewname = 'sh_v'") == [["select nvl(1, 2) as x"]])
    _ = try await TestServer.run("create view sh_late as select top 1 a from public.sh_none with no schema binding")
    #expect(
      try await TestServer.rows("show view sh_late") == [
        ["CREATE OR REPLACE VIEW sh_late AS select top 1 a from public.sh_none with no schema binding;"]
      ])
    let procedure = "create or replace procedure sh_p(a int, b out int) as $$ begin b := a; end; $$ language plpgsql"
    _ = try await TestServer.run(procedure)
    #expect(try await TestServer.rows("show procedure sh_p(int)") == [[.string(procedure)]])
    #expect(try await TestServer.rows("select proname, prokind from pg_proc_info where proname = 'sh_p'") == [["sh_p", "p"]])
  }

  @Test func settings() async throws {
    #expect(try await TestServer.rows("show search_path") == [["$user, public"]])
    #expect(try await TestServer.rows("select set_config('query_group', 'etl', false)") == [["etl"]])
    #expect(try await TestServer.rows("select setting from (select 1) cross join (select current_setting('search_path') as setting)") == [["$user, public"]])
    #expect(try await TestServer.rows("show query_group") == [["unset"]])
    #expect(try await TestServer.rows("set query_group to 'etl'; show query_group") == [["etl"]])
    #expect(try await TestServer.run("show no_such_thing")["Error"] == "ERROR: unrecognized configuration parameter \"no_such_thing\"")
    #expect(try await TestServer.rows("show all").contains { $0[0] == "search_path" && $0[1] == "$user, public" })
  }
}
