import JSONTypes
import JSONata

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `jsonata-bench [--jsonata-js PATH] [--python PROGRAM] [--only TEXT] [--rounds N] [--milliseconds N] [--no-peers]`: the speed of
/// JSONata beside other implementations. Each figure is the best of several rounds, in CPU time; in a round each implementation has its
/// turn with the same case.
@main
struct Bench {
  var rounds = 5
  /// What one turn takes at least.
  var milliseconds = 60
  var only = ""
  var jsonataJS: String?
  var python = "python3"
  var withPeers = true

  static let usage = "jsonata-bench [--jsonata-js PATH] [--python PROGRAM] [--only TEXT] [--rounds N] [--milliseconds N] [--no-peers]"

  init?(_ arguments: some Collection<String>) {
    var arguments = arguments[...]
    while let argument = arguments.popFirst() {
      if argument == "--no-peers" {
        withPeers = false
        continue
      }
      guard let value = arguments.popFirst() else { return nil }
      switch (argument, Int(value)) {
      case ("--jsonata-js", _): jsonataJS = value
      case ("--python", _): python = value
      case ("--only", _): only = value
      case ("--rounds", let number?) where number > 0: rounds = number
      case ("--milliseconds", let number?) where number > 0: milliseconds = number
      default: return nil
      }
    }
  }

  static func main() throws {
    guard let bench = Bench(Array(CommandLine.arguments.dropFirst())) else { return print(usage) }
    // A peer that goes away is an error of its own.
    signal(SIGPIPE, SIG_IGN)
    let peers = bench.withPeers ? bench.startPeers() : []
    try bench.run(peers)
    for peer in peers { peer.stop() }
  }

  private func startPeers() -> [Peer] {
    var folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    folder += "/Peers"
    let commands = [
      ["node", "\(folder)/jsonata-js.js"] + (jsonataJS.map { [$0] } ?? []),
      [python, "\(folder)/jsonatapy-peer.py"],
    ]
    return zip(["jsonata-js", "jsonatapy"], commands).compactMap { name, command in
      switch Peer.start(command, folder: folder) {
      case .started(let peer):
        print("\(peer.name): \(peer.version)")
        return peer
      case .missing(let reason):
        print("\(name) is missing: \(reason)")
        return nil
      }
    }
  }

  private func run(_ peers: [Peer]) throws {
    print("Microseconds of CPU time for one evaluation, best of \(rounds) rounds; in brackets how many times as long as ours.\n")
    let inputs = Dictionary(uniqueKeysWithValues: Input.allCases.map { ($0, $0.make()) })
    var ratios = [[Double]](repeating: [], count: peers.count)
    var disagreements: [String] = []
    for group in Case.Group.allCases {
      let cases = Case.all.filter { $0.group == group && (only.isEmpty || "\($0.group.rawValue) \($0.name)".contains(only)) }
      if cases.isEmpty { continue }
      print(row(group.rawValue, ["ours"] + peers.map(\.name)))
      for item in cases {
        let input = inputs[item.input]!
        let measured = try measure(item, input, peers, &disagreements)
        print(row("  " + item.name, [rounded(measured.ours)] + measured.peers.map { $0.map { cell($0, measured.ours) } ?? "fails" }))
        guard group != .regularExpressions else { continue }
        for (number, figure) in measured.peers.enumerated() { if let figure { ratios[number].append(figure / measured.ours) } }
      }
    }
    print("")
    for (peer, ratios) in zip(peers, ratios) where !ratios.isEmpty {
      let mean = exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
      let slower = ratios.count { $0 < 1 }
      print("\(peer.name): \(rounded(mean)) times as long as ours by the geometric mean of \(ratios.count) cases; quicker than ours in \(slower)")
    }
    for disagreement in disagreements { print("differs: \(disagreement)") }
  }

  /// The best of all rounds; nil for a peer that cannot do it.
  private func measure(_ item: Case, _ input: JSONValue, _ peers: [Peer], _ disagreements: inout [String]) throws
    -> (ours: Double, peers: [Double?])
  {
    let expression = try JSONataExpression(parsing: item.expression)
    let result = try evaluate(expression, input) ?? .null
    var able = [Bool](repeating: true, count: peers.count)
    for (number, peer) in peers.enumerated() {
      do throws(Peer.Failed) {
        let other = try peer.load(item.expression, input: input)
        if other != result { disagreements.append("\(peer.name) in \"\(item.name)\": \(excerpt(other)) instead of \(excerpt(result))") }
        // JavaScript becomes quick only after a while.
        _ = try peer.measure(microseconds: milliseconds * 4000)
      } catch {
        able[number] = false
        disagreements.append("\(peer.name) in \"\(item.name)\": \(error.message)")
      }
    }
    _ = try microseconds(expression, input)
    var ours = Double.infinity
    var figures = able.map { $0 ? Double.infinity : nil }
    for _ in 0..<rounds {
      ours = min(ours, try microseconds(expression, input))
      for (number, peer) in peers.enumerated() {
        guard let figure = figures[number] else { continue }
        figures[number] = min(figure, try peer.measure(microseconds: milliseconds * 1000))
      }
    }
    return (ours, figures)
  }

  // MARK: Ours

  private func evaluate(_ expression: JSONataExpression, _ input: JSONValue) throws(JSONataError) -> JSONValue? {
    var environment = EvaluationEnvironment()
    return try expression.evaluate(input: input, environment: &environment)
  }

  private func microseconds(_ expression: JSONataExpression, _ input: JSONValue) throws(JSONataError) -> Double {
    var count = 0
    var batch = 1
    let budget = Double(milliseconds) * 1000
    let start = cpuMicroseconds()
    while true {
      for _ in 0..<batch { _ = try evaluate(expression, input) }
      count += batch
      let used = cpuMicroseconds() - start
      if used >= budget { return used / Double(count) }
      if used * 10 < budget { batch *= 2 }
    }
  }

  /// CPU time of this process.
  private func cpuMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  // MARK: Writing

  private func row(_ title: String, _ cells: [String]) -> String {
    let first = title + String(repeating: " ", count: max(1, 40 - title.count))
    return first + cells.map { String(repeating: " ", count: max(1, 20 - $0.count)) + $0 }.joined()
  }

  private func cell(_ figure: Double, _ ours: Double) -> String { "\(rounded(figure)) (\(rounded(figure / ours)))" }

  /// Three digits say all that a run can tell.
  private func rounded(_ figure: Double) -> String {
    if figure >= 99.95 { return "\(Int64(figure.rounded()))" }
    let scale = figure >= 9.995 ? 10.0 : 100.0
    return "\((figure * scale).rounded() / scale)"
  }

  private func excerpt(_ value: JSONValue) -> String {
    let text = value.jsonText
    return text.count > 80 ? "\(text.prefix(80))…" : text
  }
}
