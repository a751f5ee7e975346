#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The two output streams. Standard output carries results only; all else goes to standard error.
enum Terminal {
  static func writeOutput(_ text: String) { write(text, to: 1) }
  static func writeError(_ text: String) { write(text, to: 2) }

  /// Writes everything, or gives up when the reader is gone.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        #if canImport(Darwin)
        let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Glibc)
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        #else
        let written = Musl.write(descriptor, rest.baseAddress, rest.count)
        #endif
        if written < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN {
            usleep(1000)
            continue
          }
          return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  static var errorIsTerminal: Bool { isatty(2) == 1 }

  /// Columns and rows of the terminal on standard error; 80 by 24 when it does not say.
  static var size: (columns: Int, rows: Int) {
    var window = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return (80, 24) }
    return (Int(window.ws_col), max(Int(window.ws_row), 2))
  }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Reads standard input to its end.
  static func readInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}

/// Colours, where they are wanted.
struct Style: Sendable {
  let isColoured: Bool

  enum Choice: String, CaseIterable, Sendable { case auto, always, never }
  enum Stream: Int32 { case output = 1, error = 2 }

  /// - Parameter choice: what `--color` says. `auto` colours a terminal unless `NO_COLOR` is set or `TERM` is `dumb`.
  /// - Parameter stream: where the text goes.
  init(_ choice: Choice = .auto, for stream: Stream = .error) {
    switch choice {
    case .always: isColoured = true
    case .never: isColoured = false
    case .auto:
      isColoured = isatty(stream.rawValue) == 1 && (Terminal.environment("NO_COLOR") ?? "").isEmpty && Terminal.environment("TERM") != "dumb"
    }
  }

  private func paint(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
  func bold(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func red(_ text: String) -> String { paint(text, "31") }
  func boldRed(_ text: String) -> String { paint(text, "1;31") }
  func green(_ text: String) -> String { paint(text, "32") }
  func yellow(_ text: String) -> String { paint(text, "33") }
  func blue(_ text: String) -> String { paint(text, "1;34") }
  func cyan(_ text: String) -> String { paint(text, "36") }
}

extension String {
  /// The text without what a terminal would act on: control characters are shown as escapes, line ends too unless they are kept.
  func printable(keepingLines: Bool = false) -> String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A where keepingLines: result.unicodeScalars.append(scalar)
      case 0x09 where keepingLines: result.unicodeScalars.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069:
        let hex = String(scalar.value, radix: 16)
        result += "\\u{" + hex + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Columns that the text takes on a terminal: wide East Asian characters and emoji two, combining marks none.
  var columns: Int {
    unicodeScalars.reduce(0) { $0 + $1.columns }
  }

  /// The text cut or filled with blanks to a number of columns.
  func fitted(to width: Int) -> String {
    let own = columns
    if own <= width { return self + String(repeating: " ", count: width - own) }
    return cut(to: width)
  }

  /// The text cut to a number of columns, with an ellipsis where something is gone.
  func cut(to width: Int) -> String {
    guard columns > width else { return self }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in self {
      let wide = String(character).columns
      if used + wide > width - 1 { break }
      used += wide
      result.append(character)
    }
    return result + "…"
  }
}

extension Unicode.Scalar {
  fileprivate var columns: Int {
    switch value {
    case 0..<0x300: return 1
    case 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      switch properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: return 0
      default: return 1
      }
    }
  }
}
