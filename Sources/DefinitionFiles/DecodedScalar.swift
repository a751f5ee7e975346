import JSONTypes

/// A scalar's decoded text, put together from stretches of its spelling.
///
/// Offsets are bytes of UTF-8 in the text that holds the spelling.
struct DecodedScalar {
  private struct Piece {
    /// Where the piece begins in the decoded text.
    var start: Int
    var spelling: Range<Int>
    var isVerbatim: Bool
  }

  private(set) var bytes: [UInt8] = []
  private var pieces: [Piece] = []

  /// A stretch that stands in the spelling as it is; it continues the last one where it can.
  mutating func appendVerbatim(_ source: [UInt8], _ spelling: Range<Int>) {
    guard !spelling.isEmpty else { return }
    if let last = pieces.last, last.isVerbatim, last.spelling.upperBound == spelling.lowerBound {
      pieces[pieces.count - 1].spelling = last.spelling.lowerBound..<spelling.upperBound
    } else {
      pieces.append(Piece(start: bytes.count, spelling: spelling, isVerbatim: true))
    }
    bytes.append(contentsOf: source[spelling])
  }

  /// Decoded text that is spelled in another way: an escape, a folded line end.
  mutating func append(_ decoded: some Sequence<UInt8>, spelledBy spelling: Range<Int>) {
    let start = bytes.count
    bytes.append(contentsOf: decoded)
    if bytes.count > start { pieces.append(Piece(start: start, spelling: spelling, isVerbatim: false)) }
  }

  mutating func append(_ scalar: Unicode.Scalar, spelledBy spelling: Range<Int>) {
    append(Array(String(scalar).utf8), spelledBy: spelling)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The decoded text with the places that its spelling has in `outer`.
  func placed(in outer: PlacedText) -> PlacedText {
    var result = PlacedText()
    for (index, piece) in pieces.enumerated() {
      if piece.isVerbatim {
        result.append(outer.slice(piece.spelling))
      } else {
        let end = index + 1 < pieces.count ? pieces[index + 1].start : bytes.count
        result.append(String(decoding: bytes[piece.start..<end], as: UTF8.self), at: outer.range(piece.spelling))
      }
    }
    return result
  }
}

extension PlacedText {
  /// How the texts in a file are spelled.
  enum Spelling: Sendable {
    case json
    case yaml
  }

  /// The text of a string node whose range was read from this text, each part with its place.
  ///
  /// Where the spelling cannot be followed, for instance because the node's text was computed, all of it belongs to `place`.
  func scalar(_ expected: String, at offsets: Range<Int>, spelling: Spelling) -> PlacedText {
    let source = Array(text.utf8)
    return scalar(expected, at: offsets, spelling: spelling, source: source)
  }

  /// The same with the text's bytes at hand.
  func scalar(_ expected: String, at offsets: Range<Int>, spelling: Spelling, source: [UInt8]) -> PlacedText {
    knownScalar(expected, at: offsets, spelling: spelling, source: source) ?? PlacedText(expected, at: range(offsets))
  }

  /// The same; nil where the spelling cannot be followed.
  func knownScalar(_ expected: String, at offsets: Range<Int>, spelling: Spelling, source: [UInt8]) -> PlacedText? {
    guard offsets.lowerBound >= 0, offsets.upperBound <= source.count, !offsets.isEmpty else { return nil }
    for candidate in DecodedScalar.candidates(source, offsets, spelling) where candidate.bytes.elementsEqual(expected.utf8) {
      return candidate.placed(in: self)
    }
    return nil
  }

  /// For strings that are nodes of this text, where their parts stand.
  func texts(_ spelling: Spelling, source: [UInt8]) -> SourceTexts {
    SourceTexts { text, range in
      let offsets = range.lowerBound.offset..<max(range.lowerBound.offset, range.upperBound.offset)
      return knownScalar(text, at: offsets, spelling: spelling, source: source)?.map
    }
  }
}

extension DecodedScalar {
  /// The readings that a spelling may have; more than one only for YAML blocks, whose indentation depends on what is around them.
  static func candidates(_ source: [UInt8], _ offsets: Range<Int>, _ spelling: PlacedText.Spelling) -> some Sequence<DecodedScalar> {
    let first = source[offsets.lowerBound]
    var readings: [() -> DecodedScalar?] = []
    switch (spelling, first) {
    case (.json, UInt8(ascii: "\"")): readings = [{ jsonString(source, offsets) }]
    case (.json, _): break
    case (.yaml, UInt8(ascii: "\"")): readings = [{ yamlQuoted(source, offsets, escapes: true) }, { jsonString(source, offsets) }]
    case (.yaml, UInt8(ascii: "'")): readings = [{ yamlQuoted(source, offsets, escapes: false) }]
    case (.yaml, UInt8(ascii: "|")), (.yaml, UInt8(ascii: ">")):
      let block = YAMLBlock(source, offsets)
      readings = block.possibleIndentations.map { indentation in { block.decoded(indentation: indentation) } }
    case (.yaml, _): readings = [{ yamlPlain(source, offsets) }]
    }
    return readings.lazy.compactMap { $0() }
  }
}
