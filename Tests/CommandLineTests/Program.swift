import Foundation
import TestSupport

/// The built program, run as a user runs it.
struct Program {
  struct Outcome {
    var exitCode: Int32
    var output: String
    var errors: String
  }

  /// The program beside the tests.
  static let path: String = {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" } ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "sfn-local").path
  }()

  /// A file of the package.
  static func path(of file: String) -> String { Conformance.packageRoot + "/" + file }

  /// Gone with the tests' process.
  private static let stateHome = StateHome()

  private final class StateHome: Sendable {
    let path = "/tmp/sfn-state-" + String(ProcessInfo.processInfo.processIdentifier)
    init() { atexit { try? FileManager.default.removeItem(atPath: "/tmp/sfn-state-" + String(ProcessInfo.processInfo.processIdentifier)) } }
  }

  /// Runs the program to its end in the root of the package.
  static func run(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, input: input, environment: environment)
  }

  /// The same in a folder.
  static func run(_ arguments: [String], in folder: String? = nil, input: String = "", environment: [String: String] = [:]) throws -> Outcome {
    let process = try start(arguments, in: folder, environment: environment)
    process.input.fileHandleForWriting.write(Data(input.utf8))
    try process.input.fileHandleForWriting.close()
    return process.finish()
  }

  static func start(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) throws -> RunningProgram {
    let running = RunningProgram()
    running.process.executableURL = URL(filePath: path)
    running.process.arguments = arguments
    running.process.currentDirectoryURL = URL(filePath: folder ?? Conformance.packageRoot)
    // Nothing of the surroundings may name AWS or colours.
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") && $0.key != "job_run_date" }
    // What is kept of executions is kept apart from the user's own.
    variables["XDG_STATE_HOME"] = stateHome.path
    for (name, value) in environment { variables[name] = value }
    running.process.environment = variables
    running.process.standardInput = running.input
    running.process.standardOutput = running.output
    running.process.standardError = running.errors
    try running.process.run()
    return running
  }
}

final class RunningProgram {
  let process = Process()
  let input = Pipe()
  let output = Pipe()
  let errors = Pipe()

  /// Reads one of the outputs until it has told something, or ended.
  func text(of pipe: Pipe, until words: String) -> String {
    var seen = Data()
    while true {
      let text = String(decoding: seen, as: UTF8.self)
      if text.contains(words) { return text }
      let chunk = pipe.fileHandleForReading.availableData
      if chunk.isEmpty { return text }
      seen.append(chunk)
    }
  }

  /// Waits for the end, reading both outputs meanwhile.
  func finish() -> Program.Outcome {
    nonisolated(unsafe) var errorBytes = Data()
    let errorHandle = errors.fileHandleForReading
    let group = DispatchGroup()
    group.enter()
    DispatchQueue.global().async {
      errorBytes = errorHandle.readDataToEndOfFile()
      group.leave()
    }
    let outputBytes = output.fileHandleForReading.readDataToEndOfFile()
    group.wait()
    process.waitUntilExit()
    return Program.Outcome(
      exitCode: process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus,
      output: String(decoding: outputBytes, as: UTF8.self), errors: String(decoding: errorBytes, as: UTF8.self))
  }
}

/// A folder for one test, removed with it. World-searchable, since the database may run as another user.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    path = "/tmp/sfn-" + UUID().uuidString.prefix(8).lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: file))
    return file
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
