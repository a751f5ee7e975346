import JSONTypes
import StatesInterpreter
import StatesLanguage

/// An object that a ResultWriter is to write.
struct ResultFile: Sendable {
  var key: String
  var bytes: [UInt8]
}

/// What has come of the children of a Map Run: the state's result, or files for a ResultWriter.
///
/// Source: AWS Step Functions Developer Guide, "ResultWriter (Map)".
struct MapRunResults {
  /// Bytes from which on a file is full; the service cuts at 5 GB.
  static let maximumFileBytes = 64 << 20

  enum Kind: String, CaseIterable { case failed = "FAILED", pending = "PENDING", succeeded = "SUCCEEDED" }

  struct Destination: Sendable {
    var bucket: String
    /// What all keys begin with, the Map Run's own part included.
    var folder: String
  }

  private struct Entry {
    var index: Int
    var bytes: [UInt8]
  }
  private struct Files {
    var entries: [Entry] = []
    var bytes = 0
    var written: [(key: String, size: Int)] = []
  }

  let mapRunArn: String
  let destination: Destination?
  private let transformation: ResultWriter.Transformation
  private let outputType: ResultWriter.OutputType
  /// Bytes that the state's result may have.
  private let limit: Int
  private var files: [Kind: Files] = [:]
  private var outputs: [(index: Int, values: [JSONValue])] = []
  private var outputBytes = 2
  /// The state's result is too large: outputs are no longer kept.
  private(set) var isTooLarge = false

  init(_ writer: ResultWriter?, mapRunArn: String, destination: Destination?, limit: Int) {
    self.mapRunArn = mapRunArn
    self.destination = destination
    self.limit = limit
    transformation = writer?.transformation ?? .compact
    outputType = writer?.outputType ?? .json
  }

  /// Takes the result of a child in.
  /// - Returns: a file that has become full.
  mutating func add(_ child: ExecutionResult, index: Int) -> ResultFile? {
    let kind: Kind = child.status == .succeeded ? .succeeded : .failed
    let values = kind == .succeeded ? values(of: child) : [child.mapRunDescription]
    if destination != nil { return add(values, kind, index: index) }
    if isTooLarge { return nil }
    outputBytes += values.reduce(0) { $0 + $1.jsonByteCount + 1 }
    if outputBytes - 1 > limit {
      isTooLarge = true
      outputs = []
    } else {
      outputs.append((index, values))
    }
    return nil
  }

  /// Takes an input in that was never run.
  mutating func addPending(_ input: JSONValue, index: Int) -> ResultFile? {
    guard destination != nil else { return nil }
    return add([["Input": .string(input.jsonText), "InputDetails": ["Included": true], "Status": "PENDING"]], .pending, index: index)
  }

  private func values(of child: ExecutionResult) -> [JSONValue] {
    let output = child.output ?? .null
    switch transformation {
    case .none: return [child.mapRunDescription]
    case .compact: return [output]
    case .flatten: return output.asArray ?? [output]
    }
  }

  private mutating func add(_ values: [JSONValue], _ kind: Kind, index: Int) -> ResultFile? {
    var entry = Entry(index: index, bytes: [])
    for value in values {
      if !entry.bytes.isEmpty { entry.bytes.append(separator) }
      entry.bytes += value.jsonBytes
    }
    files[kind, default: Files()].bytes += entry.bytes.count + 1
    if !values.isEmpty { files[kind]?.entries.append(entry) }
    return files[kind]!.bytes < Self.maximumFileBytes ? nil : close(kind)
  }

  private var separator: UInt8 { outputType == .json ? UInt8(ascii: ",") : UInt8(ascii: "\n") }

  /// The file of a kind that is open, its entries in the order of their items.
  private mutating func close(_ kind: Kind) -> ResultFile? {
    guard let destination, var open = files[kind], !open.entries.isEmpty else { return nil }
    var bytes: [UInt8] = outputType == .json ? [UInt8(ascii: "[")] : []
    bytes.reserveCapacity(open.bytes + 2)
    for (number, entry) in open.entries.sorted(by: { $0.index < $1.index }).enumerated() {
      if number > 0 { bytes.append(separator) }
      bytes += entry.bytes
    }
    bytes.append(outputType == .json ? UInt8(ascii: "]") : UInt8(ascii: "\n"))
    let key = "\(destination.folder)\(kind.rawValue)_\(open.written.count).\(outputType == .json ? "json" : "jsonl")"
    open.written.append((key, bytes.count))
    open.entries = []
    open.bytes = 0
    files[kind] = open
    return ResultFile(key: key, bytes: bytes)
  }

  /// The last files, the manifest after all others.
  mutating func finish() -> [ResultFile] {
    guard let destination else { return [] }
    var last = Kind.allCases.compactMap { close($0) }
    let lists = Kind.allCases.map { kind in
      (kind.rawValue, JSONValue.array((files[kind]?.written ?? []).map { ["Key": .string($0.key), "Size": .int(Int64($0.size))] }))
    }
    let manifest: JSONValue = [
      "DestinationBucket": .string(destination.bucket), "MapRunArn": .string(mapRunArn), "ResultFiles": .object(JSONObject(lists)),
    ]
    last.append(ResultFile(key: manifestKey(destination), bytes: manifest.jsonBytes))
    return last
  }

  private func manifestKey(_ destination: Destination) -> String { destination.folder + "manifest.json" }

  /// The result of the state.
  var stateResult: JSONValue {
    if let destination {
      return [
        "MapRunArn": .string(mapRunArn), "ResultWriterDetails": ["Bucket": .string(destination.bucket), "Key": .string(manifestKey(destination))],
      ]
    }
    let values = outputs.sorted { $0.index < $1.index }.flatMap(\.values)
    return outputType == .json ? .array(values) : .string(values.map { $0.jsonText + "\n" }.joined())
  }
}

extension ExecutionResult {
  /// What a ResultWriter tells of a child, in the service's order.
  var mapRunDescription: JSONValue {
    let settings = execution.settings
    var object = JSONObject()
    if let cause = error?.cause { object["Cause"] = .string(cause) }
    if let name = error?.error { object["Error"] = .string(name) }
    object["ExecutionArn"] = .string(settings.executionArn)
    object["Input"] = .string(execution.input.jsonText)
    object["InputDetails"] = ["Included": true]
    object["Name"] = .string(settings.name)
    if let output {
      object["Output"] = .string(output.jsonText)
      object["OutputDetails"] = ["Included": true]
    }
    let isRedrivable = status != .succeeded && settings.type == .standard
    object["RedriveCount"] = 0
    object["RedriveStatus"] = isRedrivable ? "REDRIVABLE" : "NOT_REDRIVABLE"
    if status == .succeeded { object["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven" }
    object["StartDate"] = .string(execution.startedAt.iso8601)
    object["StateMachineArn"] = .string(settings.stateMachineArn)
    object["Status"] = .string(status.rawValue)
    if let stoppedAt = execution.stoppedAt { object["StopDate"] = .string(stoppedAt.iso8601) }
    return .object(object)
  }
}
