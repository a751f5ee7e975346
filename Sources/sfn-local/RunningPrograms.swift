import FoundationEssentials
import JSONTypes

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The running programs of this user that answer tokens: one file each in the state folder, with the address of its endpoint.
struct RunningPrograms {
  let folder: String

  init(stateFolder: String) { folder = stateFolder + "/run" }

  private func path(_ pid: Int32) -> String { "\(folder)/\(pid).json" }

  /// Tells others where this program answers. Does nothing when the folder cannot be written: tokens can still be answered by the address.
  func announce(_ url: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(JSONValue.object(["url": .string(url)]).jsonBytes).write(to: URL(filePath: path(getpid())))
  }

  func withdraw() { try? FileManager.default.removeItem(atPath: path(getpid())) }

  /// The addresses of programs that are alive. What a killed one left behind is removed.
  func endpoints() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      guard name.hasSuffix(".json"), let pid = Int32(name.dropLast(".json".count)) else { return nil }
      if kill(pid, 0) != 0, errno == ESRCH {
        try? FileManager.default.removeItem(atPath: path(pid))
        return nil
      }
      guard let bytes = try? Data(contentsOf: URL(filePath: path(pid))), let value = try? JSONValue(parsing: Array(bytes)) else { return nil }
      return value["url"]?.asString
    }
  }
}
