import JSONTypes

/// Walks a value along the steps of a path and collects what stands at its end.
struct PathEvaluator {
  private let steps: [PathStep]
  private let definiteFrom: Int
  private let root: JSONValue
  /// For filters that ask whether a path exists: `['a','b']` then needs all its members.
  private let needsAllProperties: Bool
  private(set) var results: [JSONValue] = []
  private var trail: [TrailKey] = []
  /// Above 0 a missing value will be forgiven by somebody up the stack, so nobody needs the words for it.
  private var forgiving = 0
  private var visited = 0

  private enum TrailKey {
    case key(String)
    case index(Int)
  }

  init(query: PathQuery, root: JSONValue, isForgiving: Bool = false, needsAllProperties: Bool = false) {
    steps = query.parsed.steps
    definiteFrom = query.parsed.definiteFrom
    self.root = root
    self.needsAllProperties = needsAllProperties
    forgiving = isForgiving ? 1 : 0
  }

  /// Applies the steps from `index` on to a value.
  mutating func visit(_ value: JSONValue, at index: Int) throws(JSONPathError) {
    try count()
    guard index < steps.count else {
      guard results.count < PathQuery.Limits.results else {
        throw JSONPathError(.limit, "the path finds more than \(PathQuery.Limits.results) values")
      }
      return results.append(value)
    }
    switch steps[index] {
    case .property(let name): try visitProperty(name, of: value, at: index)
    case .properties(let names): try visitProperties(names, of: value, at: index)
    case .wildcard: try visitAll(of: value, at: index)
    case .scan: try scan(value, at: index)
    case .filter(let filter): try visitFiltered(filter, of: value, at: index)
    case .index, .indexes, .fromEnd, .sliceFrom, .sliceTo, .slice: try visitElements(of: value, at: index)
    }
  }

  private mutating func count() throws(JSONPathError) {
    visited += 1
    if visited > PathQuery.Limits.visitedValues {
      throw JSONPathError(.limit, "the path visits more than \(PathQuery.Limits.visitedValues) values")
    }
  }

  private mutating func descend(_ key: TrailKey, _ value: JSONValue, at index: Int) throws(JSONPathError) {
    trail.append(key)
    defer { trail.removeLast() }
    try visit(value, at: index)
  }

  // MARK: Objects

  private mutating func visitProperty(_ name: String, of value: JSONValue, at index: Int) throws(JSONPathError) {
    guard case .object(let object) = value else {
      throw notFound { "Property \($0.steps[index].text) not found in path \($0.trailText)" }
    }
    if let member = object[name] { return try descend(.key(name), member, at: index + 1) }
    if index == steps.count - 1 { throw notFound { "No results for path: \($0.trailText)['\(name)']" } }
    // Jayway takes a step for certain when the step before it and all later ones are definite.
    if max(index - 1, 0) >= definiteFrom { throw notFound { "Missing property in path \($0.trailText)['\(name)']" } }
  }

  private mutating func visitProperties(_ names: [String], of value: JSONValue, at index: Int) throws(JSONPathError) {
    guard case .object(let object) = value else {
      throw notFound { "Property \($0.steps[index].text) not found in path \($0.trailText)" }
    }
    guard index == steps.count - 1 else {
      throw JSONPathError(.invalidPath, "Multi properties can only be used as path leafs: \(trailText)\(steps[index].text)")
    }
    var members = JSONObject()
    for name in names {
      if let member = object[name] {
        members[name] = member
      } else if needsAllProperties {
        throw notFound { "Missing property in path \($0.trailText)\($0.steps[index].text)" }
      }
    }
    try visit(.object(members), at: index + 1)
  }

  private mutating func visitAll(of value: JSONValue, at index: Int) throws(JSONPathError) {
    switch value {
    case .object(let object):
      for (key, member) in object { try descend(.key(key), member, at: index + 1) }
    case .array(let elements):
      forgiving += 1
      defer { forgiving -= 1 }
      for (position, element) in elements.enumerated() {
        do throws(JSONPathError) { try descend(.index(position), element, at: index + 1) } catch where error.kind == .notFound {}
      }
    default: break
    }
  }

  // MARK: Arrays

