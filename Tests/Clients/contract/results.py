"""GetStatementResult and GetStatementResultV2."""
import csv
import io
import json

from contract.endpoint import check, client, invalid, refused, rows, run, sleeps, started, values


def get_statement_result():
    identifier = run("select 1 as a, null as b, 'x' as c union all select 2, 'y', null order by 1")["Id"]
    result = client.get_statement_result(Id=identifier)
    check("all members", set(result) == {"Records", "ColumnMetadata", "TotalNumRows", "ResponseMetadata"}, set(result))
    check("rows of one-member unions", result["Records"] == [[{"longValue": 1}, {"isNull": True}, {"stringValue": "x"}], [{"longValue": 2}, {"stringValue": "y"}, {"isNull": True}]], result["Records"])
    check("the number of rows", result["TotalNumRows"] == 2)
    check("again and again", client.get_statement_result(Id=identifier)["Records"] == result["Records"])
    result = client.get_statement_result(Id=run("select 1 as a, 'x' as b where false")["Id"])
    check("no rows", result["Records"] == [] and result["TotalNumRows"] == 0 and [column["name"] for column in result["ColumnMetadata"]] == ["a", "b"], result)
    run("""drop table if exists contract_r; create table contract_r (i2 smallint not null, i4 integer, i8 bigint, n decimal(12,3), f4 real, f8 double precision, b boolean, c char(5),
        v varchar(20), m varchar, d date, t time, ts timestamp, tz timestamptz, s super)""")
    run("""insert into contract_r values (1, -2, 9223372036854775807, 1234.5, 1.5, -2.25e-10, true, 'ab', 'x y', 'long', '2024-02-29', '01:02:03', '2024-02-29 01:02:03.5', '2024-02-29 01:02:03.25+00', json_parse('{"a":[1,"x"]}')),
        (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null)""")
    result = client.get_statement_result(Id=run("select * from contract_r order by i2")["Id"])
    expected = [{"longValue": 1}, {"longValue": -2}, {"longValue": 9223372036854775807}, {"stringValue": "1234.500"}, {"doubleValue": 1.5}, {"doubleValue": -2.25e-10}, {"booleanValue": True}, {"stringValue": "ab   "},
                {"stringValue": "x y"}, {"stringValue": "long"}, {"stringValue": "2024-02-29"}, {"stringValue": "01:02:03"}, {"stringValue": "2024-02-29 01:02:03.5"}, {"stringValue": "2024-02-29 01:02:03.25+00"}, {"stringValue": '{"a":[1,"x"]}'}]
    for column, found, wanted in zip(result["ColumnMetadata"], result["Records"][0], expected):
        check(f"a value of {column['typeName']} ({column['name']})", found == wanted, (found, wanted))
    check("NULL of every type", result["Records"][1][1:] == [{"isNull": True}] * 14, result["Records"][1])
    names = ["int2", "int4", "int8", "numeric", "float4", "float8", "bool", "bpchar", "varchar", "varchar", "date", "time", "timestamp", "timestamptz", "super"]
    check("type names", [column["typeName"] for column in result["ColumnMetadata"]] == names, [column["typeName"] for column in result["ColumnMetadata"]])
    keys = {"name", "label", "typeName", "nullable", "precision", "scale", "length", "isSigned", "isCaseSensitive", "isCurrency", "schemaName", "tableName"}
    check("members of metadata", all(set(column) == keys for column in result["ColumnMetadata"]), [set(column) ^ keys for column in result["ColumnMetadata"] if set(column) != keys])
    columns = {column["name"]: column for column in result["ColumnMetadata"]}
    check("the table", all((column["schemaName"], column["tableName"]) == ("public", "contract_r") for column in columns.values()))
    check("nullable", [columns[name]["nullable"] for name in ("i2", "i4", "v")] == [0, 1, 1])
    check("precision of numbers", [columns[name]["precision"] for name in ("i2", "i4", "i8", "n")] == [5, 10, 19, 12] and columns["n"]["scale"] == 3, columns["n"])
    check("precision of texts is their length", [columns[name]["precision"] for name in ("c", "v", "m")] == [5, 20, 256], columns["m"])
    check("precision of times", (columns["ts"]["precision"], columns["ts"]["scale"]) == (29, 6), columns["ts"])
    check("signs", [columns[name]["isSigned"] for name in ("i4", "n", "f8", "v", "d")] == [True, True, True, False, False])
    check("case", [columns[name]["isCaseSensitive"] for name in ("i4", "n", "v", "c", "ts", "b")] == [False, False, True, True, False, False])
    check("no currency, and no length", all(column["isCurrency"] is False and column["length"] == 0 for column in columns.values()))
    column = client.get_statement_result(Id=run("select i4 as other, count(*) as n, i4 + 1 from contract_r group by i4")["Id"])["ColumnMetadata"]
    check("an alias names a column", (column[0]["name"], column[0]["label"], column[0]["tableName"]) == ("other", "other", "contract_r"), column[0])
    check("what is computed has no table", (column[1]["tableName"], column[1]["schemaName"], column[1]["typeName"]) == ("", "", "int8") and column[2]["name"] == "?column?", column[1:])
    # A DECIMAL that no typmod limits has 38 digits; floats that are no numbers cannot be JSON numbers.
    check("infinity and not a number", rows("select 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float4") == [["NaN", "Infinity", "-Infinity"]], rows("select 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float4"))
    check("large decimals stay exact", rows("select 12345678901234567890123456789012345.678::decimal(38,3)") == [["12345678901234567890123456789012345.678"]])
    check("whole doubles", rows("select 3::float8, 0::float4, 1e300::float8") == [[3.0, 0.0, 1e300]])
    check("a timestamp at midnight", rows("select timestamp '2024-02-29 00:00:00', timestamptz '2024-02-29 12:00:00+02'") == [["2024-02-29 00:00:00", "2024-02-29 10:00:00+00"]], rows("select timestamp '2024-02-29 00:00:00', timestamptz '2024-02-29 12:00:00+02'"))
    check("an empty text is no NULL", client.get_statement_result(Id=run("select '' as a, null::varchar as b")["Id"])["Records"] == [[{"stringValue": ""}, {"isNull": True}]])
    check("control characters and quotes", rows("select 'a\tb\nc\"d\\\\e' || chr(1)") == [["a\tb\nc\"d\\e\x01"]], rows("select 'a\tb\nc\"d\\\\e' || chr(1)"))
    check("200 columns", len(rows("select " + ", ".join(f"{number} as c{number}" for number in range(200)))[0]) == 200)
    check("the same name twice", [column["name"] for column in client.get_statement_result(Id=run("select 1 as a, 2 as a")["Id"])["ColumnMetadata"]] == ["a", "a"])

    identifier = run("select g as n, repeat('x', 1000) as t from generate_series(1, 3000) as g order by g")["Id"]
    token, pages = None, []
    while len(pages) < 20:
        page = client.get_statement_result(Id=identifier, **({"NextToken": token} if token else {}))
        pages.append(page)
        token = page.get("NextToken")
        if not token:
            break
    check("large results have pages", len(pages) > 2 and "NextToken" not in pages[-1], len(pages))
    check("no row twice, none lost", [row[0]["longValue"] for page in pages for row in page["Records"]] == list(range(1, 3001)))
    check("each page has the columns and the total", all(page["TotalNumRows"] == 3000 and len(page["ColumnMetadata"]) == 2 for page in pages))
    check("pages of about 1 MB", all(400_000 < len(json.dumps(page["Records"])) < 2_500_000 for page in pages[:-1]))
    check("a page can be had again", client.get_statement_result(Id=identifier, NextToken=pages[0]["NextToken"])["Records"] == pages[1]["Records"])
    paged = client.get_paginator("get_statement_result").paginate(Id=identifier).build_full_result()
    check("botocore's paginator", len(paged["Records"]) == 3000 and paged["TotalNumRows"] == 3000 and "NextToken" not in paged)
    token = pages[0]["NextToken"]
    for name, bad in [("a token that is none", "abc"), ("an empty token", ""), ("a changed token", token[:-1] + ("a" if token[-1] != "a" else "b")), ("a token with more", token + "x"), ("a long token", "x" * 5000)]:
        invalid(name, client.get_statement_result, Id=identifier, NextToken=bad)
    other = run("select g, repeat('y', 1000) from generate_series(1, 3000) as g")["Id"]
    invalid("another statement's token", client.get_statement_result, Id=other, NextToken=token)
    check("a row of 60 KB", [len(row[0]) for row in rows("select repeat('x', 60000)")] == [60_000])
    description = run("select repeat('x', 60000), repeat('x', 60000)")
    check("a row of more than 64 KB fails", description["Status"] == "FAILED" and description["Error"], description)
    refused("no result set", "ResourceNotFoundException", client.get_statement_result, "Query does not have result. Please check query status with DescribeStatement.", Id=run("set search_path to public")["Id"])
    for name, identifier in [("failed", run("select 1/0")["Id"]), ("still running", started(sleeps(30)))]:
        error = refused(f"a statement that is {name}", "ResourceNotFoundException", client.get_statement_result, Id=identifier)
        check(f"the one that is {name} is named", error.get("ResourceId") == identifier, error)
    client.cancel_statement(Id=identifier)
    invalid("a JSON result in CSV", client.get_statement_result_v2, Id=other)
    run("drop table contract_r")


