/// Reads the records of text whose fields have fixed widths, in characters.
struct FixedWidthReader: RowReader {
  private let command: CopyCommand
  private let columns: [LoadColumn]
  private let widths: [Int]
  private let bytes: [UInt8]
  private var index = 0
  private var line = 0

  init(_ bytes: [UInt8], command: CopyCommand, columns: [LoadColumn], widths: [Int]) {
    self.command = command
    self.columns = columns
    self.widths = widths
    self.bytes = bytes
  }

  mutating func next() -> LoadedRow? {
    while index < bytes.count {
      let end = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
      var record = bytes[index..<end]
      if record.last == 0x0D { record.removeLast() }
      index = end + 1
      line += 1
      if line <= command.headerLines || (record.isEmpty && command.ignoresBlankLines) { continue }
      return row(record)
    }
    return nil
  }

  private func row(_ record: ArraySlice<UInt8>) -> LoadedRow {
    var row = LoadedRow(line: line, raw: Array(record.prefix(LoadLimits.rawBytes)))
    var place = record.startIndex
    for (number, width) in widths.enumerated() {
      guard place < record.endIndex else {
        guard command.fillsRecord else {
          row.problem = LoadError(1203, "Input data had fewer columns than were defined in the DDL", in: columns[number], value: "")
          return row
        }
        row.fields.append(columns[number].isText && columns[number].kind != .bpchar ? [] : nil)
        continue
      }
      let start = place
      for _ in 0..<width where place < record.endIndex {
        // On to where the next character begins.
        place += 1
        while place < record.endIndex, record[place] & 0xC0 == 0x80 { place += 1 }
      }
      let field = Array(record[start..<place])
      row.fields.append(field.elementsEqual((command.nullText ?? "\\N").utf8) ? nil : field)
    }
    if place < record.endIndex { row.problem = .extraColumns }
    return row
  }
}
