#!/usr/bin/env python3
"""Checks a Redshift Data API endpoint with AWS's own client.

usage: redshift_boto3.py ENDPOINT_URL [--cluster c1] [--database dev] [--user awsuser]

Prints a line for each check and the counts; exits with 1 when one failed. Needs boto3. Tables named check_* are made and dropped.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

os.environ.setdefault("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "example")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

parser = argparse.ArgumentParser()
parser.add_argument("endpoint")
parser.add_argument("--cluster", default="c1")
parser.add_argument("--database", default="dev")
parser.add_argument("--user", default="awsuser")
arguments = parser.parse_args()
target = dict(ClusterIdentifier=arguments.cluster, Database=arguments.database, DbUser=arguments.user)


def make_client(region="us-east-1", **credentials):
    config = Config(retries={"max_attempts": 0}, max_pool_connections=50)
    return boto3.client("redshift-data", endpoint_url=arguments.endpoint, region_name=region, config=config, **credentials)


client = make_client()
passed = failed = 0


def check(name, holds, detail=""):
    global passed, failed
    passed, failed = (passed + 1, failed) if holds else (passed, failed + 1)
    print("ok  " if holds else "FAIL", name, "" if holds else detail)


def refused(name, code, call, **members):
    try:
        check(name, False, f"was answered: {call(**members)}")
    except ClientError as error:
        found = error.response["Error"]
        check(name, found["Code"] == code and found["Message"], f"{found}")
        return error.response


def ended(identifier, seconds=20):
    end = time.time() + seconds
    while time.time() < end:
        description = client.describe_statement(Id=identifier)
        if description["Status"] in ("FINISHED", "FAILED", "ABORTED"):
            return description
        time.sleep(0.01)
    raise TimeoutError(identifier)


def execute(sql, **members):
    where = {} if "SessionId" in members else target
    return ended(client.execute_statement(**where, Sql=sql, **members)["Id"])


def records(identifier, **members):
    return [[next(iter(field.values())) if "isNull" not in field else None for field in row]
            for row in client.get_statement_result(Id=identifier, **members)["Records"]]


# ExecuteStatement and DescribeStatement
reply = client.execute_statement(**target, Sql="select 1 as n", StatementName="check one")
check("the reply echoes the target", reply["ClusterIdentifier"] == arguments.cluster and reply["Database"] == arguments.database)
check("the reply has a time", abs(reply["CreatedAt"].timestamp() - time.time()) < 60)
description = ended(reply["Id"])
check("a statement ends", description["Status"] == "FINISHED", description)
check("its description", description["HasResultSet"] and description["ResultRows"] == 1 and description["Duration"] > 0, description)
check("its text", description["QueryString"] == "select 1 as n" and "Error" not in description)
check("its row", records(reply["Id"]) == [[1]])
result = client.get_statement_result(Id=reply["Id"])
check("its column", result["ColumnMetadata"][0]["name"] == "n" and result["ColumnMetadata"][0]["typeName"] == "int4", result)
check("the number of rows", result["TotalNumRows"] == 1 and "NextToken" not in result)
description = execute("select 1/0")
check("a failure has its error", description["Status"] == "FAILED" and description["Error"].startswith("ERROR: division by zero"), description)
description = execute("select * from pg_class where false")
check("an empty result is a result", description["HasResultSet"] and description["ResultRows"] == 0 and records(description["Id"]) == [])
description = execute("drop table if exists check_t; create table check_t (a int, b varchar(5))")
check("DDL has no result", not description["HasResultSet"])
refused("no result set", "ResourceNotFoundException", client.get_statement_result, Id=description["Id"])
check("rows affected", execute("insert into check_t values (1, 'x'), (2, null)")["ResultRows"] == 2)
description = execute("select a, b from check_t order by a")
check("NULL", records(description["Id"]) == [[1, "x"], [2, None]])
column = client.get_statement_result(Id=description["Id"])["ColumnMetadata"][1]
check("a column's table", column["tableName"] == "check_t" and column["schemaName"] == "public" and column["precision"] == 5, column)
description = execute("select 1.50::decimal(5,2), 2.5::float8, true, date '2024-02-29', timestamp '2024-02-29 01:02:03.5'")
check("types", records(description["Id"]) == [["1.50", 2.5, True, "2024-02-29", "2024-02-29 01:02:03.5"]], records(description["Id"]))

# Parameters
description = execute("select :a::int + :b, ':a'", Parameters=[{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])
check("parameters", records(description["Id"]) == [[3, ":a"]], description.get("Error"))
check("parameters are described", len(description["QueryParameters"]) == 2)
refused("an unknown parameter", "ValidationException", client.execute_statement, **target, Sql="select :a")
refused("an unused parameter", "ValidationException", client.execute_statement, **target, Sql="select 1", Parameters=[{"name": "a", "value": "1"}])

# Batches
batch = client.batch_execute_statement(**target, Sqls=["insert into check_t values (3, 'y')", "select count(*) from check_t"])
description = ended(batch["Id"])
check("a batch ends", description["Status"] == "FINISHED" and description["HasResultSet"] and "QueryString" not in description, description)
check("its parts", [part["Id"] for part in description["SubStatements"]] == [batch["Id"] + ":1", batch["Id"] + ":2"])
check("a part's result", records(batch["Id"] + ":2") == [[3]])
refused("a batch's own result", "ValidationException", client.get_statement_result, Id=batch["Id"])
description = ended(client.batch_execute_statement(**target, Sqls=["delete from check_t", "select nothing", "select 1"])["Id"])
check("a failed batch", description["Status"] == "FAILED" and description["Error"].startswith("Query #2 failed with ERROR: "), description)
check("its parts' statuses", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED"])
check("it was rolled back", records(execute("select count(*) from check_t")["Id"]) == [[3]])
refused("41 statements", "ValidationException", client.batch_execute_statement, **target, Sqls=["select 1"] * 41)

# Tokens and sessions
token = str(uuid.uuid4())
ids = set()
threads = [threading.Thread(target=lambda: ids.add(client.execute_statement(**target, Sql="insert into check_t values (9, 't')", ClientToken=token)["Id"])) for _ in range(10)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
check("one token, one statement", len(ids) == 1, ids)
ended(ids.pop())
check("it ran once", records(execute("select count(*) from check_t where a = 9")["Id"]) == [[1]])
session = client.execute_statement(**target, Sql="create temp table check_s (a int)", SessionKeepAliveSeconds=30)
ended(session["Id"])
check("a session keeps its tables", execute("insert into check_s values (1)", SessionId=session["SessionId"])["Status"] == "FINISHED")
refused("an unknown session", "ValidationException", client.execute_statement, Sql="select 1", SessionId=str(uuid.uuid4()))
refused("a session and a target", "ValidationException", client.execute_statement, **target, Sql="select 1", SessionId=session["SessionId"])

# Cancel
sleeping = client.execute_statement(**target, Sql="select pg_sleep(600)")["Id"]
while client.describe_statement(Id=sleeping)["Status"] != "STARTED":
    time.sleep(0.01)
refused("a result of a running statement", "ResourceNotFoundException", client.get_statement_result, Id=sleeping)
check("others do not wait", execute("select 1")["Status"] == "FINISHED")
check("cancel", client.cancel_statement(Id=sleeping)["Status"] is True)
check("a cancelled statement", ended(sleeping)["Status"] == "ABORTED")
refused("cancel of an ended statement", "ValidationException", client.cancel_statement, Id=sleeping)

# Pages, CSV, lists
description = execute("select g, repeat('x', 100) from generate_series(1, 20000) as g")
rows = [row for page in client.get_paginator("get_statement_result").paginate(Id=description["Id"]) for row in page["Records"]]
check("pages", len(rows) == 20000 and rows[-1][0] == {"longValue": 20000})
refused("a malformed token", "ValidationException", client.get_statement_result, Id=description["Id"], NextToken="x")
csv = execute("select 1 as a, 'x,y' as b", ResultFormat="CSV")
check("CSV", client.get_statement_result_v2(Id=csv["Id"])["Records"][0]["CSVRecords"].splitlines() == ["a,b", '1,"x,y"'])
refused("JSON of a CSV result", "ValidationException", client.get_statement_result, Id=csv["Id"])
refused("CSV of a JSON result", "ValidationException", client.get_statement_result_v2, Id=description["Id"])
newest = client.list_statements(MaxResults=1)["Statements"][0]
check("the newest first", newest["Id"] == csv["Id"], newest)
check("by name", [item["Id"] for item in client.list_statements(StatementName="check one")["Statements"]][-1:] != [])
check("by status", all(item["Status"] == "FAILED" for item in client.list_statements(Status="FAILED")["Statements"]))

# The catalogue
check("databases", arguments.database in client.list_databases(**target)["Databases"])
check("schemas", "public" in client.list_schemas(**target)["Schemas"])
check("tables", client.list_tables(**target, TablePattern="check\\_t")["Tables"] == [{"name": "check_t", "schema": "public", "type": "TABLE"}])
columns = client.describe_table(**target, Table="check_t", Schema="public")
check("columns", [column["name"] for column in columns["ColumnList"]] == ["a", "b"] and columns["TableName"] == "check_t", columns)

# Refusals
response = refused("an unknown id", "ResourceNotFoundException", client.describe_statement, Id=str(uuid.uuid4()))
check("its resource", response["ResponseMetadata"]["HTTPStatusCode"] == 400 and response["ResponseMetadata"]["RequestId"])
refused("a malformed id", "ValidationException", client.describe_statement, Id="x" * 36)
refused("no target", "ValidationException", client.execute_statement, Sql="select 1", Database="dev")
refused("two targets", "ValidationException", client.execute_statement, Sql="select 1", WorkgroupName="wgrp", **target)
refused("a long statement", "ValidationException", client.execute_statement, **target, Sql="select '" + "x" * 100_000 + "'")
check("any region and key", make_client("eu-central-1", aws_access_key_id="X", aws_secret_access_key="y", aws_session_token="z").list_statements(MaxResults=1)["Statements"] != [])
check("a workgroup", ended(client.execute_statement(WorkgroupName="wgrp", Database=arguments.database, Sql="select 1")["Id"])["WorkgroupName"] == "wgrp")

# What newer models have, as the installed one may not: requests are signed by botocore, and sent as they are


def raw(operation, body, **headers):
    """The status, the headers and the body of one request; a header that is None is left out."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = AWSRequest("POST", arguments.endpoint + "/", data=data, headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "RedshiftData." + operation})
    SigV4Auth(Credentials("AKIDEXAMPLE", "example"), "redshift-data", "us-east-1").add_auth(request)
    sent = dict(request.headers)
    for name, value in headers.items():
        name = name.replace("_", "-")
        sent = {key: text for key, text in sent.items() if key.lower() != name.lower()}
        if value is not None:
            sent[name] = value
    try:
        with urllib.request.urlopen(urllib.request.Request(arguments.endpoint + "/", data, sent), timeout=60) as reply:
            return reply.status, reply.headers, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.loads(error.read())


