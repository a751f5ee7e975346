import JSONTypes
import StatesRuntime

/// The parameters of an SDK integration: their names as Step Functions writes them, and as the service does.
///
/// Source: AWS Step Functions Developer Guide, "Learning to use AWS service SDK integrations": names are PascalCase whatever the service's own case is.
struct IntegrationShape: Sendable {
  indirect enum Kind: Sendable {
    case string
    case boolean
    case integer
    case list(of: Kind)
    case structure([Field])

    var name: String {
      switch self {
      case .string: "STRING"
      case .boolean: "BOOLEAN"
      case .integer: "INTEGER"
      case .list: "ARRAY"
      case .structure: "OBJECT"
      }
    }
  }
  struct Field: Sendable {
    var name: String
    var kind: Kind
    var isRequired: Bool
    /// The service's own name.
    var wireName: String

    init(_ name: String, _ kind: Kind = .string, required: Bool = false, wire: String? = nil) {
      self.name = name
      self.kind = kind
      isRequired = required
      wireName = wire ?? name
    }
  }
  var fields: [Field]
  init(_ fields: Field...) { self.fields = fields }
  init(fields: [Field]) { self.fields = fields }

  /// The request for the service out of a task's parameters.
  /// - Throws: `States.Runtime` in AWS's words, with all that is wrong, before anything is sent.
  func request(from input: JSONValue) throws(TaskFailure) -> JSONObject {
    var problems: [String] = []
    let converted = Self.convert(input, to: .structure(fields), name: "Parameters", &problems)
    guard problems.isEmpty, case .object(let request) = converted else {
      throw TaskFailure(
        error: "States.Runtime",
        cause: "The Parameters '\(input.jsonText)' could not be used to start the Task: [\(problems.joined(separator: ", "))]")
    }
    return request
  }

  private static func convert(_ value: JSONValue, to kind: Kind, name: String, _ problems: inout [String]) -> JSONValue? {
    switch (kind, value) {
    case (.string, .string), (.boolean, .bool): return value
    // A JSON value where a text is expected is written as its text.
    case (.string, .object), (.string, .array): return .string(value.jsonText)
    case (.integer, _) where value.asInt != nil: return value.asInt.map { .int($0) }
    case (.list(let element), .array(let values)):
      return .array(values.compactMap { convert($0, to: element, name: name, &problems) })
    case (.structure(let fields), .object(let object)):
      return .object(convert(object, fields, &problems))
    default:
      problems.append("The value for the field '\(name)' must be a \(kind.name)")
      return nil
    }
  }

  private static func convert(_ object: JSONObject, _ fields: [Field], _ problems: inout [String]) -> JSONObject {
    var request = JSONObject()
    for (name, value) in object {
      guard let field = fields.first(where: { $0.name == name }) else {
        problems.append("The field '\(name)' is not supported by Step Functions")
        continue
      }
      // A null is the same as an absent parameter.
      if value.isNull { continue }
      request[field.wireName] = convert(value, to: field.kind, name: name, &problems)
    }
    for field in fields where field.isRequired && object[field.name]?.isNull ?? true {
      problems.append("The field '\(field.name)' is required but was missing")
    }
    return request
  }
}

/// A service's result with its members' names in PascalCase and its timestamps as texts. Members that are null are left out.
func integrationResult(_ value: JSONValue, timestamps: Set<String>) -> JSONValue {
  switch value {
  case .array(let values): return .array(values.map { integrationResult($0, timestamps: timestamps) })
  case .object(let object):
    var result = JSONObject()
    for (key, value) in object where !value.isNull {
      let name = key.prefix(1).uppercased() + key.dropFirst()
      if timestamps.contains(name), let time = value.asDouble.flatMap({ WallTime(epochSeconds: $0) }) {
        result[name] = .string(time.iso8601Text)
      } else {
        result[name] = integrationResult(value, timestamps: timestamps)
      }
    }
    return .object(result)
  default: return value
  }
}

/// A failed call as Step Functions tells it.
///
/// The error is `Service.CodeException` for the codes that the service's model knows, else `Service.ServiceException`;
/// without an answer of the service it is `Service.SdkClientException`.
func taskFailure(_ error: AWSCallError, _ service: AWSService, modelled: Set<String>) -> TaskFailure {
  let prefix = service.integrationName
  switch error {
  case .service(let error):
    let name = error.code.hasSuffix("Exception") ? error.code : error.code + "Exception"
    return TaskFailure(error: "\(prefix).\(modelled.contains(name) ? name : prefix + "Exception")", cause: error.cause)
  case .transport:
    return TaskFailure(error: "\(prefix).SdkClientException", cause: "Unable to execute HTTP request: \(error.description)")
  case .credentials, .noTarget, .unusable:
    return TaskFailure(error: "\(prefix).SdkClientException", cause: error.description)
  case .cancelled:
    return TaskFailure(error: "States.TaskFailed", cause: "The task was cancelled.")
  }
}
