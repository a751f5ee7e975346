import ArgumentParser
import JSONTypes
import RedshiftDataEmulator
import TaskActions

struct TaskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Answer a task of a running execution that waits for its token.",
    subcommands: [TaskSucceedCommand.self, TaskFailCommand.self, TaskHeartbeatCommand.self])
}

/// Which token is meant, and where the execution runs.
struct TokenArguments: ParsableArguments {
  @Argument(help: "The token, as $$.Task.Token gave it.")
  var token: String

  @Option(help: ArgumentHelp("The address that the run shows; by default every running sfn-local of this user is asked.", valueName: "URL"))
  var endpointUrl: String?

  @Option(help: ArgumentHelp("The state folder of the run, when it was given one.", valueName: "DIR"))
  var stateDir: String?

  /// Sends an operation to the program that knows the token.
  func send(_ operation: String, _ members: JSONObject) async throws {
    var request = members
    request["taskToken"] = .string(token)
    let folder = stateDir.map(absolutePath) ?? RedshiftDataEndpoint.defaultStateFolder
    let endpoints = endpointUrl.map { [$0] } ?? RunningPrograms(stateFolder: folder).endpoints()
    guard !endpoints.isEmpty else { throw CommandProblem("no running sfn-local waits for a token here; give --endpoint-url or --state-dir", exitCode: 1) }
    var refusal = "no running execution knows this token"
    for endpoint in endpoints {
      switch await answer(of: endpoint, operation, .object(request)) {
      case .success: return
      case .failure(let problem): refusal = problem.message
      }
    }
    throw CommandProblem(refusal, exitCode: 1)
  }

  private func answer(of endpoint: String, _ operation: String, _ body: JSONValue) async -> Result<Void, CommandProblem> {
    let request = HTTPRequest(
      method: "POST", url: endpoint + "/",
      headers: ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.\(operation)"], body: body.jsonBytes)
    let signed = RequestSigner(region: "us-east-1", service: "states").sign(
      request, with: AWSCredentials(accessKeyID: "local", secretAccessKey: "local"), at: .now)
    do throws(HTTPError) {
      let response = try await HTTPClient().send(signed.request)
      if response.status == 200 { return .success(()) }
      let value = (try? JSONValue(parsing: response.body)) ?? .null
      return .failure(CommandProblem("\(value["__type"]?.asString ?? "HTTP \(response.status)"): \(value["Message"]?.asString ?? value["message"]?.asString ?? "")"))
    } catch {
      return .failure(CommandProblem("\(endpoint): \(error.description)"))
    }
  }
}

struct TaskSucceedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "succeed", abstract: "End the task with an output.")
  @OptionGroup var token: TokenArguments
  // A number may be negative.
  @Option(parsing: .unconditional, help: ArgumentHelp("The output: JSON, @FILE, or - for standard input.", valueName: "JSON"))
  var output: String = "{}"

  func run() async throws { try await token.send("SendTaskSuccess", ["output": .string(try readJSON(output, option: "--output").jsonText)]) }
}

struct TaskFailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fail", abstract: "End the task with an error.")
  @OptionGroup var token: TokenArguments
  @Option(help: ArgumentHelp("The error's name, which Retry and Catch match.", valueName: "NAME"))
  var error: String?
  @Option(help: ArgumentHelp("The cause.", valueName: "TEXT"))
  var cause: String?

  func run() async throws {
    var members = JSONObject()
    if let error { members["error"] = .string(error) }
    if let cause { members["cause"] = .string(cause) }
    try await token.send("SendTaskFailure", members)
  }
}

struct TaskHeartbeatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "heartbeat", abstract: "Tell that the task's work goes on.")
  @OptionGroup var token: TokenArguments

  func run() async throws { try await token.send("SendTaskHeartbeat", [:]) }
}
