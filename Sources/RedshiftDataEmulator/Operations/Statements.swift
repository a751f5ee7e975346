import AWSJSONServer
import JSONTypes

extension RedshiftDataService {
  /// A statement; of a batch with all its parts, or with the one that a sub-statement's id names.
  ///
  /// Source: Amazon Redshift Management Guide, "Describe metadata about a SQL statement".
  func describeStatement(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let (record, part) = try await findEnded(members)
    var object: JSONObject = [
      "CreatedAt": .double(record.createdAt), "Id": .string(record.id), "RedshiftPid": .int(Int64(record.backendPid)),
      "ResultFormat": .string(record.resultFormat.rawValue), "Status": .string(record.status.rawValue), "UpdatedAt": .double(record.updatedAt),
    ]
    for (key, value) in record.target.members { object[key] = value }
    if let session = record.sessionId { object["SessionId"] = .string(session) }
    if let error = record.error { object["Error"] = .string(error) }
    if !record.parameters.isEmpty {
      object["QueryParameters"] = .array(record.parameters.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
    let isFinished = record.status == .finished
    object["Duration"] = .int(isFinished ? Int64(record.duration) : -1)
    object["HasResultSet"] = .bool(record.status.isFinal && record.hasResultSet)
    guard record.isBatch else {
      let single = record.parts[0]
      object["QueryString"] = .string(single.sql)
      // A statement whose database could not be reached has failed without having begun.
      let hasBegun = record.backendPid > 0 || record.status == .started || isFinished
      object["RedshiftQueryId"] = .int(hasBegun ? Int64(single.queryId) : 0)
      if hasBegun { object["RedshiftQueryUuid"] = .string(single.queryUuid) }
      object["ResultRows"] = .int(isFinished ? Int64(single.rows) : -1)
      object["ResultSize"] = .int(isFinished ? Int64(single.size) : -1)
      return .object(object)
    }
    object["ExecutionMode"] = .string(record.executionMode.rawValue)
    object["RedshiftQueryId"] = 0
    object["ResultRows"] = .int(isFinished ? record.parts.reduce(0) { $0 + Int64(max($1.rows, 0)) } : -1)
    object["ResultSize"] = .int(isFinished ? record.parts.reduce(0) { $0 + Int64(max($1.size, 0)) } : -1)
    let described = part.map { $0..<($0 + 1) } ?? record.parts.indices
    object["SubStatements"] = .array(described.map { Self.subStatement(record.parts[$0], id: "\(record.id):\($0 + 1)") })
    return .object(object)
  }

  /// `SubStatementData`. What did not run to its end has no duration, as AWS's examples of failed batches show.
  private static func subStatement(_ part: StatementRecord.Part, id: String) -> JSONValue {
    let isFinished = part.status == .finished
    var object: JSONObject = [
      "CreatedAt": .double(part.createdAt), "Duration": .int(isFinished ? Int64(part.duration) : -1), "HasResultSet": .bool(part.hasResultSet),
      "Id": .string(id), "QueryString": .string(part.sql), "RedshiftQueryId": .int(part.hasBegun ? Int64(part.queryId) : 0),
      "ResultRows": .int(isFinished ? Int64(part.rows) : -1), "ResultSize": .int(isFinished ? Int64(part.size) : -1),
      "Status": .string(part.status.rawValue), "UpdatedAt": .double(part.updatedAt),
    ]
    if part.hasBegun { object["RedshiftQueryUuid"] = .string(part.queryUuid) }
    if let error = part.error { object["Error"] = .string(error) }
    return .object(object)
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
      guard let number = PageToken.place(in: token, of: id).flatMap({ Int($0) }), result.pages.indices.contains(number) else {
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
      // As the model's enumeration has it; the guide's example, older than the operation, shows `csv`.
      object["ResultFormat"] = "CSV"
    }
    if page + 1 < result.pages.count { object["NextToken"] = .string(PageToken.text(String(page + 1), of: id)) }
    return .object(object)
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
    let name = try statementName(members)
    let (cluster, workgroup) = try targetFilter(members)
    let database = try members.string("Database")
    var start: String?
    if let token = try members.string("NextToken") {
      start = PageToken.place(in: token, of: "ListStatements")
      try RequestLimits.check(start.map { ledger[$0] != nil } == true, "Invalid NextToken.")
    }
    var isSkipping = start != nil
    var items: [JSONValue] = []
    var next: String?
    for record in ledger.newestFirst {
      if isSkipping {
        guard record.id == start else { continue }
        isSkipping = false
      }
      // "By default, only finished statements are shown": API reference, ListStatements.
      guard !isExpired(record), statusName == "ALL" || record.status.rawValue == statusName ?? "FINISHED", name.map({ (record.name ?? "").hasPrefix($0) }) ?? true,
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
    if let next { object["NextToken"] = .string(PageToken.text(next, of: "ListStatements")) }
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
