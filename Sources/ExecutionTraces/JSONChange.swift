package import JSONTypes

/// One difference between two JSON values.
package struct JSONChange: Sendable, Hashable {
  package enum Step: Sendable, Hashable { case member(String), element(Int) }
  package enum Kind: Sendable, Hashable {
    case added(JSONValue)
    case removed(JSONValue)
    case changed(from: JSONValue, to: JSONValue)
  }
  package var path: [Step]
  package var kind: Kind

  /// The value before; nil where there was none.
  package var old: JSONValue? {
    switch kind {
    case .added: nil
    case .removed(let value), .changed(from: let value, to: _): value
    }
  }
  /// The value after; nil where there is none.
  package var new: JSONValue? {
    switch kind {
    case .removed: nil
    case .added(let value), .changed(from: _, to: let value): value
    }
  }

  package init(path: [Step], kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// `$.order.items[2]`; names that are no plain words stand in brackets.
  package var pathText: String {
    path.reduce(into: "$") { text, step in
      switch step {
      case .element(let index): text += "[\(index)]"
      case .member(let name):
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0 >= 0x80 || $0 == UInt8(ascii: "_") || $0.isLetterOrDigit }
        text += isPlain ? "." + name : "[" + JSONValue.string(name).jsonText + "]"
      }
    }
  }

  /// The differences, in the order of the new value; what is gone comes last within its object or array.
  ///
  /// Elements of arrays are compared after what both arrays begin and end with.
  /// - Parameter limit: most differences that are listed.
  package static func changes(from old: JSONValue, to new: JSONValue, at path: [Step] = [], limit: Int = .max) -> [JSONChange] {
    var changes: [JSONChange] = []
    compare(old, new, path, limit, &changes)
    return changes
  }

  private static func compare(_ old: JSONValue, _ new: JSONValue, _ path: [Step], _ limit: Int, _ changes: inout [JSONChange]) {
    guard changes.count < limit else { return }
    switch (old, new) {
    case (.object(let left), .object(let right)):
      for (key, value) in right {
        guard changes.count < limit else { return }
        if let before = left[key] {
          compare(before, value, path + [.member(key)], limit, &changes)
        } else {
          changes.append(JSONChange(path: path + [.member(key)], kind: .added(value)))
        }
      }
      for (key, value) in left where right[key] == nil {
        guard changes.count < limit else { return }
        changes.append(JSONChange(path: path + [.member(key)], kind: .removed(value)))
      }
    case (.array(let left), .array(let right)): compare(left, right, path, limit, &changes)
    default: if old != new { changes.append(JSONChange(path: path, kind: .changed(from: old, to: new))) }
    }
  }

  private static func compare(_ left: [JSONValue], _ right: [JSONValue], _ path: [Step], _ limit: Int, _ changes: inout [JSONChange]) {
    var start = 0
    while start < left.count, start < right.count, left[start] == right[start] { start += 1 }
    var end = 0
    while end < left.count - start, end < right.count - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
    let (gone, come) = (left.count - start - end, right.count - start - end)
    for offset in 0..<min(gone, come) { compare(left[start + offset], right[start + offset], path + [.element(start + offset)], limit, &changes) }
    for offset in min(gone, come)..<come {
      guard changes.count < limit else { return }
      changes.append(JSONChange(path: path + [.element(start + offset)], kind: .added(right[start + offset])))
    }
    for offset in min(gone, come)..<gone {
      guard changes.count < limit else { return }
      changes.append(JSONChange(path: path + [.element(start + offset)], kind: .removed(left[start + offset])))
    }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
