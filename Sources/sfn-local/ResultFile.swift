#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a command's result goes: standard output, or a file.
enum ResultFile {
  /// - Parameter path: nil and `-` for standard output.
  /// - Throws: `CommandProblem` when the file cannot be written.
  static func write(_ text: String, to path: String?) throws {
    guard let path, path != "-" else { return Terminal.writeOutput(text) }
    guard let stream = fopen(path, "wb") else { throw problem(path) }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, stream) == $0.count }
    if !isWritten {
      let problem = problem(path)
      fclose(stream)
      throw problem
    }
    if fclose(stream) != 0 { throw problem(path) }
  }

  private static func problem(_ path: String) -> CommandProblem { CommandProblem("cannot write \(path): \(String(cString: strerror(errno)))") }
}
