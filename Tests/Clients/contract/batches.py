"""BatchExecuteStatement and its two modes."""
from contract.endpoint import UUID, call, check, client, ended, invalid, raw, reaches, refused, rows, run, sleeps, started, target, values


def batch_execute_statement():
    run("drop table if exists contract_b; create table contract_b (a int)")
    reply = raw("BatchExecuteStatement", {**target, "Sqls": ["select 1", "select 2"]}).body
    check("the reply", UUID.fullmatch(reply["Id"]) and all(reply.get(key) == value for key, value in target.items()) and "SubStatements" not in reply and "WorkgroupName" not in reply, reply)
    description = run(["insert into contract_b values (1), (2)", "select a from contract_b order by a", "select 1 where false"], StatementName="contract batch")
    parts = description["SubStatements"]
    check("a batch has parts and no text", description["Status"] == "FINISHED" and "QueryString" not in description and len(parts) == 3, description)
    check("their ids", [part["Id"] for part in parts] == [f"{description['Id']}:{number}" for number in (1, 2, 3)], parts)
    expected = {"Id", "Status", "CreatedAt", "UpdatedAt", "Duration", "QueryString", "HasResultSet", "ResultRows", "ResultSize", "RedshiftQueryId"}
    check("their members", all(expected <= set(part) and set(part) - expected <= {"RedshiftQueryUuid"} for part in parts), parts)
    check("their texts", [part["QueryString"] for part in parts] == ["insert into contract_b values (1), (2)", "select a from contract_b order by a", "select 1 where false"])
    check("their results", [(part["HasResultSet"], part["ResultRows"]) for part in parts] == [(False, 2), (True, 2), (True, 0)], parts)
    check("their numbers", all(part["Duration"] > 0 and part["RedshiftQueryId"] > 0 for part in parts) and len({part["RedshiftQueryId"] for part in parts}) == 3, parts)
    check("their times", all(description["CreatedAt"] <= part["CreatedAt"] <= part["UpdatedAt"] <= description["UpdatedAt"] for part in parts), parts)
    check("the batch has a result when one has", description["HasResultSet"] is True and run(["select 1", "commit"])["HasResultSet"] is True)
    check("and none when none has", run(["insert into contract_b values (3)", "delete from contract_b where a = 3"])["HasResultSet"] is False)
    # Management guide, "Describe metadata about a SQL statement": the query's number is 0, rows and sizes add up.
    check("the batch's own numbers", description["RedshiftQueryId"] == 0 and description["ResultRows"] == 4 and description["Duration"] > 0 and description["RedshiftPid"] > 0, description)
    check("the size adds up", description["ResultSize"] == sum(max(part["ResultSize"], 0) for part in parts), description)
    check("each part's rows", values(client.get_statement_result(Id=parts[1]["Id"])["Records"]) == [[1], [2]] and client.get_statement_result(Id=parts[2]["Id"])["Records"] == [])
    invalid("the batch's own result", client.get_statement_result, "BatchExecuteStatement result can only be retrieved with sub-statement id.", Id=description["Id"])
    invalid("and in CSV", client.get_statement_result_v2, "BatchExecuteStatement result can only be retrieved with sub-statement id.", Id=description["Id"])
    refused("a part without a result", "ResourceNotFoundException", client.get_statement_result, Id=parts[0]["Id"])
    for number in ("0", "4", "40", "99"):
        refused(f"part {number} of 3", "ResourceNotFoundException", client.get_statement_result, "Query does not exist.", Id=f"{description['Id']}:{number}")
    # The same page: a part's id gives the batch, with that part alone.
    one = client.describe_statement(Id=parts[1]["Id"])
    check("a part's description", one["Id"] == description["Id"] and [part["Id"] for part in one["SubStatements"]] == [parts[1]["Id"]] and one["Status"] == "FINISHED", one)
    check("it is the same part", one["SubStatements"] == [parts[1]], one)

    check("40 statements", len(run(["select 1"] * 40)["SubStatements"]) == 40)
    check("one statement is a batch too", [part["Status"] for part in run(["select 1"])["SubStatements"]] == ["FINISHED"])
    invalid("41 statements", client.batch_execute_statement, **target, Sqls=["select 1"] * 41)
    invalid("no statements", client.batch_execute_statement, **target, Sqls=[])
    invalid("no Sqls", client.batch_execute_statement, **target)
    invalid("an empty one", client.batch_execute_statement, **target, Sqls=["select 1", ""])
    invalid("one that is too long", client.batch_execute_statement, **target, Sqls=["select 1", "select 1 --" + "x" * 100_000])

    identifier = started(["select 1", sleeps(30), "select 3"])
    description = reaches(identifier, 1)
    check("while it runs", (description["Status"], [part["Status"] for part in description["SubStatements"]]) == ("STARTED", ["FINISHED", "STARTED", "SUBMITTED"]), description)
    waiting = description["SubStatements"][2]
    check("a part that waits", (waiting["Duration"], waiting["ResultRows"], waiting["ResultSize"], waiting["HasResultSet"]) == (-1, -1, -1, False) and "Error" not in waiting, waiting)
    check("the result of a part that has ended", values(client.get_statement_result(Id=identifier + ":1")["Records"]) == [[1]])
    refused("of one that runs", "ResourceNotFoundException", client.get_statement_result, Id=identifier + ":2")
    one = client.describe_statement(Id=identifier + ":1")
    check("a part's description while the batch runs", one["Status"] == "STARTED" and one["SubStatements"][0]["Status"] == "FINISHED", one)
    check("cancelling a batch", client.cancel_statement(Id=identifier)["Status"] is True)
    description = ended(identifier)
    check("a cancelled batch", description["Status"] == "ABORTED" and [part["Status"] for part in description["SubStatements"]][1:] == ["ABORTED", "ABORTED"], description)

    run("delete from contract_b")
    description = run(["insert into contract_b values (1)", "insert into contract_b values ('x')", "insert into contract_b values (3)", "select 4"])
    check("a failed batch", description["Status"] == "FAILED" and description["HasResultSet"] is False, description)
    check("its error names the statement", description["Error"].startswith("Query #2 failed with ERROR: "), description["Error"])
    check("its parts", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED", "ABORTED"], description["SubStatements"])
    errors = [part.get("Error") for part in description["SubStatements"]]
    check("their errors", errors[0] is None and errors[1].startswith("ERROR: ") and errors[2:] == ["Connection or an prior query failed."] * 2, errors)
    check("what was known of each", [part["ResultRows"] for part in description["SubStatements"]] == [1, -1, -1, -1] and [part["Duration"] for part in description["SubStatements"]][1:] == [-1] * 3, description["SubStatements"])
    check("everything is rolled back", rows("select count(*) from contract_b") == [[0]])
    check("the first statement fails", [part["Status"] for part in run(["select 1/0", "select 1"])["SubStatements"]] == ["FAILED", "ABORTED"])
    check("the last one fails", [part["Status"] for part in run(["select 1", "select 1/0"])["SubStatements"]] == ["FINISHED", "FAILED"])
    refused("the result of one that failed", "ResourceNotFoundException", client.get_statement_result, Id=description["Id"] + ":2")

    check("statements see each other's work", values(client.get_statement_result(Id=run(["create temp table contract_t (a int)", "insert into contract_t values (5)", "select a from contract_t"])["Id"] + ":3")["Records"]) == [[5]])
    check("DDL is rolled back too", run(["create table contract_ddl (a int)", "select 1/0"])["Status"] == "FAILED" and "does not exist" in rows("select * from contract_ddl"))
    for name, sqls, left in [
        ("COMMIT keeps what was before", ["insert into contract_b values (1)", "commit", "insert into contract_b values (2)", "select 1/0"], [[1]]),
        ("END commits", ["insert into contract_b values (1)", "end", "insert into contract_b values (2)", "select 1/0"], [[1]]),
        ("END TRANSACTION commits", ["insert into contract_b values (1)", "end transaction;", "select 1/0"], [[1]]),
        ("BEGIN in a transaction does nothing", ["begin", "insert into contract_b values (1)", "begin", "insert into contract_b values (2)", "end", "select 1/0"], [[1], [2]]),
        ("ROLLBACK takes back", ["insert into contract_b values (1)", "rollback", "insert into contract_b values (2)"], [[2]]),
        ("ABORT takes back", ["insert into contract_b values (1)", "abort", "insert into contract_b values (2)"], [[2]]),
        ("the next statement opens a transaction", ["commit", "insert into contract_b values (1)", "select 1/0"], []),
        ("END without one does no harm", ["end", "end", "insert into contract_b values (1)"], [[1]]),
        ("TRUNCATE commits", ["insert into contract_b values (1)", "truncate contract_b", "insert into contract_b values (2)", "select 1/0"], []),
        ("all is committed at the end", ["insert into contract_b values (1)", "insert into contract_b values (2)"], [[1], [2]]),
    ]:
        run("delete from contract_b")
        description = run(sqls)
        check(name, rows("select a from contract_b order by a") == left and description["Status"] == ("FAILED" if "select 1/0" in sqls else "FINISHED"), (description.get("Error"), rows("select a from contract_b")))
    check("transaction statements have no result", [(part["HasResultSet"], part["ResultRows"]) for part in run(["begin", "select 1", "commit"])["SubStatements"]] == [(False, 0), (True, 1), (False, 0)])
    check("one session for all", len({str(client.get_statement_result(Id=f"{identifier}:{number}")["Records"]) for identifier in [run(["select pg_backend_pid()"] * 3)["Id"]] for number in (1, 2, 3)}) == 1)
    check("several in one element", [part["ResultRows"] for part in run(["insert into contract_b values (1); select 1 union all select 2", "select 3"])["SubStatements"]] == [2, 1])
    check("an element that is a comment", [part["Status"] for part in run(["-- nothing", "select 1"])["SubStatements"]] == ["FINISHED", "FINISHED"])
    csv = run(["select 1 as a", "select 'x,y' as b"], ResultFormat="CSV")
    check("CSV for all", csv["ResultFormat"] == "CSV" and client.get_statement_result_v2(Id=csv["Id"] + ":2")["Records"] == [{"CSVRecords": 'b\r\n"x,y"\r\n'}])
    run("drop table contract_b")


def execution_modes():
    run("drop table if exists contract_m; create table contract_m (a int)")

    def auto(*sqls, **members):
        where = {} if "SessionId" in members else target
        return call("BatchExecuteStatement", **where, Sqls=list(sqls), ExecutionMode="AUTO_COMMIT", WaitTimeSeconds=30, **members)

    def described(reply):
        return call("DescribeStatement", Id=reply["Id"])

    reply = auto("insert into contract_m values (1)", "select 1/0", "insert into contract_m values (2)")
    description = described(reply)
    check("a failure leaves the others alone", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FAILED", "FINISHED"], description)
    check("each was committed", rows("select a from contract_m order by a") == [[1], [2]])
    # awslabs/mcp relies on it: any statement that fails fails the batch.
    check("the batch has failed", reply["Status"] == "FAILED" == description["Status"] and description["Error"].startswith("Query #2 failed"), description)
    check("the mode is described", description["ExecutionMode"] == "AUTO_COMMIT" and "ExecutionMode" not in call("DescribeStatement", Id=run("select 1")["Id"]), description)
    description = described(call("BatchExecuteStatement", **target, Sqls=["select 1"], WaitTimeSeconds=30))
    check("the other is the default", description["ExecutionMode"] == "TRANSACTION", description)
    check("all well", auto("select 1", "select 2")["Status"] == "FINISHED")
    check("VACUUM may stand in it", auto("vacuum contract_m", "analyze contract_m")["Status"] == "FINISHED")
    run("delete from contract_m")
    description = described(auto("begin", "insert into contract_m values (1)", "rollback", "insert into contract_m values (2)"))
    check("BEGIN opens a transaction of one's own", rows("select a from contract_m") == [[2]], description)
    run("delete from contract_m")
    description = described(auto("begin", "insert into contract_m values (1)", "select 1/0", "select 1", "rollback", "insert into contract_m values (2)"))
    check("in which a failure is one until its end", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FINISHED", "FAILED", "FAILED", "FINISHED", "FINISHED"], description)
    check("and what it did is gone", rows("select a from contract_m") == [[2]])
    auto("begin", "insert into contract_m values (3)")
    check("what is not committed at the end is gone", rows("select a from contract_m") == [[2]])
    opened = auto("begin", "insert into contract_m values (4)", SessionKeepAliveSeconds=60)
    check("in a session it stays open", rows("select a from contract_m order by a") == [[2]] and auto("commit", SessionId=opened["SessionId"])["Status"] == "FINISHED"
          and rows("select a from contract_m order by a") == [[2], [4]], rows("select a from contract_m order by a"))
    description = described(auto("begin read only", "insert into contract_m values (5)", "rollback"))
    check("a transaction that only reads", [part["Status"] for part in description["SubStatements"]] == ["FINISHED", "FAILED", "FINISHED"] and "read-only" in description["SubStatements"][1]["Error"], description)
    check("another mode", call("BatchExecuteStatement", **target, Sqls=["select 1"], ExecutionMode="auto_commit").get("refused") == "ValidationException")
    check("no member of ExecuteStatement", "Id" in call("ExecuteStatement", **target, Sql="select 1", ExecutionMode="AUTO_COMMIT"))
    run("drop table contract_m")
