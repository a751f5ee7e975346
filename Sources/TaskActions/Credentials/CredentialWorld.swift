/// What sources of credentials ask of the world, so that tests can give their own.
public struct CredentialWorld: Sendable {
  /// What a program printed and how it ended.
  public struct ProgramOutcome: Sendable {
    public var output: [UInt8]
    /// nil when it ended well, else how it did not: `it exited with code 3: no session`.
    public var failure: String?
    public init(output: [UInt8] = [], failure: String? = nil) {
      self.output = output
      self.failure = failure
    }
  }

  /// Largest file of a token or a cache, in bytes.
  static let maximumFileBytes = 1 << 20
  /// Largest answer of a metadata service or of STS, in bytes.
  static let maximumAnswerBytes = 1 << 20
  /// Longest run of a `credential_process`.
  static let programTimeout = Duration.seconds(60)

  public var clock: ClientClock
  public var transport: any HTTPTransport
  /// A file's text, nil when there is no such file.
  public var readFile: @Sendable (_ path: String) throws(AWSConfigurationError) -> String?
  /// Puts a file that only its owner may read in place of an earlier one.
  public var writeFile: @Sendable (_ path: String, _ text: String) throws(AWSConfigurationError) -> Void
  public var runProgram: @Sendable (_ words: [String], _ environment: [String: String]) async -> ProgramOutcome

  public init(
    clock: ClientClock = .system, transport: any HTTPTransport,
    readFile: @escaping @Sendable (_ path: String) throws(AWSConfigurationError) -> String? = Self.readFileOfThisMachine,
    writeFile: @escaping @Sendable (_ path: String, _ text: String) throws(AWSConfigurationError) -> Void = Self.writeFileOfThisMachine,
    runProgram: @escaping @Sendable (_ words: [String], _ environment: [String: String]) async -> ProgramOutcome = Self.runProgramOfThisMachine
  ) {
    self.clock = clock
    self.transport = transport
    self.readFile = readFile
    self.writeFile = writeFile
    self.runProgram = runProgram
  }

  public static let readFileOfThisMachine: @Sendable (String) throws(AWSConfigurationError) -> String? = {
    path throws(AWSConfigurationError) in try readTextFile(path, limit: maximumFileBytes)
  }

  public static let writeFileOfThisMachine: @Sendable (String, String) throws(AWSConfigurationError) -> Void = {
    path, text throws(AWSConfigurationError) in try writePrivateFile(path, text)
  }

  public static let runProgramOfThisMachine: @Sendable ([String], [String: String]) async -> ProgramOutcome = { words, environment in
    let command = Command(words: words, timeout: programTimeout)
    let outcome = await CommandProcess(command, environment: environment, input: []) { _ in }.run()
    let lines = outcome.lastLines.isEmpty ? "" : ": " + outcome.lastLines.joined(separator: " / ")
    let failure: String? =
      switch (outcome.problem, outcome.stop, outcome.end) {
      case (let problem?, _, _): problem.message
      case (_, .timedOut, _): "it took longer than \(programTimeout)\(lines)"
      case (_, .tooMuchOutput, _): "it printed too much"
      case (_, .cancelled, _): "it was stopped"
      case (_, _, .exited(0)): nil
      case (_, _, .exited(let code)): "it exited with code \(code)\(lines)"
      case (_, _, .signalled(let signal)): "it was ended by signal \(signal)\(lines)"
      case (nil, nil, nil): "it did not start"
      }
    return ProgramOutcome(output: outcome.output, failure: failure)
  }

  /// Reads a file that a profile or a variable names; it must be there.
  func text(of path: String, namedBy origin: String) throws(CredentialsError) -> String {
    do throws(AWSConfigurationError) {
      guard let text = try readFile(path) else { throw AWSConfigurationError("\(path) does not exist") }
      return text
    } catch {
      throw CredentialsError("\(origin): \(error.message)")
    }
  }
}
