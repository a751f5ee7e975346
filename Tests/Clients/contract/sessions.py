"""Sessions, ListSessions, and requests that wait."""
import threading
import time
import uuid

from contract.endpoint import (
    ENDS, UUID, call, check, client, cluster, database, ended, invalid, raw, refused, rows, run, sleeps, started, submit, target, user,
    values,
)


def sessions():
    opened = submit("create temp table contract_s (a int)", SessionKeepAliveSeconds=60)
    session = opened["SessionId"]
    check("the reply has the session", UUID.fullmatch(session) and session != opened["Id"], opened)
    first = ended(opened["Id"])
    check("so has the description", first["SessionId"] == session, first)
    reply = raw("ExecuteStatement", {"Sql": "insert into contract_s values (1)", "SessionId": session}).body
    check("a request by session echoes its target", reply["SessionId"] == session and reply["ClusterIdentifier"] == cluster and reply["Database"] == database, reply)
    second = ended(reply["Id"])
    check("temporary tables stay", second["Status"] == "FINISHED" and rows("select * from contract_s", SessionId=session) == [[1]], second)
    check("the process stays", second["RedshiftPid"] == first["RedshiftPid"])
    check("settings stay", run("set search_path to contract_path", SessionId=session)["Status"] == "FINISHED" and rows("show search_path", SessionId=session) == [["contract_path"]])
    check("an open transaction stays", run("begin", SessionId=session)["Status"] == "FINISHED" and run("insert into contract_s values (2)", SessionId=session)["Status"] == "FINISHED"
          and run("rollback", SessionId=session)["Status"] == "FINISHED" and rows("select a from contract_s", SessionId=session) == [[1]])
    check("a batch joins it", run(["insert into contract_s values (3)", "select 1"], SessionId=session)["Status"] == "FINISHED" and rows("select count(*) from contract_s", SessionId=session) == [[2]])
    check("a failure does not end it", run("select 1/0", SessionId=session)["Status"] == "FAILED" and rows("select count(*) from contract_s", SessionId=session) == [[2]])
    check("others do not see it", "does not exist" in rows("select * from contract_s"))
    check("keep-alive may be given again", run("select 1", SessionId=session, SessionKeepAliveSeconds=120)["Status"] == "FINISHED")
    for name, members in [("Database", {"Database": database}), ("ClusterIdentifier", {"ClusterIdentifier": cluster}), ("WorkgroupName", {"WorkgroupName": "wg-1"}), ("DbUser", {"DbUser": user}), ("SecretArn", {"SecretArn": "arn"})]:
        invalid(f"a session and {name}", client.execute_statement, Sql="select 1", SessionId=session, **members)
        invalid(f"a batch with a session and {name}", client.batch_execute_statement, Sqls=["select 1"], SessionId=session, **members)
    unknown = str(uuid.uuid4())
    # Both texts as awslabs/mcp reports them from the service.
    invalid("a session that never was", client.execute_statement, f"Session with Id: {unknown} is invalid", Sql="select 1", SessionId=unknown)
    identifier = started(sleeps(30), SessionId=session)
    invalid("a session that is busy", client.execute_statement, "Session is not available", Sql="select 1", SessionId=session)
    busy = call("ListSessions", SessionId=session)["Sessions"][0]
    check("it is listed as busy", busy["Status"] == "BUSY" and busy["CurrentStatementId"] == identifier and busy["SessionTtl"] > time.time(), busy)
    client.cancel_statement(Id=identifier)
    ended(identifier)
    check("it is free when its statement is seen to have ended", run("select 1", SessionId=session)["Status"] == "FINISHED")
    free = call("ListSessions", SessionId=session)["Sessions"][0]
    keys = {"SessionId", "Status", "CreatedAt", "UpdatedAt", "Database", "DbUser", "ClusterIdentifier", "SessionAliveSeconds", "SessionTtl"}
    check("members of a session", set(free) == keys and free["Status"] == "AVAILABLE" and free["SessionAliveSeconds"] == 120, free)
    check("its end", 0 < free["SessionTtl"] - time.time() <= 121, free)
    short = submit("select 1", SessionKeepAliveSeconds=1)
    ended(short["Id"])
    end = time.time() + 30
    while call("ListSessions", SessionId=short["SessionId"])["Sessions"][0]["Status"] != "CLOSED" and time.time() < end:
        time.sleep(0.05)
    closed = call("ListSessions", SessionId=short["SessionId"])["Sessions"][0]
    check("a session ends with its time", closed["Status"] == "CLOSED" and closed["SessionTtl"] <= time.time() + 1 and "CurrentStatementId" not in closed, closed)
    invalid("one that has ended", client.execute_statement, "Session is not available", Sql="select 1", SessionId=short["SessionId"])
    check("its statement is still there", values(client.get_statement_result(Id=short["Id"])["Records"]) == [[1]])
    listed = call("ListSessions")["Sessions"]
    check("open ones by default", session in [item["SessionId"] for item in listed] and short["SessionId"] not in [item["SessionId"] for item in listed])
    check("newest first", [item["CreatedAt"] for item in listed] == sorted((item["CreatedAt"] for item in listed), reverse=True))
    check("CLOSED", short["SessionId"] in [item["SessionId"] for item in call("ListSessions", Status="CLOSED")["Sessions"]])
    check("AVAILABLE", {item["Status"] for item in call("ListSessions", Status="AVAILABLE")["Sessions"]} == {"AVAILABLE"})
    check("by database", session in [item["SessionId"] for item in call("ListSessions", Database=database)["Sessions"]] and call("ListSessions", Database="contract_other")["Sessions"] == [])
    check("by cluster", call("ListSessions", ClusterIdentifier="nobodys")["Sessions"] == [])
    for name, members in [("Status", {"Status": "AVAILABLE"}), ("ClusterIdentifier", {"ClusterIdentifier": cluster}), ("WorkgroupName", {"WorkgroupName": "wg-1"}), ("Database", {"Database": database})]:
        check(f"a session and {name} in a list", call("ListSessions", SessionId=session, **members).get("refused") == "ValidationException")
    check("one that never was", call("ListSessions", SessionId=unknown).get("refused") == "ResourceNotFoundException")
    check("bad members", [call("ListSessions", **members).get("refused") for members in ({"Status": "OPEN"}, {"MaxResults": 101}, {"SessionId": "x"}, {"NextToken": "x"}, {"ClusterIdentifier": cluster, "WorkgroupName": "wg-1"})] == ["ValidationException"] * 5)
    pids = {run("select 1")["RedshiftPid"] for _ in range(3)}
    check("without a session settings do not stay", run("set search_path to contract_path")["Status"] == "FINISHED" and "contract_path" not in str(rows("show search_path")), pids)
    check("nor temporary tables", run("create temp table contract_gone (a int)")["Status"] == "FINISHED" and "does not exist" in rows("select * from contract_gone"))
    check("nor transactions", run("begin; create table contract_gone (a int)")["Status"] == "FINISHED")
    run("drop table if exists contract_gone")


