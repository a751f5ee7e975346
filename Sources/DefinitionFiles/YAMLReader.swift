import JSONTypes
import StatesLanguage

/// Builds the tree of a YAML document: core schema of YAML 1.2, anchors, merge keys, CloudFormation's tags. Duplicate keys are kept.
struct YAMLReader {
  private struct Container {
    var isMapping: Bool
    var isFlow: Bool
    var anchor: String?
    var tag: String?
    /// Where the node begins, its tag and anchor included.
    var start: SourcePosition
    /// Where its content begins.
    var content: SourcePosition
    var elements: [SyntaxNode] = []
    var members: [SyntaxNode.Member] = []
    var merged: [SyntaxNode.Member] = []
    var key: (text: String, range: SourceRange, isMerge: Bool)?
    var size = 1
    var height = 1
  }

  private struct Anchored {
    var node: SyntaxNode
    var size: Int
    var height: Int
  }

  private let file: PlacedText
  private let limits: DefinitionFileLimits
  private let scalars: ScalarIndex
  private let source: [UInt8]
  private let texts: SourceTexts
  private var stack: [Container] = []
  private var anchors: [String: Anchored] = [:]
  private var aliasedNodes = 0
  private var root: SyntaxNode?
  private var diagnostics: [Diagnostic] = []

  /// The tree of the text's only document; nil when there is none or nothing could be read.
  static func read(_ file: PlacedText, limits: DefinitionFileLimits) -> (node: SyntaxNode?, diagnostics: [Diagnostic]) {
    var reader = YAMLReader(file, limits)
    reader.readDocument()
    return (reader.root, reader.diagnostics)
  }

  private init(_ file: PlacedText, _ limits: DefinitionFileLimits) {
    self.file = file
    self.limits = limits
    source = Array(file.text.utf8)
    scalars = ScalarIndex(source)
    texts = file.texts(.yaml, source: source)
  }

  private mutating func readDocument() {
    let events = YAMLEvents(file.text.unicodeScalars.first == "\u{FEFF}" ? String(file.text.unicodeScalars.dropFirst()) : file.text)
    var documents = 0
    do throws(YAMLSyntaxError) {
      while true {
        let event = try events.next()
        switch event.kind {
        case .streamEnd: return
        case .documentStart:
          documents += 1
          if documents > 1 {
            let place = position(event.start)
            diagnostics.append(
              Diagnostic(
                "yaml-documents", "expected one YAML document, found a second one; put each definition into a file of its own",
                at: SourceRange(place, position(event.start + 3))))
            return
          }
        default: if !receive(event) { return }
        }
      }
    } catch {
      report(error)
    }
  }

  // MARK: Events

  /// Takes an event in; false when a limit is reached and reading must end.
  private mutating func receive(_ event: YAMLEvent) -> Bool {
    switch event.kind {
    case .documentStart, .streamEnd: return true
    case .scalar(let text, let style): return finishScalar(text, style, event)
    case .alias(let name): return finishAlias(name, event)
    case .sequenceStart(let isFlow), .mappingStart(let isFlow):
      guard stack.count < limits.nesting else {
        let place = position(event.start)
        return stop("nesting-limit", "nested deeper than \(limits.nesting) levels", SourceRange(place, place))
      }
      let content = skipProperties(event)
      stack.append(
        Container(
          isMapping: { if case .mappingStart = event.kind { true } else { false } }(), isFlow: isFlow, anchor: event.anchor, tag: event.tag,
          start: position(event.start), content: file.position(at: content)))
      return true
    case .sequenceEnd, .mappingEnd: return finishContainer(event)
    }
  }

  private mutating func finishScalar(_ text: String, _ style: YAMLEvent.Style, _ event: YAMLEvent) -> Bool {
    let start = skipProperties(event)
    var end = max(start, offset(event.end))
    if style == .block { while end > start, source[end - 1] <= 0x20 { end -= 1 } }
    let range = file.range(start..<end)
    if isAtKey {
      stack[stack.count - 1].key = (text, range, text == "<<" && style == .plain && event.tag == nil)
      return true
    }
    let kind = scalarKind(text, style, event.tag, range)
    let node = if case .string(let text) = kind { SyntaxNode(text, range, in: texts) } else { SyntaxNode(kind, range) }
    return add(node, event.tag, event.anchor, start: position(event.start), size: 1, height: 1)
  }

