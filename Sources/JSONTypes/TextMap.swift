/// From offsets in a decoded string to places in the file it was written in.
///
/// A definition may stand inside of a string of a template, a JSONPath inside of a string of a definition. Escapes, quotes and
/// indentation make the decoded text differ from its source; this says where each byte of it came from.
public struct TextMap: Hashable, Sendable {
  /// A stretch of the decoded text that came from one stretch of the source.
  public struct Run: Hashable, Sendable {
    /// Bytes of the decoded text before this stretch.
    public var offset: Int
    /// Where its source begins.
    public var position: SourcePosition
    /// Whether it stands in the source byte for byte; otherwise all of it belongs to the place where the source begins, as with an escape.
    public var isVerbatim: Bool
    public init(offset: Int, position: SourcePosition, isVerbatim: Bool) {
      self.offset = offset
      self.position = position
      self.isVerbatim = isVerbatim
    }
  }

  /// The decoded text.
  public let text: String
  private let start: SourcePosition
  /// By increasing offsets, the last one for the end; empty when all of the text is verbatim.
  private let runs: [Run]

  /// A text that stands in the source as it is.
  public init(text: String, start: SourcePosition) {
    self.text = text
    self.start = start
    runs = []
  }

  /// A text made of stretches by increasing offsets, of which the first begins at 0, and the end of the source.
  public init(text: String, runs: [Run], end: SourcePosition) {
    self.text = text
    start = runs.first?.position ?? end
    self.runs = runs + [Run(offset: text.utf8.count, position: end, isVerbatim: false)]
  }

  /// The place in the source of a byte of the decoded text. Offsets outside of the text give the places of its ends.
  public func position(of offset: Int) -> SourcePosition {
    var cursor = Cursor(self)
    return cursor.position(of: offset)
  }

  /// The stretch of the source that bytes of the decoded text came from.
  public func range(of offsets: Range<Int>) -> SourceRange {
    var cursor = Cursor(self)
    let lowerBound = cursor.position(of: offsets.lowerBound)
    return SourceRange(lowerBound, max(lowerBound, end(of: offsets, &cursor)))
  }

  /// The place behind the last of these bytes. What stands verbatim ends there, wherever the text goes on; anything else ends as a whole.
  private func end(of offsets: Range<Int>, _ cursor: inout Cursor) -> SourcePosition {
    guard !offsets.isEmpty, !runs.isEmpty else { return cursor.position(of: offsets.upperBound) }
    let number = number(of: min(offsets.upperBound, text.utf8.count) - 1)
    let run = runs[number]
    guard run.isVerbatim else { return number + 1 < runs.count ? runs[number + 1].position : run.position }
    var place = run.position
    text.withBytes { place.advance(over: $0, from: run.offset, to: min(offsets.upperBound, text.utf8.count)) }
    return place
  }

  /// A range of a node parsed from the decoded text.
  public func range(of range: SourceRange) -> SourceRange {
    self.range(of: range.lowerBound.offset..<max(range.lowerBound.offset, range.upperBound.offset))
  }

  /// The number of the last run that begins at or before an offset.
  fileprivate func number(of offset: Int) -> Int {
    var low = 0
    var high = max(0, runs.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].offset <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  fileprivate func run(_ number: Int) -> Run { runs.isEmpty ? Run(offset: 0, position: start, isVerbatim: true) : runs[number] }

  /// Goes through the text once when it is asked for increasing offsets.
  fileprivate struct Cursor {
    private let map: TextMap
    private let count: Int
    private var number = 0
    private var offset: Int
    private var place: SourcePosition

    init(_ map: TextMap) {
      self.map = map
      count = map.text.utf8.count
      offset = 0
      place = map.start
    }

    mutating func position(of target: Int) -> SourcePosition {
      let target = min(max(target, 0), count)
      let needed = map.number(of: target)
      let run = map.run(needed)
      if needed != number || target < offset {
        number = needed
        offset = run.offset
        place = run.position
      }
      guard run.isVerbatim else { return run.position }
      map.text.withBytes { place.advance(over: $0, from: offset, to: target) }
      offset = target
      return place
    }
  }
}

extension SyntaxNode {
  /// A node parsed from a decoded text, with its places in the source that the text came from.
  public func relocated(by map: TextMap) -> SyntaxNode {
    var cursor = TextMap.Cursor(map)
    return relocated(by: map, &cursor)
  }

  private func relocated(by map: TextMap, _ cursor: inout TextMap.Cursor) -> SyntaxNode {
    let lowerBound = cursor.position(of: range.lowerBound.offset)
    let kind: Kind =
      switch self.kind {
      case .array(let elements): .array(elements.map { $0.relocated(by: map, &cursor) })
      case .object(let members):
        .object(
          members.map { member in
            let keyStart = cursor.position(of: member.keyRange.lowerBound.offset)
            let keyEnd = cursor.position(of: member.keyRange.upperBound.offset)
            return Member(
              key: member.key, keyRange: SourceRange(keyStart, keyEnd), value: member.value.relocated(by: map, &cursor))
          })
      case .null, .bool, .number, .string, .invalid: self.kind
      }
    let upperBound = cursor.position(of: range.upperBound.offset)
    return SyntaxNode(kind, SourceRange(lowerBound, upperBound), textMap: textMap?.relocated(by: map))
  }
}

extension SyntaxProblem {
  /// A problem of a decoded text, at its place in the source that the text came from.
  public func relocated(by map: TextMap) -> SyntaxProblem { SyntaxProblem(message, map.range(of: range), hint: hint) }
}

extension TextMap {
  /// This map leads into the text of `outer`; the result leads on to the source of that.
  public func relocated(by outer: TextMap) -> TextMap {
    var result: [Run] = []
    let textCount = text.utf8.count
    // Without the one for the end.
    let runCount = max(1, runs.count - 1)
    for index in 0..<runCount {
      let run = self.run(index)
      let source = run.position.offset
      var number = outer.number(of: source)
      let isVerbatim = run.isVerbatim && outer.run(number).isVerbatim
      result.append(Run(offset: run.offset, position: outer.position(of: source), isVerbatim: isVerbatim))
      guard run.isVerbatim else { continue }
      // What is verbatim here may be made of several stretches there.
      let end = index + 1 < runCount ? self.run(index + 1).offset : textCount
      while number + 1 < outer.runs.count {
        number += 1
        let next = outer.run(number)
        let offset = run.offset + next.offset - source
        if offset >= end { break }
        if offset > run.offset { result.append(Run(offset: offset, position: next.position, isVerbatim: next.isVerbatim)) }
      }
    }
    let sourceEnd = runs.last?.position.offset ?? start.offset + textCount
    return TextMap(text: text, runs: result, end: outer.position(of: sourceEnd))
  }
}
