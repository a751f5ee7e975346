/// Reads a path as Jayway JsonPath 2.0.0 does, oddities included, since Step Functions accepts and refuses the same.
///
/// Source: the behaviour of Jayway JsonPath 2.0.0's path compiler.
struct PathParser {
  private let scalars: [Unicode.Scalar]
  /// The byte offset of each scalar in the text as written.
  private let offsets: [Int]
  private let nesting: Int
  private var position = 1

  static func steps(of text: String, nesting: Int) throws(JSONPathError) -> [PathStep] {
    guard text.utf8.count <= PathQuery.Limits.textBytes else {
      throw JSONPathError(.limit, "the path has \(text.utf8.count) bytes; at most \(PathQuery.Limits.textBytes) are allowed", at: 0)
    }
    guard nesting <= PathQuery.Limits.filterNesting else {
      throw JSONPathError(.limit, "filters are nested deeper than \(PathQuery.Limits.filterNesting) levels", at: 0)
    }
    var parser = try PathParser(text, nesting: nesting)
    return try parser.readSteps()
  }

  private init(_ text: String, nesting: Int) throws(JSONPathError) {
    self.nesting = nesting
    var scalars: [Unicode.Scalar] = []
    var offsets: [Int] = []
    scalars.reserveCapacity(text.utf8.count)
    offsets.reserveCapacity(text.utf8.count)
    var offset = 0
    for scalar in text.unicodeScalars {
      if !(scalars.isEmpty && scalar.value <= 0x20) {
        scalars.append(scalar)
        offsets.append(offset)
      }
      offset += UTF8.width(scalar)
    }
    while let last = scalars.last, last.value <= 0x20 {
      scalars.removeLast()
      offsets.removeLast()
    }
    guard let first = scalars.first else { throw JSONPathError(.invalidPath, "path can not be null or empty", at: 0) }
    if scalars.count >= 2, scalars[scalars.count - 1] == ".", scalars[scalars.count - 2] == "." {
      throw JSONPathError(.invalidPath, "A path can not end with a scan.", at: offsets[offsets.count - 2])
    }
    if first != "$", first != "@" {
      scalars.insert(contentsOf: ["$", "."], at: 0)
      offsets.insert(contentsOf: [offsets[0], offsets[0]], at: 0)
    }
    if scalars.count > 1, scalars[1] != ".", scalars[1] != "[" {
      throw JSONPathError(.invalidPath, "Invalid path \(text): expected '.' or '[' after '\(first)'", at: offsets[1])
    }
    self.scalars = scalars
    self.offsets = offsets
  }

  private mutating func readSteps() throws(JSONPathError) -> [PathStep] {
    var steps: [PathStep] = []
    while position < scalars.count {
      let start = position
      switch scalars[position] {
      case " ": throw failure("Space not allowed in path", at: start)
      // A root inside of a path changes nothing.
      case "$": position += 1
      case "[": steps.append(try readBracket())
      case "*":
        position += 1
        steps.append(.wildcard)
      case ".":
        position += 1
        if position < scalars.count, scalars[position] == "." {
          position += 1
          steps.append(.scan)
        } else if position < scalars.count, !isNameEnd(scalars[position]) {
          steps.append(try readName(allowingWildcard: true))
        }
      default: steps.append(try readName(allowingWildcard: false))
      }
      if steps.count > PathQuery.Limits.steps {
        throw JSONPathError(.limit, "the path has more than \(PathQuery.Limits.steps) steps", at: offsets[start])
      }
    }
    return steps
  }

