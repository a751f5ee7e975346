"""ListStatements."""
import uuid

from contract.endpoint import UUID, check, client, cluster, database, ended, invalid, run, sleeps, started, submit, values


def list_statements():
    mark = "Mark" + uuid.uuid4().hex[:12]
    made = [run("select 1", StatementName=mark + "One")["Id"], run("select 2", StatementName=mark + "Two")["Id"], run("select 1/0", StatementName=mark + "Failed")["Id"],
            run(["select 1", "select 2"], StatementName=mark + "Batch")["Id"]]
    workgroup = submit("select 5", StatementName=mark + "Group", WorkgroupName="wg-" + mark.lower(), Database=database)["Id"]
    ended(workgroup)
    aborted = started(sleeps(30), StatementName=mark + "Aborted")
    client.cancel_statement(Id=aborted)
    ended(aborted)
    running = started(sleeps(30), StatementName=mark + "Running")

    def listed(**members):
        return client.list_statements(**members)["Statements"]

    def ids(**members):
        return [item["Id"] for item in listed(StatementName=mark, **members)]

    everything = [running, aborted, workgroup, *reversed(made)]
    check("newest first", ids(Status="ALL") == everything, (ids(Status="ALL"), everything))
    # API reference: "By default, only finished statements are shown."
    check("finished ones by default", ids() == [workgroup, made[3], made[1], made[0]], ids())
    check("FINISHED", ids(Status="FINISHED") == [workgroup, made[3], made[1], made[0]])
    check("FAILED", ids(Status="FAILED") == [made[2]])
    check("ABORTED", ids(Status="ABORTED") == [aborted])
    check("STARTED", ids(Status="STARTED") == [running])
    check("SUBMITTED and PICKED", ids(Status="SUBMITTED") == [] == ids(Status="PICKED"))
    check("a prefix of the name", [item["Id"] for item in listed(StatementName=mark + "O", Status="ALL")] == made[:1])
    check("the whole name", [item["Id"] for item in listed(StatementName=mark + "Two", Status="ALL")] == [made[1]])
    check("its case counts", listed(StatementName=mark.lower(), Status="ALL") == [] and listed(StatementName=mark.upper(), Status="ALL") == [])
    check("the prefix is no pattern", listed(StatementName=mark[:-1] + "%", Status="ALL") == [] and listed(StatementName=mark[:-1] + "_", Status="ALL") == [])
    check("a name of nobody", listed(StatementName=mark + "Nobody") == [])
    items = {item["Id"]: item for item in listed(StatementName=mark, Status="ALL")}
    item = items[made[0]]
    keys = {"Id", "QueryString", "Status", "StatementName", "CreatedAt", "UpdatedAt", "IsBatchStatement", "ResultFormat"}
    check("members of an item", set(item) == keys, set(item) ^ keys)
    check("their values", (item["QueryString"], item["Status"], item["StatementName"], item["IsBatchStatement"], item["ResultFormat"]) == ("select 1", "FINISHED", mark + "One", False, "JSON"), item)
    item = items[made[3]]
    check("a batch's item", item["QueryStrings"] == ["select 1", "select 2"] and item["IsBatchStatement"] is True and "QueryString" not in item, item)
    check("by cluster", workgroup not in ids(ClusterIdentifier=cluster, Status="ALL") and made[0] in ids(ClusterIdentifier=cluster, Status="ALL"))
    check("by another cluster", ids(ClusterIdentifier="nobodys", Status="ALL") == [])
    check("by workgroup", ids(WorkgroupName="wg-" + mark.lower(), Status="ALL") == [workgroup])
    check("by database", ids(Database=database, ClusterIdentifier=cluster, Status="ALL") == [identifier for identifier in everything if identifier != workgroup]
          and ids(Database="contract_other", ClusterIdentifier=cluster, Status="ALL") == [])
    check("RoleLevel", ids(RoleLevel=True, Status="ALL") == everything == ids(RoleLevel=False, Status="ALL"))
    page = client.list_statements(StatementName=mark, Status="ALL", MaxResults=3)
    check("a page", [item["Id"] for item in page["Statements"]] == everything[:3] and page["NextToken"], page)
    page = client.list_statements(StatementName=mark, Status="ALL", MaxResults=3, NextToken=page["NextToken"])
    check("the next", [item["Id"] for item in page["Statements"]] == everything[3:6] and "NextToken" in page, page)
    page = client.list_statements(StatementName=mark, Status="ALL", MaxResults=3, NextToken=page["NextToken"])
    check("the last", [item["Id"] for item in page["Statements"]] == everything[6:] and "NextToken" not in page, page)
    check("a page that is just full", "NextToken" not in client.list_statements(StatementName=mark, Status="ALL", MaxResults=len(everything)))
    check("the token is no statement's id", not UUID.fullmatch(client.list_statements(StatementName=mark, Status="ALL", MaxResults=1)["NextToken"]))
    paged = client.get_paginator("list_statements").paginate(StatementName=mark, Status="ALL", PaginationConfig={"PageSize": 2})
    check("botocore's paginator", [item["Id"] for page in paged for item in page["Statements"]] == everything)
    check("MaxResults of 0 and 100", len(listed(MaxResults=100, Status="ALL")) <= 100 and client.list_statements(MaxResults=0)["ResponseMetadata"]["HTTPStatusCode"] == 200)
    for name, members in [("MaxResults of 101", {"MaxResults": 101}), ("MaxResults of -1", {"MaxResults": -1}), ("a status that is none", {"Status": "RUNNING"}), ("a status in lower case", {"Status": "finished"}),
                          ("a token that is none", {"NextToken": "abc"}), ("an empty token", {"NextToken": ""}), ("a long name", {"StatementName": "x" * 2049}),
                          ("cluster and workgroup", {"ClusterIdentifier": cluster, "WorkgroupName": "wg-1"}), ("a cluster that is none", {"ClusterIdentifier": "Not A Cluster"}), ("a workgroup that is none", {"WorkgroupName": "x"})]:
        invalid(name, client.list_statements, **members)
    client.cancel_statement(Id=running)
    opened = submit("select :p", Parameters=[{"name": "p", "value": "v"}], SessionKeepAliveSeconds=5, StatementName=mark + "Session", ResultFormat="CSV")
    ended(opened["Id"])
    item = listed(StatementName=mark + "Session")[0]
    check("session, parameters and format", item["SessionId"] == opened["SessionId"] and item["QueryParameters"] == [{"name": "p", "value": "v"}] and item["ResultFormat"] == "CSV", item)