def call(operation, **members):
    status, _, body = raw(operation, members)
    return body if status == 200 else {"refused": body["__type"], **body}


reply = call("ExecuteStatement", **target, Sql="select 1 as n", WaitTimeSeconds=10)
check("a wait ends with the statement", reply.get("Status") == "FINISHED" and reply["HasResultSet"] is True and reply["RedshiftPid"] > 0, reply)
start = time.time()
sleeping = call("ExecuteStatement", **target, Sql="select pg_sleep(600)", WaitTimeSeconds=1)
check("a wait ends with its time", sleeping["Status"] in ("STARTED", "PICKED") and 0.9 < time.time() - start < 10, sleeping)
check("a description waits", call("DescribeStatement", Id=sleeping["Id"], WaitTimeSeconds=1)["Status"] == "STARTED")
check("a result waits", call("GetStatementResult", Id=sleeping["Id"], WaitTimeSeconds=1).get("refused") == "ResourceNotFoundException")
canceller = threading.Timer(0.3, lambda: call("CancelStatement", Id=sleeping["Id"]))
canceller.start()
check("a wait ends with a cancel", call("DescribeStatement", Id=sleeping["Id"], WaitTimeSeconds=30)["Status"] == "ABORTED")
for seconds in (0, -1, 31):
    check(f"a wait of {seconds} s", call("DescribeStatement", Id=sleeping["Id"], WaitTimeSeconds=seconds).get("refused") == "ValidationException")
