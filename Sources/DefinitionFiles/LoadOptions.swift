import StatesLanguage

/// What a file cannot say itself: the values that a deployment would give.
public struct LoadOptions: Sendable {
  /// What happens to a value that the file leaves open: a parameter without a default, an export of another stack.
  public enum UnresolvedValues: Sendable, Hashable {
    /// It is an error. For running a definition.
    case refused
    /// Its name stands for it, as `${Name}`. For checking a definition.
    case leftOpen
  }

  /// Values of a template's parameters, by name. Lists are written with commas.
  public var parameters: [String: String] = [:]
  /// Values for `${KEY}` in a definition; in a template they go before its `DefinitionSubstitutions`.
  public var substitutions: [String: String] = [:]
  /// The logical id of the only state machine to load from a template; nil loads all of them.
  public var stateMachine: String?
  public var region = "us-east-1"
  public var accountID = "123456789012"
  public var stackName = "local"
  public var unresolvedValues = UnresolvedValues.refused
  public var limits = DefinitionFileLimits()
  /// Reads the files that a file names.
  public var readFile: FileReader = FileReaders.disk
  /// The names of the files in a folder; none where it cannot be read.
  public var listFolder: FolderReader = FileReaders.names

  public init() {}
}

/// How much is read before a file is refused.
public struct DefinitionFileLimits: Sendable, Hashable {
  /// Bytes of a file, and of a definition's text after all substitutions. AWS takes templates of 1 MB.
  public var fileSizeInBytes = 5 << 20
  /// Bytes of a definition as JSON: its text where it is written so, else its compact text. `.max` lifts the limit of AWS.
  public var definitionSizeInBytes = StateMachine.maximumDefinitionBytes
  /// Objects and lists within each other.
  public var nesting = 200
  /// Values that aliases of YAML stand for, each use counted.
  public var aliasedNodes = 100_000
  /// Resources of a template. AWS takes 500.
  public var resources = 2_000
  /// Values visited while a template's functions are evaluated.
  public var evaluationSteps = 2_000_000
  /// Files of a Terraform module that are read for its local values.
  public var moduleFiles = 200
  public init() {}
}

/// Reads a whole file. The limit is the number of bytes after which reading may stop: a longer answer is refused by the caller.
public typealias FileReader = @Sendable (_ path: String, _ limit: Int) throws(FileReadError) -> [UInt8]

/// Lists the files of a folder by name.
public typealias FolderReader = @Sendable (_ path: String) -> [String]

/// Why a file could not be read, as the system says it.
public struct FileReadError: Error, Hashable, Sendable {
  public var message: String
  public init(_ message: String) { self.message = message }
}