  private mutating func visitElements(of value: JSONValue, at index: Int) throws(JSONPathError) {
    guard case .array(let elements) = value else {
      if value.isNull { throw notFound { "The path \($0.trailText) is null" } }
      throw JSONPathError(.invalidPath, "Filter: \(remainingText(from: index)) can only be applied to arrays. Current context is: \(value.jsonText)")
    }
    switch steps[index] {
    case .index(let position): try visitElement(position, of: elements, at: index)
    case .indexes(let positions):
      for position in positions { try visitElement(position, of: elements, at: index) }
    case .fromEnd(let distance): try visitElement(elements.count + distance, of: elements, at: index)
    case .sliceFrom(let from):
      let from = max(0, from < 0 ? from + elements.count : from)
      for position in from..<max(from, elements.count) { try visitElement(position, of: elements, at: index) }
    case .sliceTo(let to):
      let to = min(elements.count, to < 0 ? to + elements.count : to)
      for position in 0..<max(0, to) { try visitElement(position, of: elements, at: index) }
    case .slice(let from, let to):
      let to = min(elements.count, to)
      guard !elements.isEmpty else { return }
      // A negative start is out of bounds, as in Jayway 2.0.0.
      for position in from..<max(from, to) { try visitElement(position, of: elements, at: index) }
    default: break
    }
  }

  private mutating func visitElement(_ position: Int, of elements: [JSONValue], at index: Int) throws(JSONPathError) {
    guard elements.indices.contains(position) else {
      throw notFound(isIndexOutOfBounds: true) { "Index out of bounds when evaluating path \($0.trailText)[\(position)]" }
    }
    try descend(.index(position), elements[position], at: index + 1)
  }

  private mutating func visitFiltered(_ filter: PathFilter, of value: JSONValue, at index: Int) throws(JSONPathError) {
    switch value {
    case .object: if try accepts(value, filter) { try visit(value, at: index + 1) }
    case .array(let elements):
      for (position, element) in elements.enumerated() where try accepts(element, filter) {
        try descend(.index(position), element, at: index + 1)
      }
    default:
      throw JSONPathError(
        .invalidPath, "Filter: \(remainingText(from: index)) can not be applied to primitives. Current context is: \(value.jsonText)")
    }
  }

  private mutating func accepts(_ value: JSONValue, _ filter: PathFilter) throws(JSONPathError) -> Bool {
    try count()
    return try filter.accepts(value, root: root)
  }

  // MARK: Deep scan

  /// Applies the step after `..` to the value and all below it, the outer ones first.
  private mutating func scan(_ value: JSONValue, at index: Int) throws(JSONPathError) {
    try count()
    let target = index + 1
    let isTarget = try isScanTarget(value, at: target)
    switch value {
    case .object(let object):
      if isTarget { try visit(value, at: target) }
      for (key, member) in object {
        trail.append(.key(key))
        defer { trail.removeLast() }
        try scan(member, at: index)
      }
    case .array(let elements):
      if isTarget {
        if target == steps.count - 1 {
          try visit(value, at: target)
        } else {
          // Jayway goes on with every element, whatever the step picks.
          for (position, element) in elements.enumerated() { try descend(.index(position), element, at: target + 1) }
        }
      }
      for (position, element) in elements.enumerated() {
        trail.append(.index(position))
        defer { trail.removeLast() }
        try scan(element, at: index)
      }
    default: break
    }
  }

  private mutating func isScanTarget(_ value: JSONValue, at target: Int) throws(JSONPathError) -> Bool {
    guard target < steps.count else { return false }
    switch steps[target] {
    case .property(let name): return value[name] != nil
    case .properties(let names):
      guard case .object(let object) = value else { return false }
      return names.allSatisfy { object.position(of: $0) != nil }
    case .wildcard: return true
    case .filter(let filter):
      switch value {
      case .object, .array: return try accepts(value, filter)
      default: return false
      }
    case .scan: return false
    case .index, .indexes, .fromEnd, .sliceFrom, .sliceTo, .slice:
      if case .array = value { return true }
      return false
    }
  }

  // MARK: Words

  private func notFound(isIndexOutOfBounds: Bool = false, _ message: (borrowing PathEvaluator) -> String) -> JSONPathError {
    JSONPathError(.notFound, forgiving > 0 ? "" : message(self), isIndexOutOfBounds: isIndexOutOfBounds)
  }

  private var trailText: String {
    trail.reduce(into: "$") { text, key in
      switch key {
      case .key(let name): text += "['\(name)']"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  private func remainingText(from index: Int) -> String { steps[index...].map(\.text).joined() }
}
