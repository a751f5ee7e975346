"""ExecuteStatement, parameters, client tokens, CancelStatement."""
import concurrent.futures
import datetime
import time
import uuid

from contract.endpoint import (
    ClientError, ENDS, UUID, call, check, client, cluster, database, ended, invalid, raw, reaches, refused, rows, run, sleeps, started,
    submit, target, user, values,
)


def execute_statement():
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mine-AbCdEf"
    arn = "arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/01234567-89ab-cdef-0123-456789abcdef"
    for name, where in [("cluster and user", target), ("cluster alone", dict(ClusterIdentifier=cluster, Database=database)),
                        ("cluster and secret", dict(ClusterIdentifier=cluster, Database=database, SecretArn=secret)),
                        ("workgroup", dict(WorkgroupName="wg-1", Database=database)), ("workgroup's ARN", dict(WorkgroupName=arn, Database=database)),
                        ("workgroup and secret", dict(WorkgroupName="wg-1", Database=database, SecretArn=secret))]:
        reply = raw("ExecuteStatement", {**where, "Sql": "select 1"}).body
        shown = {key: reply[key] for key in ("ClusterIdentifier", "WorkgroupName", "Database", "DbUser", "SecretArn", "SessionId") if key in reply}
        check(f"{name}: the reply echoes the target, and nothing else", shown == where, reply)
        description = ended(reply["Id"])
        shown = {key: description[key] for key in ("ClusterIdentifier", "WorkgroupName", "Database", "DbUser", "SecretArn", "SessionId") if key in description}
        check(f"{name}: so does the description", shown == where and description["Status"] == "FINISHED", description)
    before = time.time()
    reply = submit(sleeps(30))
    check("it returns at once", client.describe_statement(Id=reply["Id"])["Status"] not in ENDS)
    client.cancel_statement(Id=reply["Id"])
    check("an id in lower case", UUID.fullmatch(reply["Id"]), reply)
    check("a time with a zone", isinstance(reply["CreatedAt"], datetime.datetime) and reply["CreatedAt"].tzinfo and abs(reply["CreatedAt"].timestamp() - before) < 60, reply)
    reply = raw("ExecuteStatement", {**target, "Sql": "select 1"}).body
    check("the reply has the status", reply.get("Status") in ("SUBMITTED", "PICKED", "STARTED", "FINISHED") and reply.get("HasResultSet") in (True, False), reply)
    check("WithEvent has no effect", run("select 1", WithEvent=True)["Status"] == "FINISHED" and run("select 1", WithEvent=False)["Status"] == "FINISHED")
    check("an empty name is a name of no characters", run("select 1", StatementName="")["Status"] == "FINISHED")
    check("a name of 2048 characters", run("select 1", StatementName="x" * 2048)["Status"] == "FINISHED")
    check("a token of 64 characters", run("select 1", ClientToken=uuid.uuid4().hex * 2)["Status"] == "FINISHED")
    check("a statement of 100 KB", run("select 1 --" + "x" * (100_000 - 11))["Status"] == "FINISHED")
    check("no keep-alive, no session", "SessionId" not in submit("select 1") and "SessionId" not in submit("select 1", SessionKeepAliveSeconds=0))
    check("a semicolon behind", rows("select 1;") == [[1]])
    check("several statements in one", rows("create temp table contract_one (a int); insert into contract_one values (1), (2); select count(*) from contract_one") == [[2]])
    check("blanks and comments between statements", rows("; -- first;\n /* second; /* inner; */ */ select 3 ; ;; -- end") == [[3]])
    check("semicolons in texts, names and bodies", rows("""select 'a;b' as "x;y", $$c;d$$ , $t$e;$$;f$t$""") == [["a;b", "c;d", "e;$$;f"]])
    check("a quote within a text", rows("select 'it''s; fine'") == [["it's; fine"]])
    check("unicode", rows("select 'grüße 🐘 中文' as \"größe\"") == [["grüße 🐘 中文"]])
    description = run("select 'grüße 🐘'")
    check("unicode in the text", description["QueryString"] == "select 'grüße 🐘'", description)

    execute, batch = client.execute_statement, client.batch_execute_statement
    for name, members in [
        ("no target", dict(Database=database)), ("cluster and workgroup", dict(target, WorkgroupName="wg-1")), ("no database", dict(ClusterIdentifier=cluster)),
        ("an empty database", dict(ClusterIdentifier=cluster, Database="")), ("a database alone with a user", dict(Database=database, DbUser=user)),
        ("capitals in a cluster", dict(ClusterIdentifier="MyCluster", Database=database)), ("a cluster that begins with a digit", dict(ClusterIdentifier="1c", Database=database)),
        ("a cluster that ends with a hyphen", dict(ClusterIdentifier="c-", Database=database)), ("two hyphens in a cluster", dict(ClusterIdentifier="a--b", Database=database)),
        ("an underscore in a cluster", dict(ClusterIdentifier="a_b", Database=database)), ("a cluster of 64 characters", dict(ClusterIdentifier="c" * 64, Database=database)),
        ("an empty cluster", dict(ClusterIdentifier="", Database=database)), ("a workgroup of 2 characters", dict(WorkgroupName="wg", Database=database)),
        ("capitals in a workgroup", dict(WorkgroupName="MyGroup", Database=database)), ("a workgroup of 64 characters", dict(WorkgroupName="w" * 64, Database=database)),
        ("a workgroup's half ARN", dict(WorkgroupName="arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/x y", Database=database)),
        ("a name of 2049 characters", dict(target, StatementName="x" * 2049)), ("a token of 65 characters", dict(target, ClientToken="x" * 65)),
        ("an empty token", dict(target, ClientToken="")), ("a keep-alive below 0", dict(target, SessionKeepAliveSeconds=-1)),
        ("a keep-alive above a day", dict(target, SessionKeepAliveSeconds=86401)), ("a format in lower case", dict(target, ResultFormat="csv")),
        ("another format", dict(target, ResultFormat="PARQUET")), ("a session's id that is none", dict(SessionId="abc")),
    ]:
        invalid(f"execute: {name}", execute, Sql="select 1", **members)
        invalid(f"batch: {name}", batch, Sqls=["select 1"], **members)
    invalid("no Sql", execute, **target)
    invalid("an empty Sql", execute, Sql="", **target)
    invalid("a statement of more than 100 KB", execute, "100", Sql="select 1 --" + "x" * 100_000, **target)
    invalid("more than 100 KB in bytes, not characters", execute, Sql="select '" + "é" * 50_000 + "'", **target)
    check("a keep-alive of a day", "SessionId" in submit("select 1", SessionKeepAliveSeconds=86400))
    check("the longest names", run("select 1")["Status"] == "FINISHED" and "Id" in execute(ClusterIdentifier="c" * 63, Database=database, Sql="select 1")
          and "Id" in execute(WorkgroupName="w" * 63, Database=database, Sql="select 1"))
    description = ended(execute(**{**target, "Database": "contract_nowhere"}, Sql="select 1")["Id"])
    check("a database that is not there", description["Status"] == "FAILED" and "contract_nowhere" in description["Error"] and description["RedshiftPid"] == 0, description)


