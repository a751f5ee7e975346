import Dispatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The whole terminal as a screen: keys come one by one, lines are drawn where they changed, and at the end all is as it was before.
///
/// The keyboard is the controlling terminal, so that standard input may be a file. Signals arrive as bytes of a pipe beside the keys:
/// SIGWINCH draws anew; SIGTSTP and Ctrl-Z give the terminal back, stop the program, and take it again; SIGINT, SIGTERM, SIGHUP and
/// SIGQUIT give it back and end.
final class TerminalScreen {
  enum Event {
    case key(Key)
    /// The size changed, or the program goes on after it was stopped: draw again.
    case redraw
    /// Nothing happened in the time.
    case timeout
    /// A signal asks the program to end, with its number.
    case end(Int32)
  }

  private let keyboard: Int32
  private var saved = termios()
  private var reader = KeyReader()
  private var keys: [Key] = []
  private var drawn: [String] = []
  private var signals: [any DispatchSourceSignal] = []
  private let pipeEnds: (read: Int32, write: Int32)
  private let style: Style
  private var isTaken = false

  /// How long to wait for what follows an escape, in milliseconds.
  private static let escapeTime: Int32 = 40

  /// - Returns: nil when there is no terminal to read keys from, or standard output is none.
  init?(style: Style) {
    guard isatty(1) == 1 else { return nil }
    let keyboard = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard keyboard >= 0 else { return nil }
    var ends: [Int32] = [0, 0]
    guard tcgetattr(keyboard, &saved) == 0, pipe(&ends) == 0 else {
      close(keyboard)
      return nil
    }
    self.keyboard = keyboard
    self.style = style
    pipeEnds = (ends[0], ends[1])
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    watchSignals()
    take()
  }

  deinit { finish() }

  /// Columns and rows.
  var size: (columns: Int, rows: Int) {
    var window = winsize()
    guard ioctl(keyboard, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return (80, 24) }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// Gives the terminal back. May be called twice.
  func finish() {
    release()
    for source in signals { source.cancel() }
    signals = []
  }

  /// Waits for what happens next.
  /// - Parameter milliseconds: the longest wait; nil for ever.
  func next(within milliseconds: Int32? = nil) -> Event {
    if !keys.isEmpty { return .key(keys.removeFirst()) }
    while true {
      var sources = [pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0), pollfd(fd: pipeEnds.read, events: Int16(POLLIN), revents: 0)]
      let count = poll(&sources, 2, reader.isWaiting ? Self.escapeTime : milliseconds ?? -1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        guard reader.isWaiting else { return .timeout }
        keys += reader.flush()
      } else if sources[1].revents != 0 {
        if let event = signalled() { return event }
      } else {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let length = read(keyboard, &buffer, buffer.count)
        // The terminal has gone.
        if length == 0 || length < 0 && errno != EINTR && errno != EAGAIN { return .end(SIGHUP) }
        keys += reader.read(buffer.prefix(max(0, length)))
      }
      guard !keys.isEmpty else { continue }
      let key = keys.removeFirst()
      guard key == .control("z") else { return .key(key) }
      suspend()
      return .redraw
    }
  }

  /// Draws the lines from the top; only those that differ from what stands there are written.
  /// - Parameter cursor: where the cursor is shown; nil hides it.
  func draw(_ lines: [ScreenLine], cursor: (column: Int, row: Int)? = nil) {
    let (columns, rows) = size
    let texts = lines.prefix(rows).map { $0.fitted(to: columns).painted(by: style) }
    var output = "\u{1B}[?2026h\u{1B}[?25l"
    for (row, text) in texts.enumerated() where row >= drawn.count || drawn[row] != text { output += "\u{1B}[\(row + 1);1H\(text)" }
    if texts.count < rows, drawn.count != texts.count { output += "\u{1B}[\(texts.count + 1);1H\u{1B}[J" }
    if let cursor { output += "\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h" }
    drawn = texts
    Terminal.writeOutput(output + "\u{1B}[?2026l")
  }

  /// Everything is written anew at the next `draw`.
  func forget() {
    drawn = []
    Terminal.writeOutput("\u{1B}[2J")
  }

  // MARK: The terminal's state

  private func take() {
    var raw = saved
    cfmakeraw(&raw)
    tcsetattr(keyboard, TCSAFLUSH, &raw)
    Terminal.writeOutput("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    drawn = []
    isTaken = true
  }

  private func release() {
    guard isTaken else { return }
    isTaken = false
    // Some terminals that were resized meanwhile push what stands here into the screen that they bring back.
    Terminal.writeOutput("\u{1B}[H\u{1B}[J\u{1B}[?25h\u{1B}[?1049l")
    tcsetattr(keyboard, TCSAFLUSH, &saved)
  }

  private func suspend() {
    release()
    signal(SIGTSTP, SIG_DFL)
    // The whole group, as the terminal would: a pager in a pipeline stops with its neighbours.
    kill(0, SIGTSTP)
    signal(SIGTSTP, SIG_IGN)
    take()
  }

  // MARK: Signals

  private func watchSignals() {
    let queue = DispatchQueue(label: "screen.signals")
    for number in [SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      if number != SIGWINCH && number != SIGCONT { signal(number, SIG_IGN) }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [write = pipeEnds.write] in
        var byte = UInt8(number)
        _ = Self.write(write, &byte)
      }
      source.resume()
      signals.append(source)
    }
  }

  private static func write(_ descriptor: Int32, _ byte: inout UInt8) -> Int {
    #if canImport(Darwin)
    Darwin.write(descriptor, &byte, 1)
    #elseif canImport(Glibc)
    Glibc.write(descriptor, &byte, 1)
    #else
    Musl.write(descriptor, &byte, 1)
    #endif
  }

  private func signalled() -> Event? {
    var byte: UInt8 = 0
    guard read(pipeEnds.read, &byte, 1) == 1 else { return nil }
    switch Int32(byte) {
    case SIGWINCH:
      forget()
      return .redraw
    case SIGTSTP:
      suspend()
      return .redraw
    case SIGCONT:
      // Another may have set the terminal up for itself meanwhile.
      if isTaken { take() }
      return .redraw
    default: return .end(Int32(byte))
    }
  }
}
