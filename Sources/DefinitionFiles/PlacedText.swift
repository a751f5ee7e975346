public import JSONTypes
import Synchronization

/// A text that knows of each of its bytes where in the file that the user wrote it came from.
///
/// A definition often stands in a file at one remove or two: as a block of YAML, as a JSON string, as pieces that `Fn::Join` puts together,
/// with `Fn::Sub` placeholders replaced by values of another length. Each step slices and appends placed texts, so that a finding in the
/// middle of the final text still points at the very column of the file.
///
/// Offsets are bytes of UTF-8 in ``text``.
public struct PlacedText: Sendable {
  /// A stretch of the text with its place.
  struct Segment: Sendable {
    /// Where the stretch begins in the text; it ends where the next begins.
    var start: Int
    var place: SourceRange
    /// Whether the stretch stands in the file byte for byte and on one line. Otherwise all of it belongs to the whole place:
    /// an escape, a folded line end, the placeholder that a value took the place of.
    var isVerbatim: Bool
  }

  /// Longer verbatim stretches are split, so that counting columns stays cheap in texts without line ends.
  static let longestVerbatimStretch = 256

  public private(set) var text: String
  private var ownSegments: [Segment] = []
  /// The segments of a whole file as it stands there, found when somebody asks; nil for any other text.
  private var fileSegments: FileSegments?

  private(set) var segments: [Segment] {
    get { fileSegments?.value(of: text) ?? ownSegments }
    _modify {
      if let fileSegments { ownSegments = fileSegments.value(of: text) }
      fileSegments = nil
      yield &ownSegments
    }
  }

  var isFile: Bool { fileSegments != nil }

  private final class FileSegments: Sendable {
    private let known = Mutex<[Segment]?>(nil)

    func value(of text: String) -> [Segment] {
      known.withLock { known in
        if let known { return known }
        let segments = text.utf8.withContiguousStorageIfAvailable { bytes in PlacedText.segments(of: bytes) } ?? []
        known = segments
        return segments
      }
    }
  }

  init() { text = "" }

  /// A text all of which belongs to one place.
  init(_ text: String, at place: SourceRange) {
    self.init()
    append(text, at: place)
  }

  /// A whole file. Lines end with LF, CR or CRLF; a byte order mark is no column.
  init(file text: String) {
    var text = text
    text.makeContiguousUTF8()
    self.text = text
    fileSegments = FileSegments()
  }

  private static func segments(of bytes: UnsafeBufferPointer<UInt8>) -> [Segment] {
    var segments: [Segment] = []
    var position = SourcePosition.start
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      let after = SourcePosition(offset: 3, line: 1, column: 1)
      segments.append(Segment(start: 0, place: SourceRange(position, after), isVerbatim: false))
      position = after
    }
    var start = position
    func close(_ end: SourcePosition, isVerbatim: Bool) {
      if end.offset > start.offset { segments.append(Segment(start: start.offset, place: SourceRange(start, end), isVerbatim: isVerbatim)) }
    }
    while position.offset < bytes.count {
      let byte = bytes[position.offset]
      if byte == 0x0A || byte == 0x0D {
        close(position, isVerbatim: true)
        start = position
        let isPair = byte == 0x0D && position.offset + 1 < bytes.count && bytes[position.offset + 1] == 0x0A
        let next = SourcePosition(offset: position.offset + (isPair ? 2 : 1), line: position.line + 1, column: 1)
        // The place of a line end is on its own line.
        close(SourcePosition(offset: next.offset, line: position.line, column: position.column + 1), isVerbatim: false)
        position = next
        start = position
      } else {
        if byte & 0xC0 != 0x80 {
          if position.offset - start.offset >= longestVerbatimStretch {
            close(position, isVerbatim: true)
            start = position
          }
          position.column += 1
        }
        position.offset += 1
      }
    }
    close(position, isVerbatim: true)
    return segments
  }

  public var utf8Count: Int { text.utf8.count }
}

// MARK: Places

