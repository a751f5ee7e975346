import JSONTypes
import StatesInterpreter
import Testing

@Suite struct VariableTests {
  /// All right sides see the values at the entry of the state.
  @Test func swaps() throws {
    let played = try Played(
      #"""
      {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1, "y": {"z": [2]}}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x.$": "$y.z[0]", "y.$": "$x"}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y", "sum.$": "States.MathAdd($x, $y)"}, "End": true}}}
      """#)
    #expect(played.summary == #"SUCCEEDED {"x":2,"y":1,"sum":3}"#)
    #expect(played.lines("StateExited").prefix(2) == [
      #"3<2 PassStateExited A {} assigned={"x":1,"y":{"z":[2]}}"#, #"5<4 PassStateExited B {} assigned={"x":2,"y":1}"#,
    ])
  }

  /// As the service writes them: each value as a JSON text.
  @Test func showsWhatWasAssigned() throws {
    let played = try Played.state("Pass", #""Assign": {"n": 1, "s": "string literal"}"#)
    let exited = try #require(played.simulation.history.first { $0.type(in: played.machine) == "PassStateExited" })
    #expect(
      exited.awsJSON(machine: played.machine, settings: played.execution.settings)?["stateExitedEventDetails"]?.jsonText
        == #"{"name":"S","output":"{}","outputDetails":{"truncated":false},"assignedVariables":{"n":"1","s":"\"string literal\""},"assignedVariablesDetails":{"truncated":false}}"#)
    let without = try Played.state("Pass", #""Assign": {}"#)
    #expect(without.simulation.history.allSatisfy { !($0.awsJSON(machine: without.machine, settings: without.execution.settings)?.jsonText.contains("assigned") ?? false) })
  }

  /// What `$` is in Assign: the result of a state that has one, else its input.
  @Test func seesTheResult() throws {
    let played = try Played(
      #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(lambda), "ResultPath": "$.r", "Assign": {"t.$": "$"}, "Next": "W"},
        "W": {"Type": "Wait", "Seconds": 1, "Assign": {"w.$": "$.r"}, "Next": "M"},
        "M": {"Type": "Map", "ItemsPath": "$.r", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Assign": {"own.$": "$"}, "Parameters": {"t.$": "$t"}, "End": true}}},
          "Assign": {"m.$": "$[0].t"}, "Next": "L"},
        "L": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": 8, "Assign": {"b": 1}, "End": true}}}], "Assign": {"l.$": "$[0]"}, "Next": "E"},
        "E": {"Type": "Pass", "Parameters": {"t.$": "$t", "w.$": "$w", "m.$": "$m", "l.$": "$l"}, "End": true}}}
      """#, [:], tasks: ["T": [.succeeds([5])]])
    #expect(played.summary == #"SUCCEEDED {"t":[5],"w":[5],"m":[5],"l":8}"#)
  }

  /// Branches and iterations read what is outside, and keep to themselves what they set.
  @Test func keepsScopesApart() throws {
    let inner = #"{"StartAt": "@", "States": {"@": {"Type": "Pass", "Assign": {"mine.$": "$outer"}, "Next": "@2"}, "@2": {"Type": "Pass", "Parameters": {"v.$": "$mine"}, "End": true}}}"#
    let branches = "\(inner.replacing("@", with: "A")), \(inner.replacing("@", with: "B"))"
    let played = try Played(
      #"""
      {"StartAt": "S", "States": {"S": {"Type": "Pass", "Assign": {"outer": 1}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [\#(branches)], "Next": "E"}, "E": {"Type": "Pass", "Parameters": {"v.$": "$mine"}, "End": true}}}
      """#)
    let entered = try #require(played.lines("StateEntered").last)
    #expect(entered.contains(#"E [{"v":1},{"v":1}]"#))
    #expect(played.execution.error?.error == "States.Runtime", "\(played.summary)")
  }

  @Test func assignsByTheRuleThatHolds() throws {
    let played = try Played(
      #"""
      {"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Assign": {"v": "rule"}, "Next": "E"}], "Default": "E", "Assign": {"v": "default"}},
        "E": {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": true}}}
      """#, ["n": 1])
    #expect(played.summary == #"SUCCEEDED {"v":"rule"}"#)
    let other = try Played.state("Choice", #""Choices": [{"Variable": "$.n", "NumericEquals": 1, "Assign": {"v": "rule"}, "Next": "Yes"}], "Default": "No", "Assign": {"v": "default"}"#, ["n": 2])
    #expect(other.lines("ChoiceStateExited") == [#"3<2 ChoiceStateExited S {"n":2} assigned={"v":"default"}"#])
  }

  /// A state that fails, and is caught, assigns what its catcher says and nothing of its own.
  @Test func assignsByTheCatcher() throws {
    let played = try Played(
      #"""
      {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}, "Assign": {"own": 1},
        "Catch": [{"ErrorEquals": ["E"], "Assign": {"caught.$": "$.Error"}, "Next": "E"}], "End": true},
        "E": {"Type": "Pass", "Parameters": {"v.$": "$caught"}, "End": true}}}
      """#, [1])
    #expect(played.summary == #"SUCCEEDED {"v":"E"}"#)
    #expect(played.lines("MapStateExited").first?.hasSuffix(#"assigned={"caught":"E"}"#) == true)
  }
}
