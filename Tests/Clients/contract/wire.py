"""HTTP and JSON as every operation has them."""
import concurrent.futures
import http.client
import socket
import time
import uuid

from contract.endpoint import (
    Credentials, UUID, address, call, check, client, database, ended, has_null, make_client, raw, run, signed, submit, target, values,
)


def wire():
    answer = raw("ListStatements", {})
    check("success is 200 with the protocol's content type", answer.status == 200 and answer.fields["Content-Type"] == "application/x-amz-json-1.1", answer.fields)
    check("an answer has a request id", UUID.fullmatch(answer.fields["x-amzn-RequestId"] or ""), answer.fields)
    check("each request has its own id", raw("ListStatements", {}).fields["x-amzn-RequestId"] != answer.fields["x-amzn-RequestId"])
    check("the length is told", answer.fields["Content-Length"] == str(len(answer.text)), answer.fields)
    check("a date, for clients that watch their clock", "GMT" in (answer.fields["Date"] or ""), answer.fields)
    check("success has no error type", answer.fields["x-amzn-ErrorType"] is None)
    check("botocore finds the request id", UUID.fullmatch(client.list_statements(MaxResults=1)["ResponseMetadata"]["RequestId"]))
    check("an empty body is an empty object", raw("ListStatements", b"").status == 200)
    check("unknown members are ignored", raw("ListStatements", {"Nope": {"a": [1]}, "maxResults": "x"}).status == 200)
    check("unknown header fields are ignored", raw("ListStatements", {}, {"X-Whatever": "1", "amz-sdk-request": "attempt=1; max=5"}).status == 200)
    check("null is absent", raw("ListStatements", {"MaxResults": None, "NextToken": None, "Status": None}).status == 200)
    check("null for what is required is absent", raw("DescribeStatement", {"Id": None}).code == "ValidationException")
    check("blanks around JSON", raw("ListStatements", b" \r\n\t{ \"MaxResults\" : 1 }\n").status == 200)
    check("a content type with a charset", raw("ListStatements", {}, {"Content-Type": "application/x-amz-json-1.1; charset=utf-8"}).status == 200)

    answer = raw("DescribeStatement", {"Id": str(uuid.uuid4())})
    check("an error is 400 in JSON", answer.status == 400 and answer.fields["Content-Type"] == "application/x-amz-json-1.1", answer.fields)
    check("its code, twice", answer.code == "ResourceNotFoundException" == answer.fields["x-amzn-ErrorType"], (answer.body, answer.fields))
    check("its text", answer.body.get("Message") == "Query does not exist.", answer.body)
    check("its members and no others", set(answer.body) == {"__type", "Message", "ResourceId"}, answer.body)
    check("its request id", UUID.fullmatch(answer.fields["x-amzn-RequestId"] or ""))

    for name, code, operation, content in [
        ("an unknown operation", "UnknownOperationException", "Nope", {}), ("another case", "UnknownOperationException", "listStatements", {}),
        ("an empty operation", "UnknownOperationException", "", {}), ("half of JSON", "SerializationException", "ListStatements", b'{"MaxResults":'),
        ("no JSON", "SerializationException", "ListStatements", b"hello"), ("JSON and more", "SerializationException", "ListStatements", b"{}{}"),
        ("a list", "SerializationException", "ListStatements", b"[]"), ("a text", "SerializationException", "ListStatements", b'"x"'),
        ("a number", "SerializationException", "ListStatements", b"1"), ("bytes that are no UTF-8", "SerializationException", "ListStatements", b'{"NextToken":"\xff"}'),
        ("a comma too many", "SerializationException", "ListStatements", b'{"MaxResults":1,}'), ("single quotes", "SerializationException", "ListStatements", b"{'MaxResults':1}"),
    ]:
        answer = raw(operation, content)
        check(name, answer.status == 400 and answer.code == code == answer.fields["x-amzn-ErrorType"] and answer.body["Message"], answer.body)
    for name, operation, content in [
        ("Sql as number", "ExecuteStatement", {**target, "Sql": 1}), ("Sql as list", "ExecuteStatement", {**target, "Sql": ["select 1"]}),
        ("Database as number", "ExecuteStatement", {**target, "Database": 1, "Sql": "select 1"}), ("DbUser as object", "ExecuteStatement", {**target, "DbUser": {}, "Sql": "select 1"}),
        ("ClusterIdentifier as truth value", "ExecuteStatement", {"ClusterIdentifier": True, "Database": database, "Sql": "select 1"}),
        ("Sqls as object", "BatchExecuteStatement", {**target, "Sqls": {"0": "select 1"}}), ("Sqls of objects", "BatchExecuteStatement", {**target, "Sqls": [{}]}),
        ("Parameters as object", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": {"a": "1"}}),
        ("a parameter's value as number", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": [{"name": "a", "value": 1}]}),
        ("a parameter's name as number", "ExecuteStatement", {**target, "Sql": "select :a", "Parameters": [{"name": 1, "value": "1"}]}),
        ("WithEvent as number", "ExecuteStatement", {**target, "Sql": "select 1", "WithEvent": 1}), ("ClientToken as number", "ExecuteStatement", {**target, "Sql": "select 1", "ClientToken": 1}),
        ("SessionKeepAliveSeconds as text", "ExecuteStatement", {**target, "Sql": "select 1", "SessionKeepAliveSeconds": "60"}),
        ("SessionId as list", "ExecuteStatement", {"Sql": "select 1", "SessionId": []}), ("StatementName as number", "ExecuteStatement", {**target, "Sql": "select 1", "StatementName": 5}),
        ("ResultFormat as object", "ExecuteStatement", {**target, "Sql": "select 1", "ResultFormat": {}}), ("Id as list", "CancelStatement", {"Id": []}),
        ("NextToken as number", "GetStatementResult", {"Id": str(uuid.uuid4()), "NextToken": 1}), ("MaxResults as text", "ListTables", {**target, "MaxResults": "1"}),
        ("RoleLevel as text", "ListStatements", {"RoleLevel": "true"}), ("Table as number", "DescribeTable", {**target, "Table": 5}),
        ("SchemaPattern as list", "ListSchemas", {**target, "SchemaPattern": []}),
    ]:
        answer = raw(operation, content)
        check(name, answer.status == 400 and answer.code == "SerializationException", answer.body)

    for name, answer in [("GET", raw("ListStatements", b"", method="GET")), ("another path", raw("ListStatements", {}, path="/other"))]:
        check(name + " is not answered", answer.status >= 400 and answer.code == "UnknownOperationException", answer.body)
    check("another content type", raw("ListStatements", {}, {"Content-Type": "text/plain"}).status >= 400)
    check("no target", raw("ListStatements", {}, {"X-Amz-Target": None}).code == "UnknownOperationException")
    check("another service's target", raw("ListStatements", {}, {"X-Amz-Target": "DynamoDB_20120810.ListTables"}).code == "UnknownOperationException")
    answer = raw("ListStatements", {}, {"Authorization": None})
    check("no signature", answer.status == 403 and answer.code in ("MissingAuthenticationTokenException", "MissingAuthenticationToken"), answer.body)
    answer = raw("ListStatements", {}, {"Authorization": "AWS4-HMAC-SHA256 Credential=x"})
    check("half a signature", answer.code == "IncompleteSignatureException" and answer.status in (400, 403), answer.body)
    check("any region", make_client("eu-west-3").list_statements(MaxResults=1)["ResponseMetadata"]["HTTPStatusCode"] == 200)
    check("any key and a session token", raw("ListStatements", {}, credentials=Credentials("ASIAX", "y", "token")).status == 200)

    link = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    raw("ListStatements", {}, connection=link)
    first = link.sock
    check("a connection is kept", [raw("ListStatements", {}, connection=link).status for _ in range(5)] == [200] * 5 and link.sock is first and first)
    raw("DescribeStatement", {"Id": "x"}, connection=link)
    check("also after an error", raw("ListStatements", {}, connection=link).status == 200 and link.sock is first)
    raw("Nope", {}, connection=link)
    check("and after an unknown operation", raw("ListStatements", {}, connection=link).status == 200)
    link.close()
    data, fields = signed("ListStatements", {"MaxResults": 1})
    text = "POST / HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in fields.items()) + f"Host: {address.netloc}\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=60) as link:
        one = (text + f"Content-Length: {len(data)}\r\n\r\n").encode() + data
        link.sendall(one * 3)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3 or not got.rstrip().endswith(b"}"):
            chunk = link.recv(65536)
            if not chunk:
                break
            got += chunk
        check("requests in a row, without waiting", got.count(b"HTTP/1.1 200 OK") == 3, got[:300])
    with socket.create_connection((address.hostname, address.port), timeout=60) as link:
        link.sendall((text + "Transfer-Encoding: chunked\r\n\r\n").encode())
        for part in (data[:3], data[3:], b""):
            link.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        check("a body in chunks", link.recv(65536).startswith(b"HTTP/1.1 200"))
    with socket.create_connection((address.hostname, address.port), timeout=60) as link:
        link.sendall((text + f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n").encode() + data)
        got = b""
        while chunk := link.recv(65536):
            got += chunk
        check("a connection ends when the client says so", got.startswith(b"HTTP/1.1 200"))
    large = call("BatchExecuteStatement", **target, Sqls=["select 1 /*" + "x" * 99_000 + "*/"] * 40)
    check("a request of 4 MB", "Id" in large and ended(large["Id"])["Status"] == "FINISHED", large)

    description = raw("DescribeStatement", {"Id": submit("select 1")["Id"]}).body
    check("times are numbers with a fraction", isinstance(description["CreatedAt"], (int, float)) and abs(description["CreatedAt"] - time.time()) < 60, description)
    for operation, members in [("DescribeStatement", {"Id": description["Id"]}), ("ListStatements", {"Status": "ALL"}), ("ListTables", target), ("DescribeTable", {**target, "Table": "pg_class"}),
                               ("GetStatementResult", {"Id": run("select null::int, 1")["Id"]}), ("ListSessions", {})]:
        answer = raw(operation, members)
        check(f"no member of {operation} is null", answer.status == 200 and not has_null(answer.body), str(answer.body)[:300])
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        ids = list(pool.map(lambda number: submit(f"select {number} as n")["Id"], range(150)))
        results = list(pool.map(lambda identifier: (ended(identifier)["Status"], values(client.get_statement_result(Id=identifier)["Records"])), ids))
    check("150 statements at once, each with its own result", results == [("FINISHED", [[number]]) for number in range(150)], [item for item in results if item[0] != "FINISHED"][:3])
