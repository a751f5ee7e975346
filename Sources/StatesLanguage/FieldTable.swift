import JSONTypes

/// What a JSON object in a definition describes, and so which fields it may have.
enum FieldOwner: Hashable {
  case machine
  /// A branch of a Parallel state.
  case branch
  case itemProcessor
  case state(StateType)
  /// A rule directly in `Choices`.
  case choiceRule
  /// A rule within And, Or or Not.
  case nestedRule
  case retrier
  case catcher
  case processorConfig
  case itemBatcher
  case itemReader
  case readerConfig
  case resultWriter
  case writerConfig
}

/// The kind of value a field takes.
enum ValueKind {
  case any
  case string
  case boolean
  case integer(ClosedRange<Int64>)
  case number(ClosedRange<Double>)
  case object
  case nonEmptyObject
  case array
  case nonEmptyArray
  /// A string or null: `InputPath`, `OutputPath`, `ResultPath`.
  case nullableString
  case enumeration([String])

  /// Whether any text will do, or is left to what reads it as more.
  var isText: Bool {
    switch self {
    case .any, .string, .nullableString: true
    case .boolean, .integer, .number, .object, .nonEmptyObject, .array, .nonEmptyArray, .enumeration: false
    }
  }
}

/// One row: a field, what it takes, and where it stands.
struct FieldRule {
  var name: String
  var kind: ValueKind
  var isRequired = false
  /// The one query language that knows the field; nil for both.
  var language: QueryLanguage?

  init(_ name: String, _ kind: ValueKind, required: Bool = false, only language: QueryLanguage? = nil) {
    self.name = name
    self.kind = kind
    self.isRequired = required
    self.language = language
  }
}

/// The fields of one kind of object, found by their names.
struct FieldRules {
  private let rows: [FieldRule]
  let names: [String]
  let required: [FieldRule]

  init(_ rows: [FieldRule]) {
    self.rows = rows
    names = rows.map(\.name)
    required = rows.filter(\.isRequired)
  }

  /// So few and so short names are compared sooner than hashed.
  subscript(name: String) -> FieldRule? { names.firstIndex(of: name).map { rows[$0] } }
}

/// Every field of the language: parser, checks and documentation read this table.
///
/// Spec: Amazon States Language; AWS Step Functions Developer Guide, "State machine structure" and the page of each state type.
enum FieldTable {
  static func rules(for owner: FieldOwner) -> FieldRules { byOwner[owner] ?? FieldRules([]) }
  private static let byOwner = table.mapValues { FieldRules($0) }

  static let longestSeconds: ClosedRange<Int64> = 1...99_999_999

