import Foundation
import JSONTypes
import Testing

@Suite struct CodingTests {
  enum Level: String, Codable { case low, high }
  enum Shape: Codable, Equatable { case circle(radius: Double), point, pair(Int, Int) }
  struct Point: Codable, Equatable { var x: Int8; var y: Double; var label: String?; var level: Level }
  struct Order: Codable, Equatable {
    var id: UInt64
    var points: [Point]
    var byName: [String: Int]
    var byNumber: [Int: String]
    var maybe: [Int?]
    var any: JSONValue
    var shape: Shape
    var float: Float
  }
  struct Wide: Codable, Equatable { var big: Int128; var more: [UInt128]; var none: Int128? }
  class Base: Codable { var a = 1 }
  final class Derived: Base {
    var b = 2
    enum Keys: String, CodingKey { case b }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      b = try container.decode(Int.self, forKey: .b)
      try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(b, forKey: .b)
      try super.encode(to: container.superEncoder())
    }
  }
  /// Asks for containers within containers.
  struct Matrix: Codable, Equatable {
    var rows: [[Int]]
    enum Keys: String, CodingKey { case meta, rows }
    enum MetaKeys: String, CodingKey { case count }
    init(rows: [[Int]]) { self.rows = rows }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      let meta = try container.nestedContainer(keyedBy: MetaKeys.self, forKey: .meta)
      var outer = try container.nestedUnkeyedContainer(forKey: .rows)
      rows = []
      while !outer.isAtEnd {
        var inner = try outer.nestedUnkeyedContainer()
        var row: [Int] = []
        while !inner.isAtEnd { row.append(try inner.decodeNil() ? -1 : inner.decode(Int.self)) }
        rows.append(row)
      }
      guard try rows.count == meta.decode(Int.self, forKey: .count) else { throw DecodingError.dataCorruptedError(in: outer, debugDescription: "rows") }
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      var meta = container.nestedContainer(keyedBy: MetaKeys.self, forKey: .meta)
      var outer = container.nestedUnkeyedContainer(forKey: .rows)
      for row in rows {
        var inner = outer.nestedUnkeyedContainer()
        for number in row { if number < 0 { try inner.encodeNil() } else { try inner.encode(number) } }
      }
      try meta.encode(rows.count, forKey: .count)
    }
  }

  let order = Order(
    id: .max, points: [Point(x: -128, y: 0.5, label: nil, level: .high), Point(x: 127, y: 2, label: "é", level: .low)], byName: ["b": 1],
    byNumber: [7: "seven"], maybe: [1, nil], any: ["z": 1, "a": [nil, 1.0, .bigInteger("99999999999999999999")]], shape: .circle(radius: 1), float: 0.1)

  @Test func encodesAndDecodes() throws {
    let value = try JSONValueEncoder().encode(order)
    let expected = #"{"id":18446744073709551615,"points":[{"x":-128,"y":0.5,"level":"high"},{"x":127,"y":2.0,"label":"é","level":"low"}],"#
      + #""byName":{"b":1},"byNumber":{"7":"seven"},"maybe":[1,null],"any":{"z":1,"a":[null,1.0,99999999999999999999]},"shape":{"circle":{"radius":1.0}},"#
      + #""float":0.1}"#
    #expect(value.jsonText == expected)
    #expect(try JSONValueDecoder().decode(Order.self, from: value) == order)
    #expect(try JSONValueDecoder().decode(Order.self, from: JSONValue(parsing: expected)) == order)
  }

  @Test func agreesWithFoundation() throws {
    var order = order
    order.any = ["a": [1, nil, "x", false, 1.5]]
    let theirs = try JSONValue(parsing: Array(JSONEncoder().encode(order)))
    let ours = try JSONValueEncoder().encode(order)
    #expect(theirs == ours)
    #expect(try JSONDecoder().decode(Order.self, from: Data(ours.jsonBytes)) == order)
  }

  @Test func handlesContainersWithinContainersAndSuperclasses() throws {
    let matrix = Matrix(rows: [[1, 2], [], [-1, 3]])
    let value = try JSONValueEncoder().encode(matrix)
    #expect(value.jsonText == #"{"meta":{"count":3},"rows":[[1,2],[],[null,3]]}"#)
    #expect(try JSONValueDecoder().decode(Matrix.self, from: value) == matrix)
    let derived = try JSONValueEncoder().encode(Derived())
    #expect(derived.jsonText == #"{"b":2,"super":{"a":1}}"#)
    let decoded = try JSONValueDecoder().decode(Derived.self, from: ["b": 5, "super": ["a": 6]])
    #expect(decoded.a == 6 && decoded.b == 5)
  }

  @Test func convertsNumbersThatFit() throws {
    let decoder = JSONValueDecoder()
    #expect(try decoder.decode(Int.self, from: 5.0) == 5)
    #expect(try decoder.decode(Double.self, from: 5) == 5)
    #expect(try decoder.decode(UInt64.self, from: .bigInteger("18446744073709551615")) == .max)
    #expect(try decoder.decode(UInt8.self, from: 255) == 255)
    #expect(try decoder.decode(Double.self, from: .bigInteger("1000000000000000000000")) == 1e21)
    #expect(try decoder.decode(Int?.self, from: nil) == nil && decoder.decode([String: Int?].self, from: ["a": nil]) == ["a": nil])
    #expect(try decoder.decode(JSONValue.self, from: ["a": 1]) == ["a": 1] && decoder.decode([JSONObject].self, from: [["a": 1]]) == [["a": 1]])
    #expect(try decoder.decode(Shape.self, from: ["pair": ["_0": 1, "_1": 2]]) == .pair(1, 2) && decoder.decode(Shape.self, from: ["point": .emptyObject]) == .point)
  }

  @Test func handlesIntegersBeyond64Bits() throws {
    let wide = Wide(big: .min, more: [.max, 1])
    let value = try JSONValueEncoder().encode(wide)
    #expect(value.jsonText == #"{"big":-170141183460469231731687303715884105728,"more":[340282366920938463463374607431768211455,1]}"#)
    #expect(try JSONValueDecoder().decode(Wide.self, from: value) == wide)
    #expect(throws: DecodingError.self) { try JSONValueDecoder().decode(Wide.self, from: ["big": .bigInteger("170141183460469231731687303715884105728"), "more": []]) }
  }

  static let failures: [(JSONValue, String)] = [
    ([], "$: expected an object, found an array"),
    (nil, "$: expected an object, found null"),
    (["points": []], "$: expected a key \"id\", found only \"points\""),
    (["id": -1], "$.id: the number -1 does not fit into UInt64"),
    (["id": 1.5], "$.id: the number 1.5 does not fit into UInt64"),
    (["id": .bigInteger("18446744073709551616")], "$.id: the number 18446744073709551616 does not fit into UInt64"),
    (["id": "1"], "$.id: expected an integer, found a string"),
    (["id": 1, "points": nil], "$.points: expected an array, found null"),
    (["id": 1, "points": [["x": 1, "y": 1, "level": "low"], ["x": 128]]], "$.points[1].x: the number 128 does not fit into Int8"),
    (["id": 1, "points": [["x": 1, "y": "1"]]], "$.points[0].y: expected a number, found a string"),
    (["id": 1, "points": [["x": 1, "y": 1, "label": 7]]], "$.points[0].label: expected a string, found the number 7"),
    (["id": 1, "points": [["x": 1, "y": 1, "level": "middle"]]], "$.points[0].level: Cannot initialize Level from invalid String value middle"),
    (["id": 1, "points": [], "byName": ["a b": true]], "$.byName[\"a b\"]: expected an integer, found true"),
  ]

  @Test(arguments: failures) func saysWhereAndWhy(_ value: JSONValue, _ expected: String) {
    let error = #expect(throws: DecodingError.self) { try JSONValueDecoder().decode(Order.self, from: value) }
    #expect(error?.placeAndReason == expected)
  }

  @Test func endsWithTheArray() {
    struct Three: Decodable {
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        for _ in 0..<3 { _ = try container.decode(Int.self) }
      }
    }
    let error = #expect(throws: DecodingError.self) { try JSONValueDecoder().decode([Three].self, from: [[1, 2, 3], [1, 2]]) }
    #expect(error?.placeAndReason == "$[1][2]: expected another element, found the end of an array of 2")
  }

  @Test func refusesWhatJSONCannotWrite() {
    let error = #expect(throws: EncodingError.self) { try JSONValueEncoder().encode(["a": [1, .nan]]) }
    #expect(error?.placeAndReason == "$.a[1]: JSON has no number for nan")
    #expect(throws: EncodingError.self) { try JSONValueEncoder().encode(-Float.infinity) }
    struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
    let nothing = #expect(throws: EncodingError.self) { try JSONValueEncoder().encode(Nothing()) }
    #expect(nothing?.placeAndReason == "$: Nothing encoded nothing")
  }

  @Test func handsOnUserInfo() throws {
    struct Asking: Codable {
      static let key = CodingUserInfoKey(rawValue: "key")!
      var answer: String
      init() { answer = "" }
      init(from decoder: any Decoder) throws { answer = decoder.userInfo[Self.key] as? String ?? "none" }
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoder.userInfo[Self.key] as? String ?? "none")
      }
    }
    #expect(try JSONValueDecoder(userInfo: [Asking.key: "x"]).decode([Asking].self, from: [1])[0].answer == "x")
    #expect(try JSONValueEncoder(userInfo: [Asking.key: "y"]).encode([Asking()]) == ["y"])
  }
}
