import ArgumentParser
import DefinitionFiles
import JSONTypes
import StatesLanguage
import TaskActions

/// Who answers tasks in place of Swift actions. Nothing is found by itself: a checkout must not run programs because it was checked out.
struct TaskArguments: ParsableArguments {
  @Option(
    name: .customLong("task"),
    help: ArgumentHelp(
      "Answer a function or an ARN by exec:PROGRAM, http://…, aws or return:JSON; repeatable.", valueName: "NAME=ANSWER"))
  var tasks: [String] = []

  @Option(name: .customLong("tasks"), help: ArgumentHelp("Answers for many functions and ARNs, in JSON or YAML.", valueName: "FILE"))
  var file: String?

  @Flag(help: "Print who would answer each task, and stop.")
  var plan = false

  /// The rules of the file, then those of the command line, which beat them.
  func rules(style: Style) throws -> TaskRules {
    var rules = try file.map { try Self.rules(of: $0, style: style) } ?? []
    for text in tasks {
      do throws(TaskRuleProblem) {
        rules.append(try TaskRule(text))
      } catch {
        throw CommandProblem("--task: \(error.message)")
      }
    }
    return TaskRules(rules)
  }

  /// What the command line names, apart from the file, which may serve several definitions.
  var targets: [TaskRule.Target] { tasks.compactMap { try? TaskRule($0).target } }

  private static func rules(of path: String, style: Style) throws -> [TaskRule] {
    let limits = DefinitionFileLimits()
    let text: String
    do throws(FileReadError) {
      text = String(decoding: try FileReaders.disk(path, limits.fileSizeInBytes), as: UTF8.self)
    } catch {
      throw CommandProblem("cannot read \(path) for --tasks: \(error.message)")
    }
    let source = DiagnosticText(path: path, source: text, style: style)
    let (root, diagnostics) = DataFile.parse(path: path, text: text, limits: limits)
    for diagnostic in diagnostics where diagnostic.severity != .advice { Terminal.writeError(source.text(diagnostic)) }
    guard let root else { throw ExitCode(2) }
    let slash = path.lastIndex(of: "/")
    do throws(TaskRuleProblem) {
      return try TaskRule.rules(in: root, folder: slash.map { String(path[...$0]) } ?? ".")
    } catch {
      Terminal.writeError(source.text(Diagnostic("invalid-task-rule", .error, error.message, at: error.range ?? root.range)))
      throw ExitCode(2)
    }
  }
}
