import JSONTypes
import Testing

@Suite("Keys hashed once")
struct JSONKeyTests {
  /// Few and many keys; short ones, which stand in the string itself, and long ones.
  @Test(arguments: [0, 1, 8, 9, 100], ["k", "a key that is longer than fifteen bytes "])
  func readsWhatTheTextReads(count: Int, prefix: String) {
    let object = JSONObject((0..<count).map { ("\(prefix)\($0)", JSONValue.int(Int64($0))) })
    for number in 0..<count + 2 {
      // Made anew, so that it lies elsewhere in memory than the object's own.
      let text = String(decoding: Array("\(prefix)\(number)".utf8), as: UTF8.self)
      #expect(object[JSONKey(text)] == object[text])
      #expect(object[JSONKey(text)] == (number < count ? .int(Int64(number)) : nil))
      #expect(JSONValue.object(object)[JSONKey(text)] == object[text])
    }
  }

  @Test func tellsSpellingsApart() {
    let object: JSONObject = ["\u{E9}": 1]
    #expect(object[JSONKey("\u{E9}")] == 1)
    #expect(object[JSONKey("e\u{301}")] == nil)
  }

  @Test func onlyObjectsHaveMembers() {
    #expect(JSONValue.array([["a": 1]])[JSONKey("a")] == nil)
    #expect(JSONValue.null[JSONKey("a")] == nil)
  }

  @Test(arguments: [0, 1, 8, 9, 40])
  func shapesGiveObjectsTheirKeys(count: Int) {
    let keys = (0..<count).map { "key \($0)" }
    let shape = JSONObjectShape(uniqueKeys: keys)
    let values = (0..<count).map { JSONValue.int(Int64($0)) }
    let object = JSONObject(shape, values: values)
    #expect(object == JSONObject(zip(keys, values).map { ($0, $1) }))
    #expect(Array(object.keys) == keys)
    // Changing one object leaves the others of its make alone.
    var changed = object
    changed["another"] = true
    changed["key 0"] = nil
    #expect(JSONObject(shape, values: values) == object)
    #expect(object["another"] == nil)
  }
}