def get_statement_result_v2():
    identifier = run("""select 1 as a, 'x,y' as "B c", 'say "hi"' as q, null as n, '' as e, 'two' || chr(10) || 'lines' as l, 1.5::float8 as f, true as t, date '2024-02-29' as d""", ResultFormat="CSV")["Id"]
    result = client.get_statement_result_v2(Id=identifier)
    check("all members", set(result) == {"Records", "ColumnMetadata", "TotalNumRows", "ResultFormat", "ResponseMetadata"}, set(result))
    check("one text of CSV", len(result["Records"]) == 1 and set(result["Records"][0]) == {"CSVRecords"}, result["Records"])
    text = result["Records"][0]["CSVRecords"]
    check("the column names come first", text.split("\r\n")[0] == "a,b c,q,n,e,l,f,t,d", text)
    check("lines end with CR LF", text.endswith("\r\n") and text.count("\r\n") == 2, repr(text))
    check("quoting, NULL and line ends", list(csv.reader(io.StringIO(text, newline="")))[1] == ["1", "x,y", 'say "hi"', "", "", "two\nlines", "1.5", "t" if ",t," in text else "true", "2024-02-29"], repr(text))
    check("NULL is nothing, an empty text is quoted", ',,"",' in text, repr(text))
    check("the rest is the same", result["TotalNumRows"] == 1 and result["ColumnMetadata"][0]["typeName"] == "int4" and result["ResultFormat"] == "CSV", result["ResultFormat"])
    check("its description", client.describe_statement(Id=identifier)["ResultFormat"] == "CSV")
    result = client.get_statement_result_v2(Id=run("select 1 as a where false", ResultFormat="CSV")["Id"])
    check("no rows", result["Records"] == [{"CSVRecords": "a\r\n"}] and result["TotalNumRows"] == 0, result)
    identifier = run("select g as n, repeat('x', 1000) as t from generate_series(1, 3000) as g order by g", ResultFormat="CSV")["Id"]
    pages = list(client.get_paginator("get_statement_result_v2").paginate(Id=identifier))
    lines = "".join(page["Records"][0]["CSVRecords"] for page in pages).split("\r\n")
    check("pages in CSV", len(pages) > 2 and len(lines) == 3002 and lines[0] == "n,t" and lines[3000].startswith("3000,"), len(lines))
    invalid("CSV in JSON", client.get_statement_result, Id=identifier)
    invalid("a token that is none", client.get_statement_result_v2, Id=identifier, NextToken="x")
    other = run("select g from generate_series(1, 10) as g", ResultFormat="CSV")["Id"]
    invalid("another statement's token", client.get_statement_result_v2, Id=other, NextToken=pages[0]["NextToken"])
    refused("no result set", "ResourceNotFoundException", client.get_statement_result_v2, Id=run("set search_path to public", ResultFormat="CSV")["Id"])
    refused("failed", "ResourceNotFoundException", client.get_statement_result_v2, Id=run("select 1/0", ResultFormat="CSV")["Id"])
    check("ResultFormat JSON is the default", values(client.get_statement_result(Id=run("select 1", ResultFormat="JSON")["Id"])["Records"]) == [[1]])