extension PlacedText {
  /// Where the byte at `offset` came from; at the end of the text, the end of the last stretch.
  public func position(at offset: Int) -> SourcePosition {
    guard let last = segments.last else { return .start }
    if offset >= utf8Count {
      // After a final line end the next position is the start of a line.
      if !last.isVerbatim, text.utf8.last == 0x0A, last.place.upperBound.line == last.place.lowerBound.line {
        return SourcePosition(offset: last.place.upperBound.offset, line: last.place.lowerBound.line + 1, column: 1)
      }
      return last.place.upperBound
    }
    let segment = segments[index(of: max(0, offset))]
    return segment.isVerbatim ? advance(segment, to: offset) : segment.place.lowerBound
  }

  /// The place of a stretch of the text, from its first byte to after its last.
  public func range(_ offsets: Range<Int>) -> SourceRange {
    let lower = position(at: offsets.lowerBound)
    guard !offsets.isEmpty, !segments.isEmpty else { return SourceRange(lower, lower) }
    let segment = segments[index(of: min(offsets.upperBound, utf8Count) - 1)]
    let upper = segment.isVerbatim ? advance(segment, to: offsets.upperBound) : segment.place.upperBound
    // Pieces of one text may come from places in any order; then its first piece stands for all.
    return SourceRange(lower, upper < lower ? lower : upper)
  }

  /// The offset in the text of what stands at a place of the file, or nil when nothing came from there.
  func offset(of position: SourcePosition) -> Int? {
    for (index, segment) in segments.enumerated() where segment.place.lowerBound.offset <= position.offset {
      if segment.place.lowerBound.offset == position.offset { return segment.start }
      let end = index + 1 < segments.count ? segments[index + 1].start : utf8Count
      let offset = segment.start + position.offset - segment.place.lowerBound.offset
      if segment.isVerbatim, offset < end { return offset }
    }
    return nil
  }

  private func index(of offset: Int) -> Int {
    var low = 0
    var high = segments.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if segments[middle].start <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func advance(_ segment: Segment, to offset: Int) -> SourcePosition {
    var position = segment.place.lowerBound
    let stretch = bytes(segment.start..<min(offset, utf8Count))
    position.offset += stretch.count
    for byte in stretch where byte & 0xC0 != 0x80 { position.column += 1 }
    return position
  }

  private func bytes(_ offsets: Range<Int>) -> Substring.UTF8View {
    let start = text.utf8.index(text.utf8.startIndex, offsetBy: offsets.lowerBound)
    return text.utf8[start..<text.utf8.index(start, offsetBy: max(0, offsets.count))]
  }
}

extension PlacedText {
  /// The same knowledge in the form that a node carries.
  var map: TextMap {
    let runs = segments.map { TextMap.Run(offset: $0.start, position: $0.place.lowerBound, isVerbatim: $0.isVerbatim) }
    return TextMap(text: text, runs: runs, end: position(at: utf8Count))
  }
}

// MARK: Putting together

extension PlacedText {
  mutating func append(_ addition: String, at place: SourceRange) {
    guard !addition.isEmpty else { return }
    segments.append(Segment(start: utf8Count, place: place, isVerbatim: false))
    text += addition
  }

  mutating func append(_ addition: PlacedText) {
    let shift = utf8Count
    segments.reserveCapacity(segments.count + addition.segments.count)
    for var segment in addition.segments {
      segment.start += shift
      segments.append(segment)
    }
    text += addition.text
  }

  /// A stretch of the text with its places. Offsets must lie on borders of scalars.
  func slice(_ offsets: Range<Int>) -> PlacedText {
    var result = PlacedText()
    guard !offsets.isEmpty, !segments.isEmpty else { return result }
    var current = index(of: offsets.lowerBound)
    var start = offsets.lowerBound
    while start < offsets.upperBound {
      let segment = segments[current]
      let end = min(current + 1 < segments.count ? segments[current + 1].start : utf8Count, offsets.upperBound)
      let place = segment.isVerbatim ? SourceRange(advance(segment, to: start), advance(segment, to: end)) : segment.place
      result.segments.append(Segment(start: start - offsets.lowerBound, place: place, isVerbatim: segment.isVerbatim))
      start = end
      current += 1
    }
    result.text = String(decoding: bytes(offsets), as: UTF8.self)
    return result
  }

  /// The same text, all of which belongs to `place`.
  func placed(at place: SourceRange) -> PlacedText { PlacedText(text, at: place) }
}
