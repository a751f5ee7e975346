import JSONTypes
import StatesLanguage

/// Source: AWS CloudFormation User Guide, "Intrinsic function reference".
extension TemplateEvaluator {
  mutating func evaluate(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    switch call.key {
    case "Ref":
      guard let name = call.value.text else { return misused(call, "takes the name of a parameter or resource") }
      return reference(name, range)
    case "Fn::GetAtt": return getAttribute(call, range)
    case "Fn::Sub": return substitute(call, range)
    case "Fn::Join": return join(call, range)
    case "Fn::Split": return split(call, range)
    case "Fn::Select": return select(call, range)
    case "Fn::FindInMap": return findInMap(call, range)
    case "Fn::If": return choose(call)
    case "Fn::Base64":
      let value = evaluate(call.value)
      guard let text = value.text else { return value.isUnknown ? value : misused(call, "takes a text") }
      return composed(PlacedText(Base64.encode(text.utf8), at: range), range)
    case "Fn::Length":
      let value = evaluate(call.value)
      guard let list = value.list else { return value.isUnknown ? value : misused(call, "takes a list") }
      return TemplateValue(.number(.int(Int64(list.count))), range)
    case "Fn::ToJsonString":
      let node = evaluate(call.value).node { _, _ in }
      return composed(PlacedText(node.value.jsonText, at: range), range)
    case "Fn::GetAZs":
      let given = evaluate(call.value).text ?? ""
      let region = given.isEmpty ? options.region : given
      return TemplateValue(.list(["a", "b", "c"].map { TemplateValue(.composed(PlacedText(region + $0, at: range)), range) }), range)
    case "Fn::ImportValue":
      let name = evaluate(call.value).text ?? "ImportValue"
      return unresolved(
        name, "template-import", "the export \(name) of another stack is not known here; put a parameter in its place", range)
    default:
      let names = IntrinsicTag.functions.map { "Fn::" + $0 }
      if names.contains(call.key) || call.key.hasPrefix("Fn::ForEach") {
        return unresolved(call.key, "template-function", "\(call.key) is not evaluated locally; put its value or a parameter in its place", range)
      }
      return unknown(
        "template-function", "CloudFormation has no function \(call.key)", call.keyRange, suggestion: NearestWord.find(call.key, among: names))
    }
  }

  mutating func misused(_ call: SyntaxNode.Member, _ usage: String) -> TemplateValue {
    unknown("template-function", "\(call.key) \(usage), found \(call.value.typeName)", call.value.range)
  }

  // MARK: Texts

  private mutating func join(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    guard let arguments = call.value.elements, arguments.count == 2, let delimiter = arguments[0].text else {
      return misused(call, "takes a delimiter and a list")
    }
    let value = evaluate(arguments[1])
    guard let list = value.list else {
      return value.isUnknown ? value : unknown("template-function", "expected a list to join, found \(value.typeName)", arguments[1].range)
    }
    var result = PlacedText()
    for (index, element) in list.enumerated() {
      guard let piece = placed(element) else {
        if element.isUnknown { return element }
        return unknown("template-function", "expected a text to join, found \(element.typeName)", element.range)
      }
      // A delimiter stands at the end of what it follows.
      if index > 0 { result.append(delimiter, at: SourceRange(list[index - 1].range.upperBound, list[index - 1].range.upperBound)) }
      result.append(piece)
      guard result.utf8Count <= options.limits.fileSizeInBytes else { break }
    }
    return composed(result, range)
  }

