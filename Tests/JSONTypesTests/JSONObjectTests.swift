import Foundation
import Testing

@testable import JSONTypes

@Suite struct JSONObjectTests {
  private func address(_ object: JSONObject) -> UnsafeRawPointer? { object.slots.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } }
  private func keysAddress(_ object: JSONObject) -> UnsafeRawPointer? {
    object.keyList.cells.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
  }
  private func wide(_ count: Int = 1000) -> JSONObject { JSONObject((0..<count).map { ("a key with number \($0)", ["n": .int(Int64($0))]) }) }

  @Test func isOnePointerWide() {
    #expect(MemoryLayout<JSONObject>.size == MemoryLayout<Int>.size)
    #expect(MemoryLayout<JSONValue>.stride == 24)
    #expect(MemoryLayout<JSONObject.Slot>.stride == 24)
  }

  @Test(arguments: [3, 8, 9, 16, 17, 1000]) func keepsOrderThroughChanges(count: Int) {
    var object = wide(count)
    var model = (0..<count).map { ("a key with number \($0)", Int64($0)) }
    var random = SeededRandom(seed: UInt64(count))
    for step in 0..<100 {
      let number = Int.random(in: 0..<count, using: &random)
      let key = "a key with number \(number)"
      let place = model.firstIndex { $0.0 == key }
      #expect(object.position(of: key) == place)
      switch step % 3 {
      case 0:
        object[key] = nil
        if let place { model.remove(at: place) }
      case 1:
        object[key] = ["n": .int(Int64(step))]
        if let place { model[place].1 = Int64(step) } else { model.append((key, Int64(step))) }
      default:
        object.edit(key) { $0 = ["n": .int(Int64(-step))] }
        if let place { model[place].1 = Int64(-step) } else { model.append((key, Int64(-step))) }
      }
      #expect(object.map(\.key) == model.map(\.0))
      #expect(object.map { $0.value["n"]?.asInt } == model.map(\.1))
      #expect(object.count == model.count && object.isEmpty == model.isEmpty)
    }
  }

  @Test func losesItsLastMember() {
    var object: JSONObject = ["a": 1]
    object["b"] = nil
    #expect(object.count == 1)
    object["a"] = nil
    #expect(object.isEmpty && object == JSONObject() && object["a"] == nil)
    object["c"] = 2
    #expect(JSONValue.object(object).jsonText == "{\"c\":2}")
  }

  @Test func editsUnsharedObjectsInPlace() throws {
    var value = JSONValue.object(["outer": .object(wide()), "list": [1, 2, 3]])
    func outer() -> UnsafeRawPointer? { value["outer"]?.asObject.flatMap(address) }
    let before = (value.asObject.flatMap(address), outer(), value["outer"]?.asObject.flatMap(keysAddress))
    for number in 0..<1000 {
      let key = "a key with number \(number)"
      _ = value.editObject { $0.edit("outer") { $0.editObject { $0.edit(key) { $0.editObject { $0["n"] = "changed" } } } } }
      _ = value.editObject { $0.edit("outer") { $0.editObject { $0[key] = true } } }
    }
    #expect(before.0 == value.asObject.flatMap(address) && before.1 == outer())
    #expect(before.2 == value["outer"]?.asObject.flatMap(keysAddress))
    #expect(value["outer"]?["a key with number 7"] == true)
  }

  @Test func editsUnsharedArraysInPlace() {
    var value: JSONValue = ["list": .array((0..<1000).map { .int($0) })]
    func list() -> UnsafeRawPointer? { value["list"]?.asArray?.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } }
    let before = list()
    for index in 0..<1000 { _ = value.editObject { $0.edit("list") { $0.editArray { $0[index] = .null } } } }
    #expect(before == list() && value["list"]?[999] == .null)
  }

  @Test func copiesValuesButNotKeysOfSharedObjects() {
    let original = wide()
    var copy = original
    copy["a key with number 3"] = "changed"
    #expect(address(original) != address(copy) && keysAddress(original) == keysAddress(copy))
    #expect(original["a key with number 3"] == ["n": 3] && copy["a key with number 3"] == "changed")
    // What lies beside the change is still shared.
    #expect(original["a key with number 4"]?.asObject.flatMap(address) == copy["a key with number 4"]?.asObject.flatMap(address))
    copy["new"] = 1
    #expect(keysAddress(original) != keysAddress(copy) && original.count == 1000 && copy.count == 1001 && original["new"] == nil)
  }

  @Test func sharesKeysAmongRecords() throws {
    let rows = try JSONValue(parsing: "[{\"id\":1,\"at\":{\"x\":1}},{\"id\":2,\"at\":{\"x\":2}},{\"id\":3,\"other\":4}]").asArray!.map { $0.asObject! }
    #expect(keysAddress(rows[0]) == keysAddress(rows[1]) && keysAddress(rows[0]) != keysAddress(rows[2]))
    #expect(rows[0]["at"]?.asObject.flatMap(keysAddress) == rows[1]["at"]?.asObject.flatMap(keysAddress))
    let mapped = rows[0].mapValues { _ in .null }
    #expect(keysAddress(mapped) == keysAddress(rows[0]) && mapped == ["id": nil, "at": nil])
  }

  @Test func putsBackWhatAFailedEditLeft() {
    struct Stop: Error {}
    var object: JSONObject = ["a": [1]]
    #expect(throws: Stop.self) { try object.edit("a") { value throws(Stop) in value = 2; throw Stop() } }
    #expect(object == ["a": 2])
    var value = JSONValue.object(object)
    #expect(throws: Stop.self) { try value.editObject { object throws(Stop) in object["b"] = 3; throw Stop() } }
    #expect(value == ["a": 2, "b": 3])
    #expect(value.editArray { $0.append(1) } == nil)
  }

  @Test func comparesWithoutOrder() {
    let left: JSONValue = ["a": 1, "b": [true, ["c": 2.0]]]
    let right: JSONValue = ["b": [true, ["c": 2]], "a": 1.0]
    #expect(left == right && left.hashValue == right.hashValue)
    #expect(left != ["a": 1] && left != ["a": 1, "c": [true, ["c": 2]]] && left != ["a": 1, "b": [true, ["c": 3]]])
    var shuffled = JSONObject()
    for (key, value) in wide().reversed() { shuffled[key] = value }
    #expect(shuffled == wide() && shuffled.hashValue == wide().hashValue)
    shuffled["a key with number 500"] = nil
    #expect(shuffled != wide())
  }

  @Test func tellsCanonicallyEquivalentKeysApart() {
    // As one scalar and as two; and two marks in both orders, which have the same length.
    for (left, right) in [("\u{E9}", "e\u{301}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")] {
      let object: JSONObject = [left: 1, right: 2]
      #expect(left == right && !left.isSameText(as: right) && left.isSameText(as: left))
      #expect(object.count == 2 && object[left] == 1 && object[right] == 2)
      #expect(JSONValue.string(left) != .string(right))
      #expect(JSONValue.object([left: 1]) != .object([right: 1]))
    }
  }

  @Test func comparesNumbersByValue() {
    #expect(JSONValue.int(1) == 1.0 && JSONValue.int(.max) != .double(0x1p63) && JSONValue.double(0x1p63) == .bigInteger("9223372036854775808"))
    #expect(JSONValue.int(1) != "1" && JSONValue.bool(true) != 1 && JSONValue.null != false)
    #expect(JSONValue.int(5).asInt == 5 && JSONValue.double(5).asInt == 5 && JSONValue.double(5.5).asInt == nil)
  }

  /// Messages of failed expectations and names of test arguments show the JSON text.
  @Test func isDescribedByItsText() {
    let object: JSONObject = ["a": [1, 2.5, nil], "b": "x\"y"]
    #expect("\(JSONValue.object(object))" == #"{"a":[1,2.5,null],"b":"x\"y"}"#)
    #expect("\(object)" == #"{"a":[1,2.5,null],"b":"x\"y"}"# && "\(JSONObject())" == "{}")
    #expect("\([JSONValue.int(1), "x"])" == #"[1, "x"]"#)
    #expect(String(reflecting: JSONValue?.some("x")) == #"Optional("x")"#)
  }

  @Test func takesEntries() {
    let object = JSONObject(uniqueEntries: (0..<20).map { JSONObject.Entry(key: "\($0)", value: .int($0)) })
    #expect(object["13"] == 13 && object["20"] == nil && Array(object.keys) == (0..<20).map { "\($0)" })
    #expect(Array(object.values) == (0..<20).map { JSONValue.int($0) })
    #expect(JSONObject(uniqueEntries: []).isEmpty && JSONObject([("a", 1), ("b", 2), ("a", 3)]) == ["a": 3, "b": 2])
  }

  /// As deep as texts may be, on the stack that threads other than the first have on some systems.
  @Test(arguments: ["[": "]", "{\"a\":": "}"]) func needsNoLargeStack(open: String, close: String) async throws {
    @Sendable func text(_ depth: Int) -> String { String(repeating: open, count: depth) + "null" + String(repeating: close, count: depth) }
    let released = await onASmallStack { (try? JSONValue(parsing: text(JSONValue.maximumNesting), maximumDepth: .max)) != nil }
    #expect(released)
    let written = await onASmallStack { (try? JSONValue(parsing: text(512)))?.jsonText == text(512) }
    #expect(written)
    let withPlaces = await onASmallStack { SyntaxNode.parse(json: text(200)).problems.count + SyntaxNode.parse(json: text(100_000)).problems.count }
    #expect(withPlaces == 1)
  }

  private func onASmallStack<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.stackSize = 512 * 1024
      thread.start()
    }
  }
}
