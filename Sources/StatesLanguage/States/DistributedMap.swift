/// What a Map state in the mode DISTRIBUTED has besides: each iteration is an execution of its own, a child of the Map Run.
///
/// Source: AWS Step Functions Developer Guide, "Using Map state in Distributed mode".
public struct DistributedMap: Sendable {
  /// The type of the children.
  public var executionType: WorkflowType
  /// Part of the ARNs of the Map Run and its children; nil when the definition gives none.
  public var label: String?
  public var itemReader: ItemReader?
  public var resultWriter: ResultWriter?

  /// How many children the service runs at a time.
  public static let concurrency = 10_000
  /// The longest label, in characters.
  public static let maximumLabelLength = 40
}

/// `ItemReader`: where the items come from when they are not in the state's input.
///
/// Source: AWS Step Functions Developer Guide, "ItemReader (Map)".
public struct ItemReader: Sendable {
  public enum Resource: Sendable, Hashable {
    /// One object holds the items.
    case getObject
    /// The objects of a bucket are the items.
    case listObjects
  }
  public enum InputType: String, Sendable, Hashable, CaseIterable {
    case csv = "CSV", json = "JSON", jsonLines = "JSONL", manifest = "MANIFEST", parquet = "PARQUET"
  }
  public enum ManifestType: String, Sendable, Hashable, CaseIterable { case inventory = "S3_INVENTORY", athena = "ATHENA_DATA" }
  /// Where the names of the columns stand.
  public enum CSVHeaders: Sendable, Hashable {
    case firstRow
    case given([String])
  }
  public enum CSVDelimiter: String, Sendable, Hashable, CaseIterable {
    case comma = "COMMA", pipe = "PIPE", semicolon = "SEMICOLON", space = "SPACE", tab = "TAB"

    public var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .pipe: UInt8(ascii: "|")
      case .semicolon: UInt8(ascii: ";")
      case .space: UInt8(ascii: " ")
      case .tab: UInt8(ascii: "\t")
      }
    }
  }
  /// How an object's bytes become items.
  public struct Format: Sendable, Hashable {
    public var inputType: InputType
    public var csvHeaders: CSVHeaders
    public var csvDelimiter: CSVDelimiter
    /// A JSON pointer to the array within a JSON text; empty for the whole.
    public var itemsPointer: String

    public init(_ inputType: InputType, csvHeaders: CSVHeaders = .firstRow, csvDelimiter: CSVDelimiter = .comma, itemsPointer: String = "") {
      self.inputType = inputType
      self.csvHeaders = csvHeaders
      self.csvDelimiter = csvDelimiter
      self.itemsPointer = itemsPointer
    }
  }

  public var resource: Resource
  /// `Parameters`, or `Arguments` in JSONata: Bucket, Key or Prefix, VersionId.
  public var arguments: Template?
  /// nil only where objects are listed and not read.
  public var format: Format?
  public var manifestType: ManifestType?
  /// `Transformation` is LOAD_AND_FLATTEN: listed objects are read, and all that they hold is one series of items.
  public var loadsObjects: Bool
  /// Default and 0: as many as there are, at most `maximumItems`.
  public var maxItems: NumberField?

  /// The most items that one Map Run takes.
  public static let maximumItems = 100_000_000
}

/// `ResultWriter`: what becomes of the children's results.
///
/// Source: AWS Step Functions Developer Guide, "ResultWriter (Map)".
public struct ResultWriter: Sendable {
  public enum Transformation: String, Sendable, Hashable, CaseIterable {
    /// Outputs with what is known of their executions.
    case none = "NONE"
    /// Outputs alone.
    case compact = "COMPACT"
    /// Outputs alone; the elements of those that are arrays.
    case flatten = "FLATTEN"
  }
  public enum OutputType: String, Sendable, Hashable, CaseIterable { case json = "JSON", jsonLines = "JSONL" }

  /// `Parameters`, or `Arguments` in JSONata: Bucket and Prefix; nil when the results go into the state's output.
  public var arguments: Template?
  public var transformation: Transformation
  public var outputType: OutputType
}
