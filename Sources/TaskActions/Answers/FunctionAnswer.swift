import JSONTypes
import StatesInterpreter
import StatesRuntime

/// What a function's answer says of a failure, as Lambda runtimes write it: an object with `errorType` and `errorMessage`.
///
/// `errorType` is the name that Retry and Catch match, the object's text is the cause.
///
/// - Parameter hasFailed: whether something else already tells of a failure (an exit code, a header); one of the two members suffices then.
/// - Returns: nil when the value is a result like any other.
/// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API", errors; histories recorded of failed functions.
func functionFailure(_ value: JSONValue, hasFailed: Bool) -> TaskFailure? {
  let type = value["errorType"]?.asString
  guard type != nil || value["errorMessage"]?.asString != nil else { return nil }
  guard hasFailed || (type != nil && value["errorMessage"]?.asString != nil) else { return nil }
  return TaskFailure(error: type.flatMap { $0.isEmpty ? nil : $0 } ?? "States.TaskFailed", cause: value.jsonText)
}

/// The JSON of an answer; nothing but blanks is `null`.
func parsed(_ bytes: [UInt8]) -> Result<JSONValue, JSONSyntaxError> {
  if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return .success(.null) }
  do throws(JSONSyntaxError) {
    return .success(try JSONValue(parsing: bytes))
  } catch {
    return .failure(error)
  }
}

/// A fixed value as an action.
struct FixedAction: TaskAction {
  let value: JSONValue
  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue { value }
}

/// Stands for a resource that is named but cannot be answered as it is named.
struct UnservedAction: TaskAction {
  let why: String
  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    throw TaskFailure(error: "States.TaskFailed", cause: "The state '\(call.stateName)' calls \(call.resource): \(why).")
  }
}
