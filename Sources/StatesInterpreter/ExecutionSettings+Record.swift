package import JSONTypes
import StatesLanguage

extension ExecutionSettings {
  /// The settings as a record, for a store.
  package var record: JSONValue {
    var record: JSONObject = [
      "executionArn": .string(executionArn), "name": .string(name), "stateMachineArn": .string(stateMachineArn),
      "stateMachineName": .string(stateMachineName), "roleArn": .string(roleArn), "type": .string(type.rawValue), "seed": .string(String(seed)),
      "limits": [
        "payloadBytes": .int(Int64(limits.payloadBytes)), "historyEvents": .int(Int64(limits.historyEvents)),
        "variableBytes": .int(Int64(limits.variableBytes)), "expressSeconds": .int(Int64(limits.expressSeconds)),
      ],
    ]
    if !incarnation.isEmpty { record["incarnation"] = .string(incarnation) }
    return .object(record)
  }

  /// Reads a record.
  package init(record: JSONValue) throws(RecordProblem) {
    func text(_ key: String) throws(RecordProblem) -> String {
      guard let text = record[key]?.asString else { throw RecordProblem(message: "\"\(key)\" must be a string") }
      return text
    }
    func limit(_ key: String) throws(RecordProblem) -> Int {
      guard case .int(let number)? = record["limits"]?[key] else { throw RecordProblem(message: "\"limits.\(key)\" must be an integer") }
      return Int(number)
    }
    guard let type = WorkflowType(rawValue: try text("type")) else { throw RecordProblem(message: "\"type\" must be STANDARD or EXPRESS") }
    guard let seed = UInt64(try text("seed")) else { throw RecordProblem(message: "\"seed\" must be a number") }
    self.init(
      name: try text("name"), stateMachineName: try text("stateMachineName"), roleArn: try text("roleArn"), type: type, seed: seed,
      limits: Limits(
        payloadBytes: try limit("payloadBytes"), historyEvents: try limit("historyEvents"), variableBytes: try limit("variableBytes"),
        expressSeconds: try limit("expressSeconds")))
    executionArn = try text("executionArn")
    stateMachineArn = try text("stateMachineArn")
    incarnation = record["incarnation"]?.asString ?? ""
  }
}
