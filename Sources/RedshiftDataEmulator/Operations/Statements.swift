import AWSJSONServer
import JSONTypes

extension RedshiftDataService {
  func describeStatement(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let (record, part) = try await findEnded(members)
    let hasResultSet = record.isBatch ? record.hasResultSet : record.status.isFinal && record.hasResultSet
    var object: JSONObject = [
      "CreatedAt": .double(record.createdAt), "Duration": .int(Int64(record.duration)), "HasResultSet": .bool(hasResultSet),
      "Id": .string(record.id),
      "RedshiftPid": .int(Int64(record.backendPid)), "RedshiftQueryId": .int(Int64(record.parts[0].queryId)),
      "RedshiftQueryUuid": .string(record.parts[0].queryUuid),
      "ResultFormat": .string(record.resultFormat.rawValue), "Status": .string(record.status.rawValue),
      "UpdatedAt": .double(record.updatedAt),
    ]
    for (key, value) in record.target.members { object[key] = value }
    if let session = record.sessionId { object["SessionId"] = .string(session) }
    if let error = record.error { object["Error"] = .string(error) }
    if !record.parameters.isEmpty {
      object["QueryParameters"] = .array(record.parameters.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
    if let part {
      // A sub-statement's id describes that statement.
      let described = record.parts[part]
      object["Id"] = .string("\(record.id):\(part + 1)")
      fill(&object, described)
    } else if record.isBatch {
      object["RedshiftQueryId"] = 0
      object["RedshiftQueryUuid"] = nil
      object["ExecutionMode"] = .string(record.executionMode.rawValue)
      object["ResultRows"] = -1
      object["ResultSize"] = -1
      if record.status == .finished {
        object["ResultRows"] = .int(Int64(record.parts.last?.rows ?? 0))
        object["ResultSize"] = .int(Int64(record.parts.reduce(0) { $0 + max($1.size, 0) }))
      }
      object["SubStatements"] = .array(
        record.parts.enumerated().map { index, part in
          var sub: JSONObject = [
            "CreatedAt": .double(part.createdAt), "Id": .string("\(record.id):\(index + 1)"),
          ]
          fill(&sub, part)
          return .object(sub)
        })
    } else {
      object["QueryString"] = .string(record.parts[0].sql)
      object["ResultRows"] = .int(Int64(record.status.isFinal ? record.parts[0].rows : -1))
      object["ResultSize"] = .int(Int64(record.status.isFinal ? record.parts[0].size : -1))
    }
    return .object(object)
  }

  private func fill(_ object: inout JSONObject, _ part: StatementRecord.Part) {
    object["Duration"] = .int(Int64(part.duration))
    object["HasResultSet"] = .bool(part.hasResultSet)
    object["QueryString"] = .string(part.sql)
    object["RedshiftQueryId"] = .int(Int64(part.queryId))
    object["RedshiftQueryUuid"] = .string(part.queryUuid)
    object["ResultRows"] = .int(Int64(part.rows))
    object["ResultSize"] = .int(Int64(part.size))
    object["Status"] = .string(part.status.rawValue)
    object["UpdatedAt"] = .double(part.updatedAt)
    object["Error"] = part.error.map { .string($0) }
  }

  /// The statement that an `Id` names, and the part when it is a sub-statement's.
  private func find(_ members: RequestMembers) throws(AWSJSONError) -> (StatementRecord, part: Int?) {
    guard let id = try members.string("Id") else { throw .validation("Id is required.") }
    let pieces = id.split(separator: ":", omittingEmptySubsequences: false)
    guard Self.isIdentifier(pieces[0]), pieces.count <= 2,
      pieces.count == 1 || (pieces[1].count <= 2 && pieces[1].allSatisfy { $0.isASCII && $0.isNumber })
    else {
      throw .validation("id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?$")
    }
    let missing = AWSJSONError("ResourceNotFoundException", "Query does not exist.", members: ["ResourceId": .string(id)])
    resume(String(pieces[0]))
    guard let record = ledger[String(pieces[0])], !isExpired(record) else { throw missing }
    guard pieces.count == 2, !pieces[1].isEmpty else { return (record, nil) }
    guard record.isBatch, let number = Int(pieces[1]), record.parts.indices.contains(number - 1) else { throw missing }
    return (record, number - 1)
  }

  /// Whether it is kept no longer; the next submission removes it.
  private func isExpired(_ record: StatementRecord) -> Bool {
    record.status.isFinal && now() - record.updatedAt > limits.retentionInSeconds
  }

  /// The same, after the time that the request wants to wait for the end.
  private func findEnded(_ members: RequestMembers) async throws(AWSJSONError) -> (StatementRecord, part: Int?) {
    let seconds = try Self.waitTime(members)
    let found = try find(members)
    guard let seconds else { return found }
    try await wait(for: found.0.id, part: found.part, seconds: seconds)
    return try find(members)
  }

  static func isIdentifier(_ text: Substring) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && groups.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) } }
  }

  // MARK: results

  func getStatementResult(_ members: RequestMembers, format: ResultFormat) async throws(AWSJSONError) -> JSONValue {
    let (asked, askedPart) = try find(members)
    if asked.isBatch, askedPart == nil {
      throw .validation("BatchExecuteStatement result can only be retrieved with sub-statement id.")
    }
    let (record, part) = try await findEnded(members)
    let id = try members.string("Id") ?? ""
    func missing(_ message: String) -> AWSJSONError {
      AWSJSONError("ResourceNotFoundException", message, members: ["ResourceId": .string(id)])
    }
    let found = record.parts[part ?? 0]
    let status = record.isBatch ? found.status : record.status
    guard status == .finished else {
      throw missing("Query result is not available: the query is in \(status.rawValue) state.")
    }
    guard let result = found.result else { throw missing("Query does not have result. Please check query status with DescribeStatement.") }
    guard record.resultFormat == format else {
      throw .validation(
        format == .json
          ? "The result has the format CSV; use GetStatementResultV2." : "The result has the format JSON; use GetStatementResult.")
    }
    var page = 0
    if let token = try members.string("NextToken") {
      guard let number = Self.page(of: token, id: id), result.pages.indices.contains(number) else {
        throw .validation("Invalid NextToken.")
      }
      page = number
    }
    let bytes: [UInt8]
    do throws(PostgresError) { bytes = try result.page(page) } catch { throw .internalFailure(error.message) }
    var object: JSONObject = [
      "ColumnMetadata": .array(result.metadata), "TotalNumRows": .int(Int64(result.rows)),
    ]
    switch format {
    case .json:
      do throws(JSONSyntaxError) {
        object["Records"] = try JSONValue(parsing: [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")])
      } catch { throw .internalFailure("The result's page cannot be read: \(error.message)") }
    case .csv:
      object["Records"] = [["CSVRecords": .string(String(decoding: bytes, as: UTF8.self))]]
      object["ResultFormat"] = "csv"
    }
    if page + 1 < result.pages.count { object["NextToken"] = .string(Self.token(page: page + 1, id: id)) }
    return .object(object)
  }

  /// Opaque to clients: the page's number, bound to the statement by a checksum.
  private static func token(page: Int, id: String) -> String { "\(String(page, radix: 36)).\(checksum(page, id))" }

  private static func page(of token: String, id: String) -> Int? {
    let parts = token.split(separator: ".")
    guard parts.count == 2, let page = Int(parts[0], radix: 36), page >= 0, parts[1] == checksum(page, id) else { return nil }
    return page
  }

  private static func checksum(_ page: Int, _ id: String) -> String {
    String("\(page)\(id)".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
  }

  // MARK: cancelling and listing

  func cancelStatement(_ members: RequestMembers) throws(AWSJSONError) -> JSONValue {
    let (record, part) = try find(members)
    guard part == nil else { throw .validation("Cannot cancel a sub-statement; cancel the batch with its id.") }
    guard !record.status.isFinal, cancel(record.id) else {
      throw .validation("Could not cancel a query that is already in \(record.status.rawValue) state with ID: \(record.id)")
    }
    return ["Status": true]
  }

  func listStatements(_ members: RequestMembers) throws(AWSJSONError) -> JSONValue {
    let limit = try members.integer("MaxResults") ?? 100
    try RequestLimits.check((0...100).contains(limit), "MaxResults must be 0 to 100.")
    let statusName = try members.string("Status")
    guard statusName == nil || statusName == "ALL" || statusName.flatMap({ StatementStatus(rawValue: $0) }) != nil else {
      throw .validation("Status \"\(statusName ?? "")\" is not known.")
    }
    let name = try members.string("StatementName")
    let cluster = try members.string("ClusterIdentifier")
    let workgroup = try members.string("WorkgroupName")
    try RequestLimits.check(cluster == nil || workgroup == nil, "ClusterIdentifier and WorkgroupName must not be given together.")
    let database = try members.string("Database")
    _ = try members.bool("RoleLevel")
    let start = try members.string("NextToken")
    if let start { try RequestLimits.check(Self.isIdentifier(start[...]) && ledger[start] != nil, "Invalid NextToken.") }
    var isSkipping = start != nil
    var items: [JSONValue] = []
    var next: String?
    for record in ledger.newestFirst {
      if isSkipping {
        guard record.id == start else { continue }
        isSkipping = false
      }
      // Without a status those that have ended.
      guard !isExpired(record), statusName.map({ $0 == "ALL" || record.status.rawValue == $0 }) ?? record.status.isFinal, name.map({ (record.name ?? "").hasPrefix($0) }) ?? true,
        cluster == nil || record.target.clusterIdentifier == cluster, workgroup == nil || record.target.workgroupName == workgroup,
        database == nil || record.target.database == database
      else { continue }
      if items.count == (limit == 0 ? 100 : limit) {
        next = record.id
        break
      }
      items.append(Self.item(record))
    }
    var object: JSONObject = ["Statements": .array(items)]
    if let next { object["NextToken"] = .string(next) }
    return .object(object)
  }

  private static func item(_ record: StatementRecord) -> JSONValue {
    var item: JSONObject = [
      "CreatedAt": .double(record.createdAt), "Id": .string(record.id), "IsBatchStatement": .bool(record.isBatch),
      "ResultFormat": .string(record.resultFormat.rawValue), "Status": .string(record.status.rawValue),
      "UpdatedAt": .double(record.updatedAt),
    ]
    if record.isBatch {
      item["QueryStrings"] = .array(record.sqls.map { .string($0) })
    } else {
      item["QueryString"] = .string(record.parts[0].sql)
    }
    if let name = record.name { item["StatementName"] = .string(name) }
    if let secret = record.target.secretArn { item["SecretArn"] = .string(secret) }
    if let session = record.sessionId { item["SessionId"] = .string(session) }
    if !record.parameters.isEmpty {
      item["QueryParameters"] = .array(record.parameters.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
    return .object(item)
  }
}
