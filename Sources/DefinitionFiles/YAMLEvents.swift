import CLibYAML

/// What libyaml reports while it reads a document.
///
/// Places count code points from the start of the text.
struct YAMLEvent {
  enum Style { case plain, singleQuoted, doubleQuoted, block }
  enum Kind {
    case documentStart
    case scalar(String, Style)
    case sequenceStart(isFlow: Bool)
    case mappingStart(isFlow: Bool)
    case sequenceEnd
    case mappingEnd
    case alias(String)
    case streamEnd
  }
  var kind: Kind
  var anchor: String?
  /// As libyaml resolves it: `!Sub`, or `tag:yaml.org,2002:str` for `!!str`.
  var tag: String?
  var start: Int
  var end: Int
}

/// Why libyaml could not read on.
struct YAMLSyntaxError: Error {
  var problem: String
  /// Code points before the place of the problem.
  var place: Int
  /// What was being read, and where that began.
  var context: (text: String, place: Int)?
}

/// The events of a text, one at a time. The only home of libyaml's pointers.
final class YAMLEvents {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// - Parameter text: without a byte order mark.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    input = .allocate(capacity: max(1, bytes.count))
    input.initialize(repeating: 0)
    _ = input.update(fromContentsOf: bytes)
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    // Fails only without memory; every later call then reports an error.
    if yaml_parser_initialize(parser) == 1 {
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
    input.deallocate()
  }

  func next() throws(YAMLSyntaxError) -> YAMLEvent {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
      defer { yaml_event_delete(&event) }
      if let result = Self.convert(event) { return result }
    }
  }

  private static func convert(_ event: yaml_event_t) -> YAMLEvent? {
    func make(_ kind: YAMLEvent.Kind, _ anchor: UnsafeMutablePointer<UInt8>? = nil, _ tag: UnsafeMutablePointer<UInt8>? = nil) -> YAMLEvent {
      YAMLEvent(
        kind: kind, anchor: anchor.map { String(cString: $0) }, tag: tag.map { String(cString: $0) },
        start: Int(event.start_mark.index), end: Int(event.end_mark.index))
    }
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return make(.documentStart)
    // An empty event, with which libyaml answers after the end of the stream, counts as the end.
    case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return make(.streamEnd)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      return make(.sequenceStart(isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE), data.anchor, data.tag)
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      return make(.mappingStart(isFlow: data.style == YAML_FLOW_MAPPING_STYLE), data.anchor, data.tag)
    case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
    case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
    case YAML_ALIAS_EVENT: return make(.alias(event.data.alias.anchor.map { String(cString: $0) } ?? ""))
    case YAML_SCALAR_EVENT:
      let data = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
      let style: YAMLEvent.Style =
        switch data.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .plain
        }
      return make(.scalar(text, style), data.anchor, data.tag)
    default: return nil
    }
  }

  private func failure() -> YAMLSyntaxError {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    if state.error == YAML_READER_ERROR {
      // The reader counts bytes; libyaml's mark stands before them, at what it read last.
      let bytes = UnsafeBufferPointer(rebasing: input.prefix(Int(state.problem_offset)))
      return YAMLSyntaxError(problem: problem, place: bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) })
    }
    let context = state.context.map { (String(cString: $0), Int(state.context_mark.index)) }
    return YAMLSyntaxError(problem: problem, place: Int(state.problem_mark.index), context: context)
  }
}