check("a wait of a text", call("DescribeStatement", Id=sleeping["Id"], WaitTimeSeconds="1").get("refused") == "SerializationException")
execute("drop table if exists check_a; create table check_a (a int)")
batch = call("BatchExecuteStatement", **target, Sqls=["insert into check_a values (:n)", "select 1/0 + :n", "insert into check_a values (:n)"],
             Parameters=[{"name": "n", "value": "1"}], ExecutionMode="AUTO_COMMIT", WaitTimeSeconds=30)
description = call("DescribeStatement", Id=batch["Id"])
check("AUTO_COMMIT goes on", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FAILED", "FINISHED"], description)
check("its mode is described", description["ExecutionMode"] == "AUTO_COMMIT" and description["Status"] == "FAILED", description)
check("it kept what worked", records(execute("select count(*) from check_a")["Id"]) == [[2]])
check("another mode", call("BatchExecuteStatement", **target, Sqls=["select 1"], ExecutionMode="NONE").get("refused") == "ValidationException")
batch = call("BatchExecuteStatement", **target, Sqls=["delete from check_a", "select 1/0"], ExecutionMode="TRANSACTION", WaitTimeSeconds=30)
check("TRANSACTION rolls back", batch["Status"] == "FAILED" and records(execute("select count(*) from check_a")["Id"]) == [[2]], batch)
opened = call("ExecuteStatement", **target, Sql="select 1", SessionKeepAliveSeconds=60, WaitTimeSeconds=30)
listed = call("ListSessions", SessionId=opened["SessionId"])["Sessions"]
check("a session is listed", len(listed) == 1 and listed[0]["Status"] in ("AVAILABLE", "BUSY") and listed[0]["Database"] == arguments.database, listed)
check("sessions by target", opened["SessionId"] in [item["SessionId"] for item in call("ListSessions", ClusterIdentifier=arguments.cluster)["Sessions"]])
check("closed sessions", opened["SessionId"] not in [item["SessionId"] for item in call("ListSessions", Status="CLOSED")["Sessions"]])
check("an unknown session is not found", call("ListSessions", SessionId=str(uuid.uuid4())).get("refused") == "ResourceNotFoundException")
check("a session and a status", call("ListSessions", SessionId=opened["SessionId"], Status="BUSY").get("refused") == "ValidationException")
page = call("ListSessions", MaxResults=1)
check("sessions by pages", len(page["Sessions"]) == 1 and ("NextToken" not in page or len(call("ListSessions", MaxResults=1, NextToken=page["NextToken"])["Sessions"]) == 1))

# The wire
status, headers, body = raw("ListStatements", {})
check("the content type", headers["Content-Type"] == "application/x-amz-json-1.1" and headers["x-amzn-RequestId"], dict(headers))
check("no member is null", "null" not in json.dumps(raw("DescribeStatement", {"Id": reply["Id"]})[2]))
for name, code, operation, content, changed in [
    ("an unknown operation", "UnknownOperationException", "Nope", {}, {}),
    ("an unknown target", "UnknownOperationException", "ListStatements", {}, {"X_Amz_Target": "Other.ListStatements"}),
    ("no target", "UnknownOperationException", "ListStatements", {}, {"X_Amz_Target": None}),
    ("broken JSON", "SerializationException", "ListStatements", b"{", {}), ("an array", "SerializationException", "ListStatements", b"[]", {}),
    ("a number for a text", "SerializationException", "DescribeStatement", {"Id": 1}, {}),
    ("a text for a list", "SerializationException", "BatchExecuteStatement", {**target, "Sqls": "select 1"}, {}),
    ("a list of numbers", "SerializationException", "BatchExecuteStatement", {**target, "Sqls": [1]}, {}),
    ("an object for a number", "SerializationException", "ListStatements", {"MaxResults": {}}, {}),
    ("a fraction for a number", "SerializationException", "ListStatements", {"MaxResults": 1.5}, {}),
    ("a text for a truth value", "SerializationException", "ExecuteStatement", {**target, "Sql": "select 1", "WithEvent": "yes"}, {}),
    ("parameters as texts", "SerializationException", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": ["a"]}, {}),
    ("no Id", "ValidationException", "DescribeStatement", {}, {}), ("no Sql", "ValidationException", "ExecuteStatement", target, {}),
    ("no Sqls", "ValidationException", "BatchExecuteStatement", target, {}), ("empty Sqls", "ValidationException", "BatchExecuteStatement", {**target, "Sqls": []}, {}),
    ("empty Sql", "ValidationException", "ExecuteStatement", {**target, "Sql": "  "}, {}),
    ("no database", "ValidationException", "ExecuteStatement", {"ClusterIdentifier": "c1", "Sql": "select 1"}, {}),
    ("a bad cluster", "ValidationException", "ExecuteStatement", {"ClusterIdentifier": "C_1", "Database": "dev", "Sql": "select 1"}, {}),
    ("a short workgroup", "ValidationException", "ExecuteStatement", {"WorkgroupName": "w", "Database": "dev", "Sql": "select 1"}, {}),
    ("a long name", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "StatementName": "x" * 2049}, {}),
    ("a long token", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "ClientToken": "x" * 65}, {}),
    ("an empty token", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "ClientToken": ""}, {}),
    ("a long keep-alive", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "SessionKeepAliveSeconds": 86401}, {}),
    ("a negative keep-alive", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "SessionKeepAliveSeconds": -1}, {}),
    ("another format", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "ResultFormat": "XML"}, {}),
    ("an empty value", "ValidationException", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": [{"name": "a", "value": ""}]}, {}),
    ("no value", "ValidationException", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": [{"name": "a"}]}, {}),
    ("a bad parameter name", "ValidationException", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": [{"name": "a-b", "value": "1"}]}, {}),
    ("no parameters", "ValidationException", "ExecuteStatement", {**target, "Sql": "select 1", "Parameters": []}, {}),
    ("too many results", "ValidationException", "ListStatements", {"MaxResults": 101}, {}),
    ("too many tables", "ValidationException", "ListTables", {**target, "MaxResults": 1001}, {}),
    ("an unknown status", "ValidationException", "ListStatements", {"Status": "DONE"}, {}),
    ("a bad token", "ValidationException", "ListTables", {**target, "NextToken": "x"}, {}),
    ("another database", "DatabaseConnectionException", "ListTables", {**target, "Database": "nowhere"}, {}),
    ("a table that is not there", "ResourceNotFoundException", "DescribeTable", {**target, "Table": "check_nowhere"}, {}),
]:
    status, headers, body = raw(operation, content, **changed)
    good = body.get("__type") == code and bool(body.get("Message")) and headers["x-amzn-ErrorType"] == code
    check(name, good and (status == 500 if code == "DatabaseConnectionException" else status == 400), f"{status} {body}")
check("unknown members are ignored", raw("ListStatements", {"Whatever": 1})[0] == 200)
check("an Error names its Id", raw("DescribeStatement", {"Id": str(uuid.uuid4())})[2].get("ResourceId"))
check("a missing database fails the statement", ended(client.execute_statement(**{**target, "Database": "nowhere"}, Sql="select 1")["Id"])["Status"] == "FAILED")

# Values as they are
execute("drop table if exists check_v; create table check_v (a smallint, b bigint, c real, d char(5), e varchar, f date, g time, h timestamptz, i super, j decimal(38,4))")
execute("insert into check_v values (1, 9223372036854775807, 1.5, 'ab', 'é', '2024-02-29', '01:02:03', '2024-02-29 01:02:03+00', json_parse('{\"k\":[1]}'), 12345678901234567890.5)")
description = execute("select * from check_v")
check("every type", records(description["Id"]) == [[1, 2**63 - 1, 1.5, "ab   ", "é", "2024-02-29", "01:02:03", "2024-02-29 01:02:03+00", '{"k":[1]}', "12345678901234567890.5000"]], records(description["Id"]))
metadata = client.get_statement_result(Id=description["Id"])["ColumnMetadata"]
check("their names", [item["typeName"] for item in metadata] == ["int2", "int8", "float4", "bpchar", "varchar", "date", "time", "timestamptz", "super", "numeric"], metadata)
check("precision and scale", metadata[9]["precision"] == 38 and metadata[9]["scale"] == 4 and metadata[4]["precision"] == 256, metadata)
columns = client.describe_table(**target, Table="check_v", MaxResults=4)
check("columns by pages", len(columns["ColumnList"]) == 4 and client.describe_table(**target, Table="check_v", NextToken=columns["NextToken"])["ColumnList"][0]["name"] == "e")
check("tables by pages", len(client.list_tables(**target, MaxResults=1)["Tables"]) == 1 and "NextToken" in client.list_tables(**target, MaxResults=1))
check("a pattern", [item["name"] for item in client.list_tables(**target, SchemaPattern="pub%", TablePattern="check__")["Tables"]] == ["check_a", "check_t", "check_v"])
mistaken = execute("select 'x'::int, :a", Parameters=[{"name": "a", "value": "1"}])
check("a position", "invalid input syntax" in mistaken["Error"] and "\n  Position: 8" in mistaken["Error"], mistaken["Error"])
unsupported = execute("select 1;\nselect * from t connect by prior a = b")
check("line and column", "(line 2, column 17)" in unsupported["Error"] and "Position" not in unsupported["Error"], unsupported["Error"])

# The aws command
if shutil.which("aws"):
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}

    def aws(*words):
        done = subprocess.run(["aws", "redshift-data", "--endpoint-url", arguments.endpoint, "--output", "json", *words],
                              capture_output=True, text=True, env=environment, timeout=60)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else (done.returncode, done.stderr)

    where = ["--cluster-identifier", arguments.cluster, "--database", arguments.database, "--db-user", arguments.user]
    started = aws("execute-statement", *where, "--sql", "select :n::int as n", "--parameters", "name=n,value=5")
    check("aws execute-statement", "Id" in started, started)
    ended(started["Id"])
    check("aws describe-statement", aws("describe-statement", "--id", started["Id"])["Status"] == "FINISHED")
    check("aws get-statement-result", aws("get-statement-result", "--id", started["Id"])["Records"] == [[{"longValue": 5}]])
    started = aws("batch-execute-statement", *where, "--sqls", "select 1", "select 2")
    check("aws batch-execute-statement", len(ended(started["Id"])["SubStatements"]) == 2)
    check("aws list-tables", any(item["name"] == "check_v" for item in aws("list-tables", *where)["Tables"]))
    check("aws an error", "ResourceNotFoundException" in aws("describe-statement", "--id", str(uuid.uuid4()))[1])
else:
    print("skip the aws command: it is not installed")

execute("drop table check_t; drop table check_a; drop table check_v")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
