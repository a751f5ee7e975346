import JSONTypes

extension StateMachineParser {
  /// Reads `ProcessorConfig` and the fields that belong to it.
  /// - Returns: nil for a Map in the mode INLINE.
  mutating func parseDistributedMap(_ reading: StateReading, _ processor: SyntaxNode, _ pointer: String) -> DistributedMap? {
    let config = processor["ProcessorConfig"]
    let configPointer = pointer + "/ProcessorConfig"
    if let config {
      checkFields(of: config, owner: .processorConfig, language: reading.language, pointer: configPointer, place: config.range.opening)
    }
    let label = parseLabel(reading)
    let type = config?.member("ExecutionType")
    // Nothing follows from a mode that is none.
    if let mode = config?["Mode"], mode.text != "DISTRIBUTED", mode.text != "INLINE" { return nil }
    guard let mode = config?["Mode"], mode.text == "DISTRIBUTED" else {
      if let type {
        report(
          "distributed-only", "ExecutionType belongs to the mode DISTRIBUTED; iterations of a Map in the mode INLINE are no executions", at: type.keyRange,
          pointer: configPointer + "/ExecutionType")
      }
      for field in ["ItemReader", "ResultWriter"] {
        guard let member = reading.node.member(field), member.value.members != nil else { continue }
        report(
          "distributed-only", "\(field) belongs to a Map in the mode DISTRIBUTED: give its processor \"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", …}",
          at: member.keyRange, pointer: reading.pointer(field))
      }
      return nil
    }
    if let owner = expressOwner {
      report("express-pattern", "\(owner) does not support a Map in the mode DISTRIBUTED; a STANDARD one does", at: mode.range, pointer: configPointer + "/Mode")
    }
    if type == nil {
      report(
        "missing-field", "a Map in the mode DISTRIBUTED needs the field \"ExecutionType\", STANDARD or EXPRESS", at: mode.range, pointer: configPointer)
    }
    let executionType = type?.value.text.flatMap { WorkflowType(rawValue: $0) } ?? .standard
    return DistributedMap(
      executionType: executionType, label: label, itemReader: parseItemReader(reading), resultWriter: parseResultWriter(reading))
  }

  /// Source: AWS Step Functions Developer Guide, "Using Map state in Distributed mode", `Label`.
  private mutating func parseLabel(_ reading: StateReading) -> String? {
    guard let member = reading.node.member("Label"), let text = member.value.text else { return nil }
    let pointer = reading.pointer("Label")
    if text.isEmpty || text.count > DistributedMap.maximumLabelLength {
      report(
        "invalid-label", "expected a label of 1 to \(DistributedMap.maximumLabelLength) characters, found \(text.count)", at: member.value.range,
        pointer: pointer)
    } else if text.hasPlaceholder {
      checkOpen(member.value, field: "Label") { reading.pointer }
      return nil
    } else if let bad = text.unicodeScalars.first(where: { !$0.isAllowedInLabel }) {
      let shown = bad.value < 0x21 || (0x7F..<0xA1).contains(bad.value) ? "U+" + String(bad.value, radix: 16, uppercase: true) : "'\(bad)'"
      report("invalid-label", "a label must not have the character \(shown)", at: member.value.range, pointer: pointer)
    } else if let earlier = labels[text] {
      report(
        "duplicate-label", "the label \"\(text)\" is given to two Map states", at: member.value.range, pointer: pointer,
        notes: [Diagnostic.Note("first given here", at: earlier)])
    } else {
      labels[text] = member.value.range
    }
    return text
  }

  // MARK: ItemReader

  private mutating func parseItemReader(_ reading: StateReading) -> ItemReader? {
    guard let node = reading.node["ItemReader"], node.members != nil else { return nil }
    let pointer = reading.pointer("ItemReader")
    checkFields(of: node, owner: .itemReader, language: reading.language, pointer: pointer, place: node.range.opening)
    let action = parseResource(node, ["getObject", "listObjectsV2"], pointer)
    let resource = action == 1 ? ItemReader.Resource.listObjects : .getObject
    let field = reading.language == .jsonata ? "Arguments" : "Parameters"
    if node[field] == nil, !isInOtherLanguage(node) {
      report("missing-field", "ItemReader needs the field \"\(field)\", which names the bucket", at: node.range.opening, pointer: pointer)
    }
    let arguments = parseTemplate(field, of: node, pointer, language: reading.language, location: "ItemReader/\(field)")
    var reader = ItemReader(resource: resource, arguments: arguments, format: nil, manifestType: nil, loadsObjects: false, maxItems: nil)
    let config = node["ReaderConfig"]
    let configPointer = pointer + "/ReaderConfig"
    if let config, config.members != nil {
      checkFields(of: config, owner: .readerConfig, language: reading.language, pointer: configPointer, place: config.range.opening)
      reader.maxItems = parseNumber("MaxItems", of: config, configPointer, language: reading.language)
      reader.loadsObjects = word("Transformation", of: config, ["NONE", "LOAD_AND_FLATTEN"]) == "LOAD_AND_FLATTEN"
      reader.manifestType = word("ManifestType", of: config, ItemReader.ManifestType.allCases.map(\.rawValue)).flatMap {
        ItemReader.ManifestType(rawValue: $0)
      }
      reader.format = parseFormat(config, configPointer)
    }
    guard reader.format == nil, config?["InputType"] == nil else { return reader }
    if reader.manifestType == .inventory {
      reader.format = ItemReader.Format(.manifest)
    } else if action == 0 || reader.loadsObjects {
      let (place, at) = config.map { ($0.range.opening, configPointer) } ?? (node.range.opening, pointer)
      report(
        "missing-field", "ReaderConfig needs the field \"InputType\": \(ItemReader.InputType.allCases.map(\.rawValue).joined(separator: ", "))", at: place,
        pointer: at)
    }
    return reader
  }

  private mutating func parseFormat(_ config: SyntaxNode, _ pointer: String) -> ItemReader.Format? {
    let types = ItemReader.InputType.allCases.map(\.rawValue)
    guard let type = word("InputType", of: config, types).flatMap({ ItemReader.InputType(rawValue: $0) }) else { return nil }
    var format = ItemReader.Format(type)
    if type == .parquet, let node = config["InputType"] {
      report(
        "not-supported", "Parquet files cannot be read here: the state fails when it runs", at: node.range, pointer: pointer + "/InputType",
        severity: .warning)
    }
    if let delimiter = word("CSVDelimiter", of: config, ItemReader.CSVDelimiter.allCases.map(\.rawValue)) {
      format.csvDelimiter = ItemReader.CSVDelimiter(rawValue: delimiter) ?? .comma
    }
    if let node = config["ItemsPointer"], let text = node.text {
      format.itemsPointer = text
      if !text.isEmpty, !text.hasPrefix("/") {
        report(
          "invalid-path", "ItemsPointer must be a JSON pointer such as /data/items, found \"\(text)\"", at: node.range,
          pointer: pointer + "/ItemsPointer")
      }
    }
    for (field, owner) in [("CSVHeaderLocation", ItemReader.InputType.csv), ("CSVHeaders", .csv), ("CSVDelimiter", .csv), ("ItemsPointer", .json)] {
      guard type != owner, let member = config.member(field) else { continue }
      report("misplaced-field", "\(field) belongs to the InputType \(owner.rawValue)", at: member.keyRange, pointer: pointer + "/" + field)
    }
    if type == .csv { format.csvHeaders = parseCSVHeaders(config, pointer) }
    return format
  }

  private mutating func parseCSVHeaders(_ config: SyntaxNode, _ pointer: String) -> ItemReader.CSVHeaders {
    let location = config["CSVHeaderLocation"]
    if location == nil {
      report("missing-field", "the InputType CSV needs the field \"CSVHeaderLocation\", FIRST_ROW or GIVEN", at: config.range.opening, pointer: pointer)
    }
    guard word("CSVHeaderLocation", of: config, ["FIRST_ROW", "GIVEN"]) == "GIVEN" else {
      if location != nil, let member = config.member("CSVHeaders") {
        report("misplaced-field", "CSVHeaders belongs to the CSVHeaderLocation GIVEN", at: member.keyRange, pointer: pointer + "/CSVHeaders")
      }
      return .firstRow
    }
    guard let node = config["CSVHeaders"] else {
      report("missing-field", "the CSVHeaderLocation GIVEN needs the field \"CSVHeaders\"", at: config.range.opening, pointer: pointer)
      return .firstRow
    }
    var names: [String] = []
    for (number, element) in (node.elements ?? []).enumerated() {
      guard let text = element.text else {
        report("wrong-type", "expected a string for a header, found \(element.described)", at: element.range, pointer: pointer + "/CSVHeaders/\(number)")
        continue
      }
      names.append(text)
    }
    return .given(names)
  }

  // MARK: ResultWriter

  private mutating func parseResultWriter(_ reading: StateReading) -> ResultWriter? {
    guard let node = reading.node["ResultWriter"], let members = node.members else { return nil }
    let pointer = reading.pointer("ResultWriter")
    checkFields(of: node, owner: .resultWriter, language: reading.language, pointer: pointer, place: node.range.opening)
    if members.isEmpty {
      report("empty-value", "ResultWriter needs Resource with its parameters, WriterConfig, or both", at: node.range, pointer: pointer)
    }
    let field = reading.language == .jsonata ? "Arguments" : "Parameters"
    let arguments = parseTemplate(field, of: node, pointer, language: reading.language, location: "ResultWriter/\(field)")
    if node["Resource"] != nil {
      _ = parseResource(node, ["putObject"], pointer)
      if node[field] == nil, !isInOtherLanguage(node) {
        report("missing-field", "ResultWriter needs the field \"\(field)\", which names the bucket", at: node.range.opening, pointer: pointer)
      }
    } else if let member = node.member(field) {
      report(
        "missing-field", "ResultWriter needs the field \"Resource\", arn:aws:states:::s3:putObject, beside \(field)", at: member.keyRange, pointer: pointer)
    }
    // Written results bear what is known of their executions, those in the state's output do not.
    var writer = ResultWriter(arguments: arguments, transformation: arguments == nil ? .compact : .none, outputType: .json)
    if let config = node["WriterConfig"], config.members != nil {
      let configPointer = pointer + "/WriterConfig"
      checkFields(of: config, owner: .writerConfig, language: reading.language, pointer: configPointer, place: config.range.opening)
      if let text = word("Transformation", of: config, ResultWriter.Transformation.allCases.map(\.rawValue)) {
        writer.transformation = ResultWriter.Transformation(rawValue: text) ?? writer.transformation
      }
      if let text = word("OutputType", of: config, ResultWriter.OutputType.allCases.map(\.rawValue)) {
        writer.outputType = ResultWriter.OutputType(rawValue: text) ?? .json
      }
    }
    return writer
  }

  // MARK: Words

  /// Whether what would name the bucket stands there under its name in the other query language, which is reported.
  private func isInOtherLanguage(_ node: SyntaxNode) -> Bool { node.has("Parameters") || node.has("Arguments") }

  /// - Returns: which of the actions of S3 `Resource` names; nil when it names none, which is reported, or when that is not known.
  private mutating func parseResource(_ node: SyntaxNode, _ actions: [String], _ pointer: String) -> Int? {
    guard let value = node["Resource"], let written = value.text else { return nil }
    guard let text = written.withKnownPartition else {
      leaveOpen(value, pointer: pointer + "/Resource")
      return nil
    }
    if written.hasPlaceholder { diagnostics.append(.open(written, at: value.range, pointer: pointer + "/Resource")) }
    if let number = actions.firstIndex(where: { text.hasPrefix("arn:aws") && text.hasSuffix(":states:::s3:" + $0) }) { return number }
    let known = actions.map { "arn:aws:states:::s3:" + $0 }
    report(
      "invalid-resource", "expected \(known.joined(separator: " or ")), found \"\(text)\"", at: value.range, pointer: pointer + "/Resource",
      suggestion: text.closest(among: known))
    return nil
  }

  /// One of a few words; the field table reports any other.
  private func word(_ field: String, of node: SyntaxNode, _ words: [String]) -> String? {
    node[field]?.text.flatMap { words.contains($0) ? $0 : nil }
  }
}

extension Unicode.Scalar {
  fileprivate var isAllowedInLabel: Bool {
    if properties.isWhitespace || value < 0x20 || (0x7F..<0xA0).contains(value) { return false }
    return !"?*<>{}[]:;,\\|^~$#%&`\"".unicodeScalars.contains(self)
  }
}