  private static let table: [FieldOwner: [FieldRule]] = [
    .machine: [
      FieldRule("StartAt", .string, required: true), FieldRule("States", .nonEmptyObject, required: true), FieldRule("Comment", .string),
      FieldRule("Version", .enumeration(["1.0"])), FieldRule("TimeoutSeconds", .integer(0...99_999_999)), queryLanguage,
    ],
    .branch: subMachine,
    .itemProcessor: subMachine + [FieldRule("ProcessorConfig", .object)],
    .state(.task): common + paths + flow + parameters + work + [
      FieldRule("Resource", .string, required: true), FieldRule("Credentials", .object),
      FieldRule("TimeoutSeconds", .integer(longestSeconds)), FieldRule("TimeoutSecondsPath", .string, only: .jsonPath),
      FieldRule("HeartbeatSeconds", .integer(longestSeconds)), FieldRule("HeartbeatSecondsPath", .string, only: .jsonPath),
    ],
    .state(.pass): common + paths + flow + [
      FieldRule("Result", .any, only: .jsonPath), FieldRule("ResultPath", .nullableString, only: .jsonPath),
      FieldRule("Parameters", .any, only: .jsonPath),
    ],
    .state(.wait): common + paths + flow + [
      FieldRule("Seconds", .integer(0...99_999_999)), FieldRule("Timestamp", .string), FieldRule("SecondsPath", .string, only: .jsonPath),
      FieldRule("TimestampPath", .string, only: .jsonPath),
    ],
    .state(.choice): common + paths + [
      FieldRule("Choices", .nonEmptyArray, required: true), FieldRule("Default", .string), FieldRule("Assign", .object),
      FieldRule("Output", .any, only: .jsonata),
    ],
    .state(.succeed): common + paths + [FieldRule("Output", .any, only: .jsonata)],
    .state(.fail): common + [
      FieldRule("Error", .string), FieldRule("Cause", .string), FieldRule("ErrorPath", .string, only: .jsonPath),
      FieldRule("CausePath", .string, only: .jsonPath),
    ],
    .state(.parallel): common + paths + flow + parameters + work + [FieldRule("Branches", .nonEmptyArray, required: true)],
    .state(.map): common + paths + flow + work + [
      FieldRule("Parameters", .any, only: .jsonPath), FieldRule("ItemProcessor", .object), FieldRule("Iterator", .object),
      FieldRule("ItemsPath", .string, only: .jsonPath), FieldRule("Items", .any, only: .jsonata), FieldRule("ItemSelector", .any),
      FieldRule("ItemReader", .object), FieldRule("ItemBatcher", .object), FieldRule("ResultWriter", .object),
      FieldRule("MaxConcurrency", .integer(0...Int64.max)), FieldRule("MaxConcurrencyPath", .string, only: .jsonPath),
      FieldRule("ToleratedFailurePercentage", .number(0...100)), FieldRule("ToleratedFailurePercentagePath", .string, only: .jsonPath),
      FieldRule("ToleratedFailureCount", .integer(0...Int64.max)), FieldRule("ToleratedFailureCountPath", .string, only: .jsonPath),
      FieldRule("Label", .string),
    ],
    .choiceRule: conditions + [
      FieldRule("Next", .string, required: true), FieldRule("Comment", .string), FieldRule("Assign", .object),
      FieldRule("Condition", .any, only: .jsonata), FieldRule("Output", .any, only: .jsonata),
    ],
    .nestedRule: conditions + [FieldRule("Comment", .string)],
    .retrier: [
      FieldRule("ErrorEquals", .nonEmptyArray, required: true), FieldRule("IntervalSeconds", .integer(0...99_999_999)),
      FieldRule("MaxAttempts", .integer(0...99_999_999)), FieldRule("BackoffRate", .number(1...Double.greatestFiniteMagnitude)),
      FieldRule("MaxDelaySeconds", .integer(1...31_622_400)), FieldRule("JitterStrategy", .enumeration(["NONE", "FULL"])),
      FieldRule("Comment", .string),
    ],
    .catcher: [
      FieldRule("ErrorEquals", .nonEmptyArray, required: true), FieldRule("Next", .string, required: true),
      FieldRule("ResultPath", .nullableString, only: .jsonPath), FieldRule("Assign", .object), FieldRule("Output", .any, only: .jsonata),
      FieldRule("Comment", .string),
    ],
    .processorConfig: [
      FieldRule("Mode", .enumeration(["INLINE", "DISTRIBUTED"])), FieldRule("ExecutionType", .enumeration(["STANDARD", "EXPRESS"])),
    ],
    .itemBatcher: [
      FieldRule("BatchInput", .any), FieldRule("MaxItemsPerBatch", .integer(1...Int64.max)),
      FieldRule("MaxItemsPerBatchPath", .string, only: .jsonPath), FieldRule("MaxInputBytesPerBatch", .integer(1...262_144)),
      FieldRule("MaxInputBytesPerBatchPath", .string, only: .jsonPath),
    ],
    .itemReader: [
      FieldRule("Resource", .string, required: true), FieldRule("ReaderConfig", .object), FieldRule("Parameters", .any, only: .jsonPath),
      FieldRule("Arguments", .any, only: .jsonata),
    ],
    .readerConfig: [
      FieldRule("InputType", .enumeration(["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"])),
      FieldRule("Transformation", .enumeration(["NONE", "LOAD_AND_FLATTEN"])), FieldRule("ManifestType", .enumeration(["S3_INVENTORY", "ATHENA_DATA"])),
      FieldRule("CSVHeaderLocation", .enumeration(["FIRST_ROW", "GIVEN"])), FieldRule("CSVHeaders", .nonEmptyArray),
      FieldRule("CSVDelimiter", .enumeration(["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])),
      FieldRule("MaxItems", .integer(0...100_000_000)), FieldRule("MaxItemsPath", .string, only: .jsonPath),
      FieldRule("ItemsPointer", .string),
    ],
    .resultWriter: [
      FieldRule("Resource", .string), FieldRule("Parameters", .any, only: .jsonPath), FieldRule("Arguments", .any, only: .jsonata),
      FieldRule("WriterConfig", .object),
    ],
    .writerConfig: [
      FieldRule("Transformation", .enumeration(["NONE", "COMPACT", "FLATTEN"])), FieldRule("OutputType", .enumeration(["JSON", "JSONL"])),
    ],
  ]

  private static let queryLanguage = FieldRule("QueryLanguage", .enumeration(QueryLanguage.allCases.map(\.rawValue)))
  private static let subMachine = [
    FieldRule("StartAt", .string, required: true), FieldRule("States", .nonEmptyObject, required: true), FieldRule("Comment", .string),
  ]
  private static let common = [FieldRule("Type", .string, required: true), FieldRule("Comment", .string), queryLanguage]
  private static let paths = [
    FieldRule("InputPath", .nullableString, only: .jsonPath), FieldRule("OutputPath", .nullableString, only: .jsonPath),
  ]
  private static let flow = [
    FieldRule("Next", .string), FieldRule("End", .boolean), FieldRule("Assign", .object), FieldRule("Output", .any, only: .jsonata),
  ]
  private static let parameters = [FieldRule("Parameters", .any, only: .jsonPath), FieldRule("Arguments", .any, only: .jsonata)]
  private static let work = [
    FieldRule("ResultSelector", .any, only: .jsonPath), FieldRule("ResultPath", .nullableString, only: .jsonPath),
    FieldRule("Retry", .array), FieldRule("Catch", .array),
  ]
  private static let conditions =
    [
      FieldRule("Variable", .string, only: .jsonPath), FieldRule("And", .nonEmptyArray, only: .jsonPath),
      FieldRule("Or", .nonEmptyArray, only: .jsonPath), FieldRule("Not", .object, only: .jsonPath),
    ] + ComparisonOperators.all.map { FieldRule($0.key, $0.value.kind, only: .jsonPath) }.sorted { $0.name < $1.name }
}

/// The comparison operators of choice rules by name.
enum ComparisonOperators {
  enum Operator {
    case ordered(ChoiceCondition.ValueType, ChoiceCondition.Order, isPath: Bool)
    case stringMatches
    case isPresent
    case isNull
    case isType(ChoiceCondition.ValueType)

    var kind: ValueKind {
      switch self {
      case .ordered(let type, _, let isPath):
        if isPath { return .string }
        switch type {
        case .string, .timestamp: return .string
        case .numeric: return .number(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
        case .boolean: return .boolean
        }
      case .stringMatches: return .string
      case .isPresent, .isNull, .isType: return .boolean
      }
    }
  }

  static let all: [String: Operator] = {
    var operators: [String: Operator] = ["StringMatches": .stringMatches, "IsPresent": .isPresent, "IsNull": .isNull]
    let orders: [(String, ChoiceCondition.Order)] = [
      ("Equals", .equals), ("LessThan", .lessThan), ("GreaterThan", .greaterThan), ("LessThanEquals", .lessThanEquals),
      ("GreaterThanEquals", .greaterThanEquals),
    ]
    for type in ChoiceCondition.ValueType.allCases {
      operators["Is" + type.rawValue] = .isType(type)
      for (name, order) in orders where type != .boolean || order == .equals {
        operators[type.rawValue + name] = .ordered(type, order, isPath: false)
        operators[type.rawValue + name + "Path"] = .ordered(type, order, isPath: true)
      }
    }
    return operators
  }()
}
