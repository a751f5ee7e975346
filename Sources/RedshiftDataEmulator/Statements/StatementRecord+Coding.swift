import JSONTypes

/// Records as JSON, for the log of statements: what was submitted, and what became of it, each by itself.
extension StatementRecord {
  /// All that does not change after submission.
  var submission: JSONValue {
    var object: JSONObject = [
      "id": .string(id), "batch": .bool(isBatch), "database": .string(target.database), "format": .string(resultFormat.rawValue),
      "mode": .string(executionMode.rawValue), "createdAt": .double(createdAt),
      "parts": .array(parts.map { ["sql": .string($0.sql), "queryId": .int(Int64($0.queryId)), "uuid": .string($0.queryUuid)] }),
    ]
    if !parameters.isEmpty { object["parameters"] = .array(parameters.map { [.string($0.name), .string($0.value)] }) }
    let optional: [(String, String?)] = [
      ("name", name), ("token", clientToken), ("session", sessionId), ("cluster", target.clusterIdentifier),
      ("workgroup", target.workgroupName), ("user", target.dbUser), ("secret", target.secretArn),
    ]
    for (key, value) in optional { if let value { object[key] = .string(value) } }
    if opensSession { object["opens"] = true }
    return .object(object)
  }

  /// Nil when the value is none that `submission` gives.
  init?(submission value: JSONValue) {
    guard let id = value["id"]?.asString, let createdAt = value["createdAt"]?.asDouble, let database = value["database"]?.asString,
      let elements = value["parts"]?.asArray, !elements.isEmpty
    else { return nil }
    var parts: [Part] = []
    for element in elements {
      guard let sql = element["sql"]?.asString, let query = element["queryId"]?.asInt else { return nil }
      parts.append(
        Part(
          sql: sql, createdAt: createdAt, updatedAt: createdAt, queryId: Int(query), queryUuid: element["uuid"]?.asString ?? ""))
    }
    let target = StatementTarget(
      clusterIdentifier: value["cluster"]?.asString, workgroupName: value["workgroup"]?.asString, database: database,
      dbUser: value["user"]?.asString, secretArn: value["secret"]?.asString)
    let parameters = (value["parameters"]?.asArray ?? []).compactMap { pair in
      pair[0]?.asString.flatMap { name in pair[1]?.asString.map { StatementParameter(name: name, value: $0) } }
    }
    self.init(
      id: id, name: value["name"]?.asString, isBatch: value["batch"]?.asBool ?? false, target: target, parameters: parameters,
      clientToken: value["token"]?.asString, resultFormat: value["format"]?.asString.flatMap { ResultFormat(rawValue: $0) } ?? .json,
      sessionId: value["session"]?.asString, opensSession: value["opens"]?.asBool ?? false,
      executionMode: value["mode"]?.asString.flatMap { ExecutionMode(rawValue: $0) } ?? .transaction, createdAt: createdAt,
      updatedAt: createdAt, parts: parts)
  }

  /// All that changes after submission.
  var progress: JSONValue {
    var object: JSONObject = [
      "status": .string(status.rawValue), "updatedAt": .double(updatedAt), "duration": .int(Int64(duration)),
      "pid": .int(Int64(backendPid)), "parts": .array(parts.map(Self.progress)),
    ]
    if let error { object["error"] = .string(error) }
    return .object(object)
  }

  private static func progress(_ part: Part) -> JSONValue {
    var object: JSONObject = [
      "status": .string(part.status.rawValue), "updatedAt": .double(part.updatedAt), "duration": .int(Int64(part.duration)),
      "rows": .int(Int64(part.rows)), "size": .int(Int64(part.size)), "hasResult": .bool(part.hasResultSet),
    ]
    if let error = part.error { object["error"] = .string(error) }
    if let result = part.result { object["result"] = result.logged }
    return .object(object)
  }

  /// Puts in what `progress` gave.
  mutating func apply(progress value: JSONValue) {
    guard let status = value["status"]?.asString.flatMap({ StatementStatus(rawValue: $0) }), let elements = value["parts"]?.asArray,
      elements.count == parts.count
    else { return }
    self.status = status
    updatedAt = value["updatedAt"]?.asDouble ?? updatedAt
    duration = value["duration"]?.asInt.map { Int($0) } ?? duration
    backendPid = value["pid"]?.asInt.map { Int($0) } ?? backendPid
    error = value["error"]?.asString
    for (index, element) in elements.enumerated() {
      parts[index].status = element["status"]?.asString.flatMap { StatementStatus(rawValue: $0) } ?? parts[index].status
      parts[index].updatedAt = element["updatedAt"]?.asDouble ?? updatedAt
      parts[index].duration = element["duration"]?.asInt.map { Int($0) } ?? -1
      parts[index].rows = element["rows"]?.asInt.map { Int($0) } ?? -1
      parts[index].size = element["size"]?.asInt.map { Int($0) } ?? -1
      parts[index].hasResultSet = element["hasResult"]?.asBool ?? false
      parts[index].error = element["error"]?.asString
      parts[index].result = element["result"].flatMap { StoredResult(logged: $0) }
    }
  }
}