  private func isNameEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "[" || scalar == " " }

  private mutating func readName(allowingWildcard: Bool) throws(JSONPathError) -> PathStep {
    let start = position
    while position < scalars.count, !isNameEnd(scalars[position]) { position += 1 }
    if allowingWildcard, position == start + 1, scalars[start] == "*" { return .wildcard }
    let name = scalars[start..<position]
    if !name.contains(where: { $0 == "'" || $0 == "]" }) { return .property(string(name)) }
    // Jayway puts the name into quotes and reads it like `['name']`.
    return try properties(in: ["'"] + name + ["'", "]"], at: start)
  }

  // MARK: Brackets

  private mutating func readBracket() throws(JSONPathError) -> PathStep {
    let start = position
    var depth = 0
    position += 1
    scan: while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      switch scalar {
      case "[": depth += 1
      case "]" where depth == 0: break scan
      case "]": depth -= 1
      default: break
      }
    }
    let fragment = scalars[start..<position]
    if fragment.elementsEqual(["[", "*", "]"]) { return .wildcard }
    for index in fragment.indices {
      switch fragment[index] {
      case "?": return try filter(in: fragment, at: start)
      case "'": return try properties(in: fragment[index...], at: start)
      case "@": return try countedFromEnd(in: fragment[index...], at: start)
      case "0"..."9", ":", "-": return try elements(in: fragment[index...], at: start)
      default: break
      }
    }
    throw failure("Could not analyze path component: \(string(fragment))", at: start)
  }

  /// From an opening single quote up to the first `]`; what stands between closed quotes is not looked at.
  private func properties(in fragment: ArraySlice<Unicode.Scalar>, at start: Int) throws(JSONPathError) -> PathStep {
    var names: [String] = []
    var name: String?
    for scalar in fragment {
      switch scalar {
      case "]": return names.count == 1 ? .property(names[0]) : .properties(names)
      case "'":
        if let complete = name { names.append(complete) }
        name = name == nil ? "" : nil
      default: name?.unicodeScalars.append(scalar)
      }
    }
    throw failure("Could not analyze path component: expected \"']\" at the end of a name", at: start)
  }

  /// `@.length - n`, `@.size() - n`.
  private func countedFromEnd(in fragment: ArraySlice<Unicode.Scalar>, at start: Int) throws(JSONPathError) -> PathStep {
    let body = fragment.dropFirst(2)
    guard let minus = body.firstIndex(of: "-"), let end = body[minus...].firstIndex(of: ")") else {
      throw failure("Could not analyze path component: expected [(@.length - n)]", at: start)
    }
    let function = string(body[..<minus].filter { $0 != " " && $0 != "(" && $0 != ")" })
    guard function == "length" || function == "size" else {
      throw failure("Invalid function: @.\(function). Supported functions are: [(@.length - n)] and [(@.size() - n)]", at: start)
    }
    return .fromEnd(try number(string(body[minus..<end].filter { $0 != " " }), at: start))
  }

  /// `3`, `0,2`, `1:`, `:2`, `1:2`. Jayway stops at the first other character and takes what it has.
  private func elements(in fragment: ArraySlice<Unicode.Scalar>, at start: Int) throws(JSONPathError) -> PathStep {
    var numbers: [Int] = []
    var digits = ""
    var isSequence = false
    var isSliceFrom = false
    var isSliceTo = false
    var isSlice = false
    var index = fragment.startIndex
    func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }
    while index < fragment.endIndex {
      let scalar = fragment[index]
      guard isDigit(scalar) || scalar == "," || scalar == " " || scalar == ":" || scalar == "-" else { break }
      switch scalar {
      case " ": break
      case ":":
        let hasStart = !digits.isEmpty
        if hasStart { numbers.append(try number(digits, at: start)) }
        digits = ""
        index += 1
        while index < fragment.endIndex, isDigit(fragment[index]) || fragment[index] == " " || fragment[index] == "-" {
          if fragment[index] != " " { digits.unicodeScalars.append(fragment[index]) }
          index += 1
        }
        if hasStart, digits.isEmpty {
          isSliceFrom = true
        } else {
          numbers.append(try number(digits, at: start))
          digits = ""
          if hasStart { isSlice = true } else { isSliceTo = true }
        }
      case ",":
        numbers.append(try number(digits, at: start))
        digits = ""
        isSequence = true
      default: digits.unicodeScalars.append(scalar)
      }
      if index < fragment.endIndex, fragment[index] == "]" { break }
      index += 1
    }
    guard index < fragment.endIndex else { throw failure("Could not analyze path component: expected ']' at its end", at: start) }
    if !digits.isEmpty { numbers.append(try number(digits, at: start)) }
    if numbers.count == 1, !isSliceFrom, !isSliceTo { return .index(numbers[0]) }
    if isSequence { return .indexes(numbers) }
    if isSliceFrom { return .sliceFrom(numbers[0]) }
    if isSliceTo { return .sliceTo(numbers[0]) }
    if isSlice { return .slice(numbers[0], numbers[1]) }
    throw failure("Could not analyze path component: \(string(fragment))", at: start)
  }

  private func number(_ digits: String, at start: Int) throws(JSONPathError) -> Int {
    guard let value = Int32(digits) else {
      throw failure(digits.isEmpty ? "expected a number in brackets" : "expected a 32-bit number in brackets, found '\(digits)'", at: start)
    }
    return Int(value)
  }

  // MARK: Filters

  private func filter(in fragment: ArraySlice<Unicode.Scalar>, at start: Int) throws(JSONPathError) -> PathStep {
    var isQuoted = false
    var parentheses = 0
    var brackets = 0
    var previous: Unicode.Scalar = " "
    for index in fragment.indices {
      let scalar = fragment[index]
      switch scalar {
      case "'" where previous != "\\": isQuoted.toggle()
      case "(" where !isQuoted: parentheses += 1
      case ")" where !isQuoted: parentheses -= 1
      case "[" where !isQuoted: brackets += 1
      case "]" where !isQuoted:
        brackets -= 1
        if parentheses == 0 {
          guard brackets == 0 else { throw failure("Filter brackets are not balanced", at: start) }
          return .filter(try PathFilter(string(fragment[...index]), nesting: nesting, offset: offsets[start]))
        }
      default: break
      }
      previous = scalar
    }
    throw failure("Filter brackets are not balanced", at: start)
  }

  private func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  private func failure(_ message: String, at index: Int) -> JSONPathError {
    JSONPathError(.invalidPath, message, at: index < offsets.count ? offsets[index] : offsets.last ?? 0)
  }
}
