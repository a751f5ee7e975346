/// A regular expression, compiled once, that may be used from any thread.
///
/// Patterns are read in the syntax of JavaScript (for JSONata) or Java (for JSONPath filters) and translated to PCRE2's, construct by construct:
/// what the named language does not know is an error, never something PCRE2 happens to understand.
/// Text is matched by Unicode scalars; offsets are bytes of UTF-8.
public struct RegularExpression: Sendable {
  public enum Flavor: Sendable, Hashable {
    /// ECMAScript without the `u` flag, with the web's legacy syntax (a lone `{`, octal escapes).
    ///
    /// Differences that remain, found by comparing 200,000 random patterns with Node.js: characters outside the BMP are one character, not two;
    /// a repeated group may end with a round that matches nothing, and groups inside of it keep the text of an earlier round; lookbehind needs
    /// alternatives of fixed length (others are refused).
    case javaScript
    /// `java.util.regex`. Unions and intersections of character classes (`[a[b]]`, `[a&&b]`) are refused.
    case java
  }

  public struct Options: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Letters match both cases (flag `i`).
    public static let caseInsensitive = Options(rawValue: 1)
    /// `^` and `$` also match at line ends (flag `m`).
    public static let multiline = Options(rawValue: 2)
    /// `.` also matches line ends (flag `s`).
    public static let dotMatchesLineEnds = Options(rawValue: 4)
    /// White space and `#` comments in the pattern are skipped (flag `x`); Java only.
    public static let extended = Options(rawValue: 8)
  }

  /// Bounds on what a pattern and a match may cost; reaching one is an error of kind `limit`.
  public enum Limits {
    /// Bytes of UTF-8 of a pattern.
    public static let patternBytes = 65_536
    /// Groups within groups.
    public static let groupNesting = 250
    /// Matching steps for one match, about 14 ms of work.
    public static let matchSteps = 1_000_000
    /// Nested backtracking points for one match.
    public static let backtrackingDepth = 1_000_000
    /// Memory for one match, in KiB.
    public static let heapKiB = 65_536
  }

  /// The pattern as written.
  public let pattern: String
  public let flavor: Flavor
  public let options: Options
  /// Capturing groups in the pattern, the whole match not counted.
  public var groupCount: Int { groupNames.count - 1 }
  /// The name of each group by its number, nil for unnamed ones and for 0, the whole match.
  public let groupNames: [String?]
  private let code: CompiledPattern

  /// - Throws: `RegularExpressionError` of kind `syntax` with the place in the pattern.
  public init(_ pattern: String, flavor: Flavor = .javaScript, options: Options = []) throws(RegularExpressionError) {
    guard pattern.utf8.count <= Limits.patternBytes else {
      throw RegularExpressionError(.limit, "a regular expression of \(pattern.utf8.count) bytes; at most \(Limits.patternBytes) are allowed")
    }
    let translation: PatternTranslation
    switch flavor {
    case .javaScript: translation = try JavaScriptPattern.translate(pattern, options: options)
    case .java: translation = try JavaPattern.translate(pattern, options: options)
    }
    self.pattern = pattern
    self.flavor = flavor
    self.options = options
    groupNames = translation.groupNames
    code = try CompiledPattern(translation)
  }

  /// The first match that starts at or after `offset`, or nil.
  ///
  /// Characters before `offset` still count for `^`, `\b` and lookbehind.
  /// - Parameter offset: bytes; an offset inside a character counts as the character's end, one beyond the text finds nothing.
  /// - Throws: `RegularExpressionError` of kind `limit` when the match would cost more than `Limits` allow.
  public func firstMatch(in text: String, from offset: Int = 0) throws(RegularExpressionError) -> Match? {
    try code.matches(in: text, from: offset, atMost: 1, whole: false).first
  }

  /// All matches from left to right; after an empty one the search goes on one character later.
  public func matches(in text: String) throws(RegularExpressionError) -> [Match] {
    try code.matches(in: text, from: 0, atMost: .max, whole: false)
  }

  /// Whether the pattern matches the text from its first to its last character.
  public func matchesWhole(_ text: String) throws(RegularExpressionError) -> Bool {
    try !code.matches(in: text, from: 0, atMost: 1, whole: true).isEmpty
  }

  /// One match and its groups.
  public struct Match: Sendable, Hashable {
    /// The text that was searched.
    public let subject: String
    /// Byte ranges by group number; 0 is the whole match, nil a group that took no part.
    public let groups: [Range<Int>?]

    /// The byte range of the whole match.
    public var range: Range<Int> { groups[0] ?? 0..<0 }
    /// The text of the whole match.
    public var text: Substring { text(ofGroup: 0) ?? "" }
    /// The text of a group, or nil when it took no part or does not exist.
    public func text(ofGroup number: Int) -> Substring? {
      guard groups.indices.contains(number), let range = groups[number] else { return nil }
      let bytes = subject.utf8
      return subject[bytes.index(bytes.startIndex, offsetBy: range.lowerBound)..<bytes.index(bytes.startIndex, offsetBy: range.upperBound)]
    }
  }
}

/// Why a pattern is none, or why a match was given up.
public struct RegularExpressionError: Error, Hashable, Sendable {
  public enum Kind: Sendable, Hashable {
    /// The pattern is wrong or uses what the flavour or the engine does not know.
    case syntax
    /// One of `RegularExpression.Limits` was reached.
    case limit
    /// The engine failed otherwise, for want of memory for example.
    case engine
  }
  public let kind: Kind
  /// What is wrong, without a full stop.
  public let message: String
  /// Bytes of the pattern before the place of a syntax error; nil for errors of matching.
  public let offset: Int?
  init(_ kind: Kind, _ message: String, at offset: Int? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }
}
