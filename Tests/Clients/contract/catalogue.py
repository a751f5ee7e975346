"""ListDatabases, ListSchemas, ListTables, DescribeTable."""
from contract.endpoint import call, check, client, cluster, database, invalid, refused, rows, run, target, user, values


def catalogue():
    run("""drop schema if exists contract_sx cascade; create schema contract_sx; create table contract_sx.alpha (id int not null, name varchar(40) default 'x', price decimal(10,2), at timestamp default sysdate, primary key (id));
        create table contract_sx.alpha_beta (a int); create table contract_sx.alphaxbeta (a int); create view contract_sx.seen as select id from contract_sx.alpha;
        create view contract_sx.late as select id from contract_sx.alpha with no schema binding""")
    check("setup", rows("select count(*) from contract_sx.late") == [[0]])
    where = dict(target)

    def databases(**members):
        return client.list_databases(**where, **members)

    check("databases", database in databases()["Databases"] and "NextToken" not in databases(), databases())
    check("templates are none", not {"template0", "template1", "postgres"} & set(databases()["Databases"]), databases())
    check("one database a page", len(databases(MaxResults=1)["Databases"]) == 1)
    check("databases need no database", database in call("ListDatabases", ClusterIdentifier=cluster, DbUser=user).get("Databases", []))

    def schemas(**members):
        return client.list_schemas(**where, **members)["Schemas"]

    check("schemas", {"public", "contract_sx", "pg_catalog", "information_schema"} <= set(schemas()), schemas())
    check("in order, once", schemas() == sorted(set(schemas())))
    check("nothing of ours", not [name for name in schemas() if name.startswith(("sfn", "pg_temp", "pg_toast"))], schemas())
    check("a schema by name", schemas(SchemaPattern="contract_sx") == ["contract_sx"])
    check("% is any substring", schemas(SchemaPattern="contract%sx") == ["contract_sx"] == schemas(SchemaPattern="%act_s%"))
    check("_ is any character", schemas(SchemaPattern="contract_s_") == ["contract_sx"] and schemas(SchemaPattern="contract_s__") == [])
    check("no schema", schemas(SchemaPattern="nobody%") == [])
    page = client.list_schemas(**where, MaxResults=2)
    check("schemas by pages", len(page["Schemas"]) == 2 and [name for page in client.get_paginator("list_schemas").paginate(**where, PaginationConfig={"PageSize": 2}) for name in page["Schemas"]] == schemas(), page)

    def tables(**members):
        return client.list_tables(**where, **{"SchemaPattern": "contract_sx", **members})["Tables"]

    check("tables and views", [(item["name"], item["type"]) for item in tables()] == [("alpha", "TABLE"), ("alpha_beta", "TABLE"), ("alphaxbeta", "TABLE"), ("late", "VIEW"), ("seen", "VIEW")], tables())
    check("members of a table", all(set(item) == {"name", "schema", "type"} and item["schema"] == "contract_sx" for item in tables()))
    check("a table by name", [item["name"] for item in tables(TablePattern="alpha")] == ["alpha"])
    check("_ in a table", [item["name"] for item in tables(TablePattern="alpha_beta")] == ["alpha_beta", "alphaxbeta"])
    check("% in a table", [item["name"] for item in tables(TablePattern="alpha%")] == ["alpha", "alpha_beta", "alphaxbeta"] == [item["name"] for item in tables(TablePattern="%alpha%")])
    check("an escaped _", [item["name"] for item in tables(TablePattern="alpha\\_beta")] == ["alpha_beta"])
    check("no table", tables(TablePattern="nobody") == [] and client.list_tables(**where, SchemaPattern="nobody")["Tables"] == [])
    check("a pattern of tables alone", ("contract_sx", "alphaxbeta") in [(item["schema"], item["name"]) for item in client.list_tables(**where, TablePattern="alphaxb%")["Tables"]])
    system = client.list_tables(**where, SchemaPattern="pg_catalog", TablePattern="pg_class")["Tables"]
    check("a system table", [(item["name"], item["schema"], item["type"]) for item in system] == [("pg_class", "pg_catalog", "SYSTEM TABLE")], system)
    check("without patterns all", {"alpha", "pg_class"} <= {item["name"] for page in client.get_paginator("list_tables").paginate(**where) for item in page["Tables"]})
    page = client.list_tables(**where, SchemaPattern="contract_sx", MaxResults=2)
    check("tables by pages", len(page["Tables"]) == 2 and page["NextToken"] and len(client.list_tables(**where, SchemaPattern="contract_sx", MaxResults=5)["Tables"]) == 5
          and "NextToken" not in client.list_tables(**where, SchemaPattern="contract_sx", MaxResults=5))
    paged = client.get_paginator("list_tables").paginate(**where, SchemaPattern="contract_sx", PaginationConfig={"PageSize": 2})
    check("botocore's paginator", [item["name"] for page in paged for item in page["Tables"]] == [item["name"] for item in tables()])

    described = client.describe_table(**where, Schema="contract_sx", Table="alpha")
    check("a table", described["TableName"] == "alpha" and [column["name"] for column in described["ColumnList"]] == ["id", "name", "price", "at"] and "NextToken" not in described, described)
    columns = {column["name"]: column for column in described["ColumnList"]}
    keys = {"name", "label", "typeName", "nullable", "precision", "scale", "length", "isSigned", "isCaseSensitive", "isCurrency", "schemaName", "tableName", "columnDefault"}
    check("members of a column", all(set(column) <= keys and keys - set(column) <= {"columnDefault"} for column in columns.values()), columns["id"])
    check("types", [columns[name]["typeName"] for name in ("id", "name", "price", "at")] == ["int4", "varchar", "numeric", "timestamp"])
    check("sizes", (columns["name"]["length"], columns["name"]["precision"], columns["price"]["precision"], columns["price"]["scale"]) == (40, 40, 10, 2), columns)
    check("nullable", (columns["id"]["nullable"], columns["name"]["nullable"]) == (0, 1))
    check("defaults", "x" in columns["name"]["columnDefault"] and columns["id"].get("columnDefault", "") == "", columns)
    check("their table", all((column["schemaName"], column["tableName"]) == ("contract_sx", "alpha") for column in columns.values()))
    check("a view's columns", [column["name"] for column in client.describe_table(**where, Schema="contract_sx", Table="seen")["ColumnList"]] == ["id"])
    check("without a schema", [column["name"] for column in client.describe_table(**where, Table="alphaxbeta")["ColumnList"]] == ["a"])
    check("a name is no pattern", refused("a name with %", "ResourceNotFoundException", client.describe_table, **where, Schema="contract_sx", Table="alpha%"))
    check("_ in a name is a character", {column["tableName"] for column in client.describe_table(**where, Schema="contract_sx", Table="alpha_beta")["ColumnList"]} == {"alpha_beta"})
    check("without a table all of a schema", {column["tableName"] for column in client.describe_table(**where, Schema="contract_sx")["ColumnList"]} >= {"alpha", "alpha_beta", "alphaxbeta", "seen"})
    page = client.describe_table(**where, Schema="contract_sx", Table="alpha", MaxResults=3)
    check("columns by pages", len(page["ColumnList"]) == 3 and [column["name"] for column in client.describe_table(**where, Schema="contract_sx", Table="alpha", MaxResults=3, NextToken=page["NextToken"])["ColumnList"]] == ["at"])
    paged = client.get_paginator("describe_table").paginate(**where, Schema="contract_sx", Table="alpha", PaginationConfig={"PageSize": 1}).build_full_result()
    check("botocore's paginator", len(paged["ColumnList"]) == 4 and paged["TableName"] == "alpha", paged)
    error = refused("a table that is not there", "ResourceNotFoundException", client.describe_table, **where, Table="contract_nobody")
    check("it is named", "contract_nobody" in error.get("ResourceId", ""), error)
    refused("a table of another schema", "ResourceNotFoundException", client.describe_table, **where, Schema="public", Table="alpha_beta")

    for operation in (client.list_databases, client.list_schemas, client.list_tables, client.describe_table):
        name = operation.__name__
        extra = {"Table": "alpha"} if name == "describe_table" else {}
        for problem, members in [("no target", {"Database": database}), ("cluster and workgroup", dict(where, WorkgroupName="wg-1")), ("MaxResults of 1001", dict(where, MaxResults=1001)), ("MaxResults of -1", dict(where, MaxResults=-1)),
                                 ("a token that is none", dict(where, NextToken="abc")), ("an empty token", dict(where, NextToken="")), ("a cluster that is none", dict(ClusterIdentifier="A B", Database=database))]:
            invalid(f"{name}: {problem}", operation, **members, **extra)
        if name != "list_databases":
            invalid(f"{name}: no database", operation, ClusterIdentifier=cluster, **extra)
            check(f"{name}: a connected database", operation(**where, ConnectedDatabase=database, **extra)["ResponseMetadata"]["HTTPStatusCode"] == 200)
        check(f"{name}: a workgroup", operation(WorkgroupName="wg-1", Database=database, **extra)["ResponseMetadata"]["HTTPStatusCode"] == 200)
        check(f"{name}: a secret", operation(ClusterIdentifier=cluster, Database=database, SecretArn="arn:aws:secretsmanager:us-east-1:123456789012:secret:x", **extra)["ResponseMetadata"]["HTTPStatusCode"] == 200)
        check(f"{name}: MaxResults of 1000", operation(**where, MaxResults=1000, **extra)["ResponseMetadata"]["HTTPStatusCode"] == 200)
        error = refused(f"{name}: a database that is not there", "DatabaseConnectionException", operation, "contract_nowhere", ClusterIdentifier=cluster, Database="contract_nowhere", **extra)
    token = client.list_tables(**where, MaxResults=1)["NextToken"]
    check("a token of another operation", any(refused("schemas with a token of tables", "ValidationException", client.list_schemas, **where, NextToken=token)))
    run("drop schema contract_sx cascade")
