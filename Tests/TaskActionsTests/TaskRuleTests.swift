import JSONTypes
import StatesLanguage
import Testing

@testable import TaskActions

@Suite struct TaskRuleTests {
  private func summary(_ rules: TaskRules, function name: String) -> String? { rules.answer(forFunction: name)?.answer.summary }
  private func summary(_ rules: TaskRules, _ service: String) -> String? {
    rules.answer(forIntegration: "arn:aws:states:::" + service)?.answer.summary
  }

  @Test func theLongestMatchWins() throws {
    let rules = TaskRules(
      try [
        "*=return:1", "orders-*=exec:orders", "orders-charge=exec:'my charge' --fast", "orders-charge=exec:[\"last\",\"one\"]",
        "arn:aws:lambda:eu-west-1:111122223333:function:refund:prod=http://me:pw@127.0.0.1:9000/x?key=1", "arn:aws:states:::aws-sdk:*=aws",
        "arn:aws:states:::aws-sdk:sns:*=exec:sns", "arn:aws:states:::sqs:sendMessage=return:{}",
      ].map { try TaskRule($0) })
    #expect(summary(rules, function: "other") == "a fixed value")
    #expect(summary(rules, function: "orders-list") == "exec: orders")
    #expect(summary(rules, function: "orders-charge") == "exec: last one")
    #expect(summary(rules, function: "refund") == "POST http://127.0.0.1:9000/x")
    #expect(summary(rules, "aws-sdk:dynamodb:getItem") == "AWS")
    #expect(summary(rules, "aws-sdk:sns:publish") == "exec: sns")
    #expect(summary(rules, "aws-sdk:glue:startJobRun.sync") == nil)
    #expect(summary(rules, "sqs:sendMessage") == "a fixed value")
    #expect(summary(rules, "sqs:sendMessage.waitForTaskToken") == "a fixed value")
    #expect(summary(rules, "states:startExecution") == nil)
    #expect(summary(rules, "aws-sdk:sfn:startExecution") == nil)
    #expect(summary(rules, "dynamodb:getItem") == nil)
    #expect(rules.useAWS)
    #expect(rules.answer(forFunction: "refund")?.isExact == true)
    #expect(rules.answer(forFunction: "other")?.isExact == false)
  }

  @Test func aRuleForInvokeIsAboutFunctions() throws {
    #expect(summary(TaskRules([try TaskRule("arn:aws:states:::lambda:invoke=exec:any")]), function: "f") == "exec: any")
    #expect(summary(TaskRules([try TaskRule("arn:aws:states:::*=exec:any")]), function: "f") == "exec: any")
    #expect(summary(TaskRules([try TaskRule("arn:aws:states:::aws-sdk:*=exec:any")]), function: "f") == nil)
    #expect(TaskRules().isEmpty)
  }

