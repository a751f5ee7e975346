import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// Definitions in Terraform: what is known of them, and where it stands.
@Suite struct TerraformTests {
  /// Loads `main.tf`; other files stand beside it.
  private func terraform(_ text: String, files: [String: String] = [:], parameters: [String: String] = [:]) -> DefinitionFile {
    load(text, as: "main.tf", files: files) { options in
      options.unresolvedValues = .leftOpen
      options.parameters = parameters
      options.listFolder = { _ in Array(files.keys) + ["main.tf"] }
    }
  }

  /// The definition of a file with one machine, whose argument is this expression.
  private func definition(_ expression: String, more: String = "", files: [String: String] = [:], parameters: [String: String] = [:]) -> SyntaxNode? {
    let file = terraform("resource \"aws_sfn_state_machine\" \"m\" {\n  definition = \(expression)\n}\n" + more, files: files, parameters: parameters)
    return file.definitions.first?.definition
  }

  private struct Row: CustomTestStringConvertible {
    var testDescription: String
    var expression: String
    var value: JSONValue
    init(_ name: String, _ expression: String, _ value: JSONValue) {
      testDescription = name
      self.expression = expression
      self.value = value
    }
  }

  /// Unknown values are null in the tree's value.
  private static let rows = [
    Row("objects", "jsonencode({ a = 1, \"b\" : true\n c = null })", ["a": 1, "b": true, "c": nil]),
    Row("quoted and computed keys", "jsonencode({ \"a b\" = 1, (var.k) = 2 })", ["a b": 1, "${key}": 2]),
    Row("lists", "jsonencode({ a = [1, 2.5,\n -3, ] })", ["a": [1, 2.5, -3]]),
    Row("reference", "jsonencode({ a = aws_lambda_function.f.arn })", ["a": nil]),
    Row("index and splat", "jsonencode({ a = x[0].y, b = x.*.id, c = x[*].id })", ["a": nil, "b": nil, "c": nil]),
    Row("operators", "jsonencode({ a = 1 + 2, b = !true, c = x == y ? 1 : 2, d = a && b || c })", ["a": nil, "b": nil, "c": nil, "d": nil]),
    Row("condition that is known", "jsonencode({ a = true ? \"x\" : \"y\" })", ["a": "x"]),
    Row("for", "jsonencode({ a = [for s in var.list : upper(s)], b = {for k, v in x : k => v if v != \"}\"} })", ["a": nil, "b": nil]),
    Row("interpolation", "jsonencode({ a = \"arn:${var.p}:x\", b = \"${var.p}\", c = \"$${x}\", d = \"${\"in\"}ner\" })", ["a": "arn:${var.p}:x", "b": nil, "c": "${x}", "d": "inner"]),
    Row("escapes", #"jsonencode({ a = "\"\\\t\u00e9" })"#, ["a": "\"\\\té"]),
    Row("heredoc within", "jsonencode({ a = <<-X\n    one\n      two\n    X\n})", ["a": "one\n  two\n"]),
    Row("functions", "jsonencode({ a = join(\"-\", [\"x\", 1]), b = format(\"%s/%d%%\", \"q\", 7), c = upper(\"é\"), d = concat([1], [2]), e = unknown(1) })", ["a": "x-1", "b": "q/7%", "c": "É", "d": [1, 2], "e": nil]),
    Row("merge", "jsonencode(merge({ a = 1, b = 2 }, { b = 3 }))", ["a": 1, "b": 3]),
    Row("comments", "jsonencode({ # one\n // two\n a = /* three */ 1 })", ["a": 1]),
    Row("local", "jsonencode(local.m)", ["a": "v"]),
    Row("local in a text", "jsonencode({ a = \"${local.n}!\" })", ["a": "v!"]),
    Row("local that is itself", "jsonencode({ a = local.circle })", ["a": nil]),
    Row("heredoc", "<<EOF\n{\"a\": ${local.n}, \"b\": \"${var.x}\", \"c\": ${var.y}}\nEOF", ["a": nil, "b": "${var.x}", "c": nil]),
    Row("text", "\"{\\\"a\\\": 1}\"", ["a": 1]),
    Row("directives", "<<EOF\n{%{ if true }\"a\": 1%{ else }\"b\": 2%{ endif }, \"c\": [%{ for i, x in [\"p\", \"q\"] }${i}, %{ endfor }9]}\nEOF", ["a": 1, "c": [0, 1, 9]]),
    Row("wrapped", "trimspace(tostring(jsonencode({ a = 1 })))", ["a": 1]),
    Row("decoded again", "jsonencode(jsondecode(\"{\\\"a\\\": 1}\"))", ["a": 1]),
  ]

  @Test func expressions() throws {
    let locals = "locals {\n  m = { a = local.n }\n  n = \"v\"\n  circle = local.circle\n}\n"
    for row in Self.rows {
      let node = definition(row.expression, more: locals)
      // A value of a text stands without quotes in the heredoc of one row: no JSON, and said so elsewhere.
      if row.testDescription == "heredoc" { continue }
      #expect(node?.value == row.value, "\(row.testDescription)")
    }
  }

  @Test func unknownValuesOfAnyTypeGiveNoFinding() throws {
    let text = """
      resource "aws_sfn_state_machine" "m" {
        definition = <<EOF
      {"StartAt": "${var.start}", "States": {"${var.start}": {"Type": "Wait", "Seconds": ${var.n}, "End": true}}}
      EOF
      }
      resource "aws_sfn_state_machine" "n" {
        definition = jsonencode({
          StartAt = "A"
          States = { A = { Type = "Task", Resource = aws_lambda_function.f.arn, TimeoutSeconds = var.t, Retry = var.retry, End = true } }
        })
      }
      """
    let file = terraform(text)
    #expect(file.diagnostics == [])
    #expect(file.definitions.map(\.name) == ["m", "n"])
    for definition in file.definitions {
      let root = try #require(definition.definition)
      #expect(StateMachineParser.parse(root).diagnostics.filter { $0.severity == .error } == [])
    }
  }

  @Test func templatesLeadToTheirOwnFile() throws {
    let template = "{\"StartAt\": \"A\",\n \"States\": {\"A\": {\"Type\": \"Wait\", \"Seconds\": ${n}, \"Nxt\": \"${x}\", \"End\": true}}}"
    let main = "resource \"aws_sfn_state_machine\" \"m\" {\n  type = \"EXPRESS\"\n  definition = templatefile(\"${path.module}/sub/m.json\", { n = 5, x = aws_x.y.z })\n}\n"
    let file = terraform(main, files: ["sub/m.json": template])
    let loaded = try #require(file.definitions.first)
    #expect(loaded.path == "sub/m.json" && loaded.type == .express)
    let state = try #require(loaded.definition?.node(at: "/States/A"))
    #expect(state["Seconds"]?.value == 5)
    #expect(state["Nxt"]?.text == "${x}")
    #expect(state.member("Nxt")?.keyRange.lowerBound.lineAndColumn == "2:52")
  }

  @Test func dataOfTheModuleIsFollowed() throws {
    let data = "data \"template_file\" \"t\" {\n  template = file(\"${path.module}/m.json\")\n  vars = { n = 7 }\n}\n"
    let main = "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = data.template_file.t.rendered\n}\n"
    let file = terraform(main, files: ["data.tf": data, "m.json": "{\"a\": ${n}}"])
    #expect(file.definitions.first?.definition?.value == ["a": 7])
    #expect(file.definitions.first?.path == "m.json")
    let missing = terraform(main)
    #expect(missing.diagnostics.map(\.line) == ["2:16-2:45 warning definition-unknown: this definition is known to Terraform alone and is not checked; check the plan: terraform show -json PLAN"])
  }

  @Test func localsOfAnotherFileKeepTheirPlace() throws {
    let locals = "locals {\n  d = jsonencode({\n    StartAt = \"A\"\n  })\n}\n"
    let file = terraform("resource \"aws_sfn_state_machine\" \"m\" {\n  definition = local.d\n}\n", files: ["locals.tf": locals])
    let loaded = try #require(file.definitions.first)
    #expect(loaded.path == "locals.tf")
    #expect(loaded.definition?.member("StartAt")?.keyRange.lowerBound.lineAndColumn == "3:5")
  }

  @Test func placesWithinHeredocs() throws {
    let text = "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<-EOF\n    {\n      \"é\": \"${var.a}\", \"Nxt\": 1\n    }\n  EOF\n}\n"
    let file = terraform(text)
    let member = try #require(file.definitions.first?.definition?.member("Nxt"))
    #expect(text[member.keyRange] == "\"Nxt\"")
    #expect(member.keyRange.lowerBound.lineAndColumn == "4:24")
  }

  @Test func variablesAreGivenInTheirType() {
    let more = "variable \"n\" {\n  type = number\n}\nvariable \"b\" { type = bool }\nvariable \"s\" {}\n"
    let node = definition("jsonencode({ n = var.n, b = var.b, s = var.s, t = \"${var.n}!\" })", more: more, parameters: ["n": "5", "b": "true", "s": "7"])
    #expect(node?.value == ["n": 5, "b": true, "s": "7", "t": "5!"])
  }

  @Test func plansAreRead() throws {
    let plan = """
      {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {
        "resources": [{"address": "aws_sfn_state_machine.m", "type": "aws_sfn_state_machine", "values": {
          "definition": "{\\"StartAt\\": \\"A\\", \\"Nxt\\": 1}", "type": "EXPRESS"}}],
        "child_modules": [{"resources": [{"address": "module.x.aws_sfn_state_machine.n", "type": "aws_sfn_state_machine", "values": {}}]}]}}}
      """
    let file = load(plan, as: "plan.json")
    #expect(file.kind == .terraformPlan)
    #expect(file.definitions.map(\.name) == ["aws_sfn_state_machine.m", "module.x.aws_sfn_state_machine.n"])
    #expect(file.definitions.first?.type == .express)
    let member = try #require(file.definitions.first?.definition?.member("Nxt"))
    #expect(plan[member.keyRange] == "\\\"Nxt\\\"")
    #expect(file.diagnostics.map(\.code) == ["definition-unknown"])
  }

  @Test func terraformsJSONIsRead() throws {
    let text = "{\"resource\": {\"aws_sfn_state_machine\": {\"m\": {\"definition\": \"{\\\"StartAt\\\": \\\"${var.x}\\\", \\\"n\\\": ${var.y}}\"}}}}"
    let file = load(text, as: "main.tf.json") { $0.unresolvedValues = .leftOpen }
    #expect(file.kind == .terraform)
    #expect(file.definitions.first?.definition?.value == ["StartAt": "${var.x}", "n": nil])
  }

  @Test func serverlessFilesAreRead() throws {
    let text = """
      service: orders
      provider: {name: aws}
      stepFunctions:
        stateMachines:
          one:
            type: EXPRESS
            definition:
              StartAt: A
              States:
                A: {Type: Task, Resource: !GetAtt LoadLambdaFunction.Arn, TimeoutSeconds: '${self:custom.t}', Nxt: B, End: true}
          two: ${file(two.yml)}
          three: {definition: '${file(three.yml):machine}'}
      """
    let file = load(
      text, as: "serverless.yml",
      files: ["two.yml": "definition:\n  StartAt: X\n", "three.yml": "machine:\n  StartAt: Y\n"]
    ) { $0.unresolvedValues = .leftOpen }
    #expect(file.kind == .serverlessFramework)
    #expect(file.diagnostics == [])
    #expect(file.definitions.map(\.path) == ["serverless.yml", "two.yml", "three.yml"])
    #expect(file.definitions.map { $0.definition?["StartAt"]?.text } == ["A", "X", "Y"])
    #expect(file.definitions.first?.type == .express)
    let state = try #require(file.definitions.first?.definition?.node(at: "/States/A"))
    #expect(state["TimeoutSeconds"]?.value == JSONValue.null)
    #expect(state.member("Nxt").map { text[$0.keyRange] } == "Nxt")
  }
}
