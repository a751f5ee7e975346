import DefinitionFiles
import StatesLanguage

/// The forms that build servers read.
extension FindingReport {
  // MARK: GitHub Actions

  /// One workflow command a line. What comes from a file can neither end a command nor begin one.
  /// Source: GitHub Docs, "Workflow commands for GitHub Actions", and the escaping of its toolkit.
  var github: String {
    var result = ""
    for file in files {
      for finding in file.findings.prefix(limit) {
        let diagnostic = finding.diagnostic
        let command =
          switch diagnostic.severity {
          case .error: "error"
          case .warning: "warning"
          case .advice: "notice"
          }
        let (start, end) = (diagnostic.range.lowerBound, diagnostic.range.upperBound)
        var properties = "file=\(Self.property(file.path)),line=\(start.line)"
        // Columns of a stretch over several lines are refused.
        if start.line == end.line { properties += ",col=\(start.column),endColumn=\(max(start.column, end.column))" } else { properties += ",endLine=\(end.line)" }
        let hint = diagnostic.suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
        result += "::\(command) \(properties),title=\(Self.property(diagnostic.code))::\(Self.data(diagnostic.message + hint))\n"
      }
    }
    return result
  }

  private static func data(_ text: String) -> String { escaped(text, ["%", "\r", "\n"]) }
  private static func property(_ text: String) -> String { escaped(text, ["%", "\r", "\n", ":", ","]) }

  private static func escaped(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if special.contains(scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        result += String(scalar).printable()
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: JUnit

  /// A test suite for each file and a test case for each finding; a file without findings is one case that passed.
  /// Source: the schema of the Jenkins xUnit plug-in, junit-10.xsd.
  var junit: String {
    let failures = files.reduce(0) { $0 + $1.findings.count { fails($0.diagnostic) } }
    let tests = files.reduce(0) { $0 + max(1, $1.findings.count) }
    var result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sfn-local validate\" tests=\"\(tests)\" failures=\"\(failures)\">\n"
    for file in files {
      let path = Self.xml(file.path)
      let count = file.findings.count { fails($0.diagnostic) }
      result += "  <testsuite name=\"\(path)\" tests=\"\(max(1, file.findings.count))\" failures=\"\(count)\">\n"
      if file.findings.isEmpty { result += "    <testcase name=\"no problems found\" classname=\"\(path)\"/>\n" }
      for finding in file.findings {
        let diagnostic = finding.diagnostic
        let place = "\(diagnostic.range.lowerBound.line):\(diagnostic.range.lowerBound.column)"
        result += "    <testcase name=\"\(Self.xml(diagnostic.code)) at \(place)\" classname=\"\(path)\">\n"
        let message = Self.xml(diagnostic.message)
        let body = Self.xml("\(file.path):\(place): \(diagnostic.severity.rawValue): \(diagnostic.message)")
        if fails(diagnostic) {
          result += "      <failure type=\"\(diagnostic.severity.rawValue)\" message=\"\(message)\">\(body)</failure>\n"
        } else {
          result += "      <system-out>\(body)</system-out>\n"
        }
        result += "    </testcase>\n"
      }
      result += "  </testsuite>\n"
    }
    return result + "</testsuites>\n"
  }

  /// Text for an element or an attribute. Characters that XML 1.0 cannot hold at all are shown as escapes.
  private static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      default:
        if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
