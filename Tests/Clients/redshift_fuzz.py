#!/usr/bin/env python3
"""Sends malformed requests to a Redshift Data API endpoint over a socket and checks each answer.

usage: redshift_fuzz.py ENDPOINT_URL [--count 10000] [--seed 1] [--pid PID]

Every request that is answered with an error must be answered with a well-formed one: status 4xx or 5xx, the content type, a request id, and a
JSON body with __type and Message. One that is answered with 200 must have a JSON object. With --pid the memory of that process is compared
before and after. Exits with 1 when something does not hold; prints the seed, so that a failure repeats.
"""
import argparse
import json
import random
import socket
import sys
from urllib.parse import urlparse

parser = argparse.ArgumentParser()
parser.add_argument("endpoint")
parser.add_argument("--count", type=int, default=10000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--pid", type=int)
arguments = parser.parse_args()
address = (urlparse(arguments.endpoint).hostname, urlparse(arguments.endpoint).port)
draw = random.Random(arguments.seed)

OPERATIONS = ["ExecuteStatement", "BatchExecuteStatement", "DescribeStatement", "GetStatementResult", "GetStatementResultV2", "CancelStatement",
              "ListStatements", "ListSessions", "ListDatabases", "ListSchemas", "ListTables", "DescribeTable"]
MEMBERS = ["Sql", "Sqls", "ClusterIdentifier", "WorkgroupName", "Database", "DbUser", "SecretArn", "SessionId", "SessionKeepAliveSeconds",
           "ClientToken", "StatementName", "Parameters", "WithEvent", "ResultFormat", "Id", "NextToken", "MaxResults", "Status", "RoleLevel",
           "SchemaPattern", "TablePattern", "ConnectedDatabase", "Schema", "Table", "WaitTimeSeconds", "ExecutionMode"]
UUID = "00000000-0000-4000-8000-000000000000"


def value(depth=0):
    kinds = [
        lambda: None, lambda: draw.choice([True, False]), lambda: draw.choice([0, -1, 1, 31, 2**31, 2**63, 10**30, 1.5, -0.0, 1e308]),
        lambda: draw.choice(["", " ", "x", "\u0000", "\ud83d\ude00", "é" * 50, "a" * 3000, UUID, UUID + ":1", UUID + ":999", "ALL", "JSON", "%",
                             "'; drop table x; --", "\\", "\u2028", "select $$", "/*", "dev"]),
        lambda: "".join(chr(draw.choice([draw.randrange(0, 128), draw.randrange(0x80, 0xD800)])) for _ in range(draw.randrange(40))),
    ]
    if depth < 3:
        kinds += [lambda: [value(depth + 1) for _ in range(draw.randrange(4))],
                  lambda: {draw.choice(MEMBERS + ["name", "value"]): value(depth + 1) for _ in range(draw.randrange(4))}]
    return draw.choice(kinds)()


def members():
    body = {draw.choice(MEMBERS): value() for _ in range(draw.randrange(6))}
    if draw.random() < 0.7:
        body.update(draw.choice([{"ClusterIdentifier": "c1", "Database": "dev"}, {"WorkgroupName": "wgrp", "Database": "dev"}, {"Id": UUID}]))
    return body


def sql():
    words = ["select", "(", ")", "'", '"', "$$", "--", "/*", "*/", ";", ",", "::", ":a", "$1", "from", "where", "[", "]", "create", "table", "copy",
             "call", "(+)", "top", "qualify", "pivot", "as", "1e", ".", "#", "\\", "with", "begin", "é", "case", "over", "unload", "listagg", "1"]
    return " ".join(draw.choice(words) for _ in range(draw.randrange(1, 25)))


def body_bytes():
    choice = draw.random()
    if choice < 0.45:
        return json.dumps(members(), ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
    if choice < 0.6:
        return json.dumps({"ClusterIdentifier": "c1", "Database": "dev", "Sql": sql()}).encode()
    if choice < 0.8:
        text = bytearray(json.dumps(members()).encode())
        for _ in range(draw.randrange(1, 5)):
            if text:
                text[draw.randrange(len(text))] = draw.randrange(256)
        return bytes(text)
    if choice < 0.9:
        text = json.dumps(members()).encode()
        return text[:draw.randrange(len(text) + 1)]
    return draw.choice([b"", b"null", b"[]", b"1", b'"x"', b"{" * 500, b"[" * 5000, b'{"a":' * 300, b"\xff\xfe", b"\x00", b'{"Id":"\\ud800"}',
                        b'{"Id":1e999}', b'{"Id":"a","Id":"b"}', b"{}" + b" " * 1000 + b"x", bytes(draw.randrange(256) for _ in range(200))])


def request():
    body = body_bytes()
    target = "RedshiftData." + draw.choice(OPERATIONS)
    headers = {
        "Host": f"{address[0]}:{address[1]}", "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target,
        "X-Amz-Date": "20260101T000000Z", "Content-Length": str(len(body)),
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/redshift-data/aws4_request, SignedHeaders=host;x-amz-date, "
                         "Signature=" + "a" * 64,
    }
    line = "POST / HTTP/1.1"
    if draw.random() < 0.3:
        name = draw.choice([name for name in headers if name != "Content-Length"])
        if draw.random() < 0.5:
            del headers[name]
        else:
            headers[name] = draw.choice(["", "x", "\u00e9", "a" * 5000, "AWS4-HMAC-SHA256 Credential=", "RedshiftData.", "RedshiftData.Nope",
                                         "evil.example", "text/plain", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=, Signature=zz"])
    elif draw.random() < 0.1:
        line = draw.choice(["GET / HTTP/1.1", "POST /x HTTP/1.1", "POST / HTTP/9.9", "PUT / HTTP/1.1", "POST  / HTTP/1.1", "\x01\x02", "POST /%00 HTTP/1.1",
                            "OPTIONS * HTTP/1.1", "POST / HTTP/1.0"])
    elif draw.random() < 0.05:
        headers["X-" + "a" * draw.choice([10, 40000])] = "b"
    head = line + "\r\n" + "".join(f"{name}: {text}\r\n" for name, text in headers.items()) + "\r\n"
    return head.encode("latin-1", "replace") + body


def answer(data):
    with socket.create_connection(address, timeout=60) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass  # the answer may come before all was sent
        received = b""
        while True:
            try:
                chunk = connection.recv(65536)
            except ConnectionResetError:
                break
            if not chunk:
                break
            received += chunk
            head, mark, rest = received.partition(b"\r\n\r\n")
            length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            if mark and length and len(rest) >= length[0]:
                break
        return received


def problem(received):
    head, mark, body = received.partition(b"\r\n\r\n")
    if not mark:
        return "no answer"
    lines = head.decode("latin-1").split("\r\n")
    headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in lines[1:]}
    status = int(lines[0].split(" ")[1])
    if headers.get("content-type") != "application/x-amz-json-1.1" or not headers.get("x-amzn-requestid"):
        return "headers"
    try:
        value = json.loads(body)
    except ValueError as error:
        return f"body: {error}"
    if status == 200:
        return None if isinstance(value, dict) else "no object"
    if not 400 <= status < 600:
        return f"status {status}"
    if not isinstance(value.get("__type"), str) or not isinstance(value.get("Message"), str) or not value["Message"]:
        return "error shape"
    if headers.get("x-amzn-errortype") != value["__type"]:
        return "error header"
    if status == 500 and value["__type"] not in ("InternalServerException", "DatabaseConnectionException", "ExecuteStatementException",
                                                 "BatchExecuteStatementException"):
        return f"500 with {value['__type']}"
    if value["__type"] == "InternalServerException":
        return "internal failure"
    return None


def memory():
    if not arguments.pid:
        return 0
    with open(f"/proc/{arguments.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


failures = 0
codes = {}
warm = None
for number in range(arguments.count):
    data = request()
    try:
        received = answer(data)
    except OSError as error:
        received = b""
        print(f"{number}: {error}")
    found = problem(received)
    if found:
        failures += 1
        if failures <= 10:
            print(f"FAIL {number} (seed {arguments.seed}): {found}\n  sent {data[:600]!r}\n  got  {received[:400]!r}")
    else:
        body = json.loads(received.partition(b"\r\n\r\n")[2])
        codes[body.get("__type", "200")] = codes.get(body.get("__type", "200"), 0) + 1
    if number == arguments.count // 4:
        warm = memory()
grown = memory() - (warm or 0) if arguments.pid else 0
print(f"{arguments.count} requests, {failures} failures", codes)
if arguments.pid:
    print(f"memory after a quarter: {warm} KB, at the end: {memory()} KB")
sys.exit(failures > 0 or grown > 50_000)