def parameters():
    def given(**members):
        return [{"name": name, "value": value} for name, value in members.items()]

    check("a text", rows("select :a", Parameters=given(a="x")) == [["x"]])
    check("a value is untyped", rows("select 40 + :a", Parameters=given(a="2")) == [[42]])
    check("a cast is no parameter", rows("select :a::int, '5'::int", Parameters=given(a="7")) == [[7, 5]])
    check("null is a text", rows("select :a", Parameters=given(a="null")) == [["null"]])
    check("quotes and SQL stay a value", rows("select :a", Parameters=given(a="x'; drop table contract_p; --")) == [["x'; drop table contract_p; --"]])
    check("not in texts, names and comments", rows('select \':a\', 1 as ":a", :a /* :b */ -- :c\n', Parameters=given(a="x")) == [[":a", 1, "x"]])
    check("not in dollar quotes", rows("select $$:b$$, :a", Parameters=given(a="x")) == [[":b", "x"]])
    check("twice", rows("select :a, :a || :b", Parameters=given(a="x", b="y")) == [["x", "xy"]])
    check("names with digits and underscores", rows("select :a_1, :_b, :c", Parameters=given(a_1="1", _b="2", c="3")) == [["1", "2", "3"]])
    check("names are told apart by their end", rows("select :a, :ab", Parameters=given(a="1", ab="2")) == [["1", "2"]])
    check("names are case-sensitive", rows("select :a, :A", Parameters=given(a="1", A="2")) == [["1", "2"]])
    check("without blanks around", rows("select (1)+:a,2 where 1=:b", Parameters=given(a="2", b="1")) == [[3, 2]])
    check("unicode values", rows("select :a", Parameters=given(a="grüße 🐘")) == [["grüße 🐘"]])
    check("a long value", [len(row[0]) for row in rows("select :a::varchar(65535)", Parameters=given(a="x" * 60_000))] == [60_000])
    run("drop table if exists contract_p; create table contract_p (i int, d date, t timestamp, n decimal(8,2), b boolean, v varchar(20))")
    description = run("insert into contract_p values (:i, :d, :t, :n, :b, :v)", Parameters=given(i="1", d="2024-02-29", t="2024-02-29 01:02:03", n="12.5", b="true", v="x"))
    check("each type is cast to", rows("select * from contract_p") == [[1, "2024-02-29", "2024-02-29 01:02:03", "12.50", True, "x"]], (description.get("Error"), rows("select * from contract_p")))
    check("in a condition", rows("select count(*) from contract_p where i = :i and d >= :d and v like :v", Parameters=given(i="1", d="2024-01-01", v="x%")) == [[1]])
    check("in LIMIT", len(rows("select * from contract_p limit :n", Parameters=given(n="1"))) == 1)
    check("in an UPDATE", run("update contract_p set v = :v where i = :i", Parameters=given(v="y", i="1"))["ResultRows"] == 1)
    name = "contract " + uuid.uuid4().hex
    description = run("select :b, :a", Parameters=given(a="1", b="2"), StatementName=name)
    check("they are described in their order", description["QueryParameters"] == given(a="1", b="2"), description)
    check("the text keeps their names", description["QueryString"] == "select :b, :a", description)
    check("they are listed", [item.get("QueryParameters") for item in client.list_statements(StatementName=name)["Statements"]] == [given(a="1", b="2")])
    check("a value that does not fit fails the statement", "abc" in run("select :a::int", Parameters=given(a="abc"))["Error"])
    check("in a batch they are shared", [item["Status"] for item in run(["insert into contract_p (i) values (:i)", "select :v", "select 1"], Parameters=given(i="5", v="x"))["SubStatements"]] == ["FINISHED"] * 3)
    check("and described at the batch", run(["select :a", "select :a"], Parameters=given(a="1"))["QueryParameters"] == given(a="1"))
    for call_, kind, wrap in [(client.execute_statement, "Sql", str), (client.batch_execute_statement, "Sqls", lambda sql: [sql, "select 1"])]:
        for name, sql, members in [
            ("a name that was not given", "select :a", None), ("one of two", "select :a, :b", given(a="1")), ("a name that is not used", "select 1", given(a="1")),
            ("used in a comment only", "select 1 -- :a", given(a="1")), ("used in a text only", "select ':a'", given(a="1")), ("an empty list", "select 1", []),
            ("an empty value", "select :a", given(a="")), ("an empty name", "select :a", [{"name": "", "value": "1"}]), ("no value", "select :a", [{"name": "a"}]),
            ("no name", "select :a", [{"value": "1"}]), ("a hyphen in a name", "select :a", [{"name": "a-b", "value": "1"}]), ("twice the same", "select :a", given(a="1") * 2),
        ]:
            invalid(f"{kind}: {name}", call_, **target, **{kind: wrap(sql)}, **({} if members is None else {"Parameters": members}))
    run("drop table contract_p")


