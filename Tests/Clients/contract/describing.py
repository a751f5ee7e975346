"""DescribeStatement."""
import time
import uuid

from contract.endpoint import check, client, ended, invalid, raw, refused, rows, run, sleeps, started, values


def describe_statement():
    identifier = started(sleeps(30), StatementName="contract running")
    running = raw("DescribeStatement", {"Id": identifier}).body
    check("while it runs", running["Status"] == "STARTED" and "Error" not in running, running)
    check("what is not known yet is -1", (running["Duration"], running["ResultRows"], running["ResultSize"]) == (-1, -1, -1) and running["HasResultSet"] is False, running)
    check("its process is known", running["RedshiftPid"] > 0, running)
    client.cancel_statement(Id=identifier)
    aborted = ended(identifier)
    check("what was cancelled", aborted["Status"] == "ABORTED" and aborted["HasResultSet"] is False and aborted["ResultRows"] == -1, aborted)
    description = run("select 1 as n union all select 2")
    expected = {"Id", "Status", "CreatedAt", "UpdatedAt", "Duration", "RedshiftPid", "RedshiftQueryId", "HasResultSet", "ResultRows", "ResultSize", "ResultFormat", "QueryString"}
    check("all members", expected <= set(description), expected - set(description))
    check("no others", set(description) - expected <= {"ClusterIdentifier", "Database", "DbUser", "RedshiftQueryUuid", "ResponseMetadata"}, set(description) - expected)
    check("integers", all(type(description[key]) is int for key in ("Duration", "RedshiftPid", "RedshiftQueryId", "ResultRows", "ResultSize")), description)
    check("positive ones", description["Duration"] > 0 and description["RedshiftPid"] > 0 and description["RedshiftQueryId"] > 0 and description["ResultSize"] > 0, description)
    check("rows returned", description["ResultRows"] == 2 and description["HasResultSet"] is True and description["ResultFormat"] == "JSON", description)
    check("times in order", description["CreatedAt"] <= description["UpdatedAt"] and abs(description["UpdatedAt"].timestamp() - time.time()) < 60, description)
    check("it stays as it is", {**run("select 5"), "Id": 0}["Status"] == "FINISHED" and client.describe_statement(Id=description["Id"])["UpdatedAt"] == description["UpdatedAt"])
    check("nanoseconds", 200_000_000 <= run(sleeps(0.2))["Duration"] < 20_000_000_000)
    check("each statement has its own query", run("select 1")["RedshiftQueryId"] != run("select 1")["RedshiftQueryId"])
    for name, sql, has_result, count in [
        ("CREATE TABLE", "create table contract_d (a int, b varchar(10))", False, 0), ("INSERT", "insert into contract_d values (1, 'x'), (2, 'y'), (3, 'z')", False, 3),
        ("INSERT of a query", "insert into contract_d select a + 10, b from contract_d", False, 3), ("UPDATE", "update contract_d set b = 'w' where a > 10", False, 3),
        ("UPDATE of nothing", "update contract_d set b = 'w' where a > 1000", False, 0), ("DELETE", "delete from contract_d where a > 12", False, 1),
        ("SELECT", "select * from contract_d", True, 5), ("SELECT of nothing", "select * from contract_d where false", True, 0), ("WITH", "with x as (select 1 as a) select * from x", True, 1),
        ("CREATE TABLE AS", "create table contract_e as select * from contract_d", False, None), ("SELECT INTO", "select * into contract_f from contract_d", False, None),
        ("ALTER TABLE", "alter table contract_d add column c int", False, 0), ("CREATE VIEW", "create view contract_v as select a from contract_d", False, 0),
        ("TRUNCATE", "truncate contract_e", False, None), ("ANALYZE", "analyze contract_d", False, None), ("VACUUM", "vacuum contract_d", False, None), ("SET", "set search_path to public", False, None),
        ("GRANT", "grant select on contract_d to public", False, 0), ("COMMENT", "comment on table contract_d is 'x'", False, 0), ("BEGIN", "begin", False, 0), ("COMMIT", "commit", False, 0),
        ("EXPLAIN", "explain select 1", True, None), ("SHOW", "show search_path", True, 1), ("DROP VIEW", "drop view contract_v", False, 0), ("DROP TABLE", "drop table contract_d, contract_e, contract_f", False, 0),
    ]:
        description = run(sql)
        check(f"{name}: a result or none", description["Status"] == "FINISHED" and description["HasResultSet"] is has_result, description)
        if count is not None:
            check(f"{name}: its rows", description["ResultRows"] == count, description)
        if not has_result:
            check(f"{name}: no result to size", description["ResultSize"] in (0, -1), description)
    for name, sql, text, position in [
        ("a table that is not there", "select * from contract_missing", 'relation "contract_missing" does not exist', 15), ("a column that is not there", "select nope from pg_class", 'column "nope" does not exist', 8),
        ("bad syntax", "selec 1", "syntax error at or near", 1), ("a division by zero", "select 1/0", "division by zero", None), ("a value that does not fit", "select 'abc'::int", "abc", 8),
    ]:
        description = run(sql)
        check(f"{name} fails", description["Status"] == "FAILED" and description["Error"].startswith("ERROR: ") and text in description["Error"], description)
        check(f"{name} has a position", ("\n  Position: " in description["Error"]) == (position is not None) and (position is None or description["Error"].endswith(f"\n  Position: {position}")), description["Error"])
        # AWS's knowledge center, "How do I identify errors that are related to the Data API": all three are -1.
        check(f"{name} has no result", (description["HasResultSet"], description["ResultRows"], description["ResultSize"], description["Duration"]) == (False, -1, -1, -1), description)
    check("no statement without an Id", invalid("no Id", client.describe_statement))
    for name, bad in [("a short id", "abc"), ("capitals", str(uuid.uuid4()).upper()), ("an empty id", ""), ("blanks", str(uuid.uuid4()) + " "), ("a suffix of letters", str(uuid.uuid4()) + ":x"),
                      ("a suffix of three digits", str(uuid.uuid4()) + ":123"), ("two suffixes", str(uuid.uuid4()) + ":1:1"), ("an ARN", "arn:aws:x:::y")]:
        for operation in (client.describe_statement, client.get_statement_result, client.get_statement_result_v2, client.cancel_statement):
            invalid(f"{operation.__name__}: {name}", operation, Id=bad)
    unknown = str(uuid.uuid4())
    for operation in (client.describe_statement, client.get_statement_result, client.get_statement_result_v2, client.cancel_statement):
        error = refused(f"{operation.__name__}: an unknown id", "ResourceNotFoundException", operation, "Query does not exist.", Id=unknown)
        check(f"{operation.__name__}: it names it", error.get("ResourceId") == unknown, error)
    refused("a sub-statement of what is no batch", "ResourceNotFoundException", client.describe_statement, Id=description["Id"] + ":1")
    try:
        client.describe_statement(Id=unknown)
    except client.exceptions.ResourceNotFoundException as error:
        check("the exception is the model's", error.response["Message"] == "Query does not exist.", error.response)
    try:
        client.describe_statement(Id="abc")
    except client.exceptions.ValidationException as error:
        check("so is the other", error.response["Error"]["Message"], error.response)
