import Foundation
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// The kinds of statements that a sales pipeline is made of, and the seed's own scripts where they are at hand.
@Suite(.serialized, .enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct PipelineTests {
  static func batch(_ script: String) async throws -> JSONValue {
    let pieces = script.split(separator: ";").map { JSONValue.string(String($0)) }
    return try await TestServer.ended(try await TestServer.submit(["Sqls": .array(pieces)]))
  }

  static let setup = """
    drop table if exists p_item; drop table if exists p_sales; drop table if exists p_day;
    create table if not exists p_item (sk int4 not null encode az64, id char(8) not null encode zstd, since date encode az64, until date,
      price numeric(7,2) encode az64, primary key (sk)) distkey(sk) sortkey(id);
    create table if not exists p_day (sk int not null encode az64, day date encode az64, primary key (sk)) diststyle all;
    create table if not exists p_sales (day_sk int4, item_sk int4 not null encode az64, paid numeric(7,2), primary key (item_sk)) distkey(item_sk);
    begin transaction;
    truncate table p_item;
    insert into p_item values (1, 'A', '2021-01-01', null, 10.00), (2, 'B', '2021-01-01', null, 20.00);
    analyze p_item;
    truncate table p_day;
    insert into p_day values (100, '2021-06-25'), (101, '2021-06-26');
    -- the end
    commit;
    end transaction
    """

  static func run(_ day: String) -> String {
    """
    begin transaction;
    drop table if exists p_stage;
    create table p_stage (id varchar(8) encode zstd, price numeric(7,2) encode zstd) backup no diststyle even;
    insert into p_stage values ('A', 11.00), ('B', 20.00);
    insert into p_item with top_key as (select max(sk) top_key from p_item)
      select row_number() over (order by p_stage.id) + top_key as sk, p_stage.id, trunc(sysdate) as since, null as until, p_stage.price
      from p_stage, p_item, top_key where p_item.id = p_stage.id and p_item.until is null and p_item.price <> p_stage.price;
    update p_item set until = trunc(sysdate) from p_stage where p_item.id = p_stage.id and p_item.until is null and p_item.price <> p_stage.price;
    delete from p_sales where day_sk in (select sk from p_day where day = '\(day)');
    insert into p_sales select p_day.sk, p_item.sk, 5.25 from p_stage inner join p_day on p_day.day = '2021-06-26'
      left join p_item on p_stage.id = p_item.id and p_item.until is null;
    drop table if exists p_stage;
    commit;
    end transaction;
    select 1/count(1) from p_sales where day_sk in (select sk from p_day where day = '\(day)')
    """
  }

  @Test func aPipelineTwice() async throws {
    #expect(try await Self.batch(Self.setup)["Status"] == "FINISHED")
    for _ in 0..<2 {
      #expect(try await Self.batch(Self.run("2021-06-26"))["Status"] == "FINISHED")
      #expect(try await TestServer.rows("select count(*), sum(paid) from p_sales") == [[2, "10.50"]])
      #expect(try await TestServer.rows("select count(*), sum(case when until is null then 1 else 0 end) from p_item") == [[3, 2]])
    }
    let failed = try await Self.batch(Self.run("2021-06-25"))
    #expect(failed["Status"] == "FAILED")
    #expect(failed["Error"]?.asString?.contains("division by zero") == true)
    #expect(try await TestServer.rows("select diststyle, sortkey1 from svv_table_info where \"table\" = 'p_item'") == [["KEY(sk)", "id"]])
  }

  @Test func theSeedsScripts() async throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/samples")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    guard let sample = names.first(where: { $0.hasPrefix("etl-orchestration") }) else {
      print("the seed's scripts are not here; this test has nothing to run")
      return
    }
    func script(_ name: String, _ day: String) throws -> String {
      try String(contentsOf: folder.appending(path: "\(sample)/scripts/\(name).sql"), encoding: .utf8).replacing(
        "{job_run_date}", with: day)
    }
    for _ in 0..<2 {
      #expect(try await Self.batch(try script("setup_sales_data_pipeline", ""))["Status"] == "FINISHED")
      for _ in 0..<2 { #expect(try await Self.batch(try script("run_sales_data_pipeline", "2021-06-26"))["Status"] == "FINISHED") }
      #expect(
        try await TestServer.rows("select count(*), sum(ss_net_paid), sum(ss_net_profit), sum(ss_quantity) from store_sales") == [
          [8, "17762.47", "-9235.37", 121]
        ])
      #expect(try await TestServer.rows("select count(*), count(*) - count(i_rec_end_date) from item") == [[9, 6]])
      #expect(try await TestServer.rows("select count(*), max(ca_address_sk) from customer_address") == [[7, 13_971_212]])
    }
    let failed = try await Self.batch(try script("run_sales_data_pipeline", "2020-03-12"))
    #expect(failed["Status"] == "FAILED")
    #expect(failed["SubStatements"]?.asArray?.last?["Error"]?.asString?.hasPrefix("ERROR: division by zero") == true)
  }
}
