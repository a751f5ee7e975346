extension DatabaseScript {
  /// JSON in strings, and SUPER, which is kept as `jsonb`. Source: Redshift's guide, "JSON functions" and "SUPER type information functions".
  ///
  /// `jsonb` sorts the members of an object, Redshift keeps the order of the text. An object whose order differs has one member more, with the
  /// name `chr(1)`: the list of its names in their order. Whatever shows a document or its members leaves that one out (`DocumentText`).
  static let documents = """
    create or replace function sfn_local.checked_json(value text) returns jsonb language plpgsql immutable strict as $sfn$
      begin return sfn_local.ordered(value::json); exception when others then raise exception 'JSON parsing error: %', sqlerrm using errcode = '22P02'; end $sfn$;
    create or replace function sfn_local.ordered(value json) returns jsonb language plpgsql immutable strict as $sfn$
      declare plain jsonb; names text[]; sorted text[]; count int;
      begin
        -- Most documents and parts of them are in order; blanks do not count.
        plain := value;
        if strpos(value::text, '{') = 0 or translate(value::text, ' ' || chr(9) || chr(10) || chr(13), '') = translate(plain::text, ' ', '') then return plain; end if;
        if json_typeof(value) = 'array' then
          return (select jsonb_agg(case when json_typeof(element) in ('array', 'object') then sfn_local.ordered(element) else element::jsonb end order by place)
            from json_array_elements(value) with ordinality as e(element, place));
        end if;
        -- Not a container; or it comes from a document of ours, which has its order.
        if json_typeof(value) <> 'object' or plain ? chr(1) then return plain; end if;
        select jsonb_object_agg(name, case when json_typeof(member) in ('array', 'object') then sfn_local.ordered(member) else member::jsonb end),
            array_agg(name order by place), array_agg(name order by octet_length(name), name collate "C"), count(distinct name)
          into plain, names, sorted, count from json_each(value) with ordinality as m(name, member, place);
        if cardinality(names) <> count then
          names := array(select name from unnest(names) with ordinality as n(name, place) group by name order by min(place));
        elsif names = sorted then
          return plain;
        end if;
        return plain || jsonb_build_object(chr(1), names);
      end $sfn$;
    create or replace function sfn_local.ordered_names(value jsonb) returns text[] language sql immutable strict as $sfn$
      select case when value ? chr(1) then array(select jsonb_array_elements_text(value -> chr(1))) else array(select jsonb_object_keys(value)) end $sfn$;
    create or replace function sfn_local.can_json_parse(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin perform value::json::jsonb; return true; exception when others then return false; end $sfn$;
    create or replace function sfn_local.is_valid_json(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin return json_typeof(value::json) = 'object'; exception when others then return false; end $sfn$;
    create or replace function sfn_local.is_valid_json_array(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin return json_typeof(value::json) = 'array'; exception when others then return false; end $sfn$;
    create or replace function sfn_local.json_extract_path_text(value text, variadic path text[]) returns text language plpgsql immutable as $sfn$
      declare found json; lenient boolean := false;
      begin
        if value is null then return null; end if;
        if array_length(path, 1) > 1 and path[array_length(path, 1)] in ('true', 'false') then
          lenient := path[array_length(path, 1)] = 'true';
          path := path[1:array_length(path, 1) - 1];
        end if;
        begin found := value::json; exception when others then
          if lenient then return null; end if;
          raise exception 'JSON parsing error: %', sqlerrm using errcode = '22P02';
        end;
        return coalesce(found #>> path, '');
      end $sfn$;
    create or replace function sfn_local.json_array_length(value text, lenient boolean default false) returns int language plpgsql immutable as $sfn$
      begin return json_array_length(value::json); exception when others then
        if lenient then return null; end if;
        raise exception 'JSON parsing error: %', sqlerrm using errcode = '22P02';
      end $sfn$;
    create or replace function sfn_local.json_extract_array_element_text(value text, place int, lenient boolean default false)
      returns text language plpgsql immutable as $sfn$
      begin return coalesce(case when place >= 0 then value::json ->> place end, ''); exception when others then
        if lenient then return null; end if;
        raise exception 'JSON parsing error: %', sqlerrm using errcode = '22P02';
      end $sfn$;
    create or replace function sfn_local.json_parse(value text) returns jsonb language sql immutable strict as $sfn$ select sfn_local.checked_json(value) $sfn$;
    create or replace function sfn_local.json_serialize(value jsonb) returns text language plpgsql immutable strict as $sfn$
      declare text text := value::text;
      begin
        if jsonb_typeof(value) not in ('array', 'object') then return text; end if;
        -- PostgreSQL writes no blanks where it takes out nulls, of which there are none.
        if strpos(text, 'null') = 0 and strpos(text, chr(92) || 'u0001') = 0 then return json_strip_nulls(text::json)::text; end if;
        if jsonb_typeof(value) = 'object' then
          return '{' || coalesce((select string_agg(to_json(name)::text || ':' || sfn_local.json_serialize(value -> name), ',' order by place)
            from unnest(sfn_local.ordered_names(value)) with ordinality as n(name, place)), '') || '}';
        end if;
        return '[' || coalesce((select string_agg(sfn_local.json_serialize(element), ',' order by place) from jsonb_array_elements(value) with ordinality as e(element, place)), '') || ']';
      end $sfn$;
    create or replace function sfn_local.get_array_length(value jsonb) returns bigint language sql immutable strict as $sfn$
      select case when jsonb_typeof(value) = 'array' then jsonb_array_length(value) end::bigint $sfn$;
    create or replace function sfn_local.json_typeof(value jsonb) returns text language sql immutable strict as $sfn$ select jsonb_typeof(value) $sfn$;
    create or replace function sfn_local.is_array(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) = 'array' $sfn$;
    create or replace function sfn_local.is_object(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) = 'object' $sfn$;
    create or replace function sfn_local.elements(value jsonb) returns setof jsonb language sql immutable strict as $sfn$
      select jsonb_array_elements(case when jsonb_typeof(value) = 'array' then value else '[]' end) $sfn$;
    create or replace function sfn_local.numbered_elements(value jsonb) returns table(element jsonb, place bigint) language sql immutable strict as $sfn$
      select e.element, e.number - 1 from jsonb_array_elements(case when jsonb_typeof(value) = 'array' then value else '[]' end) with ordinality as e(element, number) $sfn$;
    create or replace function sfn_local.members(value jsonb) returns table(name varchar, member jsonb) language sql immutable strict as $sfn$
      select n.name::varchar, value -> n.name from unnest(case when jsonb_typeof(value) = 'object' then sfn_local.ordered_names(value) end) with ordinality as n(name, place) order by place $sfn$;
    create or replace function sfn_local.is_varchar(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) = 'string' $sfn$;
    create or replace function sfn_local.is_char(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) = 'string' $sfn$;
    create or replace function sfn_local.is_boolean(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) = 'boolean' $sfn$;
    create or replace function sfn_local.is_scalar(value jsonb) returns boolean language sql immutable strict as $sfn$ select jsonb_typeof(value) in ('string', 'number', 'boolean', 'null') $sfn$;
    create or replace function sfn_local.is_integer(value jsonb) returns boolean language sql immutable strict as $sfn$
      select jsonb_typeof(value) = 'number' and case when jsonb_typeof(value) = 'number' then scale(value::numeric) = 0 and abs(value::numeric) < 2147483648 else false end $sfn$;
    create or replace function sfn_local.is_smallint(value jsonb) returns boolean language sql immutable strict as $sfn$
      select case when jsonb_typeof(value) = 'number' then scale(value::numeric) = 0 and abs(value::numeric) < 32768 else false end $sfn$;
    create or replace function sfn_local.is_bigint(value jsonb) returns boolean language sql immutable strict as $sfn$
      select case when jsonb_typeof(value) = 'number' then scale(value::numeric) = 0 and abs(value::numeric) < 9223372036854775808 else false end $sfn$;
    create or replace function sfn_local.is_float(value jsonb) returns boolean language sql immutable strict as $sfn$
      select case when jsonb_typeof(value) = 'number' then scale(value::numeric) > 0 else false end $sfn$;
    create or replace function sfn_local.is_decimal(value jsonb) returns boolean language sql immutable strict as $sfn$
      select jsonb_typeof(value) = 'number' $sfn$;
    create or replace function sfn_local.array_concat(a jsonb, b jsonb) returns jsonb language sql immutable strict as $sfn$ select a || b $sfn$;
    create or replace function sfn_local.subarray(value jsonb, start bigint, length bigint) returns jsonb language sql immutable strict as $sfn$
      select coalesce(jsonb_agg(element order by place), '[]') from jsonb_array_elements(value) with ordinality as e(element, place)
      where place > case when start < 0 then jsonb_array_length(value) + start else start end
        and place <= case when start < 0 then jsonb_array_length(value) + start else start end + length $sfn$;
    create or replace function sfn_local.split_to_array(value text, delimiter text default ',') returns jsonb language sql immutable strict as $sfn$
      select to_jsonb(string_to_array(value, delimiter)) $sfn$;
    create or replace function sfn_local.json_size(value jsonb) returns bigint language sql immutable strict as $sfn$ select octet_length(sfn_local.json_serialize(value))::bigint $sfn$;
    create or replace function sfn_local.super_text(value jsonb) returns varchar language sql immutable strict as $sfn$
      select case when jsonb_typeof(value) in ('object', 'array') then sfn_local.json_serialize(value) else value #>> '{}' end::varchar $sfn$;
    do $sfn$ begin
      if not exists (select from pg_catalog.pg_cast where castsource = 'jsonb'::regtype and casttarget = 'varchar'::regtype) then
        create cast (jsonb as varchar) with function sfn_local.super_text(jsonb) as assignment;
      end if;
    end $sfn$;

    """

  /// Comparisons of SUPER with other types: values of different types are not equal, and compare to NULL.
  static let superOperators: String = {
    var text = ""
    for (type, guarded) in [("numeric", "number"), ("text", "string"), ("boolean", "boolean")] {
      let value = type == "text" ? "(a #>> '{}')" : "(a #>> '{}')::\(type)"
      for (symbol, name) in [
        ("=", "eq"), ("<>", "ne"), ("<", "lt"), (">", "gt"), ("<=", "le"), (">=", "ge"),
      ] {
        text += """
          create or replace function sfn_local.super_\(name)(a jsonb, b \(type)) returns boolean language sql immutable strict as $sfn$
            select case when jsonb_typeof(a) = '\(guarded)' then \(value) operator(pg_catalog.\(symbol)) b end $sfn$;
          create or replace function sfn_local.super_\(name)_right(b \(type), a jsonb) returns boolean language sql immutable strict as $sfn$
            select case when jsonb_typeof(a) = '\(guarded)' then b operator(pg_catalog.\(symbol)) \(value) end $sfn$;
          do $sfn$ begin
            if not exists (select from pg_catalog.pg_operator where oprname = '\(symbol)' and oprnamespace = 'sfn_local'::regnamespace
                and oprleft = 'jsonb'::regtype and oprright = '\(type)'::regtype) then
              create operator sfn_local.\(symbol) (leftarg = jsonb, rightarg = \(type), function = sfn_local.super_\(name));
              create operator sfn_local.\(symbol) (leftarg = \(type), rightarg = jsonb, function = sfn_local.super_\(name)_right);
            end if;
          end $sfn$;

          """
      }
    }
    return text
  }()

  /// Source: Redshift's guide, "Aggregate functions" and "Window functions".
  static let aggregates: String = {
    var text = """
      create or replace function sfn_local.sum_and_count(state numeric[], value numeric) returns numeric[] language sql immutable as $sfn$
        select case when value is null then state else array[state[1] + value, state[2] + 1] end $sfn$;
      create or replace function sfn_local.integer_mean(state numeric[]) returns bigint language sql immutable as $sfn$
        select case when state[2] > 0 then pg_catalog.trunc(state[1] / state[2]) end::bigint $sfn$;
      create or replace function sfn_local.decimal_mean(state numeric[]) returns numeric language sql immutable as $sfn$
        select case when state[2] > 0 then pg_catalog.trunc(pg_catalog.round(state[1] / state[2], scale(state[1]) + 8), scale(state[1])) end $sfn$;
      create or replace function sfn_local.keep_last(state anyelement, value anyelement) returns anyelement language sql immutable as $sfn$ select coalesce(value, state) $sfn$;
      create or replace function sfn_local.keep_first(state anyelement, value anyelement) returns anyelement language sql immutable as $sfn$ select coalesce(state, value) $sfn$;
      create or replace function sfn_local.gather(state float8[], value float8, fraction float8) returns float8[] language sql immutable as $sfn$
        select case when value is null then coalesce(state, array[fraction]) else coalesce(state, array[fraction]) || value end $sfn$;
      create or replace function sfn_local.percentile_cont_end(state float8[]) returns float8 language sql immutable as $sfn$
        select percentile_cont(state[1]) within group (order by value) from unnest(state[2:]) as v(value) $sfn$;
      create or replace function sfn_local.percentile_disc_end(state float8[]) returns float8 language sql immutable as $sfn$
        select percentile_disc(state[1]) within group (order by value) from unnest(state[2:]) as v(value) $sfn$;
      create or replace aggregate sfn_local.avg(numeric) (sfunc = sfn_local.sum_and_count, stype = numeric[], initcond = '{0,0}', finalfunc = sfn_local.decimal_mean);
      create or replace aggregate sfn_local.first_known(anyelement) (sfunc = sfn_local.keep_first, stype = anyelement);
      create or replace aggregate sfn_local.last_known(anyelement) (sfunc = sfn_local.keep_last, stype = anyelement);
      create or replace aggregate sfn_local.percentile_cont_of(float8, float8) (sfunc = sfn_local.gather, stype = float8[], finalfunc = sfn_local.percentile_cont_end);
      create or replace aggregate sfn_local.percentile_disc_of(float8, float8) (sfunc = sfn_local.gather, stype = float8[], finalfunc = sfn_local.percentile_disc_end);
      create or replace aggregate sfn_local.avg(float8) (sfunc = float8_accum, stype = float8[], initcond = '{0,0,0}', finalfunc = float8_avg);
      create or replace aggregate sfn_local.avg(float4) (sfunc = float4_accum, stype = float8[], initcond = '{0,0,0}', finalfunc = float8_avg);

      """
    for type in ["smallint", "int", "bigint"] {
      text +=
        "create or replace function sfn_local.sum_and_count(state numeric[], value \(type)) returns numeric[] language sql immutable as "
        + "$sfn$ select case when value is null then state else array[state[1] + value, state[2] + 1] end $sfn$;\n"
      text +=
        "create or replace aggregate sfn_local.avg(\(type)) "
        + "(sfunc = sfn_local.sum_and_count, stype = numeric[], initcond = '{0,0}', finalfunc = sfn_local.integer_mean);\n"
    }
    return text
  }()
}
