/// Where Redshift takes a number, a date or a truth value for a text: it converts by itself what PostgreSQL wants converted.
///
/// The arguments are `anynonarray`, so a text still finds PostgreSQL's own function, which fits it better.
/// Source: Redshift's guide, "Type compatibility and conversion".
extension DatabaseScript {
  static let implicitTexts: String = {
    var text = ""
    for (name, others, result) in textFunctions {
      let parameters = (["$1::varchar"] + others.indices.map { "$\($0 + 2)" }).joined(separator: ", ")
      text += function("\(name)(\((["anynonarray"] + others).joined(separator: ", ")))", result, "\(name)(\(parameters))")
    }
    for (symbol, name) in [("~~", "like"), ("!~~", "not like"), ("~~*", "ilike"), ("!~~*", "not ilike"), ("~", "~"), ("!~", "!~")] {
      let word = ["~": "matches", "!~": "matches_not"][name] ?? name.filter { $0 != " " }
      text += function("is_\(word)(anynonarray, text)", "boolean", "$1::varchar \(name) $2")
      text += operation(symbol, "anynonarray", "text", "is_\(word)")
    }
    // A text that is compared with a number or a moment is read as one.
    for type in ["smallint", "int", "bigint", "numeric", "float8", "date", "timestamp", "timestamptz"] {
      for (symbol, name) in comparisons {
        let volatility = type == "timestamptz" || type == "date" || type == "timestamp" ? "stable" : "immutable"
        text += function("text_\(name)(text, \(type))", "boolean", "$1::\(type) operator(pg_catalog.\(symbol)) $2", volatility: volatility)
        text += function("text_\(name)(\(type), text)", "boolean", "$1 operator(pg_catalog.\(symbol)) $2::\(type)", volatility: volatility)
        text += operation(symbol, "text", type, "text_\(name)") + operation(symbol, type, "text", "text_\(name)")
      }
    }
    return text + """
      create or replace function sfn_local.len(value bytea) returns int language sql immutable as $sfn$ select octet_length(value) $sfn$;
      create or replace function sfn_local.octetindex(part text, value text) returns int language sql immutable as $sfn$
        select case when strpos(value, part) = 0 then 0 else octet_length(left(value, strpos(value, part) - 1)) + 1 end $sfn$;
      create or replace function sfn_local.to_hex(value bytea) returns text language sql immutable as $sfn$ select encode(value, 'hex') $sfn$;
      create or replace function sfn_local.from_hex(value text) returns bytea language sql immutable as $sfn$ select decode(value, 'hex') $sfn$;
      create or replace function sfn_local.to_varbyte(value text, format text) returns bytea language plpgsql immutable strict as $sfn$
        begin
          case lower(format)
            when 'utf8', 'utf-8' then return convert_to(value, 'UTF8');
            when 'hex', 'base16' then return decode(case when lower(left(value, 2)) = '0x' then substr(value, 3) else value end, 'hex');
            when 'base64' then return decode(value, 'base64');
            else raise exception 'unsupported format %', format using errcode = '22023';
          end case;
        end $sfn$;
      create or replace function sfn_local.from_varbyte(value bytea, format text) returns text language plpgsql immutable strict as $sfn$
        begin
          case lower(format)
            when 'utf8', 'utf-8' then return convert_from(value, 'UTF8');
            when 'hex', 'base16' then return encode(value, 'hex');
            when 'base64' then return encode(value, 'base64');
            else raise exception 'unsupported format %', format using errcode = '22023';
          end case;
        end $sfn$;
      -- The letters of a word as digits of the sounds they stand for.
      create or replace function sfn_local.soundex(value text) returns text language plpgsql immutable strict as $sfn$
        declare
          letters text := upper(regexp_replace(value, '[^A-Za-z]', '', 'g')); result text; last text; code text;
        begin
          if letters = '' then return ''; end if;
          result := left(letters, 1);
          last := translate(result, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '01230120022455012623010202');
          for place in 2..length(letters) loop
            code := translate(substr(letters, place, 1), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '01230120022455012623010202');
            if code <> last and code <> '0' then result := result || code; end if;
            if substr(letters, place, 1) not in ('H', 'W') then last := code; end if;
            exit when length(result) = 4;
          end loop;
          return rpad(result, 4, '0');
        end $sfn$;
      create or replace function sfn_local.difference(a text, b text) returns int language sql immutable strict as $sfn$
        select count(*)::int from generate_series(1, 4) as place where substr(sfn_local.soundex(a), place, 1) = substr(sfn_local.soundex(b), place, 1) $sfn$;
      create or replace function sfn_local.text_to_int_alt(value text, format text default null) returns int language sql immutable strict as $sfn$
        select pg_catalog.round(value::numeric)::int $sfn$;
      create or replace function sfn_local.own_setting(name text) returns text language sql immutable as $sfn$
        select case when strpos(name, '.') > 0 or lower(name) in ('search_path', 'statement_timeout', 'timezone', 'datestyle', 'client_encoding', 'extra_float_digits', 'application_name', 'intervalstyle')
          then name else 'redshift.' || name end $sfn$;
      create or replace function sfn_local.set_config(name text, value text, is_local boolean) returns text language sql volatile as $sfn$
        select case when lower(name) = 'search_path' then sfn_local.search_path_set(pg_catalog.set_config(name, value || ', sfn_local', is_local))
          else pg_catalog.set_config(sfn_local.own_setting(name), value, is_local) end $sfn$;
      create or replace function sfn_local.search_path_set(value text) returns text language sql immutable as $sfn$ select pg_catalog.regexp_replace(value, ', sfn_local$', '') $sfn$;
      create or replace function sfn_local.current_setting(name text) returns text language sql stable as $sfn$
        select case when lower(name) = 'search_path' then sfn_local.search_path() else pg_catalog.current_setting(sfn_local.own_setting(name), true) end $sfn$;
      create or replace function sfn_local.slice_num() returns int language sql immutable as $sfn$ select 0 $sfn$;
      create or replace function sfn_local.pg_last_query_id() returns int language sql stable as $sfn$ select -1 $sfn$;
      create or replace function sfn_local.last_user_query_id() returns bigint language sql stable as $sfn$ select -1::bigint $sfn$;
      create or replace function sfn_local.pg_last_unload_id() returns bigint language sql stable as $sfn$ select -1::bigint $sfn$;
      create or replace function sfn_local.pg_last_unload_count() returns bigint language sql stable as $sfn$ select 0::bigint $sfn$;
      create or replace function sfn_local.keep_any(state anyelement, value anyelement) returns anyelement language sql immutable as $sfn$ select coalesce(state, value) $sfn$;
      create or replace aggregate sfn_local.any_value(anyelement) (sfunc = sfn_local.keep_any, stype = anyelement);

      """
  }()

