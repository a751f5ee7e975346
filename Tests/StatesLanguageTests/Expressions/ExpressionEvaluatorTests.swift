import JSONTypes
import StatesLanguage
import Testing

@Suite struct ExpressionEvaluatorTests {
  @Test(arguments: [
    (#"{"id":7,"language":"jsonpath","expr":"$.a","data":{"a":[1.50]}}"#, #"{"id":7,"result":[1.5]}"#),
    (#"{"id":"x","language":"jsonpath","expr":"$v[0]","bindings":{"v":[true]}}"#, #"{"id":"x","result":true}"#),
    (#"{"id":1,"language":"intrinsic","expr":"States.Array($$.n)","context":{"n":1}}"#, #"{"id":1,"result":[1]}"#),
    (#"{"id":1,"language":"jsonpath","usage":"reference","expr":"$.a\\.b","data":{"a.b":1}}"#, #"{"id":1,"result":1}"#),
  ]) func answers(_ line: String, _ answer: String) {
    #expect(ExpressionEvaluator.answer(line: line) == answer)
  }

  @Test(arguments: [
    ("", "INVALID_REQUEST"), ("[", "INVALID_REQUEST"), ("[]", "INVALID_REQUEST"), ("{}", "INVALID_REQUEST"), (#"{"expr":"$","language":"sql"}"#, "INVALID_REQUEST"),
    (#"{"expr":5,"language":"jsonpath"}"#, "INVALID_REQUEST"), (#"{"expr":"$v","language":"jsonpath","bindings":[]}"#, "INVALID_REQUEST"),
    (#"{"expr":"$","language":"jsonpath","usage":"other","data":1}"#, "INVALID_REQUEST"), (#"{"expr":"$.","language":"jsonpath"}"#, "INVALID"),
    (#"{"expr":"$[","language":"jsonpath","data":1}"#, "INVALID"), (#"{"expr":"$.a","language":"jsonpath","data":{}}"#, "States.Runtime"),
    (#"{"expr":"States.MathAdd('a', 1)","language":"intrinsic"}"#, "States.IntrinsicFailure"), (#"{"expr":"$$.a","language":"jsonpath"}"#, "States.Runtime"),
    (String(repeating: "[", count: 100_000), "INVALID_REQUEST"),
  ]) func answersWhatIsWrongWithAnError(_ line: String, _ code: String) throws {
    let answer = try JSONValue(parsing: ExpressionEvaluator.answer(line: line))
    #expect(answer["error"]?["code"] == .string(code))
    #expect(answer["error"]?["message"]?.asString?.isEmpty == false)
    #expect(answer["id"] == JSONValue.null)
  }
}