  private mutating func scalarKind(_ text: String, _ style: YAMLEvent.Style, _ tag: String?, _ range: SourceRange) -> SyntaxNode.Kind {
    let isPlain = style == .plain
    switch tag {
    case "tag:yaml.org,2002:str", "!": return .string(text)
    case "tag:yaml.org,2002:null": return .null
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool": break
    default: if !isPlain { return .string(text) }
    }
    guard let kind = YAMLSchema.value(ofPlain: text) else {
      diagnostics.append(
        Diagnostic("yaml-number", "JSON has no value for \(text); quote it if it is meant as a text", at: range))
      return .invalid
    }
    if isPlain, tag == nil, YAMLSchema.isBooleanOfYAML11(text) {
      diagnostics.append(
        Diagnostic(
          "yaml-boolean-word", .warning,
          "\(text) is read as the text \"\(text)\", but some YAML readers take it for a boolean; quote it, or write true or false", at: range))
    }
    return kind
  }

  private mutating func finishAlias(_ name: String, _ event: YAMLEvent) -> Bool {
    let range = SourceRange(position(event.start), position(event.end))
    guard let anchored = anchors[name] else {
      diagnostics.append(
        Diagnostic(
          "yaml-unknown-anchor", "no value before this place has the anchor &\(name)", at: range,
          suggestion: NearestWord.find(name, among: Array(anchors.keys)).map { "*" + $0 }))
      return add(SyntaxNode(.invalid, range), nil, nil, start: range.lowerBound, size: 1, height: 1)
    }
    aliasedNodes += anchored.size
    guard aliasedNodes <= limits.aliasedNodes else {
      return stop("yaml-alias-limit", "aliases stand for more than \(limits.aliasedNodes) values", range)
    }
    guard stack.count + anchored.height <= limits.nesting else {
      return stop("nesting-limit", "nested deeper than \(limits.nesting) levels through the alias *\(name)", range)
    }
    if isAtKey, case .string(let text) = anchored.node.kind {
      stack[stack.count - 1].key = (text, range, false)
      return true
    }
    // The value itself stands where the alias does; what is in it, where it was written.
    return add(SyntaxNode(anchored.node.kind, range), nil, nil, start: range.lowerBound, size: anchored.size, height: anchored.height)
  }

  private mutating func finishContainer(_ event: YAMLEvent) -> Bool {
    guard let container = stack.popLast() else { return true }
    var range = SourceRange(container.content, container.content)
    let last = container.isMapping ? container.members.last?.value.range : container.elements.last?.range
    if container.isFlow {
      range.upperBound = position(event.end)
    } else if let last {
      if container.isMapping, let first = container.members.first { range.lowerBound = first.keyRange.lowerBound }
      // An empty value stands right behind its colon.
      range.upperBound = max(last.upperBound, range.lowerBound)
    }
    let kind: SyntaxNode.Kind
    if container.isMapping {
      var members = container.members
      if !container.merged.isEmpty {
        var keys = Set(members.map(\.key))
        for member in container.merged where keys.insert(member.key).inserted { members.append(member) }
      }
      kind = .object(members)
    } else {
      kind = .array(container.elements)
    }
    return add(
      SyntaxNode(kind, range), container.tag, container.anchor, start: container.start, size: container.size, height: container.height)
  }

  // MARK: Nodes

  private var isAtKey: Bool {
    guard let container = stack.last else { return false }
    return container.isMapping && container.key == nil
  }

  /// Hands a finished node to what it is in.
  private mutating func add(
    _ content: SyntaxNode, _ tag: String?, _ anchor: String?, start: SourcePosition, size: Int, height: Int
  ) -> Bool {
    var node = content
    var size = size
    var height = height
    if let tag, !tag.hasPrefix("tag:yaml.org,2002:"), tag != "!" {
      // The tag as it is written ends before the next blank; it may follow an anchor.
      let tagStart = anchor == nil ? start : file.position(at: offsetOfTag(from: start.offset))
      let tagRange = SourceRange(tagStart, file.position(at: endOfToken(tagStart.offset)))
      if let function = IntrinsicTag.longForm(tag) {
        let member = SyntaxNode.Member(key: function, keyRange: tagRange, value: IntrinsicTag.argument(content, of: function))
        node = SyntaxNode(.object([member]), SourceRange(start, content.range.upperBound))
        size += 1
        height += 1
      } else {
        diagnostics.append(
          Diagnostic(
            "yaml-tag", "unknown tag \(tag); known are CloudFormation's short forms such as !Ref, !Sub and !GetAtt", at: tagRange,
            suggestion: NearestWord.find(tag, among: IntrinsicTag.known)))
      }
    }
    if let anchor { anchors[anchor] = Anchored(node: node, size: size, height: height) }
    guard !stack.isEmpty else {
      root = node
      return true
    }
    let top = stack.count - 1
    stack[top].size += size
    stack[top].height = max(stack[top].height, height + 1)
    guard stack[top].isMapping else {
      stack[top].elements.append(node)
      return true
    }
    guard let key = stack[top].key else {
      diagnostics.append(Diagnostic("yaml-key", "expected a text as the key, found \(node.typeName); JSON objects have no other keys", at: node.range))
      stack[top].key = ("", node.range, false)
      return true
    }
    stack[top].key = nil
    if key.isMerge {
      merge(node)
    } else {
      stack[top].members.append(SyntaxNode.Member(key: key.text, keyRange: key.range, value: node))
    }
    return true
  }

