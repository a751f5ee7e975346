import JSONTypes
import StatesInterpreter
import StatesRuntime
import Testing

@testable import TaskActions

/// Calls against a script.
private struct CallBench {
  let transport: ScriptedTransport
  let services: AnswerServices

  init(_ transport: ScriptedTransport, isNamed: Bool = true) {
    self.transport = transport
    let settings = AWSClientSettings(localEndpoint: "http://127.0.0.1:4000", for: isNamed ? AWSCalls.services : [])
    services = AnswerServices(
      runner: CommandRunner(), environment: [:], transport: transport,
      calls: AWSCalls(settings: settings, transport: transport, clock: VirtualTime().clock))
  }

  func run(_ resource: String, _ input: JSONValue) async -> Result<JSONValue, TaskFailure> {
    let isFunction = !resource.hasPrefix("arn:aws:states")
    let action = isFunction ? services.action(forFunction: .aws) : services.action(for: .aws, resource: resource)
    let call = TaskCall(id: 7, executionArn: "arn:x", stateName: "S", resource: resource, input: input)
    do throws(TaskFailure) {
      return .success(try await action.run(call, TaskReporter()))
    } catch {
      return .failure(error)
    }
  }
}

@Suite struct ServiceCallTests {
  private func sdk(_ action: String) -> String { "arn:aws:states:::aws-sdk:" + action }