  static let comparisons = [("=", "eq"), ("<>", "ne"), ("<", "lt"), (">", "gt"), ("<=", "le"), (">=", "ge")]

  /// Makes an operator unless it is there.
  static func operation(_ symbol: String, _ left: String, _ right: String, _ function: String) -> String {
    """
    do $sfn$ begin
      if not exists (select from pg_catalog.pg_operator where oprname = '\(symbol)' and oprnamespace = 'sfn_local'::regnamespace
          and oprleft = '\(left)'::regtype and oprright = '\(right)'::regtype) then
        create operator sfn_local.\(symbol) (leftarg = \(left), rightarg = \(right), function = sfn_local.\(function));
      end if;
    end $sfn$;

    """
  }

  /// Functions of a text, by the types of the arguments behind it.
  private static let textFunctions: [(name: String, others: [String], result: String)] = [
    ("left", ["int"], "text"), ("right", ["int"], "text"), ("substring", ["int"], "text"), ("substring", ["int", "int"], "text"),
    ("substr", ["int"], "text"), ("substr", ["int", "int"], "text"), ("upper", [], "text"), ("lower", [], "text"), ("initcap", [], "text"),
    ("btrim", [], "text"), ("btrim", ["text"], "text"), ("ltrim", [], "text"), ("ltrim", ["text"], "text"), ("rtrim", [], "text"),
    ("rtrim", ["text"], "text"), ("lpad", ["int"], "text"), ("lpad", ["int", "text"], "text"), ("rpad", ["int"], "text"),
    ("rpad", ["int", "text"], "text"), ("replace", ["text", "text"], "text"), ("reverse", [], "text"), ("repeat", ["int"], "text"),
    ("translate", ["text", "text"], "text"), ("strpos", ["text"], "int"), ("length", [], "int"), ("char_length", [], "int"),
    ("character_length", [], "int"), ("octet_length", [], "int"), ("md5", [], "text"), ("ascii", [], "int"),
    ("sfn_local.len", [], "int"), ("sfn_local.split_part", ["text", "int"], "text"), ("sfn_local.replicate", ["int"], "text"),
    ("regexp_count", ["text"], "int"),
  ].map { ($0.0.replacingPrefix("sfn_local."), $0.1, $0.2) }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
