import DefinitionFiles
import JSONTypes
import OrderWorkflow
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

struct OrderWorkflowTests {
  let machine: StateMachine
  let start = Timestamp(iso8601: "2026-03-02T09:00:00Z")!
  let order: JSONValue = ["orderId": 7, "item": "teapot", "quantity": 2, "card": "4111"]

  init() throws {
    // Next to the package's manifest; `sfn-local run` reads the same file.
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    machine = try StateMachine.load(path: "/\(folder)/orders.asl.json")
  }

  /// Runs the definition in virtual time: the day of waiting and the retries take none.
  func run(_ input: JSONValue, _ gateway: ScriptedGateway, _ printer: PaperPrinter = PaperPrinter()) async -> ExecutionResult {
    let engine = Engine(actions: .orders(gateway: gateway, printer: printer), clock: .virtual, startingAt: start)
    return await engine.run(machine, input: input)
  }

  @Test func aBusyGatewayIsAskedAgain() async throws {
    let gateway = ScriptedGateway(.busy, .busy)
    let result = await run(order, gateway)

    #expect(result.status == .succeeded)
    #expect(result.output == ["status": "SHIPPED", "payment": "receipt-3", "label": "label-7"])
    #expect(await gateway.charges == [5000, 5000, 5000])
    // Two seconds, four seconds, a day, and a page.
    #expect(result.execution.stoppedAt == start.advanced(bySeconds: 2 + 4 + 86_400 + 5))
    #expect(
      result.eventTypes == [
        "ExecutionStarted",
        "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited",
        "ChoiceStateEntered", "ChoiceStateExited",
        "TaskStateEntered",
        "TaskScheduled", "TaskStarted", "TaskFailed",
        "TaskScheduled", "TaskStarted", "TaskFailed",
        "TaskScheduled", "TaskStarted", "TaskSucceeded",
        "TaskStateExited",
        "WaitStateEntered", "WaitStateExited",
        "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
        "PassStateEntered", "PassStateExited",
        "ExecutionSucceeded",
      ])
  }

  @Test func aGatewayThatStaysBusyFailsTheOrder() async {
    let result = await run(order, ScriptedGateway(.busy, .busy, .busy, .busy))

    #expect(result.status == .failed)
    #expect(result.error?.error == "GatewayBusy")
    // Three retries after the first attempt, 2, 4 and 8 seconds apart.
    #expect(result.execution.stoppedAt == start.advanced(bySeconds: 14))
  }

  @Test func aDeclinedCardCancelsTheOrder() async {
    let result = await run(order, ScriptedGateway(.declined("no cover")))

    #expect(result.status == .succeeded)
    #expect(result.output == ["status": "CANCELLED", "reason": "no cover"])
  }

  static let unfillable: [(JSONValue, String, String)] = [
    (["orderId": 8, "item": "teapot", "quantity": 5, "card": "4111"], "OutOfStock", "2 of 5 pieces of teapot are missing"),
    (["orderId": 9, "item": "spoon", "quantity": 1, "card": "4111"], "UnknownItem", "no item is called spoon"),
  ]

  @Test(arguments: unfillable)
  func anOrderThatCannotBeFilledFails(input: JSONValue, error: String, cause: String) async {
    let result = await run(input, ScriptedGateway())

    #expect(result.error == ErrorOutput(error: error, cause: cause))
  }

  @Test func anInputThatDoesNotFitFailsTheTask() async {
    let result = await run(["orderId": 10, "item": "cup"], ScriptedGateway())

    #expect(result.error?.error == "DecodingError")
  }

  @Test func aPrinterThatTakesTooLongIsTimedOut() async {
    let printer = PaperPrinter(pages: 1000)
    let result = await run(order, ScriptedGateway(), printer)

    #expect(result.error?.error == "States.Timeout")
    // A day, and the state's TimeoutSeconds: its heartbeats kept it alive until then.
    #expect(result.execution.stoppedAt == start.advanced(bySeconds: 86_400 + 600))
    while await printer.cancelled.isEmpty { await Task.yield() }
    #expect(await printer.cancelled == ["job-of-label-7"])
  }

  @Test func stoppingTheOrderCancelsTheJob() async {
    let printer = PaperPrinter(isStuck: true)
    let engine = Engine(actions: .orders(gateway: ScriptedGateway(), printer: printer), clock: .virtual, startingAt: start)
    let (submissions, submitted) = AsyncStream<Void>.makeStream()
    let execution = engine.start(machine, input: order) { update in
      guard case .facts(let facts) = update else { return }
      for fact in facts { if case .taskSubmitted = fact.kind { submitted.yield() } }
    }
    for await _ in submissions { break }
    execution.stop(error: "Withdrawn", cause: "the customer has thought it over")

    let result = await execution.result()
    #expect(result.status == .aborted)
    #expect(result.error?.error == "Withdrawn")
    while await printer.cancelled.isEmpty { await Task.yield() }
    #expect(await printer.cancelled == ["job-of-label-7"])
  }

  @Test func aWrongDefinitionSaysWhere() {
    let text = """
      {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "Chekc"},
        "Check": {"Type": "Succeed"}
      }}
      """
    let error = #expect(throws: InvalidDefinition.self) { try StateMachine.load(text: text, name: "small.asl.json") }
    #expect(error?.description == #"small.asl.json:2:33: error: Next names the state "Chekc", which does not exist here; did you mean "Check"? [unknown-next]"#)
  }
}
