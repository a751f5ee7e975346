extension DatabaseScript {
  /// JSON in strings, and SUPER, which is kept as `jsonb`. Source: Redshift's guide, "JSON functions" and "SUPER type information functions".
  static let documents = """
    create or replace function sfn_local.checked_json(value text) returns jsonb language plpgsql immutable strict as $sfn$
      begin return value::jsonb; exception when others then raise exception 'JSON parsing error: %', sqlerrm using errcode = '22P02'; end $sfn$;
    create or replace function sfn_local.can_json_parse(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin perform value::jsonb; return true; exception when others then return false; end $sfn$;
    create or replace function sfn_local.is_valid_json(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin return jsonb_typeof(value::jsonb) = 'object'; exception when others then return false; end $sfn$;
    create or replace function sfn_local.is_valid_json_array(value text) returns boolean language plpgsql immutable strict as $sfn$
      begin return jsonb_typeof(value::jsonb) = 'array'; exception when others then return false; end $sfn$;
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
      begin return jsonb_array_length(value::jsonb); exception when others then
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
    create or replace function sfn_local.json_serialize(value jsonb) returns text language sql immutable strict as $sfn$
      select case jsonb_typeof(value)
        when 'object' then '{' || coalesce((select string_agg(to_json(key)::text || ':' || sfn_local.json_serialize(member), ',') from jsonb_each(value) as m(key, member)), '') || '}'
        when 'array' then '[' || coalesce((select string_agg(sfn_local.json_serialize(element), ',' order by place) from jsonb_array_elements(value) with ordinality as e(element, place)), '') || ']'
        else value::text end $sfn$;
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
      select m.key::varchar, m.value from jsonb_each(case when jsonb_typeof(value) = 'object' then value else '{}' end) as m $sfn$;
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
    create or replace function sfn_local.array_flatten(value jsonb) returns jsonb language sql immutable strict as $sfn$
      select coalesce(jsonb_agg(inside.element order by e.place, inside.place), '[]') from jsonb_array_elements(value) with ordinality as e(element, place),
        lateral jsonb_array_elements(case when jsonb_typeof(e.element) = 'array' then e.element else jsonb_build_array(e.element) end) with ordinality as inside(element, place) $sfn$;
    create or replace function sfn_local.split_to_array(value text, delimiter text default ',') returns jsonb language sql immutable strict as $sfn$
      select to_jsonb(string_to_array(value, delimiter)) $sfn$;
    create or replace function sfn_local.array_contains(value jsonb, wanted anyelement) returns boolean language sql immutable as $sfn$
      select exists (select from jsonb_array_elements(value) as e(element) where element = to_jsonb(wanted)) $sfn$;
    create or replace function sfn_local.array_position(value jsonb, wanted anyelement) returns int language sql immutable as $sfn$
      select coalesce((select min(place) - 1 from jsonb_array_elements(value) with ordinality as e(element, place) where element = to_jsonb(wanted)), -1)::int $sfn$;
    create or replace function sfn_local.array_distinct(value jsonb) returns jsonb language sql immutable strict as $sfn$
      select coalesce(jsonb_agg(element order by place), '[]') from (select element, min(place) as place from jsonb_array_elements(value) with ordinality as e(element, place) group by element) as d $sfn$;
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
