import JSONTypes

extension ServiceFacts {
  /// The result of an operation in the names of Step Functions; nil for an answer that is no JSON where JSON belongs.
  func result(_ operation: String, _ response: HTTPResponse) -> JSONObject? {
    let names = MemberNames(facts: self)
    guard let places = operations[operation], json == nil else { return object(in: response).map { names.result($0, under: operation) } }
    var result = JSONObject()
    if let payload = places.answerPayload {
      switch member(payload, under: operation).kind {
      case .blob, .plain: result[payload] = .string(String(decoding: response.body, as: UTF8.self))
      default:
        guard let object = object(in: response) else { return nil }
        result[payload] = .object(names.result(object, under: payload))
      }
    } else {
      guard let object = object(in: response) else { return nil }
      result = names.result(object, under: operation)
    }
    for place in places.answerHeaders {
      guard let text = response.headers[place.name] else { continue }
      let time = member(place.member, under: operation).kind == .httpTime ? WallTime(httpDate: text)?.iso8601Text : nil
      result[place.member] = .string(time ?? text)
    }
    for place in places.answerPrefixedHeaders {
      let prefix = place.name.lowercased()
      let found = response.headers.fields.filter { $0.name.lowercased().hasPrefix(prefix) }
      result[place.member] = .object(JSONObject(found.map { (String($0.name.dropFirst(prefix.count)), .string($0.value)) }))
    }
    if let status = places.answerStatus { result[status] = .int(Int64(response.status)) }
    return result
  }

  private func object(in response: HTTPResponse) -> JSONObject? {
    if response.body.isEmpty { return [:] }
    guard case .success(.object(let object)) = parsed(response.body) else { return nil }
    return object
  }
}

/// What the results of optimized integrations tell of the HTTP answer beside the service's own members.
///
/// Source: recorded histories of `sqs:sendMessage`, `dynamodb:putItem` and others.
func sdkMetadata(_ response: HTTPResponse) -> JSONObject {
  var all = JSONObject()
  var single = JSONObject()
  for field in response.headers.fields {
    all.edit(field.name) { $0 = .array(($0.asArray ?? []) + [.string(field.value)]) }
    single[field.name] = .string(field.value)
  }
  return [
    "SdkHttpMetadata": ["AllHttpHeaders": .object(all), "HttpHeaders": .object(single), "HttpStatusCode": .int(Int64(response.status))],
    "SdkResponseMetadata": [
      "RequestId": (response.headers["x-amzn-RequestId"] ?? response.headers["x-amz-request-id"]).map { .string($0) } ?? .null
    ],
  ]
}
