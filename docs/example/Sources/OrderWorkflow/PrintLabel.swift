import JSONTypes
import StatesInterpreter
import StatesRuntime

public protocol LabelPrinter: Sendable {
  /// Takes a job in; the same token twice is one job.
  func submit(_ name: String, token: String) async -> String
  /// Pages left to print; 0 when the job is done.
  func pagesLeft(of job: String) async throws -> Int
  func cancel(_ job: String) async
}

/// `arn:aws:states:::batch:submitJob.sync`: submits a job and returns when it is done.
struct PrintLabel: TaskAction {
  let printer: any LabelPrinter

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    guard let name = call.input["JobName"]?.asString else {
      throw TaskFailure(error: "Batch.ClientException", cause: "JobName is missing")
    }
    // After a crash the same call comes with the same token, and the printer knows the job already.
    let job = await printer.submit(name, token: call.idempotencyToken)
    reporter.submitted(["JobId": .string(job), "JobName": .string(name)])
    do {
      while true {
        let left = try await printer.pagesLeft(of: job)
        if left == 0 { break }
        reporter.heartbeat()
        reporter.progress("\(left) pages left")
        // In the engine's time: in virtual time it takes none.
        try await reporter.sleep(.seconds(5))
      }
    } catch is CancellationError {
      // Nobody waits for the result any more: the execution was stopped, or the task has timed out.
      await printer.cancel(job)
      throw TaskFailure(error: "States.TaskFailed", cause: "cancelled")
    } catch {
      throw TaskFailure(error: "Batch.ServerException", cause: "\(error)")
    }
    return ["JobId": .string(job), "JobName": .string(name), "Status": "SUCCEEDED"]
  }
}
