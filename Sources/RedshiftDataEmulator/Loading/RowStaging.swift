/// The rows of objects as lines of PostgreSQL's own text format; those in error are kept back.
struct RowStaging: CopySource {
  let conversion: FieldConversion
  let columns: [LoadColumn]
  /// Of the statement: after its cancellation no more rows come.
  let control: RunControl
  private var reader: (any RowReader)?
  private var file = 0

  /// Rows so far, and those of the object that is read.
  private(set) var count = 0
  private(set) var rowsOfFile = 0
  private(set) var errorCount = 0
  /// The first ones.
  private(set) var errors: [RowError] = []
  /// Rows in which characters were replaced.
  private(set) var replacements: [RowError] = []

  /// Bytes that are sent at a time.
  private static let portion = 65536

  init(conversion: FieldConversion, columns: [LoadColumn], control: RunControl) {
    self.conversion = conversion
    self.columns = columns
    self.control = control
  }

  /// Goes on with another object.
  mutating func begin(_ reader: any RowReader, file: Int) {
    self.reader = reader
    self.file = file
    rowsOfFile = 0
  }

  mutating func next() -> [UInt8]? {
    var bytes: [UInt8] = []
    if control.isCancelled { return nil }
    while bytes.count < Self.portion {
      guard let row = reader?.next() else {
        reader = nil
        break
      }
      count += 1
      rowsOfFile += 1
      stage(row, into: &bytes)
    }
    return bytes.isEmpty && reader == nil ? nil : bytes
  }

  private mutating func stage(_ row: LoadedRow, into bytes: inout [UInt8]) {
    if let problem = row.problem { return keep(row, problem) }
    var line = Array("\(count)\t\(file)\t\(row.line)\t".utf8)
    Self.append(Array(Self.shown(row.raw).utf8), to: &line)
    for (field, column) in zip(row.fields, columns) {
      line.append(0x09)
      do throws(LoadError) {
        guard let value = try conversion.value(field, column) else {
          line += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
          continue
        }
        let text = Array(value.utf8)
        guard !text.contains(0) else { return keep(row, .nullTerminator) }
        Self.append(text, to: &line)
      } catch {
        return keep(row, error)
      }
    }
    if conversion.command.replacement != nil, replacements.count < LoadLimits.keptReplacements { noteReplacement(in: row) }
    line.append(0x0A)
    bytes += line
  }

  private mutating func noteReplacement(in row: LoadedRow) {
    for (field, column) in zip(row.fields, columns) where column.isText {
      guard let field, UTF8Fault(in: field) != nil else { continue }
      let error = LoadError(1220, "", in: column, value: "")
      replacements.append(RowError(file: file, line: row.line, raw: Self.shown(row.raw), error: error))
      return
    }
  }

  private mutating func keep(_ row: LoadedRow, _ error: LoadError) {
    errorCount += 1
    if errors.count < LoadLimits.keptErrors { errors.append(RowError(file: file, line: row.line, raw: Self.shown(row.raw), error: error)) }
  }

  /// A row as the system tables show it: with periods for bytes beyond ASCII.
  private static func shown(_ raw: [UInt8]) -> String { String(decoding: raw.map { $0 >= 0x80 || $0 == 0 ? UInt8(ascii: ".") : $0 }, as: UTF8.self) }

  private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\\"): bytes += [byte, byte]
      case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      default: bytes.append(byte)
      }
    }
  }
}
