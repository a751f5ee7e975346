import DefinitionFiles
import ExecutionPages
import JSONTypes
import StateGraphs

/// Writes the page about one execution.
///
/// - Parameters:
///   - events: as `GetExecutionHistory` or `run --json` has them.
///   - definition: nil for a history that comes without one.
///   - path: nil and `-` for standard output.
func writeExecutionPage(events: [JSONValue], definition: StateGraph?, heading: ExecutionPage.Heading, to path: String?) throws {
  try ResultFile.write(ExecutionPage(events: events, definition: definition, heading: heading).html, to: path)
}

/// The events in a file: an answer of `GetExecutionHistory`, an array of events, or the lines of `run --json`.
enum HistoryFile {
  /// The longest file: 25,000 events may have 256 KiB of payload each, but such a history is no use in a page.
  static let maximumBytes = 512 << 20

  /// - Parameter path: `-` for standard input.
  static func read(_ path: String) throws -> [JSONValue] {
    let bytes: [UInt8]
    let place = path == "-" ? "standard input" : path
    if path == "-" {
      bytes = Terminal.readInput()
    } else {
      do throws(FileReadError) {
        bytes = try FileReaders.disk(path, maximumBytes)
      } catch {
        throw CommandProblem("cannot read the history \(path): \(error.message)")
      }
    }
    if bytes.count > maximumBytes { throw CommandProblem("\(place): a history of more than \(maximumBytes >> 20) MiB is not read") }
    let events = try events(in: bytes, place)
    for (number, event) in events.enumerated() where event["type"]?.asString == nil || event["id"]?.asInt == nil {
      throw CommandProblem("\(place): expected an event with id and type, found \(String(event.jsonText.prefix(80))) as number \(number + 1)")
    }
    if events.isEmpty { throw CommandProblem("\(place): expected the events of an execution, found none") }
    return events
  }

  private static func events(in bytes: [UInt8], _ place: String) throws -> [JSONValue] {
    do throws(JSONSyntaxError) {
      let value = try JSONValue(parsing: bytes, maximumByteCount: maximumBytes)
      if let events = value["events"]?.asArray ?? value.asArray { return events }
      if value["type"] != nil { return [value] }
    } catch {
      // Not one value: then lines of one event each.
      return try lines(of: bytes, place)
    }
    throw CommandProblem("\(place): expected {\"events\": […]} as GetExecutionHistory answers, or the lines of run --json")
  }

  private static func lines(of bytes: [UInt8], _ place: String) throws -> [JSONValue] {
    var events: [JSONValue] = []
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) { continue }
      do throws(JSONSyntaxError) {
        events.append(try JSONValue(parsing: Array(line)))
      } catch {
        throw CommandProblem("\(place):\(number + 1):\(error.column): not JSON: \(error.message)")
      }
    }
    return events
  }
}
