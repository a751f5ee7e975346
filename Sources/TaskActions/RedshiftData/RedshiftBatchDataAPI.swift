import JSONTypes
import StatesInterpreter
import StatesRuntime

/// The Lambda function `redshift_batch_data_api` in the process: submits a SQL script as one batch, and tells how far a batch is.
///
/// `call.input` is the function's payload, `{"Input": {"action": …}}`:
/// - `setup_sales_data_pipeline` and `run_sales_data_pipeline` read the script at `etl_script_s3_path`, fill in `{job_run_date}`, split it into
///   statements and submit them under the script's file name; the result is `{"sql_batch_id": …}`.
/// - `get_sql_status` asks for the batch `sql_batch_id`; the result is `{"status": …}`, and a failed batch fails the function.
///
/// A failure looks to Step Functions like one of a Lambda function in Python: the exception's type is the error, a JSON text the cause.
struct RedshiftBatchDataAPI: TaskAction {
  static let functionName = "redshift_batch_data_api"

  let tasks: RedshiftDataTasks
  let objects: S3Objects
  let settings: RedshiftBatchSettings

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    guard let input = call.input["Input"] else { throw failure("KeyError", "'Input'", call, action: nil) }
    guard let action = input["action"]?.asString else {
      let type = pythonType(input["action"] ?? .null)
      throw failure("TypeError", "can only concatenate str (not \"\(type)\") to str", call, action: nil)
    }
    do throws(FunctionError) {
      switch action {
      case "setup_sales_data_pipeline", "run_sales_data_pipeline": return try await submit(input, call, reporter)
      case "get_sql_status": return try await status(input, reporter)
      default: throw FunctionError("Invalid Action: \(action)")
      }
    } catch {
      // The words, misspelling included, are those that existing workflows match.
      throw failure("Exception", "Encountered exeption on:\(action):\(error.message)", call, action: action)
    }
  }

  private func submit(_ input: JSONValue, _ call: TaskCall, _ reporter: TaskReporter) async throws(FunctionError) -> JSONValue {
    let address = try text(input, "etl_script_s3_path")
    guard let place = S3Address(address) else {
      throw FunctionError("expected s3://bucket/key in etl_script_s3_path, got \"\(address)\"")
    }
    let script = try await read(place, reporter)
    let filled: String
    do throws(ScriptTemplate.Problem) {
      filled = try ScriptTemplate(text: script).filled(with: ["job_run_date": settings.jobRunDate])
    } catch {
      throw FunctionError("\(address), \(error)")
    }
    let statements = SQLScript(filled).statements
    guard !statements.isEmpty else { throw FunctionError("\(address) holds no SQL statement") }
    let name = place.key.split(separator: "/").last.map { String($0) } ?? place.key
    let request: JSONObject = [
      "ClusterIdentifier": .string(settings.clusterIdentifier), "Database": .string(settings.database), "DbUser": .string(settings.user),
      "Sqls": .array(statements.map { .string($0) }), "StatementName": .string(name),
    ]
    let answer: JSONObject
    do throws(SubmissionError) {
      answer = try await StatementSubmission(tasks: tasks, operation: .batchExecuteStatement, request: request, call: call).answer(reporter)
    } catch {
      switch error {
      case .call(let error): throw FunctionError(pythonText(of: error, operation: .batchExecuteStatement))
      case .lost(let cause): throw FunctionError("\(SubmissionError.lostName): \(cause)")
      }
    }
    guard let id = answer["Id"]?.asString else { throw FunctionError("'Id'") }
    reporter.progress(submittedText(statements.count, answer))
    return ["sql_batch_id": .string(id)]
  }

  private func status(_ input: JSONValue, _ reporter: TaskReporter) async throws(FunctionError) -> JSONValue {
    let id = try text(input, "sql_batch_id")
    let description: JSONObject
    do throws(AWSCallError) {
      description = try await tasks.client.call(.describeStatement, ["Id": .string(id)], pace: CallPace(reporter))
    } catch {
      throw FunctionError(pythonText(of: error, operation: .describeStatement))
    }
    tasks.running.note(description)
    reporter.progress(progressText(of: description))
    guard let status = description["Status"]?.asString else { throw FunctionError("'Status'") }
    guard status != "FAILED" else {
      throw FunctionError("SQL query failed:\(id): \(description["Error"]?.asString ?? "the service gave no error text")")
    }
    return ["status": .string(status)]
  }

  private func read(_ place: S3Address, _ reporter: TaskReporter) async throws(FunctionError) -> String {
    do throws(AWSCallError) {
      return String(decoding: try await objects.get(bucket: place.bucket, key: place.key, pace: CallPace(reporter)).body, as: UTF8.self)
    } catch {
      if case .service(let refusal) = error { throw FunctionError(pythonText(of: refusal, operation: "GetObject")) }
      throw FunctionError(error.description)
    }
  }

  private func text(_ input: JSONValue, _ key: String) throws(FunctionError) -> String {
    guard let value = input[key]?.asString else {
      throw FunctionError("expected a text for \"\(key)\" in the function's Input, got \(input[key]?.jsonText ?? "nothing")")
    }
    return value
  }

  /// A failure in the form that Lambda gives to an exception of Python.
  private func failure(_ type: String, _ message: String, _ call: TaskCall, action: String?) -> TaskFailure {
    let digest = sha256("\(call.executionArn)#\(call.id)#request".utf8)
    var requestID = ""
    for (index, digit) in hexadecimal(digest.prefix(16)).enumerated() {
      if [8, 12, 16, 20].contains(index) { requestID += "-" }
      requestID.append(digit)
    }
    let frame = "  \(Self.functionName)\(action.map { ", action \($0)" } ?? ""), run in the process of the engine\n"
    let cause: JSONValue = [
      "errorMessage": .string(message), "errorType": .string(type), "requestId": .string(requestID), "stackTrace": [.string(frame)],
    ]
    return TaskFailure(error: type, cause: cause.jsonText)
  }
}

