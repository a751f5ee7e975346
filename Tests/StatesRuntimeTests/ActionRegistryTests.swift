import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

@Suite(.timeLimit(.minutes(15))) struct ActionRegistryTests {
  /// What a Task with this resource and these parameters comes to.
  static func answer(_ actions: ActionRegistry, _ resource: String, _ parameters: String = "{}") async throws -> ExecutionResult {
    let machine = try EngineTests.machine(#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "\#(resource)", "Parameters": \#(parameters), "End": true}}}"#)
    return await EngineTests.engine(actions).run(machine, input: [:], settings: ExecutionSettings(name: "test"))
  }

  static let invoke = "arn:aws:states:::lambda:invoke"

  // MARK: Names

  @Test(arguments: [
    ("f", "f"), ("f:PROD", "f"), ("f:$LATEST", "f"), ("f:12", "f"), ("123456789012:function:f", "f"), ("function:f", "f"), ("123456789012:function:f:PROD", "f"),
    ("arn:aws:lambda:us-east-1:123456789012:function:f", "f"), ("arn:aws:lambda:us-east-1:123456789012:function:f:PROD", "f"),
    ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f:3", "f"), ("arn:aws:lambda:us-east-1:123456789012:function:function", "function"),
    ("arn:aws:lambda:us-east-1:123456789012:function:f:function", "f"), ("function", "function"), ("f:function", "f"), ("", ""),
  ])
  func readsFunctionNames(_ text: String, _ name: String) {
    #expect(ActionRegistry.functionName(in: text) == name)
  }

  @Test(arguments: ["f", "arn:aws:lambda:eu-west-1:999999999999:function:f:DEV"])
  func findsFunctions(_ registered: String) async throws {
    var actions = ActionRegistry()
    actions.register(function: registered) { input in ["got": input] }
    #expect(actions.functionNames == ["f"])
    #expect(try await Self.answer(actions, "arn:aws:lambda:us-east-1:123456789012:function:f:PROD", #"{"a": 1}"#).output == ["got": ["a": 1]])
    for name in ["f", "f:PROD", "arn:aws:lambda:us-east-1:123456789012:function:f"] {
      let output = try await Self.answer(actions, Self.invoke, #"{"FunctionName": "\#(name)", "Payload": {"a": 1}}"#).output
      #expect(output?["Payload"] == ["got": ["a": 1]], "\(name)")
    }
  }

  @Test func prefersWhatWasRegisteredLast() async throws {
    var actions = ActionRegistry()
    actions.register(function: "f") { _ in "old" }
    actions.register(function: "f") { _ in "new" }
    #expect(try await Self.answer(actions, "arn:aws:lambda:us-east-1:123456789012:function:f").output == "new")
    actions.register(resource: "arn:aws:states:::x:y", EngineTests.Action { call, _ in call.input })
    #expect(try await Self.answer(actions, "arn:aws:states:::x:y", #"{"p": 1}"#).output == ["p": 1])
    #expect(actions.resources == [Self.invoke, "arn:aws:states:::x:y"])
    actions.intercept { $0.stateName == "T" ? EngineTests.Action { _, _ in "intercepted" } : nil }
    #expect(try await Self.answer(actions, "arn:aws:states:::x:y").output == "intercepted")
  }

  // MARK: lambda:invoke

  @Test func wrapsWhatAFunctionReturns() async throws {
    var actions = ActionRegistry()
    actions.register(function: "f") { $0 }
    // How it is invoked does not matter here.
    for more in ["", #", "InvocationType": "RequestResponse""#, #", "InvocationType": "Event", "LogType": "None""#] {
      let output = try await Self.answer(actions, Self.invoke, #"{"FunctionName": "f", "Payload": "x"\#(more)}"#).output
      #expect(output?["Payload"] == "x" && output?["StatusCode"] == 200 && output?["ExecutedVersion"] == "$LATEST")
      #expect(output?["SdkHttpMetadata"]?["HttpStatusCode"] == 200 && output?["SdkHttpMetadata"]?["HttpHeaders"]?["Content-Length"] == "3")
      #expect(output?["SdkHttpMetadata"]?["AllHttpHeaders"]?["Content-Type"] == ["application/json"])
      #expect(output?["SdkResponseMetadata"]?["RequestId"]?.asString?.isEmpty == false)
    }
    #expect(try await Self.answer(actions, Self.invoke, #"{"FunctionName": "f"}"#).output?["Payload"] == [:])
  }

  // MARK: Closures

  struct Order: Codable, Sendable { var id: Int; var note: String? }
  struct Receipt: Codable, Sendable { var order: Order; var total: Double }
  struct OutOfStock: Error {}

  @Test func runsTypedClosures() async throws {
    var actions = ActionRegistry()
    actions.register(function: "f") { (order: Order) in Receipt(order: order, total: 2.5) }
    let lambda = "arn:aws:lambda:us-east-1:123456789012:function:f"
    #expect(try await Self.answer(actions, lambda, #"{"id": 7, "more": true}"#).output == ["order": ["id": 7], "total": 2.5])
    let refused = try await Self.answer(actions, lambda, #"{"id": "seven"}"#)
    #expect(refused.error?.error == "DecodingError" && refused.error?.cause?.contains("id") == true)
  }

  @Test func namesErrorsByTheirTypes() async throws {
    var actions = ActionRegistry()
    actions.register(function: "f") { _ in throw OutOfStock() }
    actions.register(function: "g") { _ in throw TaskFailure(error: "Chosen", cause: "by hand") }
    let thrown = try await Self.answer(actions, "arn:aws:lambda:us-east-1:123456789012:function:f")
    #expect(thrown.error?.error == "OutOfStock")
    #expect(try JSONValue(parsing: thrown.error?.cause ?? "")["errorType"] == "OutOfStock")
    #expect(try await Self.answer(actions, "arn:aws:lambda:us-east-1:123456789012:function:g").error == ErrorOutput(error: "Chosen", cause: "by hand"))
  }

  // MARK: What is missing

  @Test func saysWhichFunctionIsMissing() async throws {
    var actions = ActionRegistry()
    actions.register(function: "known") { $0 }
    for (resource, parameters) in [("arn:aws:lambda:us-east-1:123456789012:function:f", "{}"), (Self.invoke, #"{"FunctionName": "f"}"#)] {
      let error = try await Self.answer(actions, resource, parameters).error
      #expect(error?.error == "Lambda.ResourceNotFoundException")
      for word in ["'T'", "'f'", "known", "register(function: \"f\")"] { #expect(error?.cause?.contains(word) == true, "\(error?.cause ?? "")") }
    }
    #expect(try await Self.answer(ActionRegistry(), "arn:aws:lambda:us-east-1:123456789012:function:f").error?.cause?.contains("No function is registered") == true)
  }

  @Test func saysWhichIntegrationIsMissing() async throws {
    let error = try await Self.answer(ActionRegistry(), "arn:aws:states:::sqs:sendMessage").error
    #expect(error?.error == "States.TaskFailed")
    for word in ["'T'", "arn:aws:states:::sqs:sendMessage", Self.invoke, "register(resource:"] { #expect(error?.cause?.contains(word) == true, "\(error?.cause ?? "")") }
  }

  @Test func refusesAFunctionNameThatIsNone() async throws {
    #expect(try await Self.answer(ActionRegistry(), Self.invoke, #"{"FunctionName": 5}"#).error?.error == "States.Runtime")
  }
}
