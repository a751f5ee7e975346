import AWSJSONServer
import JSONTypes

extension RedshiftDataService {
  /// Sessions of the last 24 hours, newest first; those that are open unless a status is asked for.
  func listSessions(_ members: RequestMembers) throws(AWSJSONError) -> JSONValue {
    let limit = try members.integer("MaxResults") ?? 100
    try RequestLimits.check((0...100).contains(limit), "MaxResults must be 0 to 100.")
    let (cluster, workgroup) = try targetFilter(members)
    let database = try members.string("Database")
    let statusName = try members.string("Status")
    let id = try members.string("SessionId")
    if let statusName, OpenSession.Status(rawValue: statusName) == nil {
      throw .validation("Status must be AVAILABLE, BUSY or CLOSED, not \"\(statusName)\".")
    }
    let now = self.now()
    let found: [OpenSession]
    if let id {
      try RequestLimits.check(Self.isIdentifier(id[...]), "SessionId \"\(id)\" is malformed.")
      for (key, value) in [("ClusterIdentifier", cluster), ("WorkgroupName", workgroup), ("Database", database), ("Status", statusName)] {
        try RequestLimits.check(value == nil, "\(key) must not be given together with SessionId.")
      }
      guard let session = sessions[id] else {
        throw AWSJSONError("ResourceNotFoundException", "Session does not exist.", members: ["ResourceId": .string(id)])
      }
      found = [session]
    } else {
      found = sessions.values.filter { session in
        (statusName.map { session.status.rawValue == $0 } ?? (session.status != .closed))
          && (cluster == nil || session.target.clusterIdentifier == cluster)
          && (workgroup == nil || session.target.workgroupName == workgroup)
          && (database == nil || session.target.database == database) && now - session.createdAt < limits.retentionInSeconds
      }.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }
    var start = 0
    if let token = try members.string("NextToken") {
      guard let place = PageToken.place(in: token, of: "ListSessions"), let index = found.firstIndex(where: { $0.id == place }) else {
        throw .validation("Invalid NextToken.")
      }
      start = index
    }
    let end = min(start + (limit == 0 ? 100 : limit), found.count)
    var object: JSONObject = ["Sessions": .array(found[start..<end].map(\.data))]
    if end < found.count { object["NextToken"] = .string(PageToken.text(found[end].id, of: "ListSessions")) }
    return .object(object)
  }

  /// The session that a request names, also one that has ended.
  func namedSession(_ id: String) throws(AWSJSONError) -> OpenSession {
    try RequestLimits.check(Self.isIdentifier(id[...]), "SessionId \"\(id)\" is malformed.")
    guard let session = sessions[id] else { throw .validation("Session with Id: \(id) is invalid") }
    return session
  }

  /// Refuses what another statement uses, or what has ended: a session has no queue.
  /// Source: AWS Big Data Blog, "Accelerate your data workflows with Amazon Redshift Data API persistent sessions".
  func checkAvailable(_ session: OpenSession) throws(AWSJSONError) {
    try RequestLimits.check(session.status == .available, "Session is not available")
  }

  // MARK: life

  func join(session id: String, statement: String) {
    guard var open = sessions[id] else { return }
    open.statements.append(statement)
    open.expiry?.cancel()
    open.expiry = nil
    open.updatedAt = now()
    open.endsAt = open.updatedAt + Double(open.keepAliveInSeconds)
    sessions[id] = open
  }

  func leave(session id: String, statement: String) {
    guard var open = sessions[id], !open.isClosed, open.statements.contains(statement) else { return }
    open.statements.removeAll { $0 == statement }
    open.expiry?.cancel()
    let now = self.now()
    open.updatedAt = now
    if open.statements.isEmpty {
      let seconds = open.keepAliveInSeconds
      open.endsAt = now + Double(seconds)
      open.expiry = Task { [weak self] in
        guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
        await self?.expire(session: id)
      }
    }
    sessions[id] = open
  }

  private func expire(session id: String) {
    guard var open = sessions[id], open.statements.isEmpty, !open.isClosed else { return }
    open.session = nil
    open.isClosed = true
    open.updatedAt = now()
    sessions[id] = open
  }

  var openSessions: Int { sessions.values.reduce(0) { $0 + ($1.isClosed ? 0 : 1) } }
}
