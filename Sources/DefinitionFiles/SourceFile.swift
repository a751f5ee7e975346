import JSONTypes
import StatesLanguage

/// A file with the tree that was read from it.
struct SourceFile {
  struct Refusal: Error { var diagnostic: Diagnostic }

  var path: String
  var text: PlacedText
  var spelling: PlacedText.Spelling
  var root: SyntaxNode?
  var diagnostics: [Diagnostic]

  /// Parses a text as JSON or YAML, whichever it is: YAML when the file is named so and the text does not begin as JSON does.
  ///
  /// - Parameter prepare: changes a JSON text before it is parsed.
  init(path: String, text: String, limits: DefinitionFileLimits) {
    self.path = path
    self.text = PlacedText(file: text)
    let first = text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
    let isNamedYAML = Self.hasExtension(path, ["yaml", "yml"])
    let isNamedJSON = Self.hasExtension(path, ["json", "asl"])
    guard let first else {
      spelling = isNamedYAML ? .yaml : .json
      diagnostics = [Self.empty]
      return
    }
    spelling = first == "{" || (isNamedJSON && !isNamedYAML) ? .json : .yaml
    if spelling == .json {
      (root, diagnostics) = JSONReader.read(self.text, limits: limits)
      if diagnostics.isEmpty { return }
      guard isNamedYAML else {
        // A placeholder without quotes is no JSON, but becomes it.
        if text.mayHoldPlaceholder { root = nil }
        return
      }
      // A flow mapping of YAML begins like JSON.
      spelling = .yaml
    }
    (root, diagnostics) = YAMLReader.read(self.text, limits: limits)
    if root == nil, diagnostics.isEmpty { diagnostics = [Self.empty] }
  }

  private static let empty = Diagnostic("empty-file", "expected a definition, found an empty file", at: .start)

  // MARK: Names

  static func hasExtension(_ path: String, _ extensions: [String]) -> Bool {
    let lowercase = path.lowercased()
    return extensions.contains { lowercase.hasSuffix("." + $0) }
  }

  /// `orders` for `machines/orders.asl.json`.
  static func stem(_ path: String) -> String {
    let file = path.split(separator: "/").last ?? "definition"
    let stem = file.prefix { $0 != "." }
    return stem.isEmpty || stem == "-" ? "definition" : String(stem)
  }

  // MARK: Reading

  static func tooLarge(_ limits: DefinitionFileLimits) -> Diagnostic {
    Diagnostic("file-size", "the file is larger than \(limits.fileSizeInBytes) bytes; AWS takes definitions of up to 1 MiB", at: .start)
  }

  static func read(_ path: String, _ options: LoadOptions) -> Result<String, Refusal> {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try options.readFile(path, options.limits.fileSizeInBytes)
    } catch {
      return .failure(Refusal(diagnostic: Diagnostic("file-unreadable", "cannot read \(path): \(error.message)", at: .start)))
    }
    guard bytes.count <= options.limits.fileSizeInBytes else { return .failure(Refusal(diagnostic: tooLarge(options.limits))) }
    if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
    // Repaired, the text is the same up to the first byte that is wrong.
    let repaired = String(decoding: bytes, as: UTF8.self)
    var offset = zip(bytes, repaired.utf8).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(bytes.count, repaired.utf8.count)
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80, bytes[offset - 1] >= 0x80 { offset -= 1 }
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    let place = PlacedText(file: repaired).position(at: offset)
    return .failure(
      Refusal(
        diagnostic: Diagnostic(
          "not-utf8", "the file is not UTF-8\(isUTF16 ? " but UTF-16" : ""); save it as UTF-8", at: SourceRange(place, place))))
  }
}
