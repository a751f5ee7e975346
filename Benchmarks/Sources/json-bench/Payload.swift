import JSONTypes

/// The text that parser and writer are measured with: records with short and long strings, escapes, non-ASCII text, integers,
/// doubles of few and of many digits, nested objects and arrays. The same for the same seed.
struct Payload {
  private var random: SeededRandom
  private(set) var text = "{\"records\":["

  init(atLeast byteCount: Int, seed: UInt64 = 7) {
    random = SeededRandom(seed: seed)
    var number = 0
    while text.utf8.count < byteCount {
      if number > 0 { text += "," }
      appendRecord(number)
      number += 1
    }
    text += "],\"count\":\(number),\"status\":\"SUCCEEDED\",\"nextToken\":null}"
  }

  private static let words = [
    "order", "customer", "address", "warehouse", "item", "Straße", "Übergröße", "数量", "😀", "delivery", "of", "a", "the", "naïve", "returns",
  ]

  private mutating func words(_ count: Int) -> String {
    (0..<count).map { _ in Self.words.randomElement(using: &random)! }.joined(separator: " ")
  }

  private mutating func appendRecord(_ number: Int) {
    let comment = words(Int.random(in: 3...14, using: &random))
    let path = "C:\\\\data\\\\\(words(1))\\n\\\"\(words(2))\\\""
    let price = Double(Int.random(in: 1...999_999, using: &random)) / 100
    text += "{\"id\":\(number),\"orderIdentifier\":\"\(random.next())\",\"name\":\"\(words(2))\",\"comment\":\"\(comment)\","
    text += "\"path\":\"\(path)\",\"price\":\(price),\"score\":\(Double.random(in: 0..<1, using: &random)),"
    text += "\"active\":\(Bool.random(using: &random)),\"parent\":null,"
    text += "\"shipTo\":{\"city\":\"\(words(1))\",\"postalCode\":\"\(Int.random(in: 10000...99999, using: &random))\","
    text += "\"location\":{\"latitude\":\(Double(Int.random(in: -9_000_000...9_000_000, using: &random)) / 1e5),"
    text += "\"longitude\":\(Double(Int.random(in: -18_000_000...18_000_000, using: &random)) / 1e5)}},"
    text += "\"quantities\":[\((0..<5).map { _ in "\(Int.random(in: 0...500, using: &random))" }.joined(separator: ","))],"
    text += "\"tags\":[\"\(words(1))\",\"\(words(1))\"]}"
  }
}
