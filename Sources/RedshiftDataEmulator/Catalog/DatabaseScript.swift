/// What a database needs to answer for Redshift: functions, aggregates, and the catalogue's views, in the schema `sfn_local`.
///
/// The script is installed in the template, so every new database has it, and again where its digest differs from the one that is kept.
/// It holds no backslash: sessions read them as escapes.
enum DatabaseScript {
  static let text = """
    create schema if not exists sfn_local;
    grant usage on schema sfn_local to public;
    grant all on schema public to public;
    \(dates)
    \(strings)
    \(implicitTexts)
    \(hashes)
    \(documents)
    \(documentArrays)
    \(superOperators)
    \(aggregates)
    \(layout)
    \(sources)
    \(views)
    grant select on all tables in schema sfn_local to public;
    """

  /// FNV-1a of the text.
  static let digest: String = {
    let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }()

  static func function(_ signature: String, _ result: String, _ body: String, volatility: String = "immutable") -> String {
    "create or replace function sfn_local.\(signature) returns \(result) language sql \(volatility) as $sfn$ select \(body) $sfn$;\n"
  }

  /// Source: Redshift's guide, "Date and time functions".
  private static var dates: String {
    var text = function("sysdate()", "timestamp", "(pg_catalog.now() at time zone 'UTC')", volatility: "stable")
    text += function(
      "getdate()", "timestamp", "date_trunc('second', pg_catalog.statement_timestamp() at time zone 'UTC')", volatility: "stable")
    text += """
      create or replace function sfn_local.step(part text, amount bigint) returns interval language sql immutable as $sfn$
        select case part when 'millennium' then amount * interval '1000 years' when 'century' then amount * interval '100 years'
          when 'decade' then amount * interval '10 years' when 'year' then amount * interval '1 year'
          when 'quarter' then amount * interval '3 months' when 'month' then amount * interval '1 month'
          when 'week' then amount * interval '7 days' when 'day' then amount * interval '1 day' when 'dow' then amount * interval '1 day'
          when 'doy' then amount * interval '1 day' when 'hour' then amount * interval '1 hour'
          when 'minute' then amount * interval '1 minute' when 'second' then amount * interval '1 second'
          when 'epoch' then amount * interval '1 second'
          when 'millisecond' then amount * interval '1 millisecond' when 'microsecond' then amount * interval '1 microsecond' end $sfn$;
      create or replace function sfn_local.boundary(part text, moment timestamp) returns bigint language sql immutable as $sfn$
        select case part when 'millennium' then floor((extract(year from moment) - 1) / 1000) when 'century' then floor((extract(year from moment) - 1) / 100)
          when 'decade' then floor(extract(year from moment) / 10) when 'year' then extract(year from moment)
          when 'quarter' then extract(year from moment) * 4 + extract(quarter from moment)
          when 'month' then extract(year from moment) * 12 + extract(month from moment)
          when 'week' then floor((moment::date - date '0001-01-07') / 7.0)
          when 'day' then moment::date - date '0001-01-01' when 'dow' then moment::date - date '0001-01-01'
          when 'doy' then moment::date - date '0001-01-01'
          when 'hour' then floor(extract(epoch from moment) / 3600) when 'minute' then floor(extract(epoch from moment) / 60)
          when 'second' then floor(extract(epoch from moment)) when 'epoch' then floor(extract(epoch from moment))
          when 'millisecond' then floor(extract(epoch from moment) * 1000)
          when 'microsecond' then floor(extract(epoch from moment) * 1000000) end::bigint $sfn$;

      """
    text += function("dateadd(part text, amount bigint, moment timestamp)", "timestamp", "moment + sfn_local.step(part, amount)")
    text += function("dateadd(part text, amount bigint, moment date)", "timestamp", "moment::timestamp + sfn_local.step(part, amount)")
    text += function(
      "dateadd(part text, amount bigint, moment text)", "timestamp", "moment::timestamp + sfn_local.step(part, amount)",
      volatility: "stable")
    text += function("dateadd(part text, amount bigint, moment time)", "time", "moment + sfn_local.step(part, amount)")
    text += function(
      "dateadd(part text, amount bigint, moment timestamptz)", "timestamptz", "moment + sfn_local.step(part, amount)", volatility: "stable")
    for type in ["timestamp", "date", "text", "timestamptz"] {
      let volatility = type == "timestamp" || type == "date" ? "immutable" : "stable"
      text += function(
        "datediff(part text, a \(type), b \(type))", "bigint",
        "sfn_local.boundary(part, b::timestamp) - sfn_local.boundary(part, a::timestamp)", volatility: volatility)
      text += function(
        "date_trunc(part text, moment \(type))", type == "timestamptz" ? type : "timestamp",
        "pg_catalog.date_trunc(part, moment::\(type == "timestamptz" ? type : "timestamp"))", volatility: volatility)
      text += function(
        "months_between(a \(type), b \(type))", "float8", "sfn_local.months(a::timestamp, b::timestamp)", volatility: volatility)
      text += function(
        "add_months(moment \(type), months bigint)", "timestamp", "sfn_local.plus_months(moment::timestamp, months)", volatility: volatility
      )
      text += function(
        "last_day(moment \(type))", "date", "(pg_catalog.date_trunc('month', moment::timestamp) + interval '1 month - 1 day')::date",
        volatility: volatility)
      text += function(
        "next_day(moment \(type), day text)", "date", "sfn_local.following(moment::timestamp::date, day)", volatility: volatility)
      text += function("date_part_year(moment \(type))", "int", "extract(year from moment::timestamp)::int", volatility: volatility)
    }
    text += function(
      "datediff(part text, a time, b time)", "bigint",
      "sfn_local.boundary(part, date '2000-01-01' + b) - sfn_local.boundary(part, date '2000-01-01' + a)")
    text += function("dateadd(part text, amount bigint, moment timetz)", "timetz", "moment + sfn_local.step(part, amount)")
    text += function(
      "datediff(part text, a timetz, b timetz)", "bigint",
      "sfn_local.boundary(part, (date '2000-01-01' + b) at time zone 'UTC') - sfn_local.boundary(part, (date '2000-01-01' + a) at time zone 'UTC')")
    for type in ["timestamp", "date", "time", "timetz", "timestamptz", "interval", "text"] {
      let cast = type == "date" || type == "text" ? "::timestamp" : ""
      let volatility = type == "text" || type == "timestamptz" ? "stable" : "immutable"
      // Milliseconds and microseconds without the seconds, unlike PostgreSQL's.
      let part =
        "case part when 'millisecond' then trunc(pg_catalog.date_part(part, moment\(cast)))::bigint % 1000 "
        + "when 'microsecond' then trunc(pg_catalog.date_part(part, moment\(cast)))::bigint % 1000000 else pg_catalog.date_part(part, moment\(cast)) end"
      text += function("date_part(part text, moment \(type))", "float8", part, volatility: volatility)
      text += function("extract_part(part text, moment \(type))", "int", "trunc(\(part))::int", volatility: volatility)
    }
    text += function("trunc(moment timestamp)", "date", "moment::date")
    text += function("trunc(moment timestamptz)", "date", "(moment at time zone 'UTC')::date")
    text += function("date_cmp(a date, b date)", "int", "case when a < b then -1 when a > b then 1 when a = b then 0 end")
    text += function("timestamp_cmp(a timestamp, b timestamp)", "int", "case when a < b then -1 when a > b then 1 when a = b then 0 end")
    text += function(
      "convert_timezone(source text, target text, moment timestamp)", "timestamp", "(moment at time zone source) at time zone target",
      volatility: "stable")
    text += function(
      "convert_timezone(target text, moment timestamp)", "timestamp", "(moment at time zone 'UTC') at time zone target",
      volatility: "stable")
    // A text is a moment without a zone, one with a zone is taken as UTC.
    for (type, moment) in [("text", "moment::timestamp"), ("timestamptz", "(moment at time zone 'UTC')")] {
      text += function(
        "convert_timezone(source text, target text, moment \(type))", "timestamp", "(\(moment) at time zone source) at time zone target",
        volatility: "stable")
      text += function(
        "convert_timezone(target text, moment \(type))", "timestamp", "(\(moment) at time zone 'UTC') at time zone target", volatility: "stable")
    }
    text += function("to_date(value text, format text)", "date", "sfn_local.lenient_time(value, format)::date", volatility: "stable")
    text += function(
      "to_date(value text, format text, strict boolean)", "date",
      "case when strict then pg_catalog.to_date(value, format) else sfn_local.lenient_time(value, format)::date end", volatility: "stable")
    text += function(
      "to_timestamp(value text, format text)", "timestamptz", "sfn_local.lenient_time(value, format) at time zone current_setting('timezone')",
      volatility: "stable")
    text += function(
      "to_timestamp(value text, format text, strict boolean)", "timestamptz",
      "case when strict then pg_catalog.to_timestamp(value, format) else sfn_local.lenient_time(value, format) at time zone current_setting('timezone') end",
      volatility: "stable")
    for (a, b) in [("date", "timestamp"), ("timestamp", "date"), ("date", "timestamptz"), ("timestamptz", "date"), ("timestamp", "timestamptz"), ("timestamptz", "timestamp")] {
      text += function(
        "\(a)_cmp_\(b)(a \(a), b \(b))", "int", "case when a < b then -1 when a > b then 1 when a = b then 0 end", volatility: "stable")
    }
    text += function(
      "timestamptz_cmp(a timestamptz, b timestamptz)", "int", "case when a < b then -1 when a > b then 1 when a = b then 0 end",
      volatility: "stable")
    text += function("interval_cmp(a interval, b interval)", "int", "case when a < b then -1 when a > b then 1 when a = b then 0 end")
    for type in ["timestamp", "timestamptz"] {
      text += function("plus_days(moment \(type), days int)", type, "moment + days * interval '1 day'", volatility: "stable")
      text += function("minus_days(moment \(type), days int)", type, "moment - days * interval '1 day'", volatility: "stable")
      text += """
        do $sfn$ begin
          if not exists (select from pg_catalog.pg_operator where oprname = '+' and oprnamespace = 'sfn_local'::regnamespace and oprleft = '\(type)'::regtype) then
            create operator sfn_local.+ (leftarg = \(type), rightarg = int, function = sfn_local.plus_days);
            create operator sfn_local.- (leftarg = \(type), rightarg = int, function = sfn_local.minus_days);
          end if;
        end $sfn$;

        """
    }
    // Functions that those above call by name may follow: bodies are checked when they run.
    return "set check_function_bodies = off;\n" + text + """
      create or replace function sfn_local.plus_months(moment timestamp, months bigint) returns timestamp language sql immutable as $sfn$
        select case when extract(day from moment + interval '1 day') = 1
          then pg_catalog.date_trunc('month', moment) + (months + 1) * interval '1 month' - interval '1 day' + (moment - pg_catalog.date_trunc('day', moment))
          else moment + months * interval '1 month' end $sfn$;
      create or replace function sfn_local.months(a timestamp, b timestamp) returns float8 language sql immutable as $sfn$
        select (extract(year from a) - extract(year from b)) * 12 + extract(month from a) - extract(month from b)
          + case when extract(day from a) = extract(day from b)
              or (extract(day from a + interval '1 day') = 1 and extract(day from b + interval '1 day') = 1) then 0
            else (extract(epoch from a - pg_catalog.date_trunc('month', a)) - extract(epoch from b - pg_catalog.date_trunc('month', b))) / 86400 / 31 end $sfn$;
      -- Fields beyond their range carry over, where each has a place of its own in the format.
      create or replace function sfn_local.lenient_time(value text, format text) returns timestamp language plpgsql stable strict as $sfn$
        declare
          f text := upper(format); y int := 1; mo int := 1; d int := 1; h int := 0; mi int := 0; s int := 0;
        begin
          return pg_catalog.to_timestamp(value, format) at time zone current_setting('timezone');
        exception when datetime_field_overflow then
          if strpos(f, 'YYYY') = 0 or strpos(f, 'MM') = 0 or strpos(f, 'DD') = 0 or f ~ '(MON|DAY|FM|AM|PM)' then raise; end if;
          y := substr(value, strpos(f, 'YYYY'), 4); mo := substr(value, strpos(f, 'MM'), 2); d := substr(value, strpos(f, 'DD'), 2);
          -- HH24 is two characters longer than what it stands for.
          f := replace(replace(f, 'HH24', 'HH'), 'HH12', 'HH');
          if strpos(f, 'HH') > 0 then h := substr(value, strpos(f, 'HH'), 2); end if;
          if strpos(f, 'MI') > 0 then mi := substr(value, strpos(f, 'MI'), 2); end if;
          if strpos(f, 'SS') > 0 then s := substr(value, strpos(f, 'SS'), 2); end if;
          return pg_catalog.make_timestamp(y, 1, 1, 0, 0, 0) + (mo - 1) * interval '1 month' + (d - 1) * interval '1 day'
            + h * interval '1 hour' + mi * interval '1 minute' + s * interval '1 second';
        end $sfn$;
      create or replace function sfn_local.following(day date, name text) returns date language plpgsql immutable as $sfn$
        declare wanted int;
        begin
          wanted := position(lower(left(name, 2)) in 'sumotuwethfrsa');
          if wanted = 0 or wanted % 2 = 0 then raise exception 'Invalid day name: %', name; end if;
          wanted := (wanted - 1) / 2;
          return day + (case when extract(dow from day)::int < wanted then 0 else 7 end + wanted - extract(dow from day)::int);
        end $sfn$;

      """
  }

