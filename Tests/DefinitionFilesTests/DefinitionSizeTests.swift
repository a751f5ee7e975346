import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// A definition of more than 1 MiB, which the service does not take.
///
/// Source: AWS Step Functions API Reference, CreateStateMachine, `definition`.
@Suite struct DefinitionSizeTests {
  static let limit = StateMachine.maximumDefinitionBytes

  /// A definition whose compact JSON text has so many bytes.
  private func definition(_ size: Int, blanks: Int = 0) -> String {
    let head = #"{"StartAt":"A","Comment":""#
    let tail = #"","States":{"A":{"Type":"Succeed"}}}"#
    return head + String(repeating: "x", count: size - head.utf8.count - tail.utf8.count) + tail + String(repeating: " ", count: blanks)
  }

  private func message(_ size: Int) -> String {
    "error definition-too-large: the definition has \(size) bytes as JSON, but AWS takes at most 1048576 (1 MiB)"
  }

  @Test func aTextIsMeasuredAsItIsSubmitted() {
    #expect(load(definition(Self.limit), as: "a.asl.json").diagnostics.map(\.line) == [])
    #expect(load(definition(Self.limit + 1), as: "a.asl.json").diagnostics.map(\.line) == ["1:1-1:2 " + message(Self.limit + 1)])
    #expect(load(definition(1000, blanks: Self.limit), as: "a.asl.json").diagnostics.map(\.line) == ["1:1-1:2 " + message(Self.limit + 1000)])
  }

  @Test func otherwiseItsCompactTextIsMeasured() {
    func yaml(_ size: Int) -> String { "# notes\n" + definition(size, blanks: 5000) + "\n# notes\n" }
    #expect(load(yaml(Self.limit), as: "a.asl.yaml").diagnostics.map(\.line) == [])
    #expect(load(yaml(Self.limit + 1), as: "a.asl.yaml").diagnostics.map(\.line) == ["2:1-2:2 " + message(Self.limit + 1)])
    func template(_ size: Int) -> String {
      #"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": "# + definition(size) + "}}}}"
    }
    #expect(load(template(Self.limit), as: "t.json").diagnostics.map(\.line) == [])
    #expect(load(template(Self.limit + 2), as: "t.json").diagnostics.map(\.line) == ["1:95-1:96 " + message(Self.limit + 2)])
  }

  @Test func theLimitCanBeLifted() {
    let text = definition(Self.limit + 1)
    #expect(load(text, as: "a.asl.json") { $0.limits.definitionSizeInBytes = .max }.diagnostics.isEmpty)
    #expect(throws: InvalidDefinition.self) { try StateMachine.load(text: text) }
  }
}
