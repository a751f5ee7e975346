import Foundation
import JSONTypes
import Testing

/// Tasks answered by programs and fixed values, and the plan of who would answer.
@Suite struct TaskTests {
  static let orders = """
    {
      "StartAt": "Charge",
      "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:charge-card", "Next": "Greet"},
        "Greet": {
          "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "greet:prod", "Payload.$": "$"},
          "OutputPath": "$.Payload", "Next": "Any"
        },
        "Any": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "$.f"}, "Next": "Load"},
        "Load": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "Parameters": {"Sql": "select 1"}, "Next": "Put"},
        "Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "t"}, "Next": "Ask"},
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q"}, "Next": "Tell"},
        "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "Next": "Job"},
        "Job": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "j"}, "Next": "Other"},
        "Other": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn": "x"}, "End": true}
      }
    }
    """
  static let rules = """
    tasks:
      charge-card: {exec: [python3, "charge card.py"], environment: {KEY: s3cret}, timeout: 5}
      greet: http://me:s3cret@127.0.0.1:9000/invoke?key=s3cret
      "*": {return: 1}
      "arn:aws:states:::*": aws
    """

  @Test func theFolderOfRulesIsTheirs() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload": {"n": 2}}, "OutputPath": "$.Payload", "End": true}}}"#,
      to: "a.asl.json")
    try FileManager.default.createDirectory(atPath: folder.path + "/functions", withIntermediateDirectories: true)
    _ = try folder.write("printf '{\"got\":%s,\"stage\":\"%s\"}' \"$(cat)\" \"$STAGE\"\n", to: "functions/f.sh")
    let rules = try folder.write(
      "tasks:\n  f:\n    exec: sh f.sh\n    folder: functions\n    environment: {STAGE: dev}\n", to: "rules.yaml")
    let outcome = try Program.run("run", file, "--tasks", rules)
    #expect(outcome.output == "{\n  \"got\": {\n    \"n\": 2\n  },\n  \"stage\": \"dev\"\n}\n", "\(outcome.errors)")
    // The command line beats the file.
    #expect(try Program.run("run", file, "--tasks", rules, "--task", "f=return:[7]").output == "[\n  7\n]\n")
    // A file that lies there is not read by itself.
    let unnamed = try Program.run("run", file)
    #expect(unnamed.exitCode == 1)
    #expect(unnamed.errors.contains("--task 'f=exec:PROGRAM'"))
  }

  @Test func plansWithoutRunning() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.orders, to: "orders.asl.json")
    let rules = try folder.write(Self.rules, to: "rules.yaml")
    let outcome = try Program.run("run", file, "--tasks", rules, "--plan", "--state-dir", "/state", "--input", "no JSON")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("s3cret"))
    #expect(
      outcome.output.replacingOccurrences(of: folder.path + "/", with: "") == """
        ! Charge  orders.asl.json:4:5   arn:aws:lambda:us-east-1:111122223333:function:charge-card
                  exec: python3 'charge card.py'
        ! Greet   orders.asl.json:5:5   arn:aws:states:::lambda:invoke of greet:prod
                  POST http://127.0.0.1:9000/invoke
          Any     orders.asl.json:9:5   arn:aws:states:::lambda:invoke of a function named when it runs
                  a fixed value, unless the function has an answer of its own
          Load    orders.asl.json:10:5  arn:aws:states:::aws-sdk:redshiftdata:executeStatement
                  Redshift: local endpoint on a private PostgreSQL in /state
        ! Put     orders.asl.json:11:5  arn:aws:states:::dynamodb:putItem
                  AWS, but nothing names where: give --region, --profile or --endpoint-url
        ! Ask     orders.asl.json:12:5  arn:aws:states:::sqs:sendMessage.waitForTaskToken
                  AWS, but nothing names where: give --region, --profile or --endpoint-url
        ? Tell    orders.asl.json:13:5  arn:aws:states:::sns:publish
                  nobody: sns speaks a protocol with XML, which calls to AWS do not offer here (they speak AWS JSON and REST-JSON); answer it by exec: or http:
        ? Job     orders.asl.json:14:5  arn:aws:states:::glue:startJobRun.sync
                  nobody: no action is registered
          Other   orders.asl.json:15:5  arn:aws:states:::states:startExecution
                  in process: another machine of this run
        9 tasks: 4 would run a program or leave this machine, 2 are answered by nobody. Nothing was run.

        """)
    let named = try Program.run("run", file, "--tasks", rules, "--plan", "--region", "eu-west-1").output
    #expect(named.contains("AWS, https://dynamodb.eu-west-1.amazonaws.com (named by the command line)"))
    #expect(named.contains("! Load"))
    let wrong = try folder.write(#"{"StartAt": "A", "States": {}}"#, to: "wrong.asl.json")
    #expect(try Program.run("run", wrong, "--plan").exitCode == 2)
  }

  @Test func warnsOfWhatNoTaskHas() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:charge-card:1", "End": true}}}"#,
      to: "a.asl.json")
    let warned = try Program.run("run", file, "--task", "chrge-card=return:1", "--task", "arn:aws:states:::sqs:sendMessage=return:1")
    #expect(warned.errors.contains("warning: --task: no task calls the function chrge-card; called are charge-card\n"))
    #expect(warned.errors.contains("warning: --task: no task has the resource arn:aws:states:::sqs:sendMessage\n"))
    #expect(try !Program.run("run", file, "--task", "charge-card=return:1", "--task", "other-*=return:1").errors.contains("warning"))
    // A task that computes the name may call any function.
    let orders = try folder.write(Self.orders, to: "orders.asl.json")
    #expect(try !Program.run("run", orders, "--plan", "--task", "another=return:1").errors.contains("warning"))
  }

  @Test func namesTheStatesOfMocks() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.orders, to: "orders.asl.json")
    let mocks = try folder.write(
      #"{"StateMachines": {"orders": {"TestCases": {"C": {"Tell": "T"}}}}, "MockedResponses": {"T": {"0": {"Return": 1}}}}"#,
      to: "mocks.json")
    let lines = try Program.run("run", file, "--plan", "--mock", mocks, "--case", "C").output.split(separator: "\n")
    let tell = lines.firstIndex { $0.hasPrefix("  Tell ") }
    #expect(tell.map { lines[$0 + 1].drop { $0 == " " } } == "mock")
    #expect(lines.contains { $0.hasPrefix("? Charge ") })
  }

  @Test(
    arguments: [
      (["--task", "f=exec:a | b"], "--task: no shell runs the command"), (["--task", "f"], "found no ="),
      (["--task", "arn:aws:states:::sns:publish=aws"], "XML"), (["--tasks", "/no/such/file"], "cannot read /no/such/file for --tasks"),
    ]) func refuses(_ arguments: [String], _ why: String) throws
  {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.orders, to: "orders.asl.json")
    let outcome = try Program.start(["run", file] + arguments).finish()
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains(why))
  }

  @Test func aWrongFileIsShownAtItsPlace() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.orders, to: "orders.asl.json")
    let rules = try folder.write("tasks:\n  f:\n    exce: ./f\n", to: "rules.yaml")
    let outcome = try Program.run("run", file, "--tasks", rules)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("rules.yaml:3:5: error: expected exactly one of exec, http, aws and return, found none"))
  }

  /// Ctrl-C stops the execution, and the program with all that it has started.
  @Test func anInterruptEndsTheProgramsToo() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:f", "End": true}}}"#,
      to: "a.asl.json")
    let script = try folder.write("echo $$ > \(folder.path)/up\ntail -f /dev/null & wait\n", to: "f.sh")
    let up = folder.path + "/up"
    #expect(mkfifo(up, 0o600) == 0)
    let running = try Program.start(["run", file, "--task", "f=exec:sh \(script)"])
    // Blocks until the program writes its id.
    var text = [UInt8](repeating: 0, count: 32)
    let descriptor = open(up, O_RDONLY)
    let count = read(descriptor, &text, text.count)
    close(descriptor)
    let process = pid_t(String(decoding: text[..<max(0, count)], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    running.process.interrupt()
    let outcome = running.finish()
    #expect(outcome.exitCode == 130)
    #expect(process.map { kill($0, 0) } == -1)
  }
}
