extension DatabaseScript {
  /// What is remembered of tables, late-binding views and loads, and the functions that keep it. They run with the owner's rights, so that
  /// users need none on the tables; their search path is fixed, so that no user's function can come in between.
  static let layout = """
    create table if not exists sfn_local.table_layout (
      relation oid primary key, diststyle text, distkey text, sortkeys text[] not null default '{}', sortstyle text,
      encodings jsonb not null default '{}', primarykey text[] not null default '{}');
    create table if not exists sfn_local.late_views (name text primary key, query text not null);
    create table if not exists sfn_local.stl_load_errors (
      userid int not null default 100, slice int not null default 0, tbl int, starttime timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'),
      session int not null default pg_catalog.pg_backend_pid(), query int not null default 0, filename varchar(256), line_number bigint, colname varchar(127), type varchar(10),
      col_length varchar(10), position int, raw_line varchar(1024), raw_field_value varchar(1024), err_code int, err_reason varchar(1024));
    create or replace function sfn_local.remember_table(target oid, style text, key text, sorted text[], kind text, columns text[], encoded text[], keys text[])
      returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.table_layout select target, style, key, sorted, kind, jsonb_object(columns, encoded), keys
      where target is not null on conflict do nothing $sfn$;
    create or replace function sfn_local.change_table(target oid, style text, key text, sorted text[], kind text, columns text[], encoded text[], keys text[])
      returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.table_layout as l select target, style, key, sorted, kind, jsonb_object(columns, encoded), keys
      where target is not null on conflict (relation) do update
      set diststyle = coalesce(excluded.diststyle, l.diststyle),
        distkey = case when excluded.diststyle is null then l.distkey else excluded.distkey end,
        sortkeys = case when excluded.diststyle is null or excluded.sortkeys <> '{}' then excluded.sortkeys else l.sortkeys end,
        sortstyle = coalesce(excluded.sortstyle, l.sortstyle) $sfn$;
    create or replace function sfn_local.too_long(type text) returns boolean language plpgsql volatile as $sfn$
      begin raise exception 'value too long for type %', type using errcode = '22001'; end $sfn$;
    create or replace function sfn_local.keep_load_error(file text, line bigint, name text, kind text, raw text, field text, code int, reason text) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.stl_load_errors (filename, line_number, colname, type, raw_line, raw_field_value, err_code, err_reason)
      values (left(file, 256), line, left(name, 127), left(kind, 10), left(raw, 1024), left(field, 1024), code, left(reason, 1024)) $sfn$;
    create or replace procedure sfn_local.create_late_view(view text, definition text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $sfn$
      begin
        insert into sfn_local.late_views values (regexp_replace(replace(replace(view, ' ', ''), '"', ''), '^public[.]', ''), definition)
        on conflict (name) do update set query = excluded.query;
      end $sfn$;
    create or replace procedure sfn_local.drop_late_view(view text) language sql security definer set search_path = pg_catalog, pg_temp as $sfn$ delete from sfn_local.late_views where name = view $sfn$;
    create or replace function sfn_local.argument_modes(procedure text, given int) returns setof text language sql stable as $sfn$
      select modes from (select coalesce(array_to_string(proargmodes, ''), repeat('i', pronargs)) as modes from pg_catalog.pg_proc p
        where prokind = 'p' and (proname = procedure and pg_catalog.pg_function_is_visible(p.oid) or pronamespace::regnamespace::text || '.' || proname = procedure)) found
      where length(replace(modes, 'o', '')) = given limit 1 $sfn$;
    create table if not exists sfn_local.stl_load_commits (
      userid int not null default 100, query int not null default 0, slice int not null default 0, name varchar(256), filename varchar(256), byte_offset int not null default 0,
      lines_scanned bigint, errors int not null default 0, curtime timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'), status int not null default 1,
      file_format varchar(16), is_partial int not null default 0, start_offset bigint not null default 0, copy_job_id bigint not null default 0);
    create table if not exists sfn_local.stl_unload_log (
      userid int not null default 100, query int not null default 0, slice int not null default 0, pid int not null default pg_catalog.pg_backend_pid(), path varchar(1280),
      start_time timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'), end_time timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'),
      line_count bigint, transfer_size bigint, file_format varchar(10));
    create or replace function sfn_local.keep_load(file text, lines bigint, format text) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.stl_load_commits (filename, lines_scanned, file_format) values (left(file, 256), lines, format) $sfn$;
    create or replace function sfn_local.keep_unload(file text, lines bigint, size bigint, format text) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.stl_unload_log (path, line_count, transfer_size, file_format) values (left(file, 1280), lines, size, format) $sfn$;
    create or replace view sfn_local.sys_load_history as
      select userid as user_id, query::bigint as query_id, status::varchar as status, filename as data_source, file_format, lines_scanned as loaded_rows, curtime as start_time, curtime as end_time, errors as error_count from sfn_local.stl_load_commits;
    create or replace view sfn_local.sys_unload_history as
      select userid as user_id, query::bigint as query_id, path as file_name, line_count as unloaded_rows, transfer_size as unloaded_files_size, file_format, start_time, end_time from sfn_local.stl_unload_log;
    create or replace function sfn_local.pg_last_copy_count() returns bigint language sql stable as $sfn$
      select coalesce(nullif(current_setting('redshift.last_copy_count', true), ''), '0')::bigint $sfn$;
    create or replace function sfn_local.pg_last_copy_id() returns bigint language sql stable as $sfn$
      select case when coalesce(current_setting('redshift.last_copy_count', true), '') = '' then -1 else 1 end::bigint $sfn$;

    """