def client_tokens():
    run("drop table if exists contract_k; create table contract_k (a int)")
    token = str(uuid.uuid4())
    first = submit("insert into contract_k values (1)", ClientToken=token)
    again = submit("insert into contract_k values (1)", ClientToken=token)
    check("the same token gives the same statement", first["Id"] == again["Id"] and first["CreatedAt"] == again["CreatedAt"], (first, again))
    ended(first["Id"])
    check("also when it has ended", submit("insert into contract_k values (1)", ClientToken=token)["Id"] == first["Id"])
    check("it ran once", rows("select count(*) from contract_k") == [[1]])

    def other(**members):
        """The same token with something else: refused, or the first one's id, but never run."""
        try:
            return submit(members.pop("sql"), ClientToken=token, **members)["Id"] == first["Id"]
        except ClientError as error:
            return error.response["Error"]["Code"] == "ValidationException"

    check("a token with other SQL", other(sql="insert into contract_k values (2)"))
    check("a token with a batch", other(sql=["insert into contract_k values (3)"]))
    time.sleep(0.05)
    check("the other SQL never runs", rows("select count(*) from contract_k") == [[1]])
    check("tokens are case-sensitive", run("select 1", ClientToken=token.upper())["Id"] != first["Id"])
    check("another token, another statement", run("insert into contract_k values (1)", ClientToken=str(uuid.uuid4()))["Id"] != first["Id"])
    check("botocore sends one of its own", submit("select 1")["Id"] != submit("select 1")["Id"])
    check("without a token each call is its own", call("ExecuteStatement", **target, Sql="select 1")["Id"] != call("ExecuteStatement", **target, Sql="select 1")["Id"])
    for name, sql in [("statement", "insert into contract_k values (7)"), ("batch", ["insert into contract_k values (8)", "select 1"])]:
        token = str(uuid.uuid4())
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            ids = set(pool.map(lambda _: submit(sql, ClientToken=token)["Id"], range(20)))
        check(f"20 requests race for one {name}", len(ids) == 1, ids)
        ended(ids.pop())
    check("each ran once", rows("select a, count(*) from contract_k where a > 6 group by a order by a") == [[7, 1], [8, 1]])
    token = str(uuid.uuid4())
    failing = run("select 1/0", ClientToken=token)
    check("what failed is not repeated", run("select 1/0", ClientToken=token)["Id"] == failing["Id"])
    token = str(uuid.uuid4())
    opened = [submit("select 1", ClientToken=token, SessionKeepAliveSeconds=30) for _ in range(2)]
    check("a token opens one session", opened[0]["SessionId"] == opened[1]["SessionId"], opened)
    run("drop table contract_k")


