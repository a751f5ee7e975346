#!/usr/bin/env python3
"""Checks a Redshift Data API endpoint with AWS's own client.

usage: redshift_boto3.py ENDPOINT_URL [--cluster c1] [--database dev] [--user awsuser]

Prints a line for each check and the counts; exits with 1 when one failed. Needs boto3. Tables named check_* are made and dropped.
"""
import argparse
import os
import sys
import threading
import time
import uuid

os.environ.setdefault("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "example")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
import boto3
from botocore.config import Config
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

execute("drop table check_t")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
