import JSONTypes
import StatesLanguage

/// Replaces `${KEY}` in a definition, as `DefinitionSubstitutions` does.
///
/// In JSON the replacement is made in the text, so a number can take the place of an unquoted `${KEY}`; in YAML and in definitions given as
/// objects it is made in each string. Anything else that looks like a placeholder stays: JSONata and `States.Format` have braces of their own.
/// Source: AWS CloudFormation User Guide, "AWS::StepFunctions::StateMachine", DefinitionSubstitutions.
struct Substitution {
  private let values: [String: String]
  private let options: LoadOptions
  /// Whether somebody meant to give all values, so that a placeholder without one is a mistake.
  private let isMeantToBeComplete: Bool
  private(set) var usedKeys: Set<String> = []
  /// Names of placeholders that have no value.
  private var openNames: Set<String> = []
  private var computed: [Int: PlacedText] = [:]
  private var source: [UInt8] = []
  private var diagnostics: [Diagnostic] = []
  /// Whether the tree is that of a whole YAML file, in whose text CloudFormation fills in the values before it is read.
  private var isYAMLFile = false

  struct Reading {
    var definition: SyntaxNode?
    var places: DefinitionPlaces
    var diagnostics: [Diagnostic]
  }

  init(_ values: [String: String], _ options: LoadOptions, isMeantToBeComplete: Bool = false) {
    self.values = values
    self.options = options
    self.isMeantToBeComplete = isMeantToBeComplete
  }

  /// A file of its own.
  mutating func apply(to file: SourceFile) -> Reading {
    guard file.text.text.mayHoldPlaceholder else {
      return Reading(definition: file.root, places: DefinitionPlaces(text: file.text, spelling: file.spelling), diagnostics: file.diagnostics)
    }
    switch file.spelling {
    case .json: return apply(toJSON: file.text)
    case .yaml:
      guard let root = file.root else {
        return Reading(definition: nil, places: DefinitionPlaces(text: file.text, spelling: .yaml), diagnostics: file.diagnostics)
      }
      isYAMLFile = true
      var reading = apply(to: root, in: DefinitionPlaces(text: file.text, spelling: .yaml))
      reading.diagnostics = file.diagnostics + reading.diagnostics
      return reading
    }
  }

  /// A JSON text that is not parsed yet.
  mutating func apply(toJSON text: PlacedText) -> Reading {
    diagnostics = []
    let (replaced, openValues) = replaceInJSON(text)
    var places = DefinitionPlaces(text: replaced, spelling: .json)
    guard replaced.utf8Count <= options.limits.fileSizeInBytes else {
      let finding = Diagnostic(
        "file-size", "the definition is larger than \(options.limits.fileSizeInBytes) bytes after its substitutions", at: text.range(0..<0))
      return Reading(definition: nil, places: places, diagnostics: diagnostics + [finding])
    }
    let read = JSONReader.read(replaced, limits: options.limits)
    diagnostics += read.diagnostics
    let definition = read.node.map { openValues.isEmpty ? $0 : $0.invalidated(at: openValues) }
    if let definition { reportOpenPlaceholders(definition) }
    places.computed = computed
    return Reading(definition: definition, places: places, diagnostics: diagnostics)
  }

  /// A definition that is a tree already.
  mutating func apply(to node: SyntaxNode, in places: DefinitionPlaces) -> Reading {
    diagnostics = []
    computed = places.computed
    source = Array(places.text.text.utf8)
    let definition = replace(in: node, places)
    reportOpenPlaceholders(definition)
    var result = places
    result.computed = computed
    return Reading(definition: definition, places: result, diagnostics: diagnostics)
  }

  /// Findings for keys that the user gave and no definition has.
  func unknownKeys(at range: SourceRange) -> [Diagnostic] {
    Self.unknownKeys(options.substitutions.keys, used: usedKeys, open: openNames, at: range)
  }

  static func unknownKeys(_ keys: some Sequence<String>, used: Set<String>, open: Set<String>, at range: SourceRange) -> [Diagnostic] {
    keys.filter { !used.contains($0) }.sorted().map { key in
      Diagnostic(
        "substitution-unknown", "a value is given for the substitution \(key), but the definition has no ${\(key)}", at: SourceRange(range.lowerBound, range.lowerBound),
        suggestion: NearestWord.find(key, among: Array(open)))
    }
  }

  var placeholdersWithoutValue: Set<String> { openNames }

  // MARK: Texts