  private mutating func split(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    guard let arguments = call.value.elements, arguments.count == 2, let delimiter = arguments[0].text, !delimiter.isEmpty else {
      return misused(call, "takes a delimiter and a text")
    }
    let value = evaluate(arguments[1])
    guard let text = placed(value) else {
      return value.isUnknown ? value : unknown("template-function", "expected a text to split, found \(value.typeName)", arguments[1].range)
    }
    let bytes = Array(text.text.utf8)
    let separator = Array(delimiter.utf8)
    var parts: [TemplateValue] = []
    var start = 0
    var index = 0
    while index + separator.count <= bytes.count {
      if bytes[index..<index + separator.count].elementsEqual(separator) {
        parts.append(TemplateValue(.composed(text.slice(start..<index)), range))
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    parts.append(TemplateValue(.composed(text.slice(start..<bytes.count)), range))
    return TemplateValue(.list(parts), range)
  }

  // MARK: Choices

  private mutating func select(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    guard let arguments = call.value.elements, arguments.count == 2 else { return misused(call, "takes an index and a list") }
    let index = evaluate(arguments[0])
    let value = evaluate(arguments[1])
    if index.isUnknown { return index }
    guard let number = index.text.flatMap({ Int($0) }) else {
      return unknown("template-function", "expected a number as the index, found \(index.typeName)", arguments[0].range)
    }
    guard let list = value.list else {
      return value.isUnknown ? value : unknown("template-function", "expected a list to select from, found \(value.typeName)", arguments[1].range)
    }
    guard list.indices.contains(number) else {
      // The value of an open parameter cannot be taken apart.
      if options.unresolvedValues == .leftOpen, list.contains(where: { $0.text?.mayHoldPlaceholder == true }) { return list[0] }
      // How many pieces a text has, such as the stack's name, only a deployment knows.
      if arguments[1]["Fn::Split"] != nil {
        return unresolved("Fn::Select", "template-function", "the index \(number) is beyond the list, which has \(list.count) elements here", arguments[0].range)
      }
      return unknown("template-function", "the index \(number) is beyond the list, which has \(list.count) elements", arguments[0].range)
    }
    return list[number]
  }

  private mutating func choose(_ call: SyntaxNode.Member) -> TemplateValue {
    guard let arguments = call.value.elements, arguments.count == 3, let name = arguments[0].text else {
      return misused(call, "takes the name of a condition and two values")
    }
    return evaluate(condition(named: name, arguments[0].range) ? arguments[1] : arguments[2])
  }

  private mutating func findInMap(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    guard let arguments = call.value.elements, arguments.count == 3 || (arguments.count == 4 && arguments[3]["DefaultValue"] != nil) else {
      return misused(call, "takes the names of a map, of a top-level key and of a second-level key")
    }
    var level = root["Mappings"]
    for (index, kind) in ["map", "top-level key", "second-level key"].enumerated() {
      let value = evaluate(arguments[index])
      guard let name = value.text else {
        return value.isUnknown ? value : unknown("template-mapping", "expected the name of a \(kind), found \(value.typeName)", arguments[index].range)
      }
      guard let next = level?[name] else {
        if arguments.count == 4, let standard = arguments[3]["DefaultValue"] { return evaluate(standard) }
        let names = level?.members?.map(\.key) ?? []
        if options.unresolvedValues == .leftOpen, name.mayHoldPlaceholder { return TemplateValue(.composed(PlacedText(name, at: range)), range) }
        return unknown("template-mapping", "there is no \(kind) \(name)", arguments[index].range, suggestion: NearestWord.find(name, among: names))
      }
      level = next
    }
    return level.map { evaluate($0) } ?? TemplateValue(.unknown, range)
  }
}

/// Source: RFC 4648, section 4.
enum Base64 {
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var pending: UInt32 = 0
    var count = 0
    func emit(_ digits: Int) { for digit in 0..<digits { result.append(alphabet[Int(pending >> (18 - 6 * UInt32(digit))) & 63]) } }
    for byte in bytes {
      pending |= UInt32(byte) << (16 - 8 * UInt32(count))
      count += 1
      if count == 3 {
        emit(4)
        pending = 0
        count = 0
      }
    }
    if count > 0 {
      emit(count + 1)
      result += [UInt8](repeating: UInt8(ascii: "="), count: 3 - count)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
