import JSONTypes

/// The system tables that show which statements ran. They are made from the ledger when a query names one.
///
/// Source: Redshift's guide, "System tables and views reference".
enum StatementHistory {
  /// Most statements that are shown, the newest.
  static let limit = 2000

  /// Each view's columns over the rows of `source`.
  static let views: [String: String] = [
    "stl_query": """
      userid, query, label, xid, pid, database, querytxt, starttime, endtime, aborted, 0 as insert_pristine, 0 as concurrency_scaling_status
      """,
    "svl_qlog": """
      userid, query, xid, pid, starttime, endtime, elapsed, aborted, label, substring(querytxt, 1, 60)::char(60) as substring,
      null::bigint as source_query, 0 as concurrency_scaling_status
      """,
    "stl_querytext": "userid, xid, pid, query, 0 as sequence, substring(querytxt, 1, 200)::char(200) as text",
    "svl_statementtext": "userid, xid, pid, label, starttime, endtime, 0 as sequence, type, substring(querytxt, 1, 200)::char(200) as text",
    "stl_ddltext": "userid, xid, pid, label, starttime, endtime, 0 as sequence, substring(querytxt, 1, 200)::char(200) as text",
    "stl_utilitytext": "userid, xid, pid, label, starttime, endtime, 0 as sequence, substring(querytxt, 1, 200)::char(200) as text",
    "sys_query_history": """
      userid as user_id, query as query_id, label as query_label, xid as transaction_id, pid as session_id, database as database_name, kind as query_type,
      status, false as result_cache_hit, starttime as start_time, endtime as end_time, elapsed as elapsed_time, 0::bigint as queue_time,
      elapsed as execution_time, error as error_message, returned as returned_rows, size as returned_bytes, substring(querytxt, 1, 4000)::varchar(4000) as query_text,
      'sfn-local'::varchar as redshift_version, null::varchar as usage_limit, 'main'::varchar as compute_type, 0::bigint as compile_time,
      0::bigint as planning_time, 0::bigint as lock_wait_time, 'Default queue'::varchar as service_class_name, username as username
      """,
    "sys_query_text": """
      userid as user_id, query as query_id, xid as transaction_id, pid as session_id, starttime as start_time, 0 as sequence,
      substring(querytxt, 1, 200)::char(200) as text
      """,
    "stv_recents": """
      userid, case when status = 'running' then 'Running' else 'Done' end as status, starttime, elapsed::int as duration, username as user_name,
      database as db_name, substring(querytxt, 1, 600)::char(600) as query, pid
      """,
    "stl_wlm_query": """
      userid, xid, pid as task, query, 100 as service_class, 1 as slot_count, starttime as service_class_start_time, starttime as queue_start_time,
      starttime as queue_end_time, 0::bigint as total_queue_time, starttime as exec_start_time, endtime as exec_end_time, elapsed as total_exec_time,
      endtime as service_class_end_time, 'Completed'::varchar as final_state
      """,
  ]

  /// What the views select from.
  static func source(_ rows: JSONValue) -> String {
    let text = Node.quoted(rows.jsonText)
    return "(select r.*, extract(epoch from coalesce(endtime, starttime) - starttime)::bigint * 1000000 as elapsed "
      + "from pg_catalog.jsonb_to_recordset(\(text)::jsonb) as r(userid int, query int, label varchar, xid bigint, pid int, database varchar, "
      + "querytxt varchar, starttime timestamp, endtime timestamp, aborted int, type varchar, kind varchar, status varchar, error varchar, "
      + "returned bigint, size bigint, username varchar)) as sfn_history"
  }
}

extension RedshiftDataService {
  /// The statements of this endpoint, newest first.
  func statementHistory() -> JSONValue {
    var rows: [JSONValue] = []
    for record in ledger.newestFirst {
      for part in record.parts where part.status != .submitted {
        let word = Tokenizer.firstWord(of: part.sql)
        let isDDL = ["create", "alter", "drop", "truncate", "grant", "revoke", "comment"].contains(word)
        var row: JSONObject = [
          "userid": 100, "query": .int(Int64(part.queryId)), "label": .string(record.name ?? "default"), "xid": .int(Int64(part.queryId)),
          "pid": .int(Int64(record.backendPid)), "database": .string(record.target.database), "querytxt": .string(part.sql),
          "starttime": .string(Self.timestamp(part.createdAt)), "aborted": .int(part.status == .finished || part.status == .started ? 0 : 1),
          "type": .string(isDDL ? "DDL" : ["select", "with", "insert", "update", "delete", "copy", "unload"].contains(word) ? "QUERY" : "UTILITY"),
          "kind": .string(isDDL ? "DDL" : word.isEmpty ? "OTHER" : word == "with" ? "SELECT" : word.uppercased()),
          "status": .string(["FINISHED": "success", "FAILED": "failed", "ABORTED": "canceled"][part.status.rawValue] ?? "running"),
          "returned": .int(Int64(part.hasResultSet ? max(part.rows, 0) : 0)), "size": .int(Int64(max(part.size, 0))),
          "username": .string(record.target.dbUser ?? Self.defaultUser),
        ]
        if part.status.isFinal { row["endtime"] = .string(Self.timestamp(part.updatedAt)) }
        if let error = part.error { row["error"] = .string(error) }
        rows.append(.object(row))
      }
      if rows.count >= StatementHistory.limit { break }
    }
    return .array(rows)
  }

  /// Seconds since 1970 in PostgreSQL's words.
  private static func timestamp(_ seconds: Double) -> String {
    let days = Int((seconds / 86400).rounded(.down))
    let rest = seconds - Double(days) * 86400
    let (year, month, day) = Moment.date(ofDay: days)
    let whole = Int(rest)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let micros = String(Int((rest - Double(whole)) * 1_000_000) + 1_000_000).dropFirst()
    return "\(year)-\(two(month))-\(two(day)) \(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60)).\(micros)"
  }
}