/// What went wrong within the function, before it gets the action's name put in front.
private struct FunctionError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

private func pythonText(of error: AWSCallError, operation: RedshiftDataOperation) -> String {
  if case .service(let refusal) = error { return pythonText(of: refusal, operation: operation.rawValue) }
  return error.description
}

/// A service's refusal in the words of AWS's SDK for Python.
private func pythonText(of refusal: AWSServiceError, operation: String) -> String {
  "An error occurred (\(refusal.code)) when calling the \(operation) operation: \(refusal.message)"
}

private func pythonType(_ value: JSONValue) -> String {
  switch value {
  case .null: "NoneType"
  case .bool: "bool"
  case .int, .bigInteger: "int"
  case .double: "float"
  case .string: "str"
  case .array: "list"
  case .object: "dict"
  }
}

/// What the function takes from its environment.
public struct RedshiftBatchSettings: Sendable, Hashable {
  public var clusterIdentifier: String
  public var database: String
  public var user: String
  /// Fills in `{job_run_date}`.
  public var jobRunDate: String

  /// Each value is taken from the environment that the template gives the function, else from the process's, else is one
  /// that suits the local endpoint and the sample's data: cluster `local`, database `dev`, user `awsuser`, date `2021-06-26`.
  public init(function: [String: String] = [:], process: [String: String] = [:]) {
    func value(_ name: String, _ standard: String) -> String {
      for environment in [function, process] {
        if let value = environment[name], !value.isEmpty { return value }
      }
      return standard
    }
    clusterIdentifier = value("redshift_cluster_identifier", "local")
    database = value("redshift_database_name", "dev")
    user = value("redshift_database_user", "awsuser")
    jobRunDate = value("job_run_date", "2021-06-26")
  }
}