def waiting():
    reply = call("ExecuteStatement", **target, Sql="select 1 as n", WaitTimeSeconds=10)
    check("ExecuteStatement waits for the end", reply.get("Status") == "FINISHED" and reply["HasResultSet"] is True and reply["RedshiftPid"] > 0, reply)
    reply = call("ExecuteStatement", **target, Sql="select 1/0", WaitTimeSeconds=10)
    check("also for a failure", reply["Status"] == "FAILED" and reply["HasResultSet"] is False, reply)
    reply = call("BatchExecuteStatement", **target, Sqls=["select 1", "select 2"], WaitTimeSeconds=10)
    check("BatchExecuteStatement waits for all", reply["Status"] == "FINISHED" and reply["HasResultSet"] is True, reply)
    begun = time.time()
    sleeping = call("ExecuteStatement", **target, Sql=sleeps(30), WaitTimeSeconds=1)
    check("not longer than asked", sleeping["Status"] == "STARTED" and sleeping["HasResultSet"] is False and time.time() - begun > 0.9, sleeping)
    done = call("DescribeStatement", Id=call("ExecuteStatement", **target, Sql=sleeps(0.3))["Id"], WaitTimeSeconds=20)
    check("DescribeStatement waits", done["Status"] == "FINISHED" and done["Duration"] > 250_000_000, done)
    result = call("GetStatementResult", Id=call("ExecuteStatement", **target, Sql=f"{sleeps(0.2)}; select 7")["Id"], WaitTimeSeconds=20)
    check("GetStatementResult waits", result.get("Records") == [[{"longValue": 7}]], result)
    result = call("GetStatementResultV2", Id=call("ExecuteStatement", **target, Sql=f"{sleeps(0.2)}; select 7 as n", ResultFormat="CSV")["Id"], WaitTimeSeconds=20)
    check("GetStatementResultV2 waits", result.get("Records") == [{"CSVRecords": "n\r\n7\r\n"}], result)
    check("no result in time", call("GetStatementResult", Id=sleeping["Id"], WaitTimeSeconds=1).get("refused") == "ResourceNotFoundException")
    batch = call("BatchExecuteStatement", **target, Sqls=["select 1", sleeps(30)])["Id"]
    part = call("DescribeStatement", Id=batch + ":1", WaitTimeSeconds=20)
    check("a part does not wait for the batch", part["SubStatements"][0]["Status"] == "FINISHED" and part["Status"] not in ENDS, part)
    check("nor does its result", call("GetStatementResult", Id=batch + ":1", WaitTimeSeconds=20).get("Records") == [[{"longValue": 1}]])
    for operation, members in [("DescribeStatement", {"Id": batch}), ("GetStatementResult", {"Id": batch + ":1"}), ("ExecuteStatement", {**target, "Sql": "select 1"}), ("BatchExecuteStatement", {**target, "Sqls": ["select 1"]})]:
        for seconds in (0, 31):
            check(f"{operation}: {seconds} seconds", call(operation, WaitTimeSeconds=seconds, **members).get("refused") == "ValidationException")
    threading.Timer(0.2, lambda: client.cancel_statement(Id=sleeping["Id"])).start()
    check("a cancel ends a wait", call("DescribeStatement", Id=sleeping["Id"], WaitTimeSeconds=20)["Status"] == "ABORTED")
    client.cancel_statement(Id=batch)
    token = str(uuid.uuid4())
    check("with a token", len({call("ExecuteStatement", **target, Sql="select 1", ClientToken=token, WaitTimeSeconds=5)["Id"] for _ in range(2)}) == 1)
