import JSONTypes
import StatesLanguage
import Testing

@Suite struct MatchingTests {
  // MARK: StringMatches

  @Test(arguments: [
    ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("*", "", true), ("*", "anything", true), ("a*", "a", true), ("a*", "ba", false),
    ("*a", "ba", true), ("*a", "ab", false), ("a*b", "ab", true), ("a*b", "a-b-b", true), ("a*b", "a", false), ("aa*aa", "aaa", false), ("aa*aa", "aaaa", true),
    ("a*b*c", "axbxc", true), ("a*b*c", "acb", false), ("*ab*ab*", "abab", true), ("*ab*ab*", "aba", false), ("**", "", true), ("*.log", "a.log", true), ("*.log", "alog", false),
    (#"a\*b"#, "a*b", true), (#"a\*b"#, "axb", false), (#"a\\b"#, #"a\b"#, true), (#"\**"#, "*x", true), (#"\\*"#, #"\x"#, true), ("A", "a", false), ("?", "a", false),
    ("[ab]", "a", false), ("é*", "été", true), ("*💡", "a💡", true),
  ])
  func matchesPatterns(_ pattern: String, _ text: String, _ holds: Bool) throws {
    #expect(try StringPattern(pattern).matches(text) == holds)
  }

  @Test(arguments: [#"\"#, #"a\b"#, #"\n"#, #"*\"#])
  func refusesOtherEscapes(_ pattern: String) {
    #expect(throws: StringPatternError.self) { try StringPattern(pattern) }
  }

  /// A pattern of many asterisks is no trap.
  @Test func isNotCaughtByAsterisks() throws {
    let pattern = try StringPattern(String(repeating: "*a", count: 200) + "*b")
    #expect(!pattern.matches(String(repeating: "a", count: 20_000)))
  }

  // MARK: ErrorEquals

  @Test(arguments: [
    (["E"], "E", false, true), (["E"], "e", false, false), (["E"], "EE", false, false), (["A", "E"], "E", false, true), ([], "E", false, false),
    (["States.ALL"], "E", false, true), (["States.ALL"], nil, false, true), (["States.ALL"], "States.Timeout", false, true), (["States.ALL"], "States.DataLimitExceeded", false, true),
    (["States.TaskFailed"], "E", false, true), (["States.TaskFailed"], "States.TaskFailed", false, true), (["States.TaskFailed"], "States.Timeout", false, false),
    (["States.TaskFailed"], "States.Permissions", false, true), (["States.Timeout"], "States.Timeout", false, true), (["States.Timeout"], "States.Timeout", true, true),
    (["States.HeartbeatTimeout"], "States.Timeout", true, true), (["States.HeartbeatTimeout"], "States.Timeout", false, false),
    (["States.HeartbeatTimeout"], "States.HeartbeatTimeout", false, true), (["E"], nil, false, false), ([""], "", false, true), (["é"], "e\u{301}", false, false),
  ] as [([String], String?, Bool, Bool)])
  func matchesErrors(_ names: [String], _ error: String?, _ isHeartbeat: Bool, _ holds: Bool) {
    #expect(names.map(ErrorName.init(rawValue:)).catches(error, isHeartbeat: isHeartbeat) == holds)
  }

  // MARK: Delays

  struct Delays: Sendable, CustomTestStringConvertible {
    var edit: @Sendable (inout Retrier) -> Void
    var seconds: [Double]
    var testDescription: String { "\(seconds)" }
    init(_ seconds: [Double], _ edit: @escaping @Sendable (inout Retrier) -> Void) { (self.edit, self.seconds) = (edit, seconds) }
  }
  static let delays: [Delays] = [
    Delays([1, 2, 4, 8]) { _ in }, Delays([3, 4.5, 6.75]) { $0.intervalSeconds = 3; $0.backoffRate = 1.5 }, Delays([5, 5, 5]) { $0.intervalSeconds = 5; $0.backoffRate = 1 },
    Delays([1, 2, 3, 3]) { $0.maxDelaySeconds = 3 }, Delays([0, 0, 0]) { $0.intervalSeconds = 0 }, Delays([9, 9]) { $0.intervalSeconds = 20; $0.maxDelaySeconds = 9 },
    Delays([1, Retrier.longestDelay, Retrier.longestDelay]) { $0.backoffRate = 1e300 }, Delays([Retrier.longestDelay]) { $0.intervalSeconds = 99_999_999 },
  ]
  @Test(arguments: delays)
  func delaysRetries(_ row: Delays) {
    var retrier = Retrier(errorEquals: [.all])
    row.edit(&retrier)
    #expect(row.seconds.indices.map { retrier.delay(attempt: $0, unit: 0.25) } == row.seconds)
    retrier.jitterStrategy = .full
    #expect(row.seconds.indices.map { retrier.delay(attempt: $0, unit: 0.25) } == row.seconds.map { $0 / 4 })
  }

  /// A hundred million attempts cost no more than one, and give no number that is none.
  @Test func delaysTheLastOfManyRetries() {
    var retrier = Retrier(errorEquals: [.all])
    for (interval, rate) in [(0.0, 2.0), (1, 1.000_000_001), (1, 1), (1, 2), (99_999_999, 1e308)] {
      retrier.intervalSeconds = interval
      retrier.backoffRate = rate
      for _ in 0..<100 {
        let delay = retrier.delay(attempt: 99_999_998, unit: 0.5)
        #expect(delay >= interval.nextDown && delay <= Retrier.longestDelay || delay == Retrier.longestDelay, "\(interval) \(rate)")
      }
    }
  }

  // MARK: Resources

  @Test(arguments: [
    ("arn:aws:states:::lambda:invoke", "lambda", "invoke", TaskResource.Pattern.requestResponse, "arn:aws:states:::lambda:invoke"),
    ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs", "sendMessage.waitForTaskToken", .waitForTaskToken, "arn:aws:states:::sqs:sendMessage"),
    ("arn:aws:states:::glue:startJobRun.sync", "glue", "startJobRun.sync", .sync, "arn:aws:states:::glue:startJobRun"),
    ("arn:aws:states:::states:startExecution.sync:2", "states", "startExecution.sync:2", .sync2, "arn:aws:states:::states:startExecution"),
    ("arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "aws-sdk:redshiftdata", "executeStatement", .requestResponse, "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"),
    ("arn:aws-cn:states:cn-north-1::ecs:runTask.sync", "ecs", "runTask.sync", .sync, "arn:aws-cn:states:cn-north-1::ecs:runTask"),
  ])
  func readsIntegrations(_ arn: String, _ type: String, _ resource: String, _ pattern: TaskResource.Pattern, _ integration: String) throws {
    let read = try #require(TaskResource(arn))
    #expect(read.kind == .service && read.resourceType == type && read.resource == resource && read.pattern == pattern && read.integration == integration && read.arn == arn)
  }

  @Test(arguments: [
    ("arn:aws:lambda:us-east-1:123456789012:function:f", TaskResource.Kind.lambdaFunction), ("arn:aws:lambda:us-east-1:123456789012:function:f:PROD", .lambdaFunction),
    ("arn:aws:states:us-east-1:123456789012:activity:a", .activity),
  ])
  func readsOtherResources(_ arn: String, _ kind: TaskResource.Kind) throws {
    let read = try #require(TaskResource(arn))
    #expect(read.kind == kind && read.pattern == .requestResponse && read.integration == arn && read.resourceType.isEmpty)
  }

  @Test(arguments: ["", "f", "lambda:invoke", "arn:aws:states", "arn:aws:states:::", "arn:aws:states:::lambda", "arn:aws:states:::lambda:", "arn:aws:states::::invoke", "arn:aws:s3:::bucket", "arn:azure:lambda:r:1:function:f", "arn:aws:lambda:us-east-1:123456789012:layer:l"])
  func refusesOtherTexts(_ text: String) {
    #expect(TaskResource(text) == nil)
  }

  @Test(arguments: [
    (#"{}"#, ["The field 'FunctionName' is required but was missing"]), (#"{"FunctionName": null}"#, []), (#"{"FunctionName": "f"}"#, []),
  ] as [(String, [String])])
  func checksParameters(_ parameters: String, _ problems: [String]) throws {
    let resource = try #require(TaskResource("arn:aws:states:::lambda:invoke.waitForTaskToken"))
    #expect(IntegrationParameters.problems(of: try JSONValue(parsing: parameters), resource: resource) == problems)
  }
}
