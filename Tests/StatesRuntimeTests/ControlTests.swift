import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

/// An execution that is led from outside.
@Suite(.timeLimit(.minutes(15))) struct ControlTests {
  static let settings = ExecutionSettings(name: "led", seed: 7)

  /// A gate that an action waits at.
  actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    func pass() async {
      if !isOpen { await withCheckedContinuation { waiters.append($0) } }
    }
    func open() {
      isOpen = true
      for waiter in waiters { waiter.resume() }
      waiters = []
    }
  }

  final class Count: Sendable {
    private let value = Atomic<Int>(0)
    var now: Int { value.load(ordering: .sequentiallyConsistent) }
    func add() { value.add(1, ordering: .sequentiallyConsistent) }
  }

  static func replayed(_ moment: ExecutionMoment, _ history: [HistoryEvent]) -> Bool {
    Execution(of: moment.execution.machine, settings: settings, replaying: history) == moment.execution
  }

  @Test func nothingHappensByItself() async throws {
    let count = Count()
    let engine = EngineTests.engine(EngineTests.actions { call, _ in
      count.add()
      return call.input
    })
    let led = engine.control(try EngineTests.task(), settings: Self.settings)
    var moment = await led.tell(.start(["a": 1]))
    #expect(moment.execution.nextReadyFrame == 0)
    #expect(moment.facts.count == 2)
    moment = await led.run(frame: 0)
    #expect(moment.held == [3] && !moment.canWait)
    // Nobody has called it, so nothing can come.
    moment = await led.wait()
    #expect(count.now == 0 && moment.arrived.isEmpty)
    moment = await led.begin(3)
    moment = await led.wait()
    #expect(count.now == 1)
    #expect(moment.arrived == [.taskSucceeded(3, ["a": 1])])
    #expect(moment.execution.status == .running)
    moment = await led.tell(moment.arrived[0])
    #expect(moment.execution.status == .succeeded && moment.arrived.isEmpty)
    let result = await led.end(ErrorOutput(error: nil, cause: nil))
    #expect(result?.history.count == 7)
    await engine.idle()
  }

  @Test func answersByHandReachTheWorldNowhere() async throws {
    let count = Count()
    let engine = EngineTests.engine(EngineTests.actions { call, _ in
      count.add()
      return call.input
    })
    let led = engine.control(try EngineTests.task(), settings: Self.settings)
    var moment = await led.tell(.start([:]))
    moment = await led.run(frame: 0)
    moment = await led.tell(.taskSucceeded(3, "by hand"))
    #expect(moment.execution.output == "by hand" && moment.held.isEmpty)
    #expect(count.now == 0)
    _ = await led.end(ErrorOutput(error: nil, cause: nil))
  }

  /// Changes of data are facts: the history alone gives the same execution.
  @Test func changesAreFacts() async throws {
    let machine = try EngineTests.machine(
      """
      {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.n + $k %}", "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "Output": "{% $states.result.n %}", "Next": "C"},
        "C": {"Type": "Pass", "Assign": {"k": 0}, "End": true}}}
      """)
    let led = EngineTests.engine().control(machine, settings: Self.settings)
    var history: [HistoryEvent] = []
    func payload(_ value: JSONValue) -> Payload { Payload(measuring: value) }
    func check(_ moment: ExecutionMoment) {
      history += moment.facts
      #expect(Self.replayed(moment, history))
    }
    check(await led.tell(.start(["n": 1])))
    check(await led.tell(.change(frame: 0, .input(payload(["n": 5])))))
    check(await led.tell(.change(frame: 0, .variable("k", 10))))
    check(await led.run(frame: 0))
    #expect(await led.look().execution.frameView(0)?.input == 15)
    check(await led.run(frame: 0))
    let task = try #require(await led.look().held.first)
    check(await led.tell(.change(frame: 0, .result(payload(["n": 99])))))
    check(await led.tell(.taskSucceeded(task, ["n": 1])))
    #expect(await led.look().execution.frameView(0)?.input == 99)
    check(await led.tell(.change(frame: 0, .output(payload("first")))))
    check(await led.tell(.change(frame: 0, .output(payload("end")))))
    // A frame that is not there has nothing to change, and a Pass state has no work.
    check(await led.tell(.change(frame: 7, .input(payload(1)))))
    check(await led.tell(.change(frame: 0, .result(payload(1)))))
    check(await led.run(frame: 0))
    let moment = await led.look()
    #expect(moment.execution.output == "end")
    #expect(history.map { $0.type(in: machine) }.filter { $0 == "DataChanged" }.count == 5)
    _ = await led.end(ErrorOutput(error: nil, cause: nil))
  }

  /// What was taken back gets no answer any more, though the ids of events are used again.
  @Test func goesBack() async throws {
    let gate = Gate()
    let calls = Count()
    let engine = EngineTests.engine(EngineTests.actions { call, _ in
      calls.add()
      if calls.now == 1 {
        await gate.pass()
        return "late"
      }
      return "second"
    })
    let led = engine.control(try EngineTests.task(), settings: Self.settings)
    let start = await led.tell(.start([:]))
    let scheduled = await led.run(frame: 0)
    _ = await led.begin(3)
    let back = await led.back(to: scheduled)
    #expect(back.held == [3] && back.factCount == scheduled.factCount)
    // All is as it was, but that services must not take its calls for those of the other course.
    #expect(back.execution.lastEventID == scheduled.execution.lastEventID && back.execution.openEffects.count == scheduled.execution.openEffects.count)
    guard case .task(let before)? = scheduled.execution.openEffects[3], case .task(let after)? = back.execution.openEffects[3] else {
      Issue.record("expected a task")
      return
    }
    #expect(before.idempotencyToken != after.idempotencyToken && before.input == after.input)
    await gate.open()
    _ = await led.begin(3)
    var moment = await led.wait()
    #expect(moment.arrived == [.taskSucceeded(3, "second")])
    moment = await led.tell(moment.arrived[0])
    #expect(moment.execution.output == "second")
    moment = await led.back(to: start)
    #expect(moment.execution.status == .running && moment.held.isEmpty && moment.now == start.now)
    let result = try #require(await led.end(ErrorOutput(error: "Enough", cause: nil)))
    #expect(result.status == .aborted && result.history.count == start.factCount + 1)
    await engine.idle()
  }

  /// Virtual time goes on in `wait` alone, to the next moment at which something happens.
  @Test func timeStandsStillBetween() async throws {
    let machine = try EngineTests.machine(
      #"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "X"}, "X": {"Type": "Wait", "Seconds": 5, "End": true}}}"#)
    for clock in [EngineClock.virtual, .scaled(by: 1e6)] {
      let led = Engine(actions: ActionRegistry(), clock: clock, startingAt: EngineTests.start).control(machine, settings: Self.settings)
      let first = await led.tell(.start([:]))
      let waiting = await led.run(frame: 0)
      #expect(await led.look().now == waiting.now)
      var moment = await led.wait()
      #expect(moment.arrived == [.timerFired(2)])
      #expect(moment.now.microseconds - first.now.microseconds >= 60_000_000)
      #expect(await led.look().now == moment.now)
      moment = await led.back(to: waiting)
      #expect(moment.now == waiting.now && moment.canWait && moment.arrived.isEmpty)
      moment = await led.wait()
      #expect(moment.arrived == [.timerFired(2)])
      _ = await led.end(ErrorOutput(error: nil, cause: nil))
    }
  }

  @Test func anInterruptEndsAWait() async throws {
    let machine = try EngineTests.machine(#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 99999999, "End": true}}}"#)
    let led = Engine(actions: ActionRegistry(), clock: .real).control(machine, settings: Self.settings)
    _ = await led.tell(.start([:]))
    _ = await led.run(frame: 0)
    // An interrupt of nothing is none, so they go on until the wait has ended.
    let interrupting = Task {
      while !Task.isCancelled {
        led.interrupt()
        await Task.yield()
      }
    }
    let moment = await led.wait()
    interrupting.cancel()
    #expect(moment.arrived.isEmpty && moment.execution.status == .running)
    _ = await led.end(ErrorOutput(error: nil, cause: nil))
  }
}
