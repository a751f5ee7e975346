extension Translator {
  /// The limit of a character column; Redshift counts bytes.
  struct CharacterLimit {
    var limit: Int
    /// CHAR, whose trailing blanks do not count.
    var isCharacter: Bool
  }

  static let maximumVarchar = 65535
  static let defaultVarchar = 256

  /// A column's type for PostgreSQL.
  mutating func columnType(_ nodes: [Node], from start: Int) throws(TranslationStop) -> (type: [Node], limit: CharacterLimit?, end: Int) {
    guard start < nodes.count else { throw .syntax(at: nodes.last) }
    let node = nodes[start]
    var end = start + 1
    if node.isWord("character"), end < nodes.count, nodes[end].isWord("varying") { end += 1 }
    let isVarying = end == start + 2
    if end < nodes.count, nodes[end].brackets != nil { throw .refusal("Arrays are not supported on Redshift tables.", at: nodes[end]) }
    switch node.word {
    case "varchar", "nvarchar", "text", "character", "char", "nchar", "bpchar":
      let isVarchar = isVarying || ["varchar", "nvarchar", "text"].contains(node.word)
      var limit = isVarchar || node.word == "bpchar" ? Self.defaultVarchar : 1
      if end < nodes.count, let group = nodes[end].parentheses {
        if group.count == 1, group[0].isWord("max") {
          limit = Self.maximumVarchar
        } else if group.count == 1, let number = Int(group[0].firstToken.text) {
          limit = number
        } else {
          throw .syntax(at: nodes[end])
        }
        end += 1
        if node.word == "text" { limit = Self.defaultVarchar }
      }
      let most = isVarchar ? Self.maximumVarchar : 4096
      guard (1...most).contains(limit) else {
        throw .refusal("length for type \(isVarchar ? "varchar" : "char") cannot exceed \(most)", at: node, sqlState: "22023")
      }
      let sizedEnd = end < nodes.count && nodes[end].brackets != nil
      if sizedEnd { throw .refusal("Arrays are not supported on Redshift tables.", at: nodes[end]) }
      return ([.text(isVarchar ? "varchar(\(limit))" : "char(\(limit))")], CharacterLimit(limit: limit, isCharacter: !isVarchar), end)
    case "serial", "bigserial", "smallserial":
      throw .refusal("Column type \"\(node.word)\" is not supported; use IDENTITY.", at: node)
    case "json", "jsonb", "money", "xml", "uuid", "inet", "cidr", "macaddr", "bytea", "point", "tsvector", "bit":
      throw .refusal("Column type \"\(node.word)\" is not supported on Redshift tables.", at: node)
    case "hllsketch", "geometry", "geography": throw .unsupported("the type \(node.word.uppercased())", at: node)
    default:
      guard let name = Self.typeNames[node.word] else {
        guard node.name != nil else { throw .syntax(at: node) }
        return ([node], nil, end)
      }
      var type: [Node] = [.text(name)]
      if node.isWord("double"), end < nodes.count, nodes[end].isWord("precision") { end += 1 }
      if end < nodes.count, let group = nodes[end].parentheses {
        if name == "numeric", let precision = group.first.flatMap({ Int($0.firstToken.text) }), precision > 38 {
          throw .refusal("DECIMAL precision \(precision) must be between 1 and 38", at: nodes[end], sqlState: "22023")
        }
        if ["numeric", "timestamp", "time", "timestamptz", "timetz"].contains(name) { type.append(nodes[end]) }
        end += 1
      } else if name == "numeric" {
        type = [.text("numeric(18,0)")]
      }
      if name == "timestamp" || name == "time", end + 2 < nodes.count, nodes[end].isWord("with") || nodes[end].isWord("without"),
        nodes[end + 1].isWord("time")
      {
        type += nodes[end..<(end + 3)]
        end += 3
      }
      if name == "interval" {
        while end < nodes.count, ["year", "month", "day", "hour", "minute", "second", "to"].contains(nodes[end].word) || nodes[end].parentheses != nil {
          type.append(nodes[end])
          end += 1
        }
      }
      return (type, nil, end)
    }
  }

  /// PostgreSQL's types that Redshift has not.
  static let foreignTypes: Set<String> = [
    "json", "jsonb", "money", "xml", "uuid", "inet", "cidr", "macaddr", "macaddr8", "bytea", "point", "line", "lseg", "box", "path", "polygon", "circle",
    "tsvector", "tsquery", "bit", "varbit", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "jsonpath", "serial",
    "bigserial", "smallserial", "pg_lsn",
  ]

  /// Redshift's type names and what stands for them.
  static let typeNames: [String: String] = [
    "smallint": "int2", "int2": "int2", "integer": "int4", "int": "int4", "int4": "int4", "bigint": "int8", "int8": "int8",
    "decimal": "numeric", "numeric": "numeric", "real": "float4", "float4": "float4", "double": "float8", "float8": "float8",
    "float": "float8",
    "boolean": "bool", "bool": "bool", "date": "date", "timestamp": "timestamp", "timestamptz": "timestamptz", "datetime": "timestamp",
    "time": "time", "timetz": "timetz", "super": "jsonb", "varbyte": "bytea", "varbinary": "bytea", "binary": "bytea",
    "oid": "oid", "interval": "interval",
  ]
}
