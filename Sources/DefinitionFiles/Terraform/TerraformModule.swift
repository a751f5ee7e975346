import JSONTypes
import StatesLanguage

/// The Terraform files of one folder, as far as state machines need them: the file that is read, and the `locals` and template data of
/// the files beside it.
struct TerraformModule {
  struct File {
    var path: String
    var body: HCLBody
  }

  /// The file that is read, then those beside it.
  private(set) var files: [File]
  private(set) var diagnostics: [Diagnostic]
  /// Where each local value is defined.
  private(set) var locals: [String: (value: HCLExpression, file: Int)] = [:]
  /// The body of each `data "TYPE" "NAME"` whose type gives texts of files.
  private(set) var data: [String: (body: HCLBody, file: Int)] = [:]

  /// The types of variables that are no texts: `number`, `bool`.
  private(set) var variableTypes: [String: String] = [:]

  static let dataTypes: Set<String> = ["template_file", "local_file"]

  init(path: String, text: PlacedText, options: LoadOptions) {
    let read = HCLParser.file(text, limits: options.limits)
    files = [File(path: path, body: read.body)]
    diagnostics = read.diagnostics
    index(file: 0)
  }

  /// A module whose first file has nothing to read.
  init(path: String) {
    files = [File(path: path, body: HCLBody())]
    diagnostics = []
  }

  /// Reads the files beside the first one, for names that it does not define. What is wrong with them is said where they are checked.
  mutating func readSiblings(_ options: LoadOptions) {
    let own = files[0].path
    for name in options.listFolder(FileReaders.path(".", besides: own)).sorted().prefix(options.limits.moduleFiles) {
      guard SourceFile.hasExtension(name, ["tf", "tofu"]) else { continue }
      let path = FileReaders.path(name, besides: own)
      guard path != own, case .success(let text) = SourceFile.read(path, options) else { continue }
      files.append(File(path: path, body: HCLParser.file(PlacedText(file: text), limits: options.limits).body))
      index(file: files.count - 1)
    }
  }

  private mutating func index(file: Int) {
    for block in files[file].body.blocks {
      if block.type == "locals" {
        for attribute in block.body.attributes where locals[attribute.name] == nil { locals[attribute.name] = (attribute.value, file) }
      } else if block.type == "variable", let name = block.labels.first, case .reference(let type)? = block.body["type"]?.kind {
        variableTypes[name] = type.joined(separator: ".")
      } else if block.type == "data", block.labels.count == 2, Self.dataTypes.contains(block.labels[0]) {
        data[block.labels.joined(separator: ".")] = (block.body, file)
      }
    }
  }
}
