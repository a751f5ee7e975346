public import JSONTypes
public import StatesLanguage

/// A file of data beside definitions, such as the rules of `--tasks`: JSON or YAML, told by its name and content.
public enum DataFile {
  /// The tree of the text, with what is wrong with it; nil when nothing could be read.
  /// - Parameter path: for the file's kind.
  public static func parse(
    path: String, text: String, limits: DefinitionFileLimits = DefinitionFileLimits()
  ) -> (root: SyntaxNode?, diagnostics: [Diagnostic]) {
    guard text.utf8.count <= limits.fileSizeInBytes else {
      return (nil, [Diagnostic("file-size", "the file is larger than \(limits.fileSizeInBytes) bytes", at: .start)])
    }
    let source = SourceFile(path: path, text: text, limits: limits)
    let isBroken = source.diagnostics.contains { $0.severity == .error }
    return (isBroken ? nil : source.root, source.diagnostics)
  }
}
