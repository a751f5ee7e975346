extension DatabaseScript {
  /// What COPY and UNLOAD have done, and the functions that keep it. They run with the owner's rights, so that users need none on the tables.
  ///
  /// Source: Redshift's guide, "System tables and views reference".
  static let loads = """
    create table if not exists sfn_local.stl_load_errors (
      userid int not null default 100, slice int not null default 0, tbl int, starttime timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'),
      session int not null default pg_catalog.pg_backend_pid(), query int not null default 0, filename varchar(256), line_number bigint, colname varchar(127), type varchar(10),
      col_length varchar(10), position int, raw_line varchar(1024), raw_field_value varchar(1024), err_code int, err_reason varchar(1024));
    alter table sfn_local.stl_load_errors add column if not exists is_partial int not null default 0;
    alter table sfn_local.stl_load_errors add column if not exists start_offset bigint not null default 0;
    alter table sfn_local.stl_load_errors add column if not exists copy_job_id bigint not null default 0;
    create table if not exists sfn_local.stl_load_commits (
      userid int not null default 100, query int not null default 0, slice int not null default 0, name varchar(256), filename varchar(256), byte_offset int not null default 0,
      lines_scanned bigint, errors int not null default 0, curtime timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'), status int not null default 1,
      file_format varchar(16), is_partial int not null default 0, start_offset bigint not null default 0, copy_job_id bigint not null default 0);
    create table if not exists sfn_local.stl_replacements (
      userid int not null default 100, query int not null default 0, slice int not null default 0, tbl int, starttime timestamp, session int, filename varchar(256),
      line_number bigint, colname varchar(127), raw_line varchar(1024));
    create table if not exists sfn_local.stl_unload_log (
      userid int not null default 100, query int not null default 0, slice int not null default 0, pid int not null default pg_catalog.pg_backend_pid(), path varchar(1280),
      start_time timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'), end_time timestamp not null default (pg_catalog.clock_timestamp() at time zone 'UTC'),
      line_count bigint, transfer_size bigint, file_format varchar(10));
    create table if not exists sfn_local.load_log (started timestamp not null, ended timestamp not null, facts jsonb not null);
    create table if not exists sfn_local.unload_log (started timestamp not null, ended timestamp not null, facts jsonb not null);
    create sequence if not exists sfn_local.script_queries start with 1000000001;
    create or replace function sfn_local.next_script_query() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      select nextval('sfn_local.script_queries') $sfn$;
    drop function if exists sfn_local.keep_load_error(text, bigint, text, text, text, text, int, text);
    drop function if exists sfn_local.keep_load(text, bigint, text);
    drop function if exists sfn_local.keep_unload(text, bigint, bigint, text);
    create or replace function sfn_local.keep_load_error(facts jsonb, started timestamptz) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.stl_load_errors (tbl, starttime, session, query, filename, line_number, colname, type, col_length, position, raw_line, raw_field_value, err_code, err_reason)
      values ((facts ->> 'tbl')::bigint::int, started at time zone 'UTC', (facts ->> 'session')::int, (facts ->> 'query')::int, left(facts ->> 'filename', 256), (facts ->> 'line')::bigint,
        left(facts ->> 'colname', 127), left(facts ->> 'type', 10), left(facts ->> 'length', 10), (facts ->> 'position')::int, left(facts ->> 'raw', 1024),
        left(facts ->> 'value', 1024), (facts ->> 'code')::int, left(facts ->> 'reason', 1024)) $sfn$;
    create or replace function sfn_local.keep_replacement(facts jsonb, started timestamptz) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.stl_replacements (query, tbl, starttime, session, filename, line_number, colname, raw_line)
      values ((facts ->> 'query')::int, (facts ->> 'tbl')::bigint::int, started at time zone 'UTC', (facts ->> 'session')::int, left(facts ->> 'filename', 256),
        (facts ->> 'line')::bigint, left(facts ->> 'colname', 127), left(facts ->> 'raw', 1024)) $sfn$;
    create or replace function sfn_local.keep_load(facts jsonb, started timestamptz) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.load_log values (started at time zone 'UTC', clock_timestamp() at time zone 'UTC', facts || jsonb_build_object('database', current_database()));
      insert into sfn_local.stl_load_commits (query, filename, lines_scanned, file_format)
      select (facts ->> 'query')::int, left(file ->> 'name', 256), (file ->> 'rows')::bigint, facts ->> 'format' from jsonb_array_elements(facts -> 'files') file
      where facts ->> 'status' = 'completed' $sfn$;
    create or replace function sfn_local.keep_unload(facts jsonb, started timestamptz) returns void language sql security definer set search_path = pg_catalog, pg_temp as $sfn$
      insert into sfn_local.unload_log values (started at time zone 'UTC', clock_timestamp() at time zone 'UTC', facts || jsonb_build_object('database', current_database()));
      insert into sfn_local.stl_unload_log (query, pid, path, start_time, line_count, transfer_size, file_format)
      select (facts ->> 'query')::int, (facts ->> 'session')::int, left(file ->> 'name', 1280), started at time zone 'UTC', (file ->> 'rows')::bigint, (file ->> 'bytes')::bigint,
        facts ->> 'format' from jsonb_array_elements(facts -> 'files') file $sfn$;
    -- Views of earlier versions had fewer columns.
    do $sfn$ begin
      if not exists (select 1 from information_schema.columns where table_schema = 'sfn_local' and table_name = 'sys_load_history' and column_name = 'table_name') then
        drop view if exists sfn_local.sys_load_history cascade;
        drop view if exists sfn_local.sys_unload_history cascade;
        drop view if exists sfn_local.stl_loaderror_detail cascade;
      end if;
    end $sfn$;
    create or replace view sfn_local.sys_load_history as
      select 100 as user_id, (facts ->> 'query')::bigint as query_id, (facts ->> 'query')::bigint as transaction_id, (facts ->> 'session')::int as session_id,
        facts ->> 'database' as database_name, facts ->> 'status' as status, facts ->> 'table' as table_name, started as start_time, ended as end_time,
        (extract(epoch from ended - started) * 1000000)::bigint as duration, facts ->> 'source' as data_source, facts ->> 'format' as file_format,
        (facts ->> 'rows')::bigint as loaded_rows, f.bytes as loaded_bytes, f.files as source_file_count, f.bytes as source_file_bytes, f.files as file_count_scanned,
        f.bytes as file_bytes_scanned, (facts ->> 'errors')::bigint as error_count, 0::bigint as copy_job_id
      from sfn_local.load_log, lateral (select count(*)::int as files, coalesce(sum((file ->> 'bytes')::bigint), 0)::bigint as bytes from jsonb_array_elements(facts -> 'files') file) f;
    create or replace view sfn_local.sys_load_detail as
      select 100 as user_id, (facts ->> 'query')::bigint as query_id, file ->> 'name' as file_name, (file ->> 'bytes')::bigint as bytes_scanned,
        (file ->> 'rows')::bigint as lines_scanned, 1 as splits_scanned, ended as record_time, started as start_time, ended as end_time,
        (facts ->> 'query')::bigint as transaction_id, (facts ->> 'session')::int as session_id
      from sfn_local.load_log, lateral jsonb_array_elements(facts -> 'files') file;
    create or replace view sfn_local.sys_unload_history as
      select 100 as user_id, (facts ->> 'query')::bigint as query_id, (facts ->> 'query')::bigint as transaction_id, (facts ->> 'session')::int as session_id,
        facts ->> 'database' as database_name, 'completed'::text as status, started as start_time, ended as end_time,
        (extract(epoch from ended - started) * 1000000)::bigint as duration, facts ->> 'format' as file_format, facts ->> 'compression' as compression_type,
        facts ->> 'target' as unloaded_location, (facts ->> 'rows')::bigint as unloaded_rows, f.files as unloaded_files_count, f.bytes as unloaded_files_size, null::text as error_message
      from sfn_local.unload_log, lateral (select count(*)::bigint as files, coalesce(sum((file ->> 'bytes')::bigint), 0)::bigint as bytes from jsonb_array_elements(facts -> 'files') file) f;
    create or replace view sfn_local.sys_unload_detail as
      select 100 as user_id, (facts ->> 'query')::bigint as query_id, (facts ->> 'query')::bigint as transaction_id, (facts ->> 'session')::int as session_id,
        facts ->> 'database' as database_name, file ->> 'name' as file_name, started as start_time, ended as end_time,
        (extract(epoch from ended - started) * 1000000)::bigint as duration, facts ->> 'format' as file_format, facts ->> 'compression' as compression_type,
        (file ->> 'rows')::bigint as unloaded_rows, (file ->> 'bytes')::bigint as file_size
      from sfn_local.unload_log, lateral jsonb_array_elements(facts -> 'files') file;
    create or replace view sfn_local.sys_load_error_detail as
      select userid as user_id, query::bigint as query_id, 0::bigint as transaction_id, session as session_id, pg_catalog.current_database()::varchar as database_name, tbl as table_id, starttime as start_time, filename as file_name,
        line_number, colname as column_name, type as column_type, col_length as column_length, position, err_code as error_code, err_reason as error_message from sfn_local.stl_load_errors;
    create or replace view sfn_local.sys_copy_replacements as
      select userid as user_id, query::bigint as query_id, tbl as table_id, filename as file_name, line_number, colname as column_name, raw_line from sfn_local.stl_replacements;
    create or replace view sfn_local.stl_loaderror_detail as
      select userid, slice, session, query, filename, line_number, 0 as field, colname, raw_field_value as value, (raw_field_value = '')::int as is_null, type, col_length
      from sfn_local.stl_load_errors;
    create or replace function sfn_local.pg_last_copy_count() returns bigint language sql stable as $sfn$
      select coalesce(nullif(current_setting('redshift.last_copy_count', true), ''), '0')::bigint $sfn$;
    create or replace function sfn_local.pg_last_copy_id() returns bigint language sql stable as $sfn$
      select coalesce(nullif(current_setting('redshift.last_copy_id', true), ''), '-1')::bigint $sfn$;
    create or replace function sfn_local.pg_last_unload_count() returns bigint language sql stable as $sfn$
      select coalesce(nullif(current_setting('redshift.last_unload_count', true), ''), '0')::bigint $sfn$;
    create or replace function sfn_local.pg_last_unload_id() returns bigint language sql stable as $sfn$
      select coalesce(nullif(current_setting('redshift.last_unload_id', true), ''), '-1')::bigint $sfn$;

    """
}
