import JSONTypes
import StatesInterpreter
import StatesRuntime
import Synchronization
import TestSupport
import Testing

@testable import TaskActions

@Suite struct WebActionTests {
  private static func run(
    _ answer: String, headers: [(name: String, value: String)] = [], input: JSONValue = ["n": 1]
  ) async -> (outcome: Result<JSONValue, TaskFailure>, request: String, place: String) {
    let seen = Mutex("")
    let server = SocketServer { connection, _ in
      seen.withLock { $0 = connection.readRequest() ?? "" }
      connection.write(answer)
    }
    let endpoint = WebEndpoint(url: server.url + "/2015-03-31/functions/function/invocations", headers: headers)
    let action = WebAction(endpoint: endpoint, transport: HTTPClient())
    let call = TaskCall(id: 7, executionArn: "arn:x", stateName: "S", resource: "r", input: input)
    let outcome: Result<JSONValue, TaskFailure>
    do throws(TaskFailure) {
      outcome = .success(try await action.run(call, TaskReporter()))
    } catch {
      outcome = .failure(error)
    }
    return (outcome, seen.withLock { $0 }, endpoint.place)
  }

  private static func response(_ status: String, _ body: String, _ headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func postsThePayload() async {
    let (outcome, request, _) = await Self.run(Self.response("200 OK", #"{"ok": [true]}"#), headers: [("X-Api-Key", "k")])
    #expect(outcome == .success(["ok": [true]]))
    #expect(request.hasPrefix("POST /2015-03-31/functions/function/invocations HTTP/1.1\r\n"))
    #expect(request.contains("Content-Type: application/json\r\n"))
    #expect(request.contains("X-Api-Key: k\r\n"))
    #expect(request.hasSuffix("\r\n\r\n{\"n\":1}"))
  }

  @Test func anEmptyAnswerIsNull() async {
    #expect(await Self.run("HTTP/1.1 204 No Content\r\n\r\n").outcome == .success(.null))
  }

  @Test(
    arguments: [
      (response("200 OK", #"{"errorType":"E","errorMessage":"m"}"#), "E", #"{"errorType":"E","errorMessage":"m"}"#),
      (response("200 OK", #"{"errorMessage":"m"}"#, "X-Amz-Function-Error: Unhandled\r\n"), "States.TaskFailed", #"{"errorMessage":"m"}"#),
      (response("200 OK", "5", "X-Amz-Function-Error: Unhandled\r\n"), "States.TaskFailed", "5"),
      (response("500 Oh", #"{"errorType":"Runtime.ExitError"}"#), "Runtime.ExitError", #"{"errorType":"Runtime.ExitError"}"#),
      (response("404 Not Found", "lost"), "States.Http.StatusCode.404", "PLACE answered with status 404.\nlost"),
      (response("503 Busy", ""), "States.Http.StatusCode.503", "PLACE answered with status 503."),
      (
        response("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), "States.Http.StatusCode.302",
        "PLACE answered with status 302. Redirects are not followed: name the address that answers."
      ),
      (
        response("200 OK", "<html>"), "States.TaskFailed",
        "The answer of PLACE is no JSON (line 1, column 1: expected a value, found '<'): <html>"
      ),
    ]) func fails(_ answer: String, _ error: String, _ cause: String) async
  {
    let (outcome, _, place) = await Self.run(answer)
    #expect(outcome == .failure(TaskFailure(error: error, cause: cause.replacing("PLACE", with: place))))
  }

  @Test func anAddressWhereNobodyListens() async {
    let action = WebAction(endpoint: WebEndpoint(url: "http://me:s3cret@127.0.0.1:1/x?token=s3cret"), transport: HTTPClient())
    do throws(TaskFailure) {
      _ = try await action.run(TaskCall(id: 1, executionArn: "a", stateName: "s", resource: "r", input: 1), TaskReporter())
      Issue.record("it answered")
    } catch {
      #expect(error.error == "States.Http.Socket")
      #expect(error.cause?.contains("127.0.0.1:1") == true)
      #expect(error.cause?.contains("s3cret") == false)
    }
    #expect(action.endpoint.place == "http://127.0.0.1:1/x")
  }
}
