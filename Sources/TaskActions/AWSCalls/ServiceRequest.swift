import JSONTypes
import StatesRuntime

extension ServiceFacts {
  /// The request for an operation out of a task's parameters.
  /// - Parameter token: stands for an idempotency token that the parameters lack, as the SDKs fill it in.
  /// - Throws: `States.Runtime` in AWS's words for parameters that cannot be meant.
  func request(_ operation: String, _ input: JSONValue, token: String) throws(TaskFailure) -> ServiceRequest {
    var problems: [String] = []
    guard case .object(var parameters) = input else {
      throw Self.refused(input, ["The value for the field 'Parameters' must be a OBJECT"])
    }
    if let member = tokens[operation], parameters[member]?.isNull ?? true { parameters[member] = .string(token) }
    let request: ServiceRequest
    if let json {
      request = ServiceRequest(
        method: "POST", path: "/",
        headers: ["Content-Type": "application/x-amz-json-\(json.version)", "X-Amz-Target": "\(json.targetPrefix).\(operation)"],
        body: JSONValue.object(MemberNames(facts: self).wire(parameters, under: operation, &problems)).jsonBytes)
    } else {
      guard let places = operations[operation] else {
        throw Self.refused(input, ["the service \(service.integrationName) has no operation \(operation)"])
      }
      request = places.request(parameters, operation, self, &problems)
    }
    if !problems.isEmpty { throw Self.refused(input, problems) }
    return request
  }

  private static func refused(_ input: JSONValue, _ problems: [String]) -> TaskFailure {
    TaskFailure(
      error: "States.Runtime",
      cause: "The Parameters '\(input.jsonText)' could not be used to start the Task: [\(problems.joined(separator: ", "))]")
  }
}

extension RESTOperation {
  fileprivate func request(
    _ parameters: JSONObject, _ operation: String, _ facts: ServiceFacts, _ problems: inout [String]
  ) -> ServiceRequest {
    var rest = parameters
    func take(_ member: String) -> JSONValue? {
      defer { rest[member] = nil }
      return rest[member].flatMap { $0.isNull ? nil : $0 }
    }
    var path = path
    for place in pathItems {
      guard let value = take(place.member)?.texts.first, !value.isEmpty else {
        problems.append("The field '\(place.member)' is required but was missing")
        continue
      }
      // A greedy item keeps its slashes; a dot alone would change the path.
      let encoded = percentEncoded(value)
      let isDots = value == "." || value == ".."
      if isDots { problems.append("The value of the field '\(place.member)' has an invalid format") }
      path = path.replacing("{\(place.name)}", with: encoded).replacing("{\(place.name)+}", with: percentEncoded(value, keeping: "/"))
    }
    var items: [String] = []
    for place in query {
      for text in take(place.member)?.texts ?? [] { items.append(percentEncoded(place.name) + "=" + percentEncoded(text)) }
    }
    if !items.isEmpty { path += (path.contains("?") ? "&" : "?") + items.joined(separator: "&") }
    var headers = HTTPHeaders()
    for place in self.headers {
      guard let value = take(place.member) else { continue }
      let text = value.texts.joined(separator: ",")
      headers[place.name] =
        facts.member(place.member, under: operation).kind == .httpTime ? WallTime(iso8601: text)?.httpDateText ?? text : text
    }
    for place in prefixedHeaders {
      for (key, value) in take(place.member)?.asObject ?? [:] { headers[place.name + key] = value.texts.joined(separator: ",") }
    }
    var body: [UInt8] = []
    let names = MemberNames(facts: facts)
    if let payload {
      if let value = take(payload) {
        switch facts.member(payload, under: operation).kind {
        case .blob, .plain: body = value.asString.map { Array($0.utf8) } ?? value.jsonBytes
        default: body = names.wire([payload: value], under: operation, &problems).values.first?.jsonBytes ?? []
        }
      }
      for (name, _) in rest { problems.append("The field '\(name)' is not supported by Step Functions") }
    } else if !rest.isEmpty || method == "POST" || method == "PUT" || method == "PATCH" {
      body = JSONValue.object(names.wire(rest, under: operation, &problems)).jsonBytes
    }
    if !body.isEmpty, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
    return ServiceRequest(method: method, path: path, headers: headers, body: body)
  }
}

extension JSONValue {
  /// As a part of a path, a query or a header: a list gives several.
  fileprivate var texts: [String] {
    switch self {
    case .null: []
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.texts)
    default: [jsonText]
    }
  }
}
