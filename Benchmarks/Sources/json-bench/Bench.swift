import JSONTypes

/// `json-bench [--json] [--runs N]`: the speed of JSON values, each figure the median of many runs.
@main
struct Bench {
  let runs: Int
  let asJSON: Bool

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    var runs = 201
    var asJSON = false
    while let argument = arguments.popFirst() {
      switch argument {
      case "--json": asJSON = true
      case "--runs":
        guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else { return print("--runs needs a number above 0") }
        runs = number
      default: return print("json-bench [--json] [--runs N]")
      }
    }
    let bench = Bench(runs: runs, asJSON: asJSON)
    try bench.measureTexts(of: Payload(atLeast: 200 * 1024).text, named: "200 KiB")
    try bench.measureTexts(of: Payload(atLeast: 10_000_000).text, named: "10 MB", runs: max(1, runs / 20))
    try bench.measureStates()
    for count in [10, 100, 1000] { bench.measureEdits(keyCount: count) }
  }

  // MARK: Texts

  func measureTexts(of text: String, named name: String, runs: Int? = nil) throws {
    let bytes = Array(text.utf8)
    let value = try JSONValue(parsing: bytes)
    let again = try JSONValue(parsing: value.jsonBytes)
    precondition(again == value)
    let megabytes = Double(bytes.count) / 1e6
    let parse = median(runs) { _ = try? JSONValue(parsing: bytes) }
    report("parse, \(name)", megabytes / parse, "MB/s")
    report("write, \(name)", megabytes / median(runs) { _ = value.jsonBytes }, "MB/s")
    report("write as String, \(name)", megabytes / median(runs) { _ = value.jsonText }, "MB/s")
    report("parse with places, \(name)", megabytes / median(runs) { _ = SyntaxNode.parse(json: text) }, "MB/s")
    report("count bytes, as parsed, \(name)", median(runs) { for _ in 0..<1000 { _ = value.jsonByteCount } } / 1000 * 1e9, "ns")
    var edited = value
    _ = edited.editObject { $0["result"] = 1 }
    report("count bytes, one member edited, \(name)", median(runs) { _ = edited.jsonByteCount } * 1e9, "ns")
  }

  // MARK: Edits

  /// What a workflow does with a payload of 200 KiB: read, a hundred states that each put their result into it and keep the
  /// value before, the quota checked at each, written at the end.
  func measureStates() throws {
    let bytes = Array(Payload(atLeast: 200 * 1024).text.utf8)
    var written = 0
    let seconds = try median(throwing: nil) {
      var value = try JSONValue(parsing: bytes)
      var history: [JSONValue] = []
      for state in 0..<100 {
        history.append(value)
        _ = value.editObject { $0["result \(state % 10)"] = ["state": .int(Int64(state)), "status": "SUCCEEDED"] }
        guard value.jsonByteCount < 256 * 1024 else { return }
      }
      written = value.jsonBytes.count
    }
    precondition(written > bytes.count)
    report("100 states edit 200 KiB, with parse and write", seconds * 1e3, "ms")
  }

  /// One member at depth 4, each object on the way with as many keys.
  func measureEdits(keyCount: Int) {
    let keys = (0..<keyCount).map { "member number \($0)" }
    let path = [keys[keyCount / 2], keys[keyCount / 3], keys[keyCount - 1], keys[0]]
    func object(_ depth: Int) -> JSONValue {
      .object(JSONObject(keys.map { ($0, depth < 4 && $0 == path[depth - 1] ? object(depth + 1) : .int(1)) }))
    }
    var value = object(1)
    let edits = 1000
    let unique = median(nil) { for number in 0..<edits { value.edit(path[...], to: .int(Int64(number))) } }
    report("edit in place, depth 4, \(keyCount) keys", unique / Double(edits) * 1e9, "ns")
    let shared = median(nil) {
      for number in 0..<edits / 10 {
        let before = value
        value.edit(path[...], to: .int(Int64(number)))
        _ = before.isNull
        keepAlive(before)
      }
    }
    report("edit, value before kept, depth 4, \(keyCount) keys", shared / Double(edits / 10) * 1e9, "ns")
  }

  @inline(never)
  private func keepAlive(_ value: JSONValue) {}

  // MARK: Measuring

  /// Seconds.
  private func median(_ runs: Int?, _ body: () -> Void) -> Double { median(throwing: runs, body) }

  private func median<E: Error>(throwing runs: Int?, _ body: () throws(E) -> Void) throws(E) -> Double {
    let clock = ContinuousClock()
    var times: [Duration] = []
    try body()
    for _ in 0..<(runs ?? self.runs) {
      let start = clock.now
      try body()
      times.append(clock.now - start)
    }
    times.sort()
    let (seconds, attoseconds) = times[times.count / 2].components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  private func report(_ name: String, _ figure: Double, _ unit: String) {
    // Three digits say all that a run can tell.
    var scale = 1.0
    while figure * scale < 100 && scale < 1e6 { scale *= 10 }
    let rounded = Double(Int64(figure * scale + 0.5)) / scale
    if asJSON {
      let line: JSONValue = ["benchmark": "json", "name": .string(name), "figure": .double(rounded), "unit": .string(unit)]
      print(line.jsonText)
    } else {
      let number = rounded >= 100 ? "\(Int64(rounded))" : "\(rounded)"
      print(number.leftPadded(to: 10), unit.rightPadded(to: 5), name)
    }
  }
}

extension JSONValue {
  fileprivate mutating func edit(_ path: ArraySlice<String>, to value: JSONValue) {
    guard let key = path.first else {
      self = value
      return
    }
    _ = editObject { $0.edit(key) { $0.edit(path.dropFirst(), to: value) } }
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
  fileprivate func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
