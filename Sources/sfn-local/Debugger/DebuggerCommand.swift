import JSONTypes

/// A line that was typed at the debugger's prompt, understood.
enum DebuggerCommand {
  enum Part: String, CaseIterable { case input, result, output, variable }

  case run, start
  case step, next, out
  case `continue`
  case until(state: String)
  case back(Int)
  case breakAt(state: String, condition: String?, isTemporary: Bool)
  case breakOnError(String?, isTemporary: Bool)
  case delete(Int?)
  case info(String)
  case whereabouts
  case list
  case print(String?)
  case set(Part, name: String?, JSONValue)
  case answer(JSONValue)
  case fail(error: String, cause: String?)
  case call
  case history(Int)
  case help
  case quit

  /// Why a line is no command.
  struct Problem: Error { var message: String }

  init(_ line: String) throws(Problem) {
    let words = Words(line)
    let (word, rest) = words.first()
    switch word {
    case "run", "r": self = .run
    case "start": self = .start
    case "step", "s": self = .step
    case "next", "n": self = .next
    case "out", "o", "finish": self = .out
    case "continue", "c": self = .continue
    case "until", "u": self = .until(state: try Self.name(rest, "until STATE"))
    case "back", "undo": self = .back(rest.isEmpty ? 1 : try Self.number(rest, "back [N]"))
    case "break", "b": self = try Self.breakpoint(rest, isTemporary: false)
    case "tbreak", "tb": self = try Self.breakpoint(rest, isTemporary: true)
    case "delete", "d": self = .delete(rest.isEmpty ? nil : try Self.number(rest, "delete [N]"))
    case "info", "i": self = .info(rest)
    case "where", "w", "bt": self = .whereabouts
    case "list", "l": self = .list
    case "print", "p": self = .print(rest.isEmpty ? nil : rest)
    case "set": self = try Self.setting(rest)
    case "answer", "a": self = .answer(try Self.json(rest, "answer JSON"))
    case "fail", "f":
      let (error, cause) = Words(rest).first()
      if error.isEmpty { throw Problem(message: "an error's name is missing: fail ERROR [CAUSE]") }
      self = .fail(error: error, cause: cause.isEmpty ? nil : Self.unquoted(cause))
    case "call": self = .call
    case "history": self = .history(rest.isEmpty ? 10 : try Self.number(rest, "history [N]"))
    case "help", "h", "?": self = .help
    case "quit", "q", "exit": self = .quit
    default: throw Problem(message: "unknown command \"\(word)\"; help lists them all")
    }
  }

  private static func breakpoint(_ rest: String, isTemporary: Bool) throws(Problem) -> DebuggerCommand {
    let (word, more) = Words(rest).first()
    if word == "error" { return .breakOnError(more.isEmpty ? nil : unquoted(more), isTemporary: isTemporary) }
    // The name of a state may have blanks, and the word "if".
    if let found = rest.ranges(of: " if {%").last {
      let condition = String(rest[rest.index(found.lowerBound, offsetBy: 4)...])
      guard condition.hasSuffix("%}") else { throw Problem(message: "the condition does not end with %}: break STATE if {% JSONATA %}") }
      return .breakAt(state: try name(String(rest[..<found.lowerBound]), "break STATE if {% JSONATA %}"), condition: condition, isTemporary: isTemporary)
    }
    return .breakAt(state: try name(rest, "break STATE, break STATE if {% JSONATA %}, or break error [ERROR]"), condition: nil, isTemporary: isTemporary)
  }

  private static func setting(_ rest: String) throws(Problem) -> DebuggerCommand {
    let (word, more) = Words(rest).first()
    guard let part = Part(rawValue: word) else { throw Problem(message: "set what? set input|result|output JSON, or set variable NAME JSON") }
    if part != .variable { return .set(part, name: nil, try json(more, "set \(word) JSON")) }
    let (name, value) = Words(more).first()
    if name.isEmpty { throw Problem(message: "the variable's name is missing: set variable NAME JSON") }
    return .set(part, name: name.hasPrefix("$") ? String(name.dropFirst()) : name, try json(value, "set variable NAME JSON"))
  }

  private static func name(_ text: String, _ usage: String) throws(Problem) -> String {
    let name = unquoted(text)
    if name.isEmpty { throw Problem(message: "the name of a state is missing: \(usage)") }
    return name
  }

  private static func number(_ text: String, _ usage: String) throws(Problem) -> Int {
    guard let number = Int(text), number > 0 else { throw Problem(message: "expected a number from 1, found \"\(text)\": \(usage)") }
    return number
  }

  private static func json(_ text: String, _ usage: String) throws(Problem) -> JSONValue {
    if text.isEmpty { throw Problem(message: "a JSON value is missing: \(usage)") }
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: text)
    } catch {
      throw Problem(message: "column \(error.column) of \(text.count > 40 ? "the value" : text): not JSON: \(error.message)")
    }
  }

  /// A name may stand in quotes.
  private static func unquoted(_ text: String) -> String {
    let text = Words.trimmed(text)
    if text.count >= 2, text.first == "\"", text.last == "\"" {
      do throws(JSONSyntaxError) { if case .string(let name) = try JSONValue(parsing: text) { return name } } catch { return text }
    }
    return text
  }

  /// Commands that an empty line says again.
  var isRepeatable: Bool {
    switch self {
    case .step, .next, .out, .continue, .back: true
    default: false
    }
  }

  static let helpText = """
    Going on
      run (r)                     start, and go on to the first breakpoint; once more after the end
      start                       start, and stop at the first state
      step (s)                    one state, into branches and iterations; a task stops before its call
      next (n)                    one state, over its call, its branches or iterations
      out (o, finish)             to the end of this branch or iteration
      continue (c)                to the next breakpoint, or to the end
      until STATE (u)             to this state
      back [N] (undo)             to before the last command that went on or changed something
      An empty line says step, next, out, continue or back again.

    Stopping
      break STATE (b)             before the state runs
      break STATE if {% … %}      when the JSONata condition holds, on $states.input, $states.context and variables
      break error [ERROR]         when something fails, or fails with this error
      tbreak … (tb)               the same, once
      delete [N] (d)              one breakpoint, or all
      info break

    Looking
      where (w, bt)               the state, and the states around it
      list (l)                    its lines in the file
      print (p)                   what is at hand: the input, the task's parameters or its answer
      print input|parameters|result|output|variables|context
      print EXPRESSION            JSONPath, an intrinsic function or JSONata, as the state's QueryLanguage has it; {% … %} is always JSONata
      info variables|frames|tasks
      history [N]                 the last events

    Changing
      set input JSON              of the state that is to run
      set result JSON             what the state's work shall count as its result
      set output JSON             what the state shall put out
      set variable NAME JSON
      answer JSON (a)             the task at hand succeeds with this result, and is not called
      fail ERROR [CAUSE] (f)      the task at hand fails
      call                        calls the task at hand, and stops at its answer

      help (h, ?)   quit (q)

    """
}

/// A line as a word and what follows it.
struct Words {
  private let text: String
  init(_ text: String) { self.text = Self.trimmed(text) }

  func first() -> (word: String, rest: String) {
    guard let end = text.firstIndex(where: \.isWhitespace) else { return (text, "") }
    return (String(text[..<end]), Self.trimmed(String(text[end...])))
  }

  static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