  /// Source: Redshift's guide, "String functions" and "Math functions".
  private static var strings: String {
    var text = function("len(value text)", "int", "char_length(value)") + function("len(value bpchar)", "int", "char_length(value)")
    text += function("charindex(part text, value text)", "int", "strpos(value, part)")
    text += function("concat(a text, b text)", "text", "a || b")
    text += function("replicate(value text, count int)", "text", "repeat(value, count)")
    text +=
      function("log(value float8)", "float8", "pg_catalog.log(value)") + function("dlog10(value float8)", "float8", "pg_catalog.log(value)")
    text += function("log(base float8, value float8)", "float8", "ln(value) / ln(base)")
    text += function("dlog1(value float8)", "float8", "ln(value)") + function("dexp(value float8)", "float8", "exp(value)")
    text += function("round(value float8, digits int)", "float8", "pg_catalog.round(value::numeric, digits)::float8")
    // The type of the number stays.
    for type in ["smallint", "int", "bigint"] {
      for name in ["round", "trunc", "ceil", "ceiling", "floor"] { text += function("\(name)(value \(type))", type, "value") }
      for name in ["round", "trunc"] { text += function("\(name)(value \(type), digits int)", type, "pg_catalog.\(name)(value::numeric, digits)::\(type)") }
      text += function("sign(value \(type))", type, "pg_catalog.sign(value::numeric)::\(type)")
    }
    text += function("trunc(value float8, digits int)", "float8", "pg_catalog.trunc(value::numeric, digits)::float8")
    // $1 stands for a group, as in PCRE.
    text += function("references(replacement text)", "text", "pg_catalog.regexp_replace(replacement, '[$]([0-9])', chr(92) || chr(92) || chr(92) || '1', 'g')")
    text += function("regexp_replace(value text, pattern text)", "text", "pg_catalog.regexp_replace(value, pattern, '', 'g')")
    text += function(
      "regexp_replace(value text, pattern text, replacement text)", "text", "pg_catalog.regexp_replace(value, pattern, sfn_local.references(replacement), 'g')")
    text += function(
      "regexp_replace(value text, pattern text, replacement text, start int)", "text",
      "left(value, start - 1) || pg_catalog.regexp_replace(substr(value, start), pattern, sfn_local.references(replacement), 'g')")
    text += function(
      "regexp_replace(value text, pattern text, replacement text, start int, options text)", "text",
      "left(value, start - 1) || pg_catalog.regexp_replace(substr(value, start), pattern, sfn_local.references(replacement), 'g' || case when strpos(options, 'i') > 0 then 'i' else '' end)"
    )
    text += function(
      "regexp_substr(value text, pattern text, start int default 1, occurrence int default 1, options text default '')", "text",
      "case when value is not null then coalesce(pg_catalog.regexp_substr(value, pattern, start, occurrence, case when strpos(options, 'i') > 0 then 'i' else '' end, case when strpos(options, 'e') > 0 then 1 else 0 end), '') end"
    )
    text += function(
      "regexp_instr(value text, pattern text, start int default 1, occurrence int default 1, ending int default 0, options text default '')",
      "int",
      "pg_catalog.regexp_instr(value, pattern, start, occurrence, ending, case when strpos(options, 'i') > 0 then 'i' else '' end)")
    text += function(
      "sha2(value text, bits int)", "text",
      "case bits when 224 then encode(sha224(convert_to(value, 'UTF8')), 'hex') when 384 then encode(sha384(convert_to(value, 'UTF8')), 'hex') when 512 then encode(sha512(convert_to(value, 'UTF8')), 'hex') else encode(sha256(convert_to(value, 'UTF8')), 'hex') end"
    )
    text += function(
      "version()", "text",
      "'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (sfn-local)'")
    text += function("func_sha1(value text)", "text", "sfn_local.sha1(value)") + function("sha(value text)", "text", "sfn_local.sha1(value)")
    text += function(
      "search_path()", "text", "replace(regexp_replace(current_setting('search_path'), ', sfn_local$', ''), '\"$user\"', '$user')",
      volatility: "stable")
    text += function("current_schemas(implicit boolean)", "name[]", "array_remove(pg_catalog.current_schemas(implicit), 'sfn_local')", volatility: "stable")
    return text + """
      create or replace function sfn_local.split_part(value text, delimiter text, place int) returns text language plpgsql immutable strict as $sfn$
        begin
          if place <= 0 then raise exception 'field position must be greater than zero' using errcode = '22023'; end if;
          return pg_catalog.split_part(value, delimiter, place);
        end $sfn$;
      -- Volatile, so that nothing is cast before the question whether it can be.
      create or replace function sfn_local.as_given(value text) returns text language plpgsql volatile as $sfn$ begin return value; end $sfn$;
      create or replace function sfn_local.can_cast(value text, type text) returns boolean language plpgsql stable as $sfn$
        begin execute 'select $1::' || type using value; return true; exception when others then return false; end $sfn$;
      create or replace function sfn_local.strtol(value text, base int) returns bigint language plpgsql immutable strict as $sfn$
        declare digits text := lower(trim(value)); result bigint := 0; digit int; negative boolean := left(trim(value), 1) = '-';
        begin
          if base < 2 or base > 36 then raise exception 'invalid base %', base; end if;
          digits := ltrim(digits, '+-');
          if base = 16 and left(digits, 2) = '0x' then digits := substr(digits, 3); end if;
          if digits = '' then raise exception 'invalid input value for strtol: "%"', value using errcode = '22P02'; end if;
          for place in 1..length(digits) loop
            digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, place, 1)) - 1;
            if digit < 0 or digit >= base then
              raise exception 'The input % is not valid to be converted to base %', value, base using errcode = '22P02';
            end if;
            result := result * base + digit;
          end loop;
          return case when negative then -result else result end;
        end $sfn$;
      create or replace function sfn_local.sha1(value text) returns text language plpgsql immutable strict as $sfn$
        declare
          message bytea := convert_to(value, 'UTF8'); bits bigint := length(convert_to(value, 'UTF8')) * 8;
          mask constant bigint := 4294967295; w bigint[]; f bigint; k bigint; t bigint;
          a bigint; b bigint; c bigint; d bigint; e bigint;
          h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102; h3 bigint := 271733878; h4 bigint := 3285377520;
        begin
          message := message || decode('80', 'hex');
          while length(message) % 64 <> 56 loop message := message || decode('00', 'hex'); end loop;
          message := message || decode(lpad(to_hex(bits), 16, '0'), 'hex');
          for chunk in 0..(length(message) / 64 - 1) loop
            w := array_fill(0::bigint, array[80]);
            for i in 0..15 loop
              w[i + 1] := (get_byte(message, chunk * 64 + i * 4)::bigint << 24) + (get_byte(message, chunk * 64 + i * 4 + 1)::bigint << 16)
                + (get_byte(message, chunk * 64 + i * 4 + 2)::bigint << 8) + get_byte(message, chunk * 64 + i * 4 + 3);
            end loop;
            for i in 16..79 loop
              t := w[i - 2] # w[i - 7] # w[i - 13] # w[i - 15];
              w[i + 1] := ((t << 1) | (t >> 31)) & mask;
            end loop;
            a := h0; b := h1; c := h2; d := h3; e := h4;
            for i in 0..79 loop
              if i < 20 then f := (b & c) | ((~b & mask) & d); k := 1518500249;
              elsif i < 40 then f := b # c # d; k := 1859775393;
              elsif i < 60 then f := (b & c) | (b & d) | (c & d); k := 2400959708;
              else f := b # c # d; k := 3395469782; end if;
              t := ((((a << 5) | (a >> 27)) & mask) + f + e + k + w[i + 1]) & mask;
              e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t;
            end loop;
            h0 := (h0 + a) & mask; h1 := (h1 + b) & mask; h2 := (h2 + c) & mask; h3 := (h3 + d) & mask; h4 := (h4 + e) & mask;
          end loop;
          return lpad(to_hex(h0), 8, '0') || lpad(to_hex(h1), 8, '0') || lpad(to_hex(h2), 8, '0') || lpad(to_hex(h3), 8, '0') || lpad(to_hex(h4), 8, '0');
        end $sfn$;

      """
  }
}
