extension Translator {
  /// Aggregates and window functions whose form differs: `WITHIN GROUP`, `IGNORE NULLS`, and window forms that PostgreSQL lacks.
  mutating func aggregate(_ name: Token, _ arguments: [Node], _ nodes: [Node], behind start: Int) throws(TranslationStop) -> (
    nodes: [Node], end: Int
  )? {
    var end = start
    var order: [Node]?
    var ignoresNulls = false
    var window: [Node]?
    var body = arguments
    if end + 2 < nodes.count, nodes[end].isWord("within"), nodes[end + 1].isWord("group"), let group = nodes[end + 2].parentheses {
      guard group.count > 2, group[0].isWord("order"), group[1].isWord("by") else { throw .syntax(at: nodes[end + 2]) }
      order = try expression(Array(group[2...]))
      end += 3
    }
    if end + 1 < nodes.count, nodes[end + 1].isWord("nulls"), nodes[end].isWord("ignore") || nodes[end].isWord("respect") {
      ignoresNulls = nodes[end].isWord("ignore")
      end += 2
    }
    // IGNORE NULLS may also stand within the brackets.
    if body.count > 2, body[body.count - 1].isWord("nulls"), ["ignore", "respect"].contains(body[body.count - 2].word) {
      ignoresNulls = body[body.count - 2].isWord("ignore")
      body.removeLast(2)
    }
    if end + 1 < nodes.count, nodes[end].isWord("over"), let group = nodes[end + 1].parentheses {
      window = try expression(group)
      end += 2
    }
    var parts: [[Node]] = []
    var isDistinct = false
    if body.first?.isWord("distinct") == true {
      isDistinct = true
      body.removeFirst()
    }
    for part in body.splitAtCommas() { parts.append(try inner(part)) }
    let result: [Node]?
    switch name.key {
    case "median": result = percentile("cont", [.text("0.5")], parts.first ?? [], window)
    case "percentile_cont" where window != nil: result = percentile("cont", parts.first ?? [], order ?? [], window)
    case "percentile_disc" where window != nil: result = percentile("disc", parts.first ?? [], order ?? [], window)
    case "percentile_cont", "percentile_disc":
      result = [.text(name.key + "(")] + (parts.first ?? []) + [.text(") within group (order by")] + (order ?? []) + [.text(")")]
    case "listagg": result = listagg(parts, isDistinct, order, window)
    case "ratio_to_report":
      guard let window, let value = parts.first else { throw .syntax(at: .token(name)) }
      result =
        [.text("(")] + [.parenthesized(value), .text("::float8 / nullif(sum("), .parenthesized(value), .text("::float8) over (")] + window
        + [.text("), 0))")]
    default:
      guard ignoresNulls else { return nil }
      result = try ignoringNulls(name, parts, window)
    }
    return result.map { ($0, end) }
  }

  private func percentile(_ kind: String, _ fraction: [Node], _ value: [Node], _ window: [Node]?) -> [Node] {
    let value = value.last?.isWord("asc") == true ? Array(value.dropLast()) : value
    guard let window else { return [.text("percentile_\(kind)(")] + fraction + [.text(") within group (order by")] + value + [.text(")")] }
    return [.text("\(Self.schema).percentile_\(kind)_of("), .parenthesized(value), .text("::float8,")] + fraction + [.text(") over (")]
      + window + [.text(")")]
  }

  /// NULLs and empty strings are left out.
  private func listagg(_ parts: [[Node]], _ isDistinct: Bool, _ order: [Node]?, _ window: [Node]?) -> [Node] {
    let value = parts.first ?? []
    let text: [Node] = [.text("nullif("), .parenthesized(value), .text("::text, '')")]
    let delimiter = parts.count > 1 ? parts[1] : [.text("''")]
    if let window {
      let framed = order.map { window + [.text("order by")] + $0 } ?? window
      let frame = order == nil ? "" : "rows between unbounded preceding and unbounded following"
      return [.text("string_agg(")] + text + [.text(",")] + delimiter + [.text(") over (")] + framed + [.text(frame + ")")]
    }
    var output: [Node] = [.text(isDistinct ? "string_agg(distinct" : "string_agg(")]
    output += text + [.text(",")] + delimiter
    if let order {
      // DISTINCT sorts by its own argument only.
      let direction = order.lastIndex { ["asc", "desc"].contains($0.word) } ?? order.count
      let isSame = Array(order[..<direction]).sql.filter { $0 != " " } == value.sql.filter { $0 != " " }
      output += [.text("order by")] + (isDistinct && isSame ? text + order[direction...] : order)
    }
    return output + [.text(")")]
  }

  private func ignoringNulls(_ name: Token, _ parts: [[Node]], _ window: [Node]?) throws(TranslationStop) -> [Node] {
    guard let window, let value = parts.first else { throw .syntax(at: .token(name)) }
    /// The values that are not NULL, in the order of the window.
    func known(_ frame: String) -> [Node] {
      [.text("(array_agg("), .parenthesized(value), .text(") filter (where"), .parenthesized(value), .text("is not null) over (")] + window
        + [.text("\(frame)))")]
    }
    let place = parts.count > 1 ? parts[1] : [.text("1")]
    var result: [Node]
    switch name.key {
    case "first_value": return [.text("\(Self.schema).first_known(")] + value + [.text(") over (")] + window + [.text(")")]
    case "last_value": return [.text("\(Self.schema).last_known(")] + value + [.text(") over (")] + window + [.text(")")]
    case "lag" where parts.count == 1:
      return [.text("\(Self.schema).last_known(")] + value + [.text(") over (")] + window + [
        .text("rows between unbounded preceding and 1 preceding)")
      ]
    case "lead" where parts.count == 1:
      return [.text("\(Self.schema).first_known(")] + value + [.text(") over (")] + window + [
        .text("rows between 1 following and unbounded following)")
      ]
    case "lag":
      let before = known("rows between unbounded preceding and 1 preceding")
      result = before + [.text("[cardinality(")] + before + [.text(") + 1 -"), .parenthesized(place), .text("]")]
    case "lead": result = known("rows between 1 following and unbounded following") + [.text("["), .parenthesized(place), .text("]")]
    default: result = known("") + [.text("["), .parenthesized(place), .text("]")]
    }
    if parts.count > 2 { result = [.text("coalesce(")] + result + [.text(",")] + parts[2] + [.text(")")] }
    return result
  }
}