  /// Source: Redshift's guide, "System tables and views reference".
  static let views = """
    create or replace view sfn_local.pg_table_def as
      select n.nspname as schemaname, c.relname as tablename, a.attname as "column", sfn_local.type_name(a.atttypid, a.atttypmod) as type,
        coalesce(nullif(l.encodings ->> a.attname::text, 'raw'), 'none') as encoding, coalesce(l.distkey = a.attname, false) as distkey,
        coalesce(array_position(l.sortkeys, a.attname::text), 0) * case when l.sortstyle = 'INTERLEAVED' and array_position(l.sortkeys, a.attname::text) % 2 = 0 then -1 else 1 end as sortkey,
        a.attnotnull as "notnull"
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join sfn_local.table_layout l on l.relation = c.oid
      where c.relkind in ('r', 'v', 'm', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname = any (pg_catalog.current_schemas(false)) and n.nspname <> 'sfn_local';
    create or replace view sfn_local.svv_table_info as
      select pg_catalog.current_database()::text as database, n.nspname::text as schema, c.oid::int as table_id, c.relname::text as "table",
        case when l.encodings is null or l.encodings = '{}' then 'N' else 'Y' end as encoded,
        case when l.diststyle = 'KEY' then 'KEY(' || l.distkey || ')' when l.diststyle is null or l.diststyle = 'AUTO' then 'AUTO(ALL)' else l.diststyle end as diststyle,
        coalesce(l.sortkeys[1], 'AUTO(SORTKEY)') as sortkey1, 0 as max_varchar, null::text as sortkey1_enc, coalesce(array_length(l.sortkeys, 1), 0) as sortkey_num,
        (pg_catalog.pg_total_relation_size(c.oid) / 1048576)::bigint as size, 0::numeric(10,4) as pct_used, 0::bigint as empty, 0::numeric(5,2) as unsorted,
        0::numeric(5,2) as stats_off,
        (pg_catalog.xpath('/row/n/text()', pg_catalog.query_to_xml(pg_catalog.format('select count(*) as n from %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::numeric(38,0) as tbl_rows,
        0::numeric(19,2) as skew_sortkey1, 0::numeric(19,2) as skew_rows
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join sfn_local.table_layout l on l.relation = c.oid
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'sfn_local') and n.nspname not like 'pg_t%';
    create or replace view sfn_local.svv_tables as
      select table_catalog::text, table_schema::text, table_name::text, table_type::text, null::text as remarks from information_schema.tables
      where table_schema <> 'sfn_local';
    create or replace view sfn_local.svv_columns as
      select table_catalog::text, table_schema::text, table_name::text, column_name::text, ordinal_position::int, column_default::text, is_nullable::text, sfn_local.type_word(data_type::text) as data_type,
        character_maximum_length::int, numeric_precision::int, numeric_precision_radix::int, numeric_scale::int, datetime_precision::int, null::text as interval_type,
        null::text as interval_precision, null::text as character_set_catalog, null::text as character_set_schema, null::text as character_set_name,
        null::text as collation_catalog, null::text as collation_schema, null::text as collation_name, null::text as domain_name, null::text as remarks
      from information_schema.columns where table_schema <> 'sfn_local';
    create or replace view sfn_local.svv_redshift_tables as
      select table_catalog::varchar as database_name, table_schema::varchar as schema_name, table_name::varchar, case table_type when 'BASE TABLE' then 'TABLE' else table_type end::varchar as table_type,
        null::varchar as table_acl, null::varchar as remarks from information_schema.tables where table_schema not in ('sfn_local', 'pg_catalog', 'information_schema');
    create or replace view sfn_local.svv_all_tables as select * from sfn_local.svv_redshift_tables;
    create or replace view sfn_local.svv_redshift_columns as
      select table_catalog::varchar as database_name, table_schema::varchar as schema_name, table_name::varchar, column_name::varchar, ordinal_position::int, sfn_local.type_word(data_type::text)::varchar as data_type,
        column_default::varchar, is_nullable::varchar, null::varchar as encoding, false as distkey, 0 as sortkey, null::varchar as column_acl, null::varchar as remarks,
        character_maximum_length::int, numeric_precision::int, numeric_scale::int
      from information_schema.columns where table_schema not in ('sfn_local', 'pg_catalog', 'information_schema');
    create or replace view sfn_local.svv_all_columns as select * from sfn_local.svv_redshift_columns;
    create or replace view sfn_local.svv_redshift_schemas as
      select pg_catalog.current_database()::varchar as database_name, nspname::varchar as schema_name, pg_catalog.pg_get_userbyid(nspowner)::varchar as schema_owner_name, nspowner::int as schema_owner, 'local'::varchar as schema_type,
        null::varchar as schema_acl, null::varchar as schema_option
      from pg_catalog.pg_namespace where nspname <> 'sfn_local' and nspname not like 'pg!_t%' escape '!';
    create or replace view sfn_local.svv_all_schemas as select * from sfn_local.svv_redshift_schemas;
    create or replace view sfn_local.svv_redshift_databases as
      select datname::varchar as database_name, datdba::int as database_owner, 'local'::varchar as database_type, null::varchar as database_acl, null::varchar as database_options
      from pg_catalog.pg_database where not datistemplate and datname <> 'postgres';
    create or replace view sfn_local.svv_views as
      select table_catalog::varchar, table_schema::varchar, table_name::varchar, coalesce(sfn_local.view_source(table_schema, table_name), view_definition)::varchar as view_definition
      from information_schema.views where table_schema <> 'sfn_local';
    create or replace view sfn_local.svv_external_tables as
      select null::varchar as schemaname, null::varchar as tablename, null::varchar as location where false;
    create or replace view sfn_local.svv_external_schemas as
      select null::oid as esoid, null::int as eskind, null::varchar as schemaname, null::int as esowner, null::varchar as databasename where false;
    create or replace view sfn_local.stv_sessions as
      select backend_start at time zone 'UTC' as starttime, pid as process, usename::char(50) as user_name, datname::char(50) as db_name, 0 as timeout_sec
      from pg_catalog.pg_stat_activity where datname is not null and usename <> 'sfn_local';
    create or replace view sfn_local.stv_inflight as
      select usesysid::int as userid, 0 as slice, 0 as query, ''::varchar as label, 0::bigint as xid, pid, query_start at time zone 'UTC' as starttime, left(query, 100)::varchar as text, 0 as suspended, 0 as insert_pristine
      from pg_catalog.pg_stat_activity where state = 'active' and datname is not null and usename <> 'sfn_local';
    create or replace view sfn_local.svv_transactions as
      select usename::varchar as txn_owner, datname::varchar as txn_db, backend_xid::text::bigint as xid, pid, xact_start at time zone 'UTC' as txn_start, ''::varchar as lock_mode, ''::varchar as lockable_object_type, null::int as relation, true as granted
      from pg_catalog.pg_stat_activity where xact_start is not null and datname is not null and usename <> 'sfn_local';
    create or replace view sfn_local.stv_tbl_perm as
      select 0 as slice, c.oid::int as id, c.relname::char(72) as name, pg_catalog.pg_table_size(c.oid) as rows, 0 as temp, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())::int as db_id
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'sfn_local');
    create or replace view sfn_local.sys_load_error_detail as
      select userid as user_id, query::bigint as query_id, 0::bigint as transaction_id, session as session_id, pg_catalog.current_database()::varchar as database_name, tbl as table_id, starttime as start_time, filename as file_name,
        line_number, colname as column_name, type as column_type, col_length as column_length, position, err_code as error_code, err_reason as error_message from sfn_local.stl_load_errors;
    create or replace view sfn_local.stl_loaderror_detail as
      select userid, slice, session, query, filename, line_number, 0 as field, colname, raw_field_value as value, 1 as is_null, type, col_length from sfn_local.stl_load_errors;

    """
}