  @Test(
    arguments: [
      ("charge", "found no ="), ("=exec:a", "expected a function's name"), ("a*b=exec:c", "expected a function's name"),
      ("a b=exec:c", "neither a function's name"), ("../x=exec:c", "neither a function's name"), ("a=", "expected exec:PROGRAM"),
      ("a=run:b", "expected exec:PROGRAM"), ("a=exec:", "expected a program"), ("a=exec:[1]", "expected a list of texts"),
      ("a=exec:[]", "expected a program"), ("a=http:x", "expected an address"), ("a=http://h/a b", "expected an address"),
      ("a=return:{", "expected a JSON text"), ("arn:aws:s3:::b=exec:c", "no ARN of a function"),
      ("arn:aws:lambda:*=exec:c", "only ARNs of integrations"), ("arn:aws:states:us-east-1:111122223333:activity:a=exec:c", "its workers"),
      ("arn:aws:states:::glue:startJobRun.sync=exec:c", ".sync cannot be answered"),
      ("arn:aws:states:::sqs:sendMessage.waitForTaskToken=exec:c", "name arn:aws:states:::sqs:sendMessage"),
      ("arn:aws:states:::sns:publish=aws", "sns speaks a protocol with XML"),
      ("arn:aws:states:::aws-sdk:ec2:runInstances=aws", "ec2 speaks"),
      ("arn:aws:states:::aws-sdk:nope:x=aws", "not in the table"), ("arn:aws:states:::aws-sdk:lambda:fly=aws", "no operation fly"),
      ("arn:aws:states:::glue:startJobRun=aws", "none of those that can be sent"),
    ]) func refuses(_ text: String, _ why: String)
  {
    do throws(TaskRuleProblem) {
      _ = try TaskRule(text)
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains(why))
      #expect(error.range == nil)
    }
  }

  private func rules(_ value: JSONValue) throws(TaskRuleProblem) -> [TaskRule] {
    try TaskRule.rules(in: SyntaxNode(value), folder: "/here")
  }

  @Test func readsAFile() throws {
    let rules = try rules([
      "tasks": [
        "charge": [
          "exec": ["python3", "charge.py"], "folder": "functions", "environment": ["STAGE": "dev", "N": 5, "ON": true], "timeout": 1.5,
        ],
        "list": "exec:./list 'a b'", "refund": ["http": "http://127.0.0.1:9000/", "headers": ["X-Key": "s3cret"], "timeout": 10],
        "greet": ["return": ["ok": true]], "arn:aws:states:::dynamodb:*": "aws", "arn:aws:states:::sqs:sendMessage": ["aws": true],
      ]
    ])
    guard case .command(let charge) = rules[0].answer, case .command(let list) = rules[1].answer,
      case .endpoint(let refund) = rules[2].answer
    else {
      Issue.record("\(rules)")
      return
    }
    #expect(
      charge
        == Command(
          words: ["python3", "charge.py"], folder: "/here/functions", environment: ["STAGE": "dev", "N": "5", "ON": "true"],
          timeout: .milliseconds(1500)))
    #expect(list.words == ["./list", "a b"])
    #expect(refund == WebEndpoint(url: "http://127.0.0.1:9000/", headers: [("X-Key", "s3cret")], timeout: .seconds(10)))
    #expect(
      rules.map(\.answer.summary) == [
        "exec: python3 charge.py (in /here/functions)", "exec: ./list 'a b'", "POST http://127.0.0.1:9000/", "a fixed value", "AWS", "AWS",
      ])
    #expect(rules[4].target == .integrations(prefix: "arn:aws:states:::dynamodb:"))
  }

  @Test(
    arguments: [
      ([], "expected an object"), (["task": [:]], "found \"task\""), ([:], "expected tasks"), (["tasks": []], "expected tasks"),
      (["tasks": ["a": 1]], "expected a text"), (["tasks": ["a": [:]]], "exactly one of"),
      (["tasks": ["a": ["exec": "b", "http": "c"]]], "exactly one of"),
      (["tasks": ["a": ["exec": "b", "headers": [:]]]], "exec takes folder, environment, timeout"),
      (["tasks": ["a": ["exec": ["b", 1]]]], "a list of texts"), (["tasks": ["a": ["exec": "b", "timeout": 0]]], "number of seconds"),
      (["tasks": ["a": ["exec": "b", "timeout": "5"]]], "number of seconds"),
      (["tasks": ["a": ["exec": "b", "environment": ["x": []]]]], "environment.x"),
      (["tasks": ["a": ["exec": "b", "environment": ["x=y": ""]]]], "expected a name"),
      (["tasks": ["a": ["aws": "yes"]]], "expected aws: true"),
      (["tasks": ["a": ["http": "ftp://x"]]], "expected an address"), (["tasks": ["arn:aws:states:::sns:publish": "aws"]], "sns speaks"),
      (["tasks": ["a": ["return": 1, "timeout": 1]]], "return takes nothing else"),
    ] as [(JSONValue, String)]) func refusesFiles(_ value: JSONValue, _ why: String)
  {
    do throws(TaskRuleProblem) {
      _ = try rules(value)
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains(why), "\(error.message)")
      #expect(error.range != nil)
    }
  }
}
