import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

@Suite struct ParameterTests {
  private func check(_ declaration: String, _ given: String?) -> [String] {
    let template = """
      Parameters:
        P:
          \(declaration)
      Resources:
        M:
          Type: AWS::StepFunctions::StateMachine
          Properties: {Definition: {StartAt: !Sub "${P}"}}
      """
    return load(template) { options in if let given { options.parameters["P"] = given } }.diagnostics.map(\.message)
  }

  static let cases: [(declaration: String, given: String?, message: String?)] = [
    ("Type: String", "x", nil),
    ("{Type: String, AllowedPattern: '([a-z])([a-z]|[0-9])*', Default: awsuser}", nil, nil),
    (
      "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: lower-case letters}", "abc1",
      "the value \"abc1\" of the parameter P does not match the pattern [a-z]+: lower-case letters"
    ),
    ("{Type: String, AllowedPattern: '[a-z]+', Default: A}", nil, "the value \"A\" of the parameter P does not match the pattern [a-z]+"),
    ("{Type: String, AllowedPattern: '(', Default: A}", nil, "the pattern ( cannot be read and is not checked"),
    ("{Type: String, AllowedValues: [a, 1]}", "1", nil),
    ("{Type: String, AllowedValues: [a, 1]}", "b", "the value \"b\" of the parameter P is none of \"a\", \"1\""),
    ("{Type: String, MinLength: 2}", "é", "the value \"é\" of the parameter P is shorter than 2 characters"),
    ("{Type: String, MaxLength: '2'}", "abc", "the value \"abc\" of the parameter P is longer than 2 characters"),
    ("{Type: Number, MinValue: 1, MaxValue: 3}", "2.5", nil),
    ("{Type: Number}", "two", "the value \"two\" of the parameter P is not a number"),
    ("{Type: Number, MinValue: 1}", "0", "the value \"0\" of the parameter P is below the smallest value, 1"),
    ("{Type: Number, MaxValue: 1.5, Default: 2}", nil, "the value \"2\" of the parameter P is above the largest value, 1.5"),
    ("{Type: 'AWS::EC2::VPC::Id'}", "vpc-1", nil),
    ("{Type: String, Default: [a]}", nil, "the default of the parameter P must be a text or a number"),
  ]

  @Test(arguments: cases) func values(_ row: (declaration: String, given: String?, message: String?)) {
    #expect(check(row.declaration, row.given) == [row.message].compactMap { $0 })
  }

  @Test func unknownNames() {
    let template = "Parameters:\n  DbUsername: {Type: String}\nResources:\n  M: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {}}}\n"
    let file = load(template) { $0.parameters = ["DbUserName": "x"] }
    // The mistake is on the command line, so no parameter of the file is pointed at.
    #expect(
      file.diagnostics.map(\.line) == [
        "1:1-1:11 error template-parameter: --parameter DbUserName names no parameter of the template; it has DbUsername; did you mean DbUsername"
      ])
    let none = load("Resources:\n  M: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {}}}\n") { $0.parameters = ["Size": "x"] }
    #expect(
      none.diagnostics.map(\.line) == ["1:1-1:1 error template-parameter: --parameter Size names no parameter of the template; it has none"])
  }
}