  private mutating func replaceInJSON(_ text: PlacedText) -> (PlacedText, open: Set<SourcePosition>) {
    let bytes = Array(text.text.utf8)
    var result = PlacedText()
    var open: Set<SourcePosition> = []
    var copied = 0
    var index = 0
    var isInString = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "\\") where isInString: index += 1
      case UInt8(ascii: "$"):
        guard let end = Self.endOfPlaceholder(bytes, index) else { break }
        let name = String(decoding: bytes[index + 2..<end - 1], as: UTF8.self)
        let place = text.range(index..<end)
        let value = self.value(name)
        guard value != nil || !isInString else { break }
        result.append(text.slice(copied..<index))
        if let value {
          result.append(value, at: place)
        } else {
          // Nothing but a value can stand here.
          open.insert(place.lowerBound)
          result.append("null", at: place)
          reportOpen(name, place, isCertain: true, leavesHole: true)
        }
        copied = end
        index = end
        guard result.utf8Count <= options.limits.fileSizeInBytes else { return (result, open) }
        continue
      default: break
      }
      index += 1
    }
    guard copied > 0 else { return (text, open) }
    result.append(text.slice(copied..<bytes.count))
    return (result, open)
  }

  private mutating func replace(in text: PlacedText) -> PlacedText {
    let bytes = Array(text.text.utf8)
    var result = PlacedText()
    var copied = 0
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), let end = Self.endOfPlaceholder(bytes, index),
        let value = value(String(decoding: bytes[index + 2..<end - 1], as: UTF8.self))
      {
        result.append(text.slice(copied..<index))
        result.append(value, at: text.range(index..<end))
        copied = end
        index = end
      } else {
        index += 1
      }
    }
    guard copied > 0 else { return text }
    result.append(text.slice(copied..<bytes.count))
    return result
  }

  private mutating func value(_ name: String) -> String? {
    guard let value = values[name] else { return nil }
    usedKeys.insert(name)
    return value
  }

  /// Where the placeholder at `index` ends; nil when none begins there.
  private static func endOfPlaceholder(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") else { return nil }
    var end = index + 2
    while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
    return end > index + 2 && end < bytes.count && bytes[end] == UInt8(ascii: "}") ? end + 1 : nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  // MARK: Trees

  private mutating func replace(in node: SyntaxNode, _ places: DefinitionPlaces) -> SyntaxNode {
    switch node.kind {
    case .string(let string):
      guard string.mayHoldPlaceholder else { return node }
      if isYAMLFile, source.indices.contains(node.range.lowerBound.offset), source[node.range.lowerBound.offset] == UInt8(ascii: "$"),
        let end = Self.endOfPlaceholder(Array(string.utf8), 0), end == string.utf8.count
      {
        return unquoted(node, name: String(decoding: string.utf8.dropFirst(2).dropLast(), as: UTF8.self))
      }
      guard !values.isEmpty else { return node }
      let placed = computed[node.range.lowerBound.offset].flatMap { $0.text.isSameText(as: string) ? $0 : nil }
      let offsets = node.range.lowerBound.offset..<max(node.range.lowerBound.offset, node.range.upperBound.offset)
      let result = replace(in: placed ?? places.text.scalar(string, at: offsets, spelling: places.spelling, source: source))
      guard !result.text.isSameText(as: string) else { return node }
      computed[node.range.lowerBound.offset] = result
      return SyntaxNode(.string(result.text), node.range, textMap: result.map)
    case .array(let elements): return SyntaxNode(.array(elements.map { replace(in: $0, places) }), node.range)
    case .object(let members):
      let replaced = members.map { member in
        let key = member.key.mayHoldPlaceholder ? replace(in: PlacedText(member.key, at: member.keyRange)).text : member.key
        return SyntaxNode.Member(key: key, keyRange: member.keyRange, value: replace(in: member.value, places))
      }
      return SyntaxNode(.object(replaced), node.range)
    default: return node
    }
  }

  /// A placeholder without quotes in YAML: a value of any type may take its place.
  private mutating func unquoted(_ node: SyntaxNode, name: String) -> SyntaxNode {
    if let value = value(name) {
      computed[node.range.lowerBound.offset] = PlacedText(value, at: node.range)
      return SyntaxNode(YAMLSchema.value(ofPlain: value) ?? .string(value), node.range)
    }
    reportOpen(name, node.range, isCertain: true)
    return options.unresolvedValues == .leftOpen ? SyntaxNode(.invalid, node.range) : node
  }

  // MARK: Placeholders without a value

  /// A placeholder is one for certain where it is a whole string, or a part of an ARN; elsewhere it may be a text of its own.
  private mutating func reportOpenPlaceholders(_ node: SyntaxNode) {
    switch node.kind {
    case .string(let string):
      guard string.mayHoldPlaceholder else { return }
      let bytes = Array(string.utf8)
      for index in bytes.indices where bytes[index] == UInt8(ascii: "$") {
        guard let end = Self.endOfPlaceholder(bytes, index) else { continue }
        let isCertain = (index == 0 && end == bytes.count) || string.hasPrefix("arn:")
        reportOpen(String(decoding: bytes[index + 2..<end - 1], as: UTF8.self), node.range, isCertain: isCertain)
      }
    case .array(let elements): for element in elements { reportOpenPlaceholders(element) }
    case .object(let members): for member in members { reportOpenPlaceholders(member.value) }
    default: break
    }
  }

  ///
  /// - Parameter leavesHole: whether the definition has no value at all there.
  private mutating func reportOpen(_ name: String, _ place: SourceRange, isCertain: Bool, leavesHole: Bool = false) {
    openNames.insert(name)
    guard isCertain, leavesHole || isMeantToBeComplete || options.unresolvedValues == .refused else { return }
    diagnostics.append(
      Diagnostic(
        "substitution-open", leavesHole && options.unresolvedValues == .refused ? .error : .warning,
        "${\(name)} has no value; give it one with --substitution \(name)=VALUE, or in DefinitionSubstitutions",
        at: place, suggestion: NearestWord.find(name, among: Array(values.keys)).map { "${\($0)}" }))
  }
}

extension SyntaxNode {
  /// The same tree without the values whose text was made up.
  func invalidated(at places: Set<SourcePosition>) -> SyntaxNode {
    switch kind {
    case .null: places.contains(range.lowerBound) ? SyntaxNode(.invalid, range) : self
    case .array(let elements): SyntaxNode(.array(elements.map { $0.invalidated(at: places) }), range)
    case .object(let members):
      SyntaxNode(.object(members.map { Member(key: $0.key, keyRange: $0.keyRange, value: $0.value.invalidated(at: places)) }), range)
    default: self
    }
  }
}

extension String {
  /// Whether `${` stands anywhere in the text.
  var mayHoldPlaceholder: Bool { contains(bytes: "${") }
}
