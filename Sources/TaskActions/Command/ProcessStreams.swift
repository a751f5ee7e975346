#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Our ends of a program's three streams. Bytes move only as far as nothing blocks.
struct ProcessStreams {
  /// Lines of standard error that are passed on, each; of what comes then only the last line of each read.
  static let maximumReportedLines = 1_000
  /// Bytes of one line of standard error; what is longer is cut.
  static let maximumLineBytes = 4_096
  /// Lines of standard error kept for a cause.
  static let keptLines = 20
  /// Bytes read after the end of the program, when others may still hold its streams.
  private static let maximumDrainedBytes = 16 << 20

  private(set) var output: [UInt8] = []
  private(set) var lastLines: [String] = []
  private(set) var isOverLimit = false

  private var inputEnd: Int32
  private var outputEnd: Int32
  private var errorEnd: Int32
  private var rest: ArraySlice<UInt8>
  private let outputLimit: Int
  private let reportLine: @Sendable (String) -> Void
  private var line: [UInt8] = []
  private var reportedLines = 0
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ started: StartedProcess, input: [UInt8], outputLimit: Int, reportLine: @escaping @Sendable (String) -> Void) {
    (inputEnd, outputEnd, errorEnd) = (started.input, started.output, started.errors)
    rest = input[...]
    self.outputLimit = outputLimit
    self.reportLine = reportLine
    if rest.isEmpty { closeOnce(&inputEnd) }
  }

  /// Whether the program can still say anything.
  var isOpen: Bool { outputEnd >= 0 || errorEnd >= 0 }

  /// Waits until something can move or the time has passed, and moves it.
  mutating func poll(wakeEnd: Int32, timeout: Duration?) {
    var entries = [
      pollfd(fd: wakeEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: errorEnd, events: Int16(POLLIN), revents: 0),
    ]
    let milliseconds = timeout.map { Int32(min($0.inMilliseconds, 3_600_000)) } ?? -1
    guard systemPoll(&entries, milliseconds) > 0 else { return }
    if entries[0].revents != 0 { _ = read(wakeEnd, &buffer, buffer.count) }
    if entries[1].revents != 0 { writeInput() }
    if entries[2].revents != 0 { _ = readOutput() }
    if entries[3].revents != 0 { _ = readErrors() }
  }

  /// Takes what the program has left in its streams.
  mutating func drain() {
    var left = Self.maximumDrainedBytes
    while outputEnd >= 0, !isOverLimit, left > 0, case let count = readOutput(), count > 0 { left -= count }
    while errorEnd >= 0, left > 0, case let count = readErrors(), count > 0 { left -= count }
    if !line.isEmpty { endLine(isReported: true) }
  }

  mutating func close() {
    closeOnce(&inputEnd)
    closeOnce(&outputEnd)
    closeOnce(&errorEnd)
  }

  private mutating func writeInput() {
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(inputEnd, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
        // The program has closed its input: it needs no more.
        rest = []
        break
      }
      rest = rest.dropFirst(count)
    }
    closeOnce(&inputEnd)
  }

  /// Bytes read; 0 when there are none now, or no more at all.
  private mutating func fill(from stream: WritableKeyPath<Self, Int32>) -> Int {
    while true {
      let count = read(self[keyPath: stream], &buffer, buffer.count)
      if count > 0 { return count }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return 0 }
      closeOnce(&self[keyPath: stream])
      return 0
    }
  }

  private mutating func readOutput() -> Int {
    let count = fill(from: \.outputEnd)
    if count > 0 {
      let room = outputLimit - output.count
      output += buffer[..<min(count, room)]
      if count > room {
        isOverLimit = true
        closeOnce(&outputEnd)
      }
    }
    return count
  }

  private mutating func readErrors() -> Int {
    let count = fill(from: \.errorEnd)
    guard count > 0 else { return 0 }
    let lastEnd = buffer[..<count].lastIndex(of: UInt8(ascii: "\n"))
    for index in 0..<count {
      let byte = buffer[index]
      if byte == UInt8(ascii: "\n") {
        endLine(isReported: reportedLines < Self.maximumReportedLines || index == lastEnd)
      } else if line.count < Self.maximumLineBytes {
        line.append(byte)
      }
    }
    return count
  }

  private mutating func endLine(isReported: Bool) {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    let text = String(decoding: line, as: UTF8.self)
    line.removeAll(keepingCapacity: true)
    guard !text.isEmpty else { return }
    if lastLines.count == Self.keptLines { lastLines.removeFirst() }
    lastLines.append(text)
    if isReported {
      reportedLines += 1
      reportLine(text)
    }
  }
}

private func closeOnce(_ descriptor: inout Int32) {
  if descriptor >= 0 { closeDescriptor(descriptor) }
  descriptor = -1
}

private func systemPoll(_ entries: inout [pollfd], _ milliseconds: Int32) -> Int32 {
  poll(&entries, nfds_t(entries.count), milliseconds)
}
