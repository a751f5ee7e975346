import JSONTypes
import Testing

@testable import StateGraphs

/// The words on edges and in boxes.
@Suite struct LabelTests {
  @Test(arguments: [
    (["Variable": "$.a", "StringEquals": "x"], "$.a = \"x\""),
    (["Variable": "$.a", "NumericLessThanEqualsPath": "$.b"], "$.a ≤ $.b"),
    (["Variable": "$.a", "TimestampGreaterThan": "2024-01-01T00:00:00Z"], "$.a > \"2024-01-01T00:00:00Z\""),
    (["Variable": "$.a", "StringMatches": "log-*.txt"], "$.a matches \"log-*.txt\""),
    (["Variable": "$.a", "IsPresent": true], "$.a is present"),
    (["Variable": "$.a", "IsNumeric": false], "$.a is not a number"),
    (["Variable": "$.a", "BooleanEquals": false], "$.a = false"),
    (["Not": ["Variable": "$.a", "IsNull": true]], "not ($.a is null)"),
    (["And": [["Variable": "$.a", "IsPresent": true], ["Or": [["Variable": "$.b", "NumericEquals": 1], ["Variable": "$.c", "NumericEquals": 2]]]]],
      "$.a is present and ($.b = 1 or $.c = 2)"),
    (["Condition": "{%  $states.input.a\n   > 3 %}"], "$states.input.a > 3"),
    (["Condition": true], "true"),
    (["Variable": "$.a", "Frobnicate": 1], "$.a Frobnicate 1"),
    (["Variable": "$.a"], "$.a"),
  ] as [(JSONValue, String)]) func conditions(_ rule: JSONValue, _ label: String) { #expect(ConditionLabel.text(of: SyntaxNode(rule)) == label) }

  @Test(arguments: [
    ("Task", ["Resource": "arn:aws:states:::lambda:invoke", "Parameters": ["FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f:live"]], "f:live"),
    ("Task", ["Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Arguments": ["FunctionName": "f"]], "f .waitForTaskToken"),
    ("Task", ["Resource": "arn:aws:states:::aws-sdk:s3:getObject"], "aws-sdk:s3:getObject"),
    ("Task", ["Resource": "arn:aws:states:us-east-1:123456789012:activity:count"], "activity count"),
    ("Wait", ["Seconds": 86400], "1 d"), ("Wait", ["Seconds": 61], "61 s"), ("Wait", ["SecondsPath": "$.s"], "$.s s"), ("Wait", ["Seconds": "{% $n %}"], "$n"),
    ("Wait", ["Timestamp": "2030-01-01T00:00:00Z"], "until 2030-01-01T00:00:00Z"),
    ("Fail", ["Error": "Bad"], "Bad"),
    ("Map", ["ItemsPath": "$.i", "MaxConcurrency": 3, "ItemProcessor": ["ProcessorConfig": ["Mode": "DISTRIBUTED"]]], "distributed, over $.i, 3 at a time"),
    ("Pass", [:], ""),
  ] as [(String, JSONValue, String)]) func details(_ type: String, _ state: JSONValue, _ detail: String) {
    #expect(StateDetail.text(of: SyntaxNode(state), type: type) == detail)
  }

  @Test func linesAreNeverWiderThanTheirRoom() {
    for text in ["setup_sales_data_pipeline_status_check_and_more_of_it", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "注文を確認する注文を確認する注文を確認する注文を確認する", "a b", "", "   ", String(repeating: "e\u{301}", count: 400)] {
      let lines = ShownText.wrapped(text, size: 13, isBold: true, width: 196, lines: 3)
      #expect(lines.count <= 3)
      for line in lines { #expect(ShownText.width(line, size: 13, isBold: true) <= 196, "\(line)") }
    }
  }

  @Test func aCutTextSaysSo() {
    #expect(ShownText.wrapped(String(repeating: "word ", count: 100), size: 13, width: 100, lines: 2).last?.hasSuffix("…") == true)
    #expect(ShownText.wrapped("short", size: 13, width: 100, lines: 2) == ["short"])
    #expect(ShownText.wrapped("checkCustomerOrder", size: 13, width: 80, lines: 3) == ["check", "Customer", "Order"])
  }
}
