/// A place in an array, in a coding path.
struct IndexKey: CodingKey {
  let index: Int
  init(_ index: Int) { self.index = index }
  var stringValue: String { "Index \(index)" }
  var intValue: Int? { index }
  init?(stringValue: String) { nil }
  init?(intValue: Int) { index = intValue }
}

/// Where a class keeps what its superclass encodes.
struct SuperKey: CodingKey {
  static let name = "super"
  var stringValue: String { Self.name }
  var intValue: Int? { nil }
  init() {}
  init?(stringValue: String) { if stringValue != Self.name { return nil } }
  init?(intValue: Int) { nil }
}

extension DecodingError {
  /// Where and why, for people: `$.items[2].price: expected a number, found a string`.
  public var placeAndReason: String {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
      pathText(context.codingPath) + ": " + context.debugDescription
    @unknown default: "\(self)"
    }
  }
}

extension EncodingError {
  /// Where and why, for people: `$.items[2].price: JSON has no number for nan`.
  public var placeAndReason: String {
    switch self {
    case .invalidValue(_, let context): pathText(context.codingPath) + ": " + context.debugDescription
    @unknown default: "\(self)"
    }
  }
}

/// A coding path as a JSONPath.
private func pathText(_ path: [any CodingKey]) -> String {
  path.reduce(into: "$") { text, key in
    if let index = key as? IndexKey {
      text += "[\(index.index)]"
    } else if key.stringValue.utf8.allSatisfy({ $0.isDigit || $0.beginsWord && $0 < 0x80 && $0 != UInt8(ascii: "$") }), !key.stringValue.isEmpty {
      text += ".\(key.stringValue)"
    } else {
      text += "[\(JSONValue.string(key.stringValue).jsonText)]"
    }
  }
}
