import JSONTypes

extension StatementScript {
  /// Why a script cannot be used: what was expected, what came, and where.
  struct Problem: Error, Hashable, Sendable { var message: String }

  /// - Throws: `Problem`.
  init(parsing bytes: [UInt8]) throws(Problem) {
    let value: JSONValue
    do throws(JSONSyntaxError) { value = try JSONValue(parsing: bytes) } catch {
      throw Problem(message: "line \(error.line), column \(error.column): \(error.message)")
    }
    let file = try Reader(value, "the script", known: ["clock", "otherwise", "statements", "faults"])
    hasVirtualClock = try file.choice("clock", ["real": false, "virtual": true]) ?? false
    usesDatabase = try file.choice("otherwise", ["fail": false, "database": true]) ?? false
    for (index, element) in try file.list("statements").enumerated() { rules.append(try Self.rule(element, "statements[\(index)]")) }
    for (index, element) in try file.list("faults").enumerated() { faults.append(try Self.fault(element, "faults[\(index)]")) }
  }

  private static func rule(_ value: JSONValue, _ place: String) throws(Problem) -> Rule {
    let reader = try Reader(
      value, place, known: ["sql", "name", "times", "seconds", "statuses", "columns", "rows", "affected", "error"])
    var rule = Rule()
    rule.sql = try reader.text("sql").map { TextPattern($0) }
    rule.name = try reader.text("name").map { TextPattern($0) }
    guard rule.sql != nil || rule.name != nil else { throw Problem(message: "\(place): expected \"sql\" or \"name\", to know what it is about") }
    rule.times = try reader.count("times")
    rule.seconds = try reader.seconds("seconds") ?? 0
    rule.affected = try reader.count("affected") ?? 0
    rule.error = try reader.text("error")
    for (index, element) in try reader.list("statuses").enumerated() {
      let here = "\(place).statuses[\(index)]"
      guard let status = element[0]?.asString.flatMap({ StatementStatus(rawValue: $0) }) else {
        throw Problem(message: "\(here): expected [status] or [status, seconds] with one of \(StatementStatus.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard let seconds = element[1].map({ $0.asDouble }) ?? 0, seconds >= 0 else {
        throw Problem(message: "\(here): expected seconds, found \(element[1]?.jsonText ?? "")")
      }
      if let last = rule.statuses.last, last.status.isFinal { throw Problem(message: "\(here): nothing can follow \(last.status.rawValue)") }
      rule.statuses.append((status, seconds))
    }
    for (index, element) in try reader.list("columns").enumerated() {
      guard let name = element.asString ?? element["name"]?.asString else {
        throw Problem(message: "\(place).columns[\(index)]: expected a name, or an object with name and type")
      }
      let type = element["type"]?.asString ?? "varchar"
      guard let kind = FieldCoding.Kind(typeName: type) else {
        throw Problem(message: "\(place).columns[\(index)]: the type \"\(type)\" is not known; expected one of \(FieldCoding.Kind.typeNames)")
      }
      rule.columns.append(Column(name: name, kind: kind))
    }
    if let rows = value["rows"] {
      guard let elements = rows.asArray else { throw Problem(message: "\(place).rows: expected a list of rows, found \(rows.jsonText.prefix(40))") }
      var read: [[JSONValue]] = []
      for (index, row) in elements.enumerated() {
        guard let fields = row.asArray, fields.count == rule.columns.count else {
          throw Problem(message: "\(place).rows[\(index)]: expected \(rule.columns.count) fields, one for each of \"columns\"")
        }
        read.append(fields)
      }
      // The types of what is given tell those of columns that have none.
      for column in rule.columns.indices where value["columns"]?[column]?["type"] == nil {
        let fields = read.map { $0[column] }.filter { !$0.isNull }
        if !fields.isEmpty, fields.allSatisfy({ $0.asInt != nil }) { rule.columns[column].kind = .int8 } else if !fields.isEmpty,
          fields.allSatisfy(\.isNumber)
        {
          rule.columns[column].kind = .float8
        } else if !fields.isEmpty, fields.allSatisfy({ $0.asBool != nil }) {
          rule.columns[column].kind = .bool
        }
      }
      rule.rows = read
    } else if !rule.columns.isEmpty {
      rule.rows = []
    }
    return rule
  }

  private static func fault(_ value: JSONValue, _ place: String) throws(Problem) -> Fault {
    let reader = try Reader(value, place, known: ["on", "sql", "skip", "times", "fault", "seconds"])
    let name = try reader.text("fault") ?? ""
    guard let kind = Fault.Kind(rawValue: name) else {
      throw Problem(
        message: "\(place).fault: expected one of \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")), found \"\(name)\"")
    }
    return Fault(
      kind: kind, operation: try reader.text("on"), sql: try reader.text("sql").map { TextPattern($0) }, skip: try reader.count("skip") ?? 0,
      times: try reader.count("times"), seconds: try reader.seconds("seconds") ?? 1)
  }

  /// The members of an object; what is not known is refused, so that a slip of the pen does not go unnoticed.
  private struct Reader {
    let object: JSONObject
    let place: String

    init(_ value: JSONValue, _ place: String, known: Set<String>) throws(Problem) {
      guard let object = value.asObject else { throw Problem(message: "\(place): expected an object, found \(value.jsonText.prefix(40))") }
      if let key = object.keys.first(where: { !known.contains($0) }) {
        throw Problem(message: "\(place): \"\(key)\" is not known; expected \(known.sorted().joined(separator: ", "))")
      }
      self.object = object
      self.place = place
    }

    private func mismatch(_ key: String, _ wanted: String) -> Problem {
      Problem(message: "\(place).\(key): expected \(wanted), found \(object[key]?.jsonText.prefix(40) ?? "")")
    }
    func text(_ key: String) throws(Problem) -> String? {
      guard let value = object[key] else { return nil }
      guard let text = value.asString else { throw mismatch(key, "a string") }
      return text
    }
    func count(_ key: String) throws(Problem) -> Int? {
      guard let value = object[key] else { return nil }
      guard let number = value.asInt, number >= 0 else { throw mismatch(key, "a number of times or rows") }
      return Int(number)
    }
    func seconds(_ key: String) throws(Problem) -> Double? {
      guard let value = object[key] else { return nil }
      guard let number = value.asDouble, number >= 0 else { throw mismatch(key, "seconds") }
      return number
    }
    func list(_ key: String) throws(Problem) -> [JSONValue] {
      guard let value = object[key] else { return [] }
      guard let list = value.asArray else { throw mismatch(key, "a list") }
      return list
    }
    func choice(_ key: String, _ choices: [String: Bool]) throws(Problem) -> Bool? {
      guard let text = try text(key) else { return nil }
      guard let choice = choices[text] else { throw mismatch(key, choices.keys.sorted().map { "\"\($0)\"" }.joined(separator: " or ")) }
      return choice
    }
  }
}
