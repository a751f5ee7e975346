/// Arrays and objects in SUPER. Source: Redshift's guide, "SUPER type functions" (array functions, object functions).
extension DatabaseScript {
  static let documentArrays: String = {
    var text = """
      create or replace function sfn_local.array_places(value jsonb, wanted jsonb) returns jsonb language sql immutable as $sfn$
        select coalesce(jsonb_agg(place - 1 order by place) filter (where element = coalesce(wanted, 'null')), '[]')
        from jsonb_array_elements(value) with ordinality as e(element, place) $sfn$;
      create or replace function sfn_local.array_distinct(value jsonb) returns jsonb language sql immutable strict as $sfn$
        select coalesce(jsonb_agg(element order by place), '[]')
        from (select element, min(place) as place from jsonb_array_elements(value) with ordinality as e(element, place) group by element) as d $sfn$;
      create or replace function sfn_local.array_union(a jsonb, b jsonb, is_set boolean default false) returns jsonb language sql immutable strict as $sfn$
        select case when is_set then sfn_local.array_distinct(a || b) else
          a || coalesce((select jsonb_agg(element order by place) from (select element, place, row_number() over (partition by element order by place) as number
            from jsonb_array_elements(b) with ordinality as e(element, place)) as n
            where number > (select count(*) from jsonb_array_elements(a) as o(other) where other = element)), '[]') end $sfn$;
      create or replace function sfn_local.array_intersection(a jsonb, b jsonb, is_set boolean default false) returns jsonb language sql immutable strict as $sfn$
        select coalesce(jsonb_agg(element order by place), '[]') from (select element, place, row_number() over (partition by element order by place) as number
          from jsonb_array_elements(a) with ordinality as e(element, place)) as n
        where number <= case when is_set then least(1, (select count(*) from jsonb_array_elements(b) as o(other) where other = element))
          else (select count(*) from jsonb_array_elements(b) as o(other) where other = element) end $sfn$;
      create or replace function sfn_local.array_except(a jsonb, b jsonb, is_set boolean default false) returns jsonb language sql immutable strict as $sfn$
        select coalesce(jsonb_agg(element order by place), '[]') from (select element, place, row_number() over (partition by element order by place desc) as number,
            row_number() over (partition by element order by place) as first, count(*) over (partition by element) as copies
          from jsonb_array_elements(a) with ordinality as e(element, place)) as n
        where case when is_set then first = 1 and not exists (select from jsonb_array_elements(b) as o(other) where other = element)
          else number <= copies - (select count(*) from jsonb_array_elements(b) as o(other) where other = element) end $sfn$;
      create or replace function sfn_local.arrays_overlap(a jsonb, b jsonb) returns boolean language sql immutable strict as $sfn$
        select exists (select from jsonb_array_elements(a) as e(element), jsonb_array_elements(b) as o(other) where element = other) $sfn$;
      create or replace function sfn_local.array_sort(value jsonb, ascending boolean default true, nulls_first boolean default true) returns jsonb language sql immutable strict as $sfn$
        select coalesce(jsonb_agg(element order by (jsonb_typeof(element) = 'null') <> nulls_first desc, case when ascending then element end, case when not ascending then element end desc), '[]')
        from jsonb_array_elements(value) as e(element) $sfn$;
      create or replace function sfn_local.array_to_string(value jsonb, delimiter text, blank text default null) returns text language sql immutable as $sfn$
        select coalesce(string_agg(case when jsonb_typeof(element) = 'null' then blank else sfn_local.super_text(element) end, delimiter order by place), '')
        from jsonb_array_elements(value) with ordinality as e(element, place) $sfn$;
      create or replace function sfn_local.array_flatten(value jsonb) returns jsonb language sql immutable strict as $sfn$
        select coalesce(jsonb_agg(inside.element order by e.place, inside.place), '[]') from jsonb_array_elements(value) with ordinality as e(element, place),
          lateral jsonb_array_elements(case when jsonb_typeof(e.element) = 'array' then sfn_local.array_flatten(e.element) else jsonb_build_array(e.element) end) with ordinality as inside(element, place) $sfn$;
      create or replace function sfn_local.get_number_attributes(value jsonb) returns int language sql immutable strict as $sfn$
        select case when jsonb_typeof(value) = 'object' then cardinality(sfn_local.ordered_names(value)) end $sfn$;
      -- Built by the text, which keeps the order; names that become equal: the last one's value stays.
      create or replace function sfn_local.renamed(value jsonb, to_upper boolean) returns json language sql immutable strict as $sfn$
        select case jsonb_typeof(value)
          when 'object' then coalesce((select json_object_agg(case when to_upper then upper(name) else lower(name) end, sfn_local.renamed(value -> name, to_upper) order by place)
            from unnest(sfn_local.ordered_names(value)) with ordinality as n(name, place)), '{}')
          when 'array' then coalesce((select json_agg(sfn_local.renamed(element, to_upper) order by place) from jsonb_array_elements(value) with ordinality as e(element, place)), '[]')
          else value::json end $sfn$;
      create or replace function sfn_local.lower_attribute_names(value jsonb) returns jsonb language sql immutable strict as $sfn$ select sfn_local.ordered(sfn_local.renamed(value, false)) $sfn$;
      create or replace function sfn_local.upper_attribute_names(value jsonb) returns jsonb language sql immutable strict as $sfn$ select sfn_local.ordered(sfn_local.renamed(value, true)) $sfn$;
      -- For arithmetic: what is no number is NULL. A cast also reads a number in a text.
      create or replace function sfn_local.super_number(value jsonb) returns numeric language sql immutable strict as $sfn$
        select case when jsonb_typeof(value) = 'number' then (value #>> '{}')::numeric end $sfn$;
      create or replace function sfn_local.super_as_number(value jsonb) returns numeric language sql immutable strict as $sfn$
        select case when jsonb_typeof(value) = 'number' or jsonb_typeof(value) = 'string' and (value #>> '{}') ~ '^ *[+-]?[0-9]+([.][0-9]+)? *$'
          then (value #>> '{}')::numeric end $sfn$;
      create or replace function sfn_local.super_boolean(value jsonb) returns boolean language sql immutable strict as $sfn$
        select case when jsonb_typeof(value) = 'boolean' then (value #>> '{}')::boolean end $sfn$;

      """
    for type in ["text", "jsonb", "anynonarray"] {
      let element = type == "jsonb" ? "wanted" : "to_jsonb(wanted)"
      text += function(
        "array_contains(value jsonb, wanted \(type))", "boolean", "jsonb_array_length(sfn_local.array_places(value, \(element))) > 0")
      text += function(
        "array_position(value jsonb, wanted \(type))", "int", "coalesce((sfn_local.array_places(value, \(element)) ->> 0)::int, -1)")
      text += function("array_positions(value jsonb, wanted \(type))", "jsonb", "sfn_local.array_places(value, \(element))")
    }
    for type in ["smallint", "int", "bigint", "numeric", "float4", "float8", "boolean", "date", "timestamp", "timestamptz", "text", "varchar", "bpchar"] {
      text += function("super_of(value \(type))", "jsonb", "to_jsonb(value)")
      // A text written into a column is a text there, not a document.
      text += """
        do $sfn$ begin
          if not exists (select from pg_catalog.pg_cast where castsource = '\(type)'::regtype and casttarget = 'jsonb'::regtype) then
            create cast (\(type) as jsonb) with function sfn_local.super_of(\(type)) as assignment;
          end if;
        end $sfn$;

        """
    }
    return text
  }()
}