def cancel_statement():
    run("drop table if exists contract_c; create table contract_c (a int)")
    identifier = started(f"insert into contract_c values (1); {sleeps(30)}")
    reply = raw("CancelStatement", {"Id": identifier})
    check("cancelling answers true and no more", reply.status == 200 and reply.body == {"Status": True}, reply.body)
    description = ended(identifier)
    check("it becomes ABORTED soon", description["Status"] == "ABORTED", description)
    check("it leaves no effect", rows("select count(*) from contract_c") == [[0]])
    for status, identifier in [("ABORTED", identifier), ("FINISHED", run("select 1")["Id"]), ("FAILED", run("select 1/0")["Id"])]:
        invalid(f"one that is {status}", client.cancel_statement, f"Could not cancel a query that is already in {status} state with ID: {identifier}", Id=identifier)
    batch = run(["select 1"])["Id"]
    invalid("a batch that is FINISHED", client.cancel_statement, f"Could not cancel a query that is already in FINISHED state with ID: {batch}", Id=batch)
    identifier = submit(sleeps(30))["Id"]
    check("as soon as it is submitted", client.cancel_statement(Id=identifier)["Status"] is True and ended(identifier)["Status"] == "ABORTED")
    identifier = started(sleeps(30))
    client.cancel_statement(Id=identifier)
    refused("a cancelled one has no result", "ResourceNotFoundException", client.get_statement_result, Id=identifier)
    identifier = started(["insert into contract_c values (1)", "commit", "insert into contract_c values (2)", sleeps(30)])
    reaches(identifier, 3)
    client.cancel_statement(Id=identifier)
    ended(identifier)
    check("what a batch committed stays", rows("select a from contract_c") == [[1]])
    opened = submit("select 1", SessionKeepAliveSeconds=60)
    ended(opened["Id"])
    identifier = started(sleeps(30), SessionId=opened["SessionId"])
    client.cancel_statement(Id=identifier)
    ended(identifier)
    check("its session goes on", run("select 1", SessionId=opened["SessionId"])["Status"] == "FINISHED")
    invalid("no Id", client.cancel_statement)
    run("drop table contract_c")
