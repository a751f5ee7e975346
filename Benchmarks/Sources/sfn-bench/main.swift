// Benchmarks of the engine: `swift run -c release --package-path Benchmarks sfn-bench [NAME …]`.
// Figures are per second of CPU time of this process; each is the best of several rounds in one run.
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func peakMiB() -> Double {
  var usage = rusage()
  #if canImport(Darwin)
  getrusage(RUSAGE_SELF, &usage)
  return Double(usage.ru_maxrss) / 1_048_576
  #else
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
  #endif
}

func report(_ name: String, _ text: String) { print(name + String(repeating: " ", count: max(1, 28 - name.count)) + text) }

func grouped(_ value: Double) -> String {
  let digits = String(Int(value.rounded()))
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result
}

func machine(_ text: String) -> StateMachine {
  let (node, problems) = SyntaxNode.parse(json: text)
  let result = StateMachineParser.parse(node)
  guard problems.isEmpty, let machine = result.machine else { preconditionFailure("\(problems) \(result.diagnostics)") }
  return machine
}

let settings = ExecutionSettings(name: "bench", limits: .none)

/// Runs an execution to its end in the bare core, keeping its history; an execution that waits is an error here.
@MainActor
func history(_ machine: StateMachine, _ input: JSONValue) -> [HistoryEvent] {
  var execution = Execution(of: machine, settings: settings)
  let facts = execution.receive(.start(input), at: Timestamp(microseconds: 1_700_000_000_000_000))
  precondition(execution.status == .succeeded, "\(execution.status) \(String(describing: execution.error))")
  return facts
}

/// Transitions (states left) per CPU second, the best of `rounds`.
@MainActor
func measure(_ name: String, _ machine: StateMachine, _ input: JSONValue, rounds: Int = 7) {
  var best = 0.0
  var count = 0
  var events = 0
  for _ in 0..<rounds {
    let start = cpuSeconds()
    let facts = history(machine, input)
    let seconds = cpuSeconds() - start
    events = facts.count
    count = facts.reduce(0) { if case .stateExited = $1.kind { $0 + 1 } else { $0 } }
    best = max(best, Double(count) / seconds)
  }
  report(name, "\(grouped(best)) transitions per CPU second (\(grouped(Double(count))) transitions, \(grouped(Double(events))) events kept)")
}

let wanted = Set(CommandLine.arguments.dropFirst())
func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

if isWanted("chain") {
  let count = 100_000
  let states = (0..<count).map { number in
    "\"S\(number)\":{\"Type\":\"Pass\",\(number + 1 < count ? "\"Next\":\"S\(number + 1)\"" : "\"End\":true")}"
  }
  measure("chain", machine("{\"StartAt\":\"S0\",\"States\":{\(states.joined(separator: ","))}}"), ["orderId": 7, "items": [1, 2, 3]])
}

if isWanted("loop") {
  measure(
    "loop",
    machine(
      """
      {"StartAt":"Add","States":{
        "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"More"},
        "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":100000,"Next":"Add"}],"Default":"Done"},
        "Done":{"Type":"Succeed"}}}
      """), ["n": 0])
}

if isWanted("map") {
  measure(
    "map",
    machine(
      """
      {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
        "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}}}}}
      """), ["items": .array((0..<10_000).map { ["id": .int(Int64($0)), "price": 10.5] })])
}

if isWanted("payload") {
  let record: JSONValue = ["id": 1, "name": "Grünwald & Söhne", "tags": ["a", "b", "c"], "price": 10.25, "note": "line one\nline two"]
  let text = JSONValue.object(["records": .array(Array(repeating: record, count: 2_050))]).jsonText
  let states = (0..<100).map { number in
    "\"S\(number)\":{\"Type\":\"Pass\",\"Result\":{\"step\":\(number)},\"ResultPath\":\"$.edit\(number % 10)\",\(number < 99 ? "\"Next\":\"S\(number + 1)\"" : "\"End\":true")}"
  }
  let chain = machine("{\"StartAt\":\"S0\",\"States\":{\(states.joined(separator: ","))}}")
  var best = Double.infinity
  for _ in 0..<15 {
    let start = cpuSeconds()
    guard let input = try? JSONValue(parsing: text) else { preconditionFailure() }
    let facts = history(chain, input)
    guard case .executionSucceeded(let output) = facts[facts.count - 1].kind else { preconditionFailure() }
    precondition(output.value.jsonBytes.count > text.utf8.count)
    best = min(best, cpuSeconds() - start)
  }
  report("payload", "\(Int(best * 1e6)) µs of CPU time: \(text.utf8.count / 1024) KiB parsed, edited by 100 states, written")
}

if isWanted("waiting") {
  let waiting = machine(#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}"#)
  let engine = Engine(actions: ActionRegistry())
  let start = ContinuousClock.now
  let cpu = cpuSeconds()
  let running = (0..<10_000).map { engine.start(waiting, input: .emptyObject, settings: ExecutionSettings(name: "e\($0)")) }
  for execution in running {
    let result = await execution.result()
    precondition(result.status == .succeeded)
  }
  let wall = ContinuousClock.now - start
  report("waiting", "10,000 executions that wait one second ended after \(wall) (\(Int((cpuSeconds() - cpu) * 1000)) ms of CPU time)")
}

report("peak memory", "\(Int(peakMiB())) MiB")
report("event", "\(MemoryLayout<HistoryEvent>.stride) bytes; value \(MemoryLayout<JSONValue>.stride) bytes")
