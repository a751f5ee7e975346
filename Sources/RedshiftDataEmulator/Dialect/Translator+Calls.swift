extension Translator {
  /// A call that means something else on PostgreSQL, or that PostgreSQL does not have in this form.
  ///
  /// - Returns: nil when the call can stay as it is.
  mutating func call(_ name: Token, _ arguments: [Node], _ nodes: [Node], at index: Int) throws(TranslationStop) -> (
    nodes: [Node], end: Int
  )? {
    let end = index + 2
    func replaced(_ function: String, _ parts: [[Node]]) -> [Node] {
      var called = name
      called.text = function
      var inside: [Node] = []
      for (number, part) in parts.enumerated() {
        if number > 0 { inside.append(.token(Token(.symbol, ","))) }
        inside += part
      }
      return [.token(called), .group(Node.Group(open: Token(.symbol, "("), children: inside, close: Token(.symbol, ")")))]
    }
    func ours(_ function: String) -> String { "\(Self.schema).\(function)" }
    func count(_ wanted: ClosedRange<Int>, _ found: Int) throws(TranslationStop) {
      guard wanted.contains(found) else {
        throw .refusal(
          "function \(name.key) takes \(wanted.lowerBound == wanted.upperBound ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) to \(wanted.upperBound)") arguments, not \(found)",
          at: .token(name), sqlState: "42883")
      }
    }

    if Self.foreignFunctions.contains(name.key), !isInRoutine {
      throw .refusal("function \(name.key) does not exist", at: .token(name), sqlState: "42883")
    }
    if end < nodes.count, nodes[end].isWord("filter"), end + 1 < nodes.count, nodes[end + 1].parentheses?.first?.isWord("where") == true {
      throw .refusal("syntax error at or near \"filter\"", at: nodes[end], sqlState: "42601")
    }
    if Self.unsupportedFunctions.contains(name.key), !isInRoutine {
      throw .unsupported("the function \(name.key.uppercased())", at: .token(name))
    }
    try checkFrame(name, nodes, behind: end)
    switch name.key {
    case "nvl", "coalesce": return (replaced("coalesce", try rewritten(arguments)), end)
    case "nvl2":
      let parts = try rewritten(arguments)
      try count(3...3, parts.count)
      return ([.text("(case when")] + parts[0] + [.text("is not null then")] + parts[1] + [.text("else")] + parts[2] + [.text("end)")], end)
    case "decode": return (try decode(name, try rewritten(arguments)), end)
    case "convert":
      let raw = arguments.splitAtCommas()
      guard raw.count == 2 else { return nil }
      var type: [Node] = []
      let typeEnd = try castType(raw[0], from: 0, into: &type)
      return ([.text("cast(")] + (try inner(raw[1])) + [.text("as")] + type + raw[0][typeEnd...] + [.text(")")], end)
    case "cast":
      guard let asIndex = arguments.lastIndex(where: { $0.isWord("as") }) else { return nil }
      let value = Array(arguments[..<asIndex])
      if value.count > 1, Self.factor(value, from: 0) == value.count, value.dropFirst().contains(where: { $0.isSymbol(".") || $0.brackets != nil }) {
        // Perhaps a path into a document, whose conversions follow rules of their own.
        return (try expression(value + [.token(Token(.symbol, "::"))] + arguments[(asIndex + 1)...]), end)
      }
      var inside = try inner(value)
      inside.append(arguments[asIndex])
      let typeEnd = try castType(arguments, from: asIndex + 1, into: &inside)
      inside += arguments[typeEnd...]
      return (replaced("cast", [inside]), end)
    case "dateadd", "date_add", "datediff", "date_diff", "date_part", "pgdate_part", "date_trunc":
      var parts = try rewritten(arguments)
      guard let first = parts.first else { return nil }
      parts[0] = try datePart(first)
      let function = ["date_add": "dateadd", "date_diff": "datediff", "pgdate_part": "date_part"][name.key] ?? name.key
      return (replaced(ours(function), parts), end)
    case "extract":
      guard let from = arguments.firstIndex(where: { $0.isWord("from") }) else { throw .syntax(at: arguments.first) }
      let part = try datePart(Array(arguments[..<from]))
      return (replaced(ours("extract_part"), [part, try inner(Array(arguments[(from + 1)...]))]), end)
    case "concat":
      let parts = try rewritten(arguments)
      try count(2...2, parts.count)
      return (replaced(ours("concat"), parts.map { [.parenthesized($0), .text("::varchar")] }), end)
    case "try_cast":
      guard let asIndex = arguments.lastIndex(where: { $0.isWord("as") }) else { throw .syntax(at: .token(name)) }
      let value = try inner(Array(arguments[..<asIndex]))
      var type: [Node] = []
      _ = try castType(arguments, from: asIndex + 1, into: &type)
      type += arguments[(asIndex + 1)...].filter { type.isEmpty && $0.name != nil }
      let text: [Node] = [.parenthesized(value), .text("::varchar")]
      return (
        [.text("(case when \(Self.schema).can_cast(")] + text + [.text(", \(Node.quoted(type.sql))) then \(Self.schema).as_given(")] + text
          + [.text(")::")] + type + [.text("end)")], end
      )
    case "json_extract_path_text":
      var parts = try rewritten(arguments)
      // The last argument may be a truth value: then it is no part of the path.
      if let last = parts.last, last.count == 1, ["true", "false"].contains(last[0].word) { parts[parts.count - 1] = [.text("'\(last[0].word)'")] }
      return (replaced(ours(name.key), parts), end)
    case "log":
      return (replaced(ours("log"), try rewritten(arguments)), end)
    case "array" where !Self.isQuery(arguments): return ([.parenthesized(replaced("jsonb_build_array", try rewritten(arguments)))], end)
    case "object":
      let parts = try rewritten(arguments)
      guard parts.count % 2 == 0 else {
        throw .refusal("function object takes pairs of a name and a value", at: .token(name), sqlState: "42883")
      }
      return ([.text("\(Self.schema).ordered("), .parenthesized(replaced("json_build_object", parts)), .text(")")], end)
    case "grouping_id": return (replaced("grouping", try rewritten(arguments)), end)
    case "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop":
      let parts = try rewritten(arguments)
      guard parts.count == 1, !(arguments.first?.isWord("distinct") ?? false) else { return nil }
      return (replaced(name.key, [[.parenthesized(parts[0]), .text("::float8")]]), end)
    case "power", "pow", "sqrt", "exp", "ln", "cbrt":
      return (replaced(name.key, try rewritten(arguments).map { [.parenthesized($0), .text("::float8")] }), end)
    case "avg": return (replaced(ours("avg"), try rewritten(arguments)), end)
    case "median", "percentile_cont", "percentile_disc", "listagg", "ratio_to_report", "first_value", "last_value", "lag", "lead",
      "nth_value":
      return try aggregate(name, arguments, nodes, behind: end)
    case "getdate", "regexp_replace", "regexp_substr", "regexp_instr", "json_array_length", "split_part", "current_schemas", "json_parse",
      "to_date", "array_position", "array_to_string", "set_config", "current_setting",
      "version", "len", "to_timestamp", "json_typeof":
      return (replaced(ours(name.key), try rewritten(arguments)), end)
    case "length" where arguments.count > 0: return nil
    case "textlen": return (replaced(ours("len"), try rewritten(arguments)), end)
    default: return nil
    }
  }

  /// Functions of PostgreSQL that Redshift has not.
  private static let foreignFunctions: Set<String> = [
    "string_agg", "array_agg", "unnest", "row_to_json", "to_json", "to_jsonb", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg",
    "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array", "jsonb_set", "jsonb_each", "json_each",
    "jsonb_array_elements", "json_array_elements", "jsonb_typeof", "json_populate_record", "jsonb_pretty", "gen_random_uuid", "format",
    "concat_ws", "make_date", "make_timestamp", "make_interval", "age", "clock_timestamp", "statement_timestamp", "string_to_array",
    "array_length", "array_append", "array_remove", "cardinality", "regexp_split_to_table",
    "regexp_split_to_array", "regexp_matches", "regexp_match", "date_bin", "to_tsvector", "to_tsquery", "mode", "setseed", "nextval",
    "currval", "setval", "lastval", "pg_read_file", "pg_ls_dir", "query_to_xml", "xpath", "gcd", "lcm", "num_nulls", "width_bucket",
    "parse_ident", "justify_days", "justify_hours", "isfinite", "generate_subscripts",
  ]

  /// Redshift's functions that are not here.
  private static let unsupportedFunctions: Set<String> = [
    "object_transform", "farmfingerprint64", "farmhash64", "explain_model", "hll", "hll_create_sketch", "hll_cardinality", "hll_combine",
    "hll_combine_sketches", "h3_fromlonglat", "h3_frompoint", "h3_polyfill", "h3_boundary", "h3_center", "h3_distance", "h3_ispentagon",
    "h3_isvalid", "h3_resolution", "h3_tochildren", "h3_toparent", "st_point", "st_makepoint", "st_distance", "st_distancesphere", "st_astext",
    "st_geomfromtext", "st_geogfromtext", "st_x", "st_y", "st_contains", "st_within", "st_intersects", "st_buffer", "st_area", "st_length",
    "st_setsrid", "st_transform", "st_makeline", "st_makepolygon", "geometrytype", "dropbbox", "supportsbbox", "addbbox", "collate",
    "text_to_numeric_alt", "checksum",
  ]

  /// Aggregates that must say over which rows they go, as soon as the window has an order.
  private static let framed: Set<String> = [
    "sum", "avg", "count", "min", "max", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop",
  ]

  private func checkFrame(_ name: Token, _ nodes: [Node], behind end: Int) throws(TranslationStop) {
    guard end + 1 < nodes.count, nodes[end].isWord("over"), let window = nodes[end + 1].parentheses else { return }
    if let range = window.first(where: { $0.isWord("range") || $0.isWord("groups") }) {
      throw .refusal("syntax error at or near \"\(range.firstToken.text)\"", at: range, sqlState: "42601")
    }
    guard Self.framed.contains(name.key), window.contains(where: { $0.isWord("order") }), !window.contains(where: { $0.isWord("rows") }) else { return }
    throw .refusal("Aggregate window functions with an ORDER BY clause require a frame clause", at: .token(name))
  }

  private mutating func rewritten(_ arguments: [Node]) throws(TranslationStop) -> [[Node]] {
    var results: [[Node]] = []
    for part in arguments.splitAtCommas() { results.append(try inner(part)) }
    return results
  }

  /// `DECODE`, in which NULL equals NULL.
  private func decode(_ name: Token, _ parts: [[Node]]) throws(TranslationStop) -> [Node] {
    guard parts.count >= 3 else { throw .refusal("function decode takes at least 3 arguments", at: .token(name), sqlState: "42883") }
    var output: [Node] = [.text("(case")]
    var index = 1
    while index + 1 < parts.count {
      output += [.text("when"), .parenthesized(parts[0]), .text("is not distinct from"), .parenthesized(parts[index]), .text("then")]
      output += parts[index + 1]
      index += 2
    }
    if index < parts.count { output += [.text("else")] + parts[index] }
    return output + [.text("end)")]
  }

  /// A date part as a bare word becomes a literal.
  private func datePart(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard nodes.count == 1, let token = nodes[0].token, token.kind == .word || token.kind == .string else { return nodes }
    guard let part = Self.dateParts[token.kind == .string ? token.literal.lowercased() : token.key] else {
      throw .refusal("\"\(token.text)\" is not a date part", at: nodes[0], sqlState: "22023")
    }
    return [.token(Token(.string, "'\(part)'", leading: token.leading, offset: token.offset))]
  }

  /// Date parts by their names and abbreviations. Source: Redshift's guide, "Date parts for date or timestamp functions".
  static let dateParts: [String: String] = {
    let names: [String: [String]] = [
      "millennium": ["millennia", "mil", "mils"], "century": ["centuries", "c", "cent", "cents"], "decade": ["decades", "dec", "decs"],
      "epoch": [], "year": ["years", "y", "yr", "yrs"], "quarter": ["quarters", "qtr", "qtrs"], "month": ["months", "mon", "mons"],
      "week": ["weeks", "w"], "dow": ["dayofweek", "dw", "weekday"], "doy": ["dayofyear", "dy", "yearday"], "day": ["days", "d"],
      "hour": ["hours", "h", "hr", "hrs"], "minute": ["minutes", "m", "min", "mins"], "second": ["seconds", "s", "sec", "secs"],
      "millisecond": ["milliseconds", "ms", "msec", "msecs", "msecond", "mseconds", "millisec", "millisecs", "millisecon"],
      "microsecond": ["microseconds", "us", "usec", "usecs", "usecond", "useconds", "microsec", "microsecs", "microsecond"],
      "timezone": [], "timezone_hour": [], "timezone_minute": [],
    ]
    var parts: [String: String] = [:]
    for (name, abbreviations) in names { for word in [name] + abbreviations { parts[word] = name } }
    return parts
  }()
}
