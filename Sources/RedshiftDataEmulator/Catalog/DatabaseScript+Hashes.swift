/// Redshift's hash functions. Source: Redshift's guide, "Hash functions" and "String functions".
extension DatabaseScript {
  static let hashes: String = {
    var text = """
      -- The product of two 64 bit words, without its carry; the second one is FNV's prime, 2^40 + 435.
      create or replace function sfn_local.fnv_step(hash bit(64), octet int) returns bit(64) language sql immutable as $sfn$
        select ((mod((case when mixed < 0 then mixed::numeric + 18446744073709551616 else mixed end) * 1099511628211, 18446744073709551616))
            - case when mod((case when mixed < 0 then mixed::numeric + 18446744073709551616 else mixed end) * 1099511628211, 18446744073709551616)
              >= 9223372036854775808 then 18446744073709551616 else 0 end)::bigint::bit(64)
        from (select (hash # octet::bigint::bit(64))::bigint as mixed) as m $sfn$;
      create or replace function sfn_local.fnv_bytes(value bytea, seed bigint) returns bigint language plpgsql immutable strict as $sfn$
        declare hash bit(64) := seed::bit(64);
        begin
          for place in 0..length(value) - 1 loop hash := sfn_local.fnv_step(hash, get_byte(value, place)); end loop;
          return hash::bigint;
        end $sfn$;
      -- The bytes of a number, the lowest first.
      create or replace function sfn_local.little_endian(value bytea) returns bytea language sql immutable strict as $sfn$
        select string_agg(substr(value, place, 1), ''::bytea order by place desc) from generate_series(1, length(value)) as place $sfn$;
      create or replace function sfn_local.crc32(value text) returns text language plpgsql immutable strict as $sfn$
        declare bytes bytea := convert_to(value, 'UTF8'); state bigint := 4294967295;
        begin
          for place in 0..length(bytes) - 1 loop
            state := state # get_byte(bytes, place);
            for step in 1..8 loop state := (state >> 1) # case when state & 1 = 1 then 2197175160 else 0 end; end loop;
          end loop;
          return lpad(to_hex(state # 4294967295), 8, '0');
        end $sfn$;
      create or replace function sfn_local.murmur3_32_hash(value text, seed bigint default 0) returns int language plpgsql immutable strict as $sfn$
        declare
          bytes bytea := convert_to(value, 'UTF8'); size int := length(bytes); mask constant bigint := 4294967295;
          hash bigint := seed & mask; k bigint;
        begin
          for block in 0..size / 4 loop
            k := 0;
            for place in reverse least(3, size - 1 - block * 4)..0 loop k := (k << 8) | get_byte(bytes, block * 4 + place); end loop;
            exit when block * 4 >= size;
            k := sfn_local.times_32(k, 3432918353);
            k := ((k << 15) | (k >> 17)) & mask;
            hash := hash # sfn_local.times_32(k, 461845907);
            exit when block * 4 + 4 > size;
            hash := (((hash << 13) | (hash >> 19)) & mask);
            hash := (hash * 5 + 3864292196) & mask;
          end loop;
          hash := hash # size;
          hash := sfn_local.times_32(hash # (hash >> 16), 2246822507);
          hash := sfn_local.times_32(hash # (hash >> 13), 3266489909);
          hash := hash # (hash >> 16);
          return case when hash >= 2147483648 then hash - 4294967296 else hash end;
        end $sfn$;
      create or replace function sfn_local.times_32(a bigint, b bigint) returns bigint language sql immutable as $sfn$
        select (((a >> 16) * b & 65535) << 16) + (a & 65535) * b & 4294967295 $sfn$;

      """
    for (type, bytes) in [
      ("smallint", "sfn_local.little_endian(int2send(value))"), ("int", "sfn_local.little_endian(int4send(value))"),
      ("bigint", "sfn_local.little_endian(int8send(value))"), ("float4", "sfn_local.little_endian(float4send(value))"),
      ("float8", "sfn_local.little_endian(float8send(value))"), ("boolean", "boolsend(value)"), ("text", "convert_to(value, 'UTF8')"),
      ("bytea", "value"), ("date", "sfn_local.little_endian(date_send(value))"), ("timestamp", "sfn_local.little_endian(timestamp_send(value))"),
    ] {
      let start = "-3750763034362895579"
      text += function(
        "fnv_hash(value \(type), seed bigint default \(start))", "bigint",
        "case when value is null then seed else sfn_local.fnv_bytes(\(bytes), seed) end")
    }
    return text
  }()
}
