import JSONTypes
import Synchronization
import Testing

@testable import AWSJSONServer

/// Faults that a service asks for, as a client sees them.
@Suite struct WireFaultTests {
  /// Counts the requests that the service got.
  final class Taken: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
  }

  private func answer(_ fault: WireFault) async throws -> (response: RawClient.Response?, taken: Int) {
    let taken = Taken()
    let service = AWSJSONService(targetPrefix: "Echo", signingName: "echo-service", version: .json11, fault: { _, _ in fault }) {
      (_, input) async throws(AWSJSONError) in
      taken.add()
      return input
    }
    let listener = try await AWSJSONListener.start(services: [service])
    let client = try RawClient(port: listener.port)
    client.send(ListenerTests.request(#"{"a": "0123456789"}"#))
    let response = await client.receive()
    await listener.stop()
    return (response, taken.value)
  }

  @Test func aRefusalIsNotTaken() async throws {
    let (response, taken) = try await answer(.refusal(AWSJSONError("ThrottlingException", "Rate exceeded")))
    #expect(response?.status == 400)
    #expect(response?.headers["x-amzn-errortype"] == "ThrottlingException")
    #expect(taken == 0)
  }

  @Test(arguments: [false, true]) func aResetGivesNoAnswer(_ isTaken: Bool) async throws {
    let (response, taken) = try await answer(.reset(isTaken: isTaken))
    #expect(response == nil)
    #expect(taken == (isTaken ? 1 : 0))
  }

  @Test func aLostAnswerIsTaken() async throws {
    let (response, taken) = try await answer(.lostAnswer(.internalFailure("no")))
    #expect(response?.status == 500)
    #expect(taken == 1)
  }

  @Test func aLateAnswerComes() async throws {
    let (response, _) = try await answer(.late(.milliseconds(1)))
    #expect(response?.body == #"{"a":"0123456789"}"#)
  }

  @Test func theDateOfAnAnswer() {
    #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
