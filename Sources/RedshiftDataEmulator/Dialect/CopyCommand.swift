/// Where COPY finds its objects, and how the text in them is laid out.
struct CopyCommand: Sendable {
  enum Format: Sendable, Equatable {
    case delimited, csv
    /// Widths in characters, one for each column.
    case fixedWidth([Int])
    case json(JSONMapping)
  }

  /// Which values of a document go into which columns.
  enum JSONMapping: Sendable, Equatable {
    /// Members by the columns' names.
    case auto(ignoresCase: Bool)
    /// The whole document into the one SUPER column.
    case noshred
    /// The paths in the object at this URL, one for each column.
    case paths(String)
  }

  enum Encoding: String, Sendable {
    case utf8, utf16, utf16le, utf16be, iso88591
  }

  /// The table in PostgreSQL's SQL.
  var table = ""
  var tableName = ""
  /// Columns that are loaded; nil for all.
  var columns: [String]?
  var source = ""
  /// Where the bucket is, when the statement says it.
  var region: String?
  var format = Format.delimited
  var givenDelimiter: [UInt8]?
  var quote: UInt8 = UInt8(ascii: "\"")
  var encoding = Encoding.utf8
  var isGzip = false
  var isManifest = false
  var headerLines = 0
  /// Nil stands for `\N`.
  var nullText: String?
  var emptyAsNull = false
  var blanksAsNull = false
  var trimsBlanks = false
  var removesQuotes = false
  var escapes = false
  var truncatesColumns = false
  var roundsDecimals = false
  var fillsRecord = false
  var ignoresBlankLines = false
  /// What stands for each byte that is no UTF-8; nil makes it an error.
  var replacement: UInt8?
  var acceptsAnyDate = false
  var dateFormat = TimeFormat.standard
  var timeFormat = TimeFormat.standard
  var maximumErrors = 0
  var loadsIdentities = false
  var onlyChecks = false

  var delimiter: [UInt8] { givenDelimiter ?? [format == .csv ? UInt8(ascii: ",") : UInt8(ascii: "|")] }

  var formatName: String {
    switch format {
    case .delimited, .fixedWidth: "Text"
    case .csv: "CSV"
    case .json: "JSON"
    }
  }
}

/// UNLOAD: the query in PostgreSQL's SQL, where its rows go, and how they are laid out.
struct UnloadCommand: Sendable {
  enum Format: Sendable, Equatable {
    case delimited, csv, json
    /// Widths in characters, one for each column.
    case fixedWidth([Int])
  }
  enum Manifest: Sendable { case none, plain, verbose }

  var query = ""
  var target = ""
  var region: String?
  var format = Format.delimited
  var fileExtension: String?
  var givenDelimiter: UInt8?
  var hasHeader = false
  var nullText: String?
  var addsQuotes = false
  var escapes = false
  var isGzip = false
  var isParallel = true
  var allowsOverwrite = false
  var cleansPath = false
  var manifest = Manifest.none
  /// Bytes of the largest file; nil for what Redshift takes by default.
  var maximumFileSize: Int?
  /// Columns by whose values the rows are put into folders.
  var partitions: [String] = []
  /// Whether these columns stand in the files too.
  var includesPartitions = false

  var delimiter: UInt8 { givenDelimiter ?? (format == .csv ? UInt8(ascii: ",") : UInt8(ascii: "|")) }

  var formatName: String {
    switch format {
    case .delimited, .fixedWidth: "Text"
    case .csv: "CSV"
    case .json: "JSON"
    }
  }
}
