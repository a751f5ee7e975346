import JSONTypes

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Another implementation in a process of its own, which answers a line of JSON with a line of JSON.
final class Peer {
  /// Its own name for itself, once it has been started.
  let name: String
  let version: String
  private let input: UnsafeMutablePointer<FILE>
  private let output: UnsafeMutablePointer<FILE>
  private let process: pid_t

  enum Start {
    case started(Peer)
    case missing(String)
  }

  struct Failed: Error { let message: String }

  /// Runs a command and reads the line in which it names itself.
  static func start(_ command: [String], folder: String) -> Start {
    var toPeer: [Int32] = [0, 0]
    var fromPeer: [Int32] = [0, 0]
    guard pipe(&toPeer) == 0, pipe(&fromPeer) == 0 else { return .missing("no pipe") }
    // The peer must not hold the ends of this side, or it would never see the end of its input; nor may one started later.
    for end in toPeer + fromPeer { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    #else
    var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toPeer[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromPeer[1], 1)
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let problem = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
    close(toPeer[0])
    close(fromPeer[1])
    guard problem == 0, let input = fdopen(toPeer[1], "w"), let output = fdopen(fromPeer[0], "r") else {
      return .missing("\(command[0]): \(String(cString: strerror(problem)))")
    }
    guard let line = readLine(from: output), let greeting = try? JSONValue(parsing: line) else {
      waitpid(process, nil, 0)
      return .missing("\(command.joined(separator: " ")) did not answer")
    }
    if let reason = greeting["missing"]?.asString {
      waitpid(process, nil, 0)
      return .missing(reason)
    }
    return .started(Peer(greeting["name"]?.asString ?? command[0], greeting["version"]?.asString ?? "", input, output, process))
  }

  private init(
    _ name: String, _ version: String, _ input: UnsafeMutablePointer<FILE>, _ output: UnsafeMutablePointer<FILE>, _ process: pid_t
  ) {
    self.name = name
    self.version = version
    self.input = input
    self.output = output
    self.process = process
  }

  /// Lets the process see the end of its input and waits for it.
  func stop() {
    fclose(input)
    waitpid(process, nil, 0)
    fclose(output)
  }

  /// Makes a case the current one; gives its result.
  func load(_ expression: String, input: JSONValue) throws(Failed) -> JSONValue {
    let answer = try ask(["expression": .string(expression), "input": input])
    guard let result = answer["result"] else { throw Failed(message: "no result") }
    return result
  }

  /// Microseconds of CPU time for one evaluation of the current case.
  func measure(microseconds budget: Int) throws(Failed) -> Double {
    let answer = try ask(["budget": .int(Int64(budget))])
    guard let figure = answer["microseconds"]?.asDouble else { throw Failed(message: "no figure") }
    return figure
  }

  private func ask(_ question: JSONValue) throws(Failed) -> JSONValue {
    fputs(question.jsonText + "\n", input)
    fflush(input)
    guard let line = Self.readLine(from: output), let answer = try? JSONValue(parsing: line) else { throw Failed(message: "\(name) went away") }
    if let message = answer["error"]?.asString { throw Failed(message: message) }
    return answer
  }

  private static func readLine(from file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    let count = getline(&line, &capacity, file)
    guard count > 0, let line else { return nil }
    return line.withMemoryRebound(to: UInt8.self, capacity: count) { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }
}