  /// `<<: *base` and `<<: [*first, *second]`: members that the mapping does not have itself; earlier ones win.
  private mutating func merge(_ node: SyntaxNode) {
    for source in node.elements ?? [node] {
      if let members = source.members {
        stack[stack.count - 1].merged += members
      } else if case .invalid = source.kind {
        continue
      } else {
        diagnostics.append(Diagnostic("yaml-merge", "expected a mapping or a list of mappings after <<, found \(source.typeName)", at: source.range))
      }
    }
  }

  private mutating func stop(_ code: String, _ message: String, _ range: SourceRange) -> Bool {
    diagnostics.append(Diagnostic(code, message, at: range))
    root = nil
    return false
  }

  // MARK: Places

  private func offset(_ codePoints: Int) -> Int { scalars.offset(of: codePoints) }
  private func position(_ codePoints: Int) -> SourcePosition { file.position(at: offset(codePoints)) }

  /// The offset of a node's content, behind its tag, its anchor and comments between.
  private func skipProperties(_ event: YAMLEvent) -> Int {
    var index = offset(event.start)
    guard event.tag != nil || event.anchor != nil else { return index }
    let end = offset(event.end)
    while index < end {
      switch source[index] {
      case UInt8(ascii: "!"), UInt8(ascii: "&"): index = endOfToken(index)
      case UInt8(ascii: "#"): while index < end, source[index] != 0x0A, source[index] != 0x0D { index += 1 }
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return min(index, end)
      }
    }
    return end
  }

  private func endOfToken(_ start: Int) -> Int {
    var index = start
    while index < source.count, source[index] > 0x20, source[index] != UInt8(ascii: ","), source[index] != UInt8(ascii: "]"),
      source[index] != UInt8(ascii: "}")
    { index += 1 }
    return max(index, min(start + 1, source.count))
  }

  private func offsetOfTag(from start: Int) -> Int {
    var index = start
    while index < source.count, source[index] != UInt8(ascii: "!") { index += source[index] > 0x20 ? endOfToken(index) - index : 1 }
    return index
  }

  private mutating func report(_ error: YAMLSyntaxError) {
    let start = offset(error.place)
    let next = source.count > start ? scalars.offset(of: error.place + 1) : start
    var notes: [Diagnostic.Note] = []
    if let context = error.context {
      let place = position(context.place)
      notes.append(Diagnostic.Note(context.text + " that begins here", at: SourceRange(place, position(context.place + 1))))
    }
    let range = SourceRange(file.position(at: start), file.position(at: next))
    let found = start < source.count ? source[start] : nil
    diagnostics.append(Diagnostic("yaml-syntax", YAMLProblem.message(error, before: found), at: range, notes: notes))
    root = nil
  }
}

/// From code points, as libyaml counts them, to bytes.
struct ScalarIndex {
  private static let step = 256
  private let source: [UInt8]
  /// The offset of every 256th code point; empty when all of the text is ASCII.
  private var marks: [Int] = []
  private let start: Int

  init(_ source: [UInt8]) {
    self.source = source
    start = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard source.contains(where: { $0 >= 0x80 }) else { return }
    var count = 0
    for index in start..<source.count where source[index] & 0xC0 != 0x80 {
      if count % Self.step == 0 { marks.append(index) }
      count += 1
    }
  }

  func offset(of codePoints: Int) -> Int {
    guard !marks.isEmpty else { return min(start + codePoints, source.count) }
    let mark = min(codePoints / Self.step, marks.count - 1)
    var rest = codePoints - mark * Self.step
    var index = marks[mark]
    while rest > 0, index < source.count {
      index += 1
      while index < source.count, source[index] & 0xC0 == 0x80 { index += 1 }
      rest -= 1
    }
    return index
  }
}
