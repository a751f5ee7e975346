#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files below a folder that may hold definitions.
///
/// Folders that are hidden, or that hold other people's files, are left out. A link to a folder is not followed, so nothing goes round in circles.
struct DefinitionSearch {
  /// Folders that hold copies of other packages.
  static let skippedFolders: Set<String> = ["node_modules", "bower_components", "site-packages", "__pycache__"]
  static let maximumEntries = 200_000
  static let maximumDepth = 64

  /// In the order of their names.
  private(set) var paths: [String] = []
  /// Why not everything was looked at.
  private(set) var limitReached: String?

  init(_ folder: String, _ options: LoadOptions) {
    var pending = [(path: folder, depth: 0)]
    var entries = 0
    while let (current, depth) = pending.popLast() {
      guard let stream = opendir(current) else { continue }
      defer { closedir(stream) }
      var folders: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        entries += 1
        if entries > Self.maximumEntries {
          limitReached = "the folder has more than \(Self.maximumEntries) entries; name the folders with definitions"
          return
        }
        let path = current == "." ? name : current.hasSuffix("/") ? current + name : current + "/" + name
        var type = Int(entry.pointee.d_type)
        if type == Int(DT_UNKNOWN) { type = FileReaders.kind(path) }
        if type == Int(DT_DIR) {
          guard !name.hasPrefix("."), !Self.skippedFolders.contains(name) else { continue }
          if depth < Self.maximumDepth {
            folders.append(path)
          } else {
            limitReached = "folders within each other are deeper than \(Self.maximumDepth); name the folders with definitions"
          }
        } else if Self.isCandidate(name), type == Int(DT_REG) || (type == Int(DT_LNK) && FileReaders.isFile(path)) {
          paths.append(path)
        }
      }
      pending += folders.map { ($0, depth + 1) }
    }
    paths.sort()
  }

  // MARK: What a name says

  private static func isCandidate(_ name: String) -> Bool {
    guard !name.hasPrefix("."), name != "package-lock.json" else { return false }
    return SourceFile.hasExtension(name, ["json", "yaml", "yml", "asl", "tf", "tofu"])
      || SourceFile.hasExtension(name, ["template"])
  }

  /// `*.asl.json`, `*.asl.yaml`, `*.asl.yml`, `*.asl`.
  static func isNamedDefinition(_ path: String) -> Bool { SourceFile.hasExtension(path, ["asl.json", "asl.yaml", "asl.yml", "asl"]) }

  // MARK: What a text says

  /// Whether the words are there without which no definition is.
  static func mayHoldDefinition(_ path: String, _ text: String) -> Bool {
    func has(_ word: StaticString) -> Bool { text.contains(bytes: word) }
    if SourceFile.hasExtension(path, ["tf", "tofu"]) { return has("sfn_state_machine") || has("step-functions/aws") || has("awscc_stepfunctions") }
    return has("::StateMachine") || (has("StartAt") && has("States")) || has("aws_sfn_state_machine") || has("stepFunctions:")
      || has("\"stepFunctions\"")
  }

  static func looksLikeTerraform(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      line.hasPrefix("resource \"") || line.hasPrefix("module \"") || line.hasPrefix("locals {") || line.hasPrefix("variable \"")
    }
  }

  /// Whether a file that was found by its words is one that holds definitions.
  static func isDefinition(_ file: DefinitionFile) -> Bool {
    switch file.kind {
    case .aslJSON, .aslYAML:
      // Any object is read as a definition; only one with both fields was meant so.
      file.definitions.contains { $0.definition?["StartAt"] != nil && $0.definition?["States"] != nil }
    case .terraform, .terraformPlan, .serverlessFramework, .cloudFormation, .serverlessApplication:
      !file.definitions.isEmpty
    case nil: false
    }
  }
}

extension FileReaders {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The path from the root of the file system, without `.` and `..`; links are not followed.
  static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    var whole = path
    if !path.hasPrefix("/"), let folder = getcwd(nil, 0) {
      whole = String(cString: folder) + "/" + path
      free(folder)
    }
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// What a folder's entry is, links not followed, as `readdir` says it.
  fileprivate static func kind(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0 else { return Int(DT_UNKNOWN) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return Int(DT_DIR)
    case S_IFREG: return Int(DT_REG)
    case S_IFLNK: return Int(DT_LNK)
    default: return Int(DT_UNKNOWN)
    }
  }
}
