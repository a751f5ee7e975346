import DefinitionFiles
import Foundation
import JSONTypes
import StatesAnalysis
import StatesLanguage
import Testing

/// A finding within an expression points at its word in the file, however the expression is spelled there.
@Suite struct ExpressionPlaceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var text: String
    /// The stretch of the file that each finding points at.
    var words: [String]
    var testDescription: String { words.joined(separator: " ") + " in " + path }
  }

  private static func pass(_ field: String, jsonata: Bool) -> String {
    "{\"StartAt\": \"A\", \"QueryLanguage\": \"\(jsonata ? "JSONata" : "JSONPath")\", \"States\": {\"A\": {\"Type\": \"Pass\", \(field), \"End\": true}}}"
  }
  private static func jsonata(_ output: String, _ words: String...) -> Row {
    Row(path: "a.asl.json", text: pass("\"Output\": \"\(output)\"", jsonata: true), words: words)
  }
  private static func path(_ field: String, _ words: String...) -> Row { Row(path: "a.asl.json", text: pass(field, jsonata: false), words: words) }

  static let expressions: [Row] = [
    jsonata("{% 1 + phone.number %}", "phone"), jsonata("{% $states.input.a & `my field`.b %}", "`my field`"), jsonata("{% 1 + $$ %}", "$$"),
    jsonata("{% $count($) %}", "$"), jsonata("{% $states.errorOutput.Cause %}", "$states.errorOutput"), jsonata("{% $states . inptu.a %}", "$states . inptu"),
    jsonata("{% 'é😀' & $lenght('a') %}", "$lenght"), jsonata("{% \\\"\\u00e9\\\" & $lenght('a') %}", "$lenght"), jsonata("\\u007b% \\u0024frob(1) %}", "\\u0024frob"),
    jsonata("{%\\n  $x\\t+ $frob(1) %}", "$x", "$frob"), jsonata("{% $uppercase('a', 'b') %}", "$uppercase"), jsonata("{% $nope.x %}", "$nope"),
    jsonata("{% $nopes & $nope %}", "$nopes", "$nope"), jsonata("{% $states.input.a ?? 1 %}", "??"),
    // Errors of the syntax.
    jsonata("{% 1 + %}", "%}"), jsonata("{% $sum($states.input.a %}", "%}"), jsonata("{% 1 1 %}", "1"), jsonata("{% 'open %}", "'open"),
    jsonata("{% 'a \\\\q' %}", "\\\\q"), jsonata("{% 'a' & /b(/ %}", "/b(/"), jsonata("{%%}", "%}"), jsonata("{% [1, 2) %}", ")"),
    jsonata("{% 1 %} ", "\"{% 1 %} \""),
    // JSONPath.
    path("\"InputPath\": \"$.é['a'].b[?(@.x]\"", "["), path("\"InputPath\": \"$.a b\"", " "), path("\"OutputPath\": \"a.b\"", "a.b"), path("\"InputPath\": \"$.a.\"", "."),
    path("\"ResultPath\": \"$.a[*].b\"", "*"), path("\"InputPath\": \"\"", "\"\""),
    path("\"Parameters\": {\"x.$\": \"States.Format('é', \\\"b\\\")\"}", "\\\""), path("\"Parameters\": {\"x.$\": \"States.Array(States.Frob(1))\"}", "States.Frob"),
    path("\"Parameters\": {\"x.$\": \"States.Array(1, States.MathAdd('a', 1))\"}", "States.MathAdd"),
    path("\"Parameters\": {\"x.$\": \"States.Array($.a\"}", "a"), path("\"Parameters\": {\"x.$\": \"States.Array($nope, $nope2)\"}", "$nope", "$nope2"),
    path("\"Parameters\": {\"x.$\": \"States.Array(1, $$.Execution.Nope)\"}"),
  ]

  private static func template(_ definition: String) -> String {
    "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      \(definition)"
  }
  private static func yaml(_ output: String, _ words: String...) -> Row {
    Row(
      path: "a.asl.yaml", text: "QueryLanguage: JSONata\nStartAt: Aé\nStates:\n  Aé:\n    Type: Pass\n    Output: \(output)\n    End: true\n", words: words)
  }
  static let spellings: [Row] = [
    yaml("'{% ''é'' & $frob(1) %}'", "$frob"), yaml("\"{% \\\"\\u00e9\\\" & $frob(1) %}\"", "$frob"), yaml("\"{% 'a' &\\\n      $frob(1) %}\"", "$frob"),
    yaml(">-\n      {% 'é' &\n      $frob(1) %}", "$frob"), yaml("|-\n      {%\n        'é' &\n        $frob(1)\n      %}", "$frob"), yaml("!!str '{% $frob(1) %}'", "$frob"),
    yaml("&o '{% $frob(1) %}'", "$frob"),
    Row(
      path: "t.yaml",
      text: template(
        "Definition:\n        QueryLanguage: JSONata\n        StartAt: A\n        States:\n          A: {Type: Pass, End: true, Output: '{% ''é'' & $frob(1) %}'}\n"),
      words: ["$frob"]),
    Row(
      path: "t.yaml",
      text: template(
        "Definition:\n        QueryLanguage: JSONata\n        StartAt: A\n        States:\n          A: {Type: Pass, End: true, Output: !Sub '{% \"${AWS::Region}\" & $frob(1) %}'}\n"),
      words: ["$frob"]),
    Row(
      path: "t.yaml",
      text: template(
        "DefinitionSubstitutions: {Long: a longer text}\n      Definition:\n        QueryLanguage: JSONata\n        StartAt: A\n        States:\n          A: {Type: Pass, End: true, Output: '{% \"${Long}\" & $frob(1) %}'}\n"),
      words: ["$frob"]),
    Row(path: "t.yaml", text: template("DefinitionString: |\n        " + pass("\"Output\": \"{% \\\"é\\\" & $frob(1) %}\"", jsonata: true)), words: ["$frob"]),
    Row(
      path: "t.json",
      text:
        "{\"Resources\": {\"M\": {\"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {\"DefinitionString\": \"{\\\"StartAt\\\": \\\"A\\\", \\\"QueryLanguage\\\": \\\"JSONata\\\", \\\"States\\\": {\\\"A\\\": {\\\"Type\\\": \\\"Pass\\\", \\\"Output\\\": \\\"{% \\\\\\\"é\\\\\\\" & $frob(1) %}\\\", \\\"End\\\": true}}}\"}}}}",
      words: ["$frob"]),
    Row(
      path: "t.json",
      text:
        "{\"Resources\": {\"M\": {\"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {\"Definition\": \(pass("\"Output\": \"{% \\\"\\u00e9\\\" & $frob(1) %}\"", jsonata: true))}}}}",
      words: ["$frob"]),
    Row(
      path: "main.tf",
      text:
        "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({\n    StartAt = \"A\"\n    States = { A = { Type = \"Pass\", Parameters = { \"x.$\" = \"States.Frob('é', \\\"a\\\")\" }, End = true } }\n  })\n}\n",
      words: ["States.Frob"]),
    Row(
      path: "main.tf",
      text: "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<-EOF\n    \(pass("\"Output\": \"{% $frob(1) %}\"", jsonata: true))\n  EOF\n}\n",
      words: ["$frob"]),
  ]

  @Test(arguments: expressions + spellings)
  func pointsAtTheWord(_ row: Row) throws {
    var options = CheckOptions()
    options.looksForConfiguration = false
    options.check = { DefinitionCheck.check($0, type: $1, includesAdvice: false) }
    var checker = DefinitionChecker(options)
    checker.check(path: row.path, text: row.text)
    let bytes = Array(row.text.utf8)
    let findings = try #require(checker.results.first).findings.map(\.diagnostic)
    let words = findings.map { String(decoding: bytes[$0.range.lowerBound.offset..<$0.range.upperBound.offset], as: UTF8.self) }
    #expect(words == row.words, "\(findings.map(\.message))")
    // Lines and columns say the same as offsets do.
    for finding in findings {
      for place in [finding.range.lowerBound, finding.range.upperBound] {
        let before = String(decoding: bytes[..<place.offset], as: UTF8.self)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(place.line == lines.count && place.column == (lines.last?.unicodeScalars.count ?? 0) + 1)
      }
    }
  }
}
