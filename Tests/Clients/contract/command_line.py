"""The aws command."""
import concurrent.futures
import json
import os
import shutil
import subprocess
import uuid

from contract.endpoint import arguments, check, cluster, database, ended, run, user


def command_line():
    if not shutil.which("aws"):
        return print("skip the aws command: it is not installed")
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1", "AWS_ENDPOINT_URL_REDSHIFT_DATA": arguments.endpoint, "AWS_PAGER": ""}
    where = ["--cluster-identifier", cluster, "--database", database, "--db-user", user]
    finished, batch = run("select 5 as n, 'a' as t union all select 6, 'b' order by 1"), run(["select 1", "select 2"])
    large = run("select g, repeat('x', 1000) from generate_series(1, 2500) as g")

    def aws(*words):
        done = subprocess.run(["aws", "redshift-data", *words], capture_output=True, text=True, env=environment, timeout=60)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def as_json(answer):
        return json.loads(answer[1]) if answer[0] == 0 and answer[1] else answer

    commands = {
        "parameters": ["execute-statement", *where, "--sql", "select :a, :b", "--parameters", "name=a,value=1", "name=b,value=2", "--statement-name", "contract cli", "--with-event"],
        "result": ["get-statement-result", "--id", finished["Id"], "--query", "Records[*][0].longValue", "--output", "text"],
        "part": ["get-statement-result", "--id", batch["Id"] + ":2"],
        "pages": ["get-statement-result", "--id", large["Id"], "--query", "length(Records)"],
        "list": ["list-statements", "--status", "ALL", "--max-items", "2"],
        "error": ["describe-statement", "--id", str(uuid.uuid4())],
    }
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = dict(zip(commands, pool.map(lambda name: aws(*commands[name]), commands)))
    description = ended(as_json(answers["parameters"])["Id"])
    check("aws: parameters", description["Status"] == "FINISHED" and len(description["QueryParameters"]) == 2, description)
    check("aws: a column as text", answers["result"][1].split() == ["5", "6"], answers["result"])
    check("aws: a part's result", as_json(answers["part"])["Records"] == [[{"longValue": 2}]], answers["part"])
    check("aws: all pages", answers["pages"][1] == "2500", answers["pages"])
    check("aws: a list", len(as_json(answers["list"])["Statements"]) == 2 and "NextToken" in as_json(answers["list"]), answers["list"])
    check("aws: an error", answers["error"][0] not in (0, 1) and "An error occurred (ResourceNotFoundException) when calling the DescribeStatement operation" in answers["error"][2], answers["error"])
