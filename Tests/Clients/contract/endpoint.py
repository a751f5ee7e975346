"""The endpoint under check: its clients, and what all parts use."""
import argparse
import http.client
import json
import os
import re
import sys
import threading
import time
import urllib.parse
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

parser = argparse.ArgumentParser(usage="redshift_contract.py ENDPOINT_URL [--cluster c1] [--database dev] [--user awsuser] [-v]")
parser.add_argument("endpoint")
parser.add_argument("--cluster", default="c1")
parser.add_argument("--database", default="dev")
parser.add_argument("--user", default="awsuser")
parser.add_argument("-v", "--verbose", action="store_true")
arguments = parser.parse_args()
cluster, database, user = arguments.cluster, arguments.database, arguments.user
target = dict(ClusterIdentifier=cluster, Database=database, DbUser=user)
address = urllib.parse.urlsplit(arguments.endpoint)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ENDS = ("FINISHED", "FAILED", "ABORTED")


def make_client(region="us-east-1", **members):
    # Members are checked by the service, not by the client.
    config = Config(retries={"max_attempts": 0}, max_pool_connections=64, parameter_validation=False)
    return boto3.client("redshift-data", endpoint_url=arguments.endpoint, region_name=region, config=config, **members)


client = make_client()
lock = threading.Lock()
#: What each thread's part has come to: how many checks held, and how many did not.
tally = threading.local()


def check(name, holds, detail=""):
    with lock:
        tally.counts[bool(holds)] += 1
        if not holds:
            print("FAIL", tally.part, "-", name, "-", str(detail)[:600])
        elif arguments.verbose:
            print("ok  ", tally.part, "-", name)


def refused(name, code, call, text="", status=None, **members):
    """A check that a call is refused; gives the error as the client has it."""
    try:
        answer = call(**members)
        check(name, False, f"was answered: {answer}")
        return {}
    except ClientError as error:
        found = error.response["Error"]
        good = found["Code"] == code and text in found["Message"] and found["Message"] != ""
        wanted = status or (500 if code in ("InternalServerException", "DatabaseConnectionException") else 400)
        check(name, good and error.response["ResponseMetadata"]["HTTPStatusCode"] == wanted, error.response)
        return error.response


def invalid(name, call, text="", **members):
    return refused(name, "ValidationException", call, text, **members)


def submit(sql, **members):
    """Submits a statement, or with a list a batch."""
    where = {} if "SessionId" in members or "WorkgroupName" in members else target
    if isinstance(sql, list):
        return client.batch_execute_statement(**where, Sqls=sql, **members)
    return client.execute_statement(**where, Sql=sql, **members)


def ended(identifier, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        description = client.describe_statement(Id=identifier)
        if description["Status"] in ENDS:
            return description
        time.sleep(0.005)
    raise TimeoutError(identifier)


def run(sql, **members):
    return ended(submit(sql, **members)["Id"])


def started(sql, **members):
    """Submits a statement, and gives its id once it runs."""
    identifier = submit(sql, **members)["Id"]
    end = time.time() + 30
    while client.describe_statement(Id=identifier)["Status"] in ("SUBMITTED", "PICKED") and time.time() < end:
        time.sleep(0.005)
    return identifier


def reaches(identifier, index, seconds=30):
    """Gives a batch's description once a part of it runs."""
    end = time.time() + seconds
    while time.time() < end:
        description = client.describe_statement(Id=identifier)
        if description["SubStatements"][index]["Status"] == "STARTED":
            return description
        time.sleep(0.005)
    raise TimeoutError(identifier)


def values(field_rows):
    return [[None if field.get("isNull") else next(iter(field.values())) for field in row] for row in field_rows]


def rows(sql, **members):
    description = run(sql, **members)
    if description["Status"] != "FINISHED":
        return description.get("Error")
    return values(client.get_statement_result(Id=description["Id"])["Records"])


def sleeps(seconds):
    return f"select pg_sleep({seconds})"


# The wire: requests as they are, for what a client of AWS hides or does not let through


def signed(operation, body, headers=(), region="us-east-1", credentials=Credentials("AKIDEXAMPLE", "example")):
    """The body and the header fields of a request that botocore has signed; a field that is None is left out."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = AWSRequest("POST", arguments.endpoint + "/", data=data, headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "RedshiftData." + operation})
    SigV4Auth(credentials, "redshift-data", region).add_auth(request)
    fields = dict(request.headers)
    for name, value in dict(headers).items():
        fields = {key: text for key, text in fields.items() if key.lower() != name.lower()}
        if value is not None:
            fields[name] = value
    return data, fields


class Answer:
    def __init__(self, response):
        self.status, self.fields, self.text = response.status, response.headers, response.read()
        self.body = json.loads(self.text) if self.text else None
        self.code = self.body.get("__type") if isinstance(self.body, dict) else None


def raw(operation, body, headers=(), method="POST", path="/", connection=None, **signing):
    data, fields = signed(operation, body, headers, **signing)
    link = connection or http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    link.request(method, path, data, fields)
    answer = Answer(link.getresponse())
    if not connection:
        link.close()
    return answer


def call(operation, **members):
    """The body of an answer; of an error with its code as `refused`."""
    answer = raw(operation, members)
    return answer.body if answer.status == 200 else {"refused": answer.code, **answer.body}


def has_null(value):
    if isinstance(value, dict):
        return any(has_null(item) for item in value.values())
    return any(has_null(item) for item in value) if isinstance(value, list) else value is None