  @Test func keysOfMapsStayAsTheyAre() async throws {
    let bench = CallBench(ScriptedTransport(answer(200, ["Attributes": ["lower": ["M": ["x": ["S": "y"]]]], "ConsumedCapacity": nil])))
    let input: JSONValue = [
      "TableName": "t", "Item": ["id": ["S": "1"], "nested": ["M": ["low": ["L": [["N": "1"], ["NULL": true]]]]]], "ReturnValues": nil,
    ]
    #expect(await bench.run(sdk("dynamodb:putItem"), input) == .success(["Attributes": ["lower": ["M": ["x": ["S": "y"]]]]]))
    #expect(
      bench.transport.bodies == [
        ["TableName": "t", "Item": ["id": ["S": "1"], "nested": ["M": ["low": ["L": [["N": "1"], ["NULL": true]]]]]]]
      ])
    let request = try #require(bench.transport.requests.first)
    #expect(request.method == "POST")
    #expect(request.url == "http://127.0.0.1:4000/")
    #expect(request.headers["X-Amz-Target"] == "DynamoDB_20120810.PutItem")
    #expect(request.headers["Content-Type"] == "application/x-amz-json-1.0")
    #expect(request.headers["Authorization"]?.contains("/us-east-1/dynamodb/aws4_request") == true)
  }

  @Test func membersAreWrittenAsTheServiceHasThem() async {
    let bench = CallBench(
      ScriptedTransport(
        answer(200, ["tasks": [["taskArn": "a", "createdAt": 1.5, "tags": [["key": "k", "value": "v"]]]], "failures": []])))
    let result = await bench.run(
      sdk("ecs:runTask"),
      [
        "Cluster": "c", "TaskDefinition": "d", "ClientToken": "t",
        "Overrides": ["ContainerOverrides": [["Name": "n", "Environment": [["Name": "A", "Value": "b"]]]]],
      ])
    #expect(
      bench.transport.bodies == [
        [
          "cluster": "c", "taskDefinition": "d", "clientToken": "t",
          "overrides": ["containerOverrides": [["name": "n", "environment": [["name": "A", "value": "b"]]]]],
        ]
      ])
    #expect(
      result
        == .success([
          "Tasks": [["TaskArn": "a", "CreatedAt": "1970-01-01T00:00:01.500Z", "Tags": [["Key": "k", "Value": "v"]]]], "Failures": [],
        ]))
    #expect(bench.transport.targets == ["AmazonEC2ContainerServiceV20141113.RunTask"])
  }

  @Test func textsBlobsAndTimes() async {
    let bench = CallBench(ScriptedTransport(answer(200, ["Data": "aMOk", "MessageId": "m"])))
    _ = await bench.run(sdk("sqs:sendMessage"), ["QueueUrl": "http://elsewhere.example/q", "MessageBody": ["a": [1]], "DelaySeconds": 3])
    _ = await bench.run(sdk("kinesis:putRecord"), ["StreamName": "s", "PartitionKey": "p", "Data": ["a": 1]])
    _ = await bench.run(sdk("kinesis:putRecord"), ["StreamName": "s", "PartitionKey": "p", "Data": "hä"])
    _ = await bench.run(sdk("glue:getPartitions"), ["DatabaseName": "d", "TableName": "t", "QueryAsOfTime": "2026-11-22T12:00:00.5Z"])
    #expect(
      bench.transport.bodies == [
        ["QueueUrl": "http://elsewhere.example/q", "MessageBody": #"{"a":[1]}"#, "DelaySeconds": 3],
        ["StreamName": "s", "PartitionKey": "p", "Data": "eyJhIjoxfQ=="], ["StreamName": "s", "PartitionKey": "p", "Data": "aMOk"],
        ["DatabaseName": "d", "TableName": "t", "QueryAsOfTime": 1_795_348_800.5],
      ])
    // The definition's queue does not choose where the request goes.
    #expect(bench.transport.requests.allSatisfy { $0.url == "http://127.0.0.1:4000/" })
  }

  @Test func restRequestsAndAnswers() async throws {
    let bench = CallBench(
      ScriptedTransport(
        { _ in HTTPResponse(status: 200, headers: ["X-Amz-Executed-Version": "7"], body: Array(#"{"r":1}"#.utf8)) },
        answer(200, ["jobArn": "j", "jobId": "1"]), answer(200, ["scheduleArn": "s"])))
    #expect(
      await bench.run(
        sdk("lambda:invoke"), ["FunctionName": "arn:f:prod", "InvocationType": "RequestResponse", "Qualifier": "a b", "Payload": ["x": 1]])
        == .success(["Payload": #"{"r":1}"#, "ExecutedVersion": "7", "StatusCode": 200]))
    let invoke = bench.transport.requests[0]
    #expect(invoke.url == "http://127.0.0.1:4000/2015-03-31/functions/arn%3Af%3Aprod/invocations?Qualifier=a%20b")
    #expect(invoke.headers["X-Amz-Invocation-Type"] == "RequestResponse")
    #expect(invoke.body == Array(#"{"x":1}"#.utf8))
    #expect(
      await bench.run(sdk("batch:submitJob"), ["JobName": "n", "JobQueue": "q", "JobDefinition": "d", "Parameters": ["Keep": "this"]])
        == .success(["JobArn": "j", "JobId": "1"]))
    #expect(bench.transport.requests[1].url == "http://127.0.0.1:4000/v1/submitjob")
    #expect(bench.transport.bodies[1] == ["jobName": "n", "jobQueue": "q", "jobDefinition": "d", "parameters": ["Keep": "this"]])
    _ = await bench.run(
      sdk("scheduler:createSchedule"), ["Name": "a/b", "ClientToken": "t", "Target": ["Arn": "x", "RoleArn": "y"]])
    #expect(bench.transport.requests[2].url == "http://127.0.0.1:4000/schedules/a%2Fb")
    #expect(bench.transport.bodies[2] == ["ClientToken": "t", "Target": ["Arn": "x", "RoleArn": "y"]])
  }

  @Test(
    arguments: [
      (
        "aws-sdk:dynamodb:putItem",
        answer(400, ["__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "No."]),
        "DynamoDb.ConditionalCheckFailedException", "No. (Service: DynamoDb, Status Code: 400, Request ID: request-1)"
      ),
      (
        "aws-sdk:dynamodb:putItem", answer(400, ["__type": "com.amazon.coral.validate#ValidationException", "message": "Bad."]),
        "DynamoDb.DynamoDbException", "Bad. (Service: DynamoDb, Status Code: 400, Request ID: request-1)"
      ),
      (
        "dynamodb:putItem", answer(400, ["__type": "com.amazon.coral.validate#ValidationException", "message": "Bad."]),
        "DynamoDB.AmazonDynamoDBException",
        "Bad. (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: request-1; Proxy: null)"
      ),
      (
        "dynamodb:putItem", answer(400, ["__type": "x#ConditionalCheckFailedException", "message": "No."]),
        "DynamoDB.ConditionalCheckFailedException",
        "No. (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: request-1; Proxy: null)"
      ),
      (
        "aws-sdk:sqs:sendMessage", answer(400, ["__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "Gone."]),
        "Sqs.QueueDoesNotExistException", "Gone. (Service: Sqs, Status Code: 400, Request ID: request-1)"
      ),
      (
        "sqs:sendMessage", failing(.connect), "SQS.SdkClientException",
        "Unable to execute HTTP request: no answer from 127.0.0.1:1, in 3 attempts"
      ),
      (
        "aws-sdk:lambda:invoke",
        answer(404, ["Message": "Function not found"], headers: ["x-amzn-ErrorType": "ResourceNotFoundException:http://x"]),
        "Lambda.ResourceNotFoundException", "Function not found (Service: Lambda, Status Code: 404, Request ID: request-1)"
      ),
      (
        "events:putEvents",
        answer(200, ["FailedEntryCount": 1, "Entries": [["ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."]]]),
        "EventBridge.FailedEntry",
        #"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}]}"#
      ),
      ("aws-sdk:ssm:getParameter", answer(200, "x"), "Ssm.SdkClientException", #"the answer to GetParameter is no JSON object: "x""#),
    ] as [(String, ScriptedTransport.Answer, String, String)]) func failsAsAWSDoes(
      _ resource: String, _ script: @escaping ScriptedTransport.Answer, _ error: String, _ cause: String
    ) async
  {
    let input: JSONValue = ["FunctionName": "f", "MessageBody": "b"]
    let bench = CallBench(ScriptedTransport(script))
    let known: JSONValue = resource.hasSuffix("lambda:invoke") ? ["FunctionName": "f"] : input
    #expect(await bench.run("arn:aws:states:::" + resource, known) == .failure(TaskFailure(error: error, cause: cause)))
  }

  @Test func repetitionsAreMadeHarmless() async {
    let bench = CallBench(ScriptedTransport(failing(.reset), answer(200, ["ARN": "a"])))
    let token = JSONValue.string(TaskCall(id: 7, executionArn: "arn:x", stateName: "S", resource: "r", input: .null).idempotencyToken)
    _ = await bench.run(sdk("secretsmanager:createSecret"), ["Name": "n"])
    _ = await bench.run(sdk("secretsmanager:createSecret"), ["Name": "n", "ClientRequestToken": "mine"])
    #expect(
      bench.transport.bodies == [
        ["Name": "n", "ClientRequestToken": token], ["Name": "n", "ClientRequestToken": token],
        ["Name": "n", "ClientRequestToken": "mine"],
      ])
  }

  @Test func theCodeOfTheQueryProtocolStandsInOptimizedCauses() async {
    let bench = CallBench(
      ScriptedTransport(
        answer(
          400, ["__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "Gone."],
          headers: ["x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"])))
    #expect(
      await bench.run("arn:aws:states:::sqs:sendMessage", ["QueueUrl": "q", "MessageBody": "b"])
        == .failure(
          TaskFailure(
            error: "SQS.QueueDoesNotExistException",
            cause:
              "Gone. (Service: AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: request-1; "
              + "Proxy: null)")))
  }

  @Test func optimizedResultsTellOfTheAnswer() async {
    let bench = CallBench(ScriptedTransport(answer(200, ["MessageId": "m"])))
    #expect(
      await bench.run("arn:aws:states:::sqs:sendMessage", ["QueueUrl": "q", "MessageBody": "b"])
        == .success([
          "MessageId": "m",
          "SdkHttpMetadata": [
            "AllHttpHeaders": ["x-amzn-RequestId": ["request-1"]], "HttpHeaders": ["x-amzn-RequestId": "request-1"], "HttpStatusCode": 200,
          ], "SdkResponseMetadata": ["RequestId": "request-1"],
        ]))
  }

  @Test func functionsAtAWS() async {
    let bench = CallBench(
      ScriptedTransport(
        answer(200, "done"), answer(200, ["errorType": "E", "errorMessage": "m"], headers: ["X-Amz-Function-Error": "Unhandled"]),
        answer(200, ["errorType": "E", "errorMessage": "a result like any other"])))
    #expect(await bench.run("charge-card:prod", "text") == .success("done"))
    #expect(bench.transport.requests[0].url == "http://127.0.0.1:4000/2015-03-31/functions/charge-card%3Aprod/invocations")
    #expect(bench.transport.bodies[0] == "text")
    #expect(await bench.run("f", [:]) == .failure(TaskFailure(error: "E", cause: #"{"errorType":"E","errorMessage":"m"}"#)))
    #expect(await bench.run("f", [:]) == .success(["errorType": "E", "errorMessage": "a result like any other"]))
  }

  @Test(
    arguments: [
      ("aws-sdk:dynamodb:putItem", ["tableName": "t"], "The field 'tableName' is not supported by Step Functions"),
      (
        "aws-sdk:ecs:runTask", ["Overrides": ["ContainerOverrides": [["name": "n"]]]], "The field 'name' is not supported by Step Functions"
      ),
      ("aws-sdk:lambda:invoke", ["Payload": 1], "The field 'FunctionName' is required but was missing"),
      ("aws-sdk:lambda:invoke", ["FunctionName": "..", "Payload": 1], "The value of the field 'FunctionName' has an invalid format"),
      ("aws-sdk:ssm:getParameter", "x", "The value for the field 'Parameters' must be a OBJECT"),
    ] as [(String, JSONValue, String)]) func refusesParametersBeforeSending(_ resource: String, _ input: JSONValue, _ problem: String) async
  {
    let bench = CallBench(ScriptedTransport(answer()))
    #expect(
      await bench.run("arn:aws:states:::" + resource, input)
        == .failure(
          TaskFailure(
            error: "States.Runtime", cause: "The Parameters '\(input.jsonText)' could not be used to start the Task: [\(problem)]")))
    #expect(bench.transport.requests.isEmpty)
  }

  @Test func withoutAPlaceNothingIsSent() async {
    let bench = CallBench(ScriptedTransport(answer()), isNamed: false)
    guard case .failure(let failure) = await bench.run(sdk("dynamodb:putItem"), ["TableName": "t"]) else {
      Issue.record("it answered")
      return
    }
    #expect(failure.error == "DynamoDb.SdkClientException")
    #expect(failure.cause?.contains("--region") == true)
    #expect(bench.transport.requests.isEmpty)
  }

  @Test func everyServiceOfTheTableCanBeRead() {
    for name in ServiceFacts.names {
      let facts = ServiceFacts.named(name)
      #expect(facts?.service.integrationName.first?.isUppercase == true, "\(name)")
      #expect(facts?.service.integrationName.lowercased() == name, "\(name)")
      #expect(facts?.json != nil || facts?.operations.isEmpty == false, "\(name)")
      for operation in facts?.operations.values.map({ $0 }) ?? [] {
        for place in operation.pathItems {
          #expect(operation.path.contains("{\(place.name)}") || operation.path.contains("{\(place.name)+}"))
        }
      }
    }
  }
}
