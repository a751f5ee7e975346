import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

/// What an ItemReader makes of texts, seen from a whole execution whose children give their items back.
@Suite(.timeLimit(.minutes(15))) struct ItemReaderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var config: String
    var text: String
    /// The output, or the cause of `States.ItemReaderFailed`.
    var expected: String
    var testDescription: String { config + " " + text }
    init(_ config: String, _ text: String, _ expected: String) { (self.config, self.text, self.expected) = (config, text, expected) }

    static func csv(_ text: String, _ expected: String, _ more: String = #""CSVHeaderLocation": "FIRST_ROW""#) -> Row { Row(#""InputType": "CSV", "# + more, text, expected) }
  }

  static func run(_ reader: String, _ store: MemoryStore?, _ fields: String = "", input: JSONValue = [:]) async throws -> ExecutionResult {
    let processor = #""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#
    let machine = try EngineTests.machine(#"{"StartAt": "S", "States": {"S": {"Type": "Map", "ItemReader": {\#(reader)}, \#(fields)\#(processor), "End": true}}}"#)
    var actions = ActionRegistry()
    actions.objectStore = store
    return await EngineTests.engine(actions).run(machine, input: input, settings: ExecutionSettings(name: "test", seed: 1))
  }

  static func get(_ key: String, _ config: String) -> String {
    #""Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "\#(key)"}, "ReaderConfig": {\#(config)}"#
  }

  static func summary(_ result: ExecutionResult) -> String {
    result.output?.jsonText ?? "\(result.error?.error == "States.ItemReaderFailed" ? "" : "\(result.error?.error ?? "-"): ")\(result.error?.cause ?? "-")"
  }

  static let rows: [Row] = [
    // Recorded from the service.
    .csv("H1,\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n",
      #"[{"H1":"Value4","":"Value5"},{"H1":"","":""},{"H1":"true","":"1"},{"H1":"Null","":"None"},{"H1":"   ","":""}]"#),
    .csv("a,b\n1,2\n", #"[{"H1":"a"},{"H1":"1"}]"#, #""CSVHeaderLocation": "GIVEN", "CSVHeaders": ["H1"]"#),
    .csv("1,2", "CSV headers cannot contain duplicates.", #""CSVHeaderLocation": "GIVEN", "CSVHeaders": ["H", "H"]"#),
    .csv("a,a\n1,2", "CSV headers cannot contain duplicates."),
    // Quotation marks, backslashes, line ends, delimiters.
    .csv("a,b\r\n\"x, \"\"y\"\"\",\"line\nend\"\r\n", #"[{"a":"x, \"y\"","b":"line\nend"}]"#),
    .csv("a\n\"\"\n\n\nx\"y\n", #"[{"a":""},{"a":"x\"y"}]"#),
    .csv("a,b\nx\\,y,\\\\z\\q\n", #"[{"a":"x,y","b":"\\zq"}]"#),
    .csv("\u{FEFF}a,b\nä,😀", #"[{"a":"ä","b":"😀"}]"#),
    .csv("a;b\n1;2,3", #"[{"a":"1","b":"2,3"}]"#, #""CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "SEMICOLON""#),
    .csv("a\tb\n1\t2", #"[{"a":"1","b":"2"}]"#, #""CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "TAB""#),
    .csv("a,b\n\"open,\n", #"[{"a":"open,\n","b":""}]"#),
    .csv("", "[]"), .csv("a,b", "[]"),
    .csv("a\n1\n2\n3", #"[{"a":"1"},{"a":"2"}]"#, #""CSVHeaderLocation": "FIRST_ROW", "MaxItems": 2"#),
    .csv("a\n1\n2", #"[{"a":"1"},{"a":"2"}]"#, #""CSVHeaderLocation": "FIRST_ROW", "MaxItems": 0"#),
    .csv("a\n1\n2", "field MaxItems must be positive", #""CSVHeaderLocation": "FIRST_ROW", "MaxItemsPath": "$.minus""#),
    // JSON
    Row(#""InputType": "JSON""#, "[1, \"a\", null, {\"b\": []}]", #"[1,"a",null,{"b":[]}]"#),
    Row(#""InputType": "JSON""#, "{\"a\": 1}", "Attempting to map over non-iterable node."),
    Row(#""InputType": "JSON""#, "[1,", "s3://b/k is no JSON text: line 1, column 4: "),
    Row(#""InputType": "JSON", "ItemsPointer": "/a~1b/1""#, #"{"a/b": [0, [7, 8]]}"#, "[7,8]"),
    Row(#""InputType": "JSON", "ItemsPointer": "/x""#, "{}", "The ItemsPointer /x leads to nothing in s3://b/k."),
    Row(#""InputType": "JSON", "ItemsPointer": "/a""#, #"{"a": {}}"#, "Attempting to map over non-iterable node."),
    Row(#""InputType": "JSONL""#, "1\r\n{\"a\": 2}\n\n  \n[3]", #"[1,{"a":2},[3]]"#),
    Row(#""InputType": "JSONL""#, "1\n\n{", "Line 3 of s3://b/k is no JSON text: column 2: "),
    Row(#""InputType": "PARQUET""#, "PAR1", "Parquet files cannot be read here."),
  ]

  @Test(arguments: rows)
  func reads(_ row: Row) async throws {
    let found = Self.summary(try await Self.run(Self.get("k", row.config), MemoryStore(["b/k": row.text]), input: ["minus": -1]))
    if row.expected.hasPrefix("[") { #expect(found == row.expected) } else { #expect(found.hasPrefix(row.expected), "\(found)") }
  }

  @Test func listsObjects() async throws {
    let store = MemoryStore(["b/x/1.jsonl": "1\n2", "b/x/2.jsonl": "3", "b/x/3/": "", "b/x/4.jsonl": "4\n5", "b/y": ""])
    let list = #""Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "x/"}"#
    let found = try await Self.run(list, store)
    #expect(found.output?.asArray?.map { $0["Key"] } == ["x/1.jsonl", "x/2.jsonl", "x/3/", "x/4.jsonl"])
    #expect(found.output?[0] == ["Etag": "\"e\"", "Key": "x/1.jsonl", "LastModified": 7, "Size": 3, "StorageClass": "STANDARD"])
    #expect(store.read.isEmpty)
    let loaded = try await Self.run(list + #", "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 3}"#, store)
    #expect(loaded.output == [1, 2, 3])
    // What is not needed is not read.
    #expect(store.read == ["x/1.jsonl", "x/2.jsonl"])
  }

  /// `"b","k1","10"\n"b","k2","20"\n`, compressed.
  static let inventory: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 83, 74, 82, 210, 81, 202, 54, 4, 18, 134, 6, 74, 92, 74, 96, 158, 17, 144, 48, 2, 242, 0, 249, 115, 48, 147, 28, 0, 0, 0,
  ]

  /// Compressed texts: a block with codes of its own, and two members, the first of which is stored as it is.
  @Test func readsCompressedTexts() async throws {
    let dynamic = "H4sIAAAAAAACA92TyQ1CMQxE75Tx70hkdwriRAV0j5DyHlLSAadYXsZje3K9nu/747pd3zett6534u/LyG0ZBU8lp1MUoBSKiNSxjJEJkUpNxzPtBMyQJTmN0JSNzB3FHEINnKAnrTL8glCjKNMznNcxKU94AjpdXgAWcJLd4QfRAG/Qaugph3EkWy5g31tKQloSlXo6xnNgV+BSXJOLc5UuN/b1e5DfidJxxr6f2uMrBwWiZPohq7wLTykqzrLLV0Er8XJ8Az/G3H4OIP/wsz5WIrKkIwQAAA=="
    let members = "H4sIAAAAAAAEAwECAP3/MQpT/FFnAgAAAB+LCAAAAAAAAgMz4gIAkK98TAIAAAA="
    let store = MemoryStore(
      bytes: ["b/d": [UInt8](try #require(Data(base64Encoded: dynamic))), "b/m": [UInt8](try #require(Data(base64Encoded: members)))])
    let keys = JSONValue.array((0..<120).map { .string("key-\($0 * $0 % 97)") })
    #expect(try await Self.run(Self.get("d", #""InputType": "JSONL""#), store).output == keys)
    #expect(try await Self.run(Self.get("m", #""InputType": "JSONL""#), store).output == [1, 2])
  }

  @Test func followsManifests() async throws {
    let manifest = #"{"sourceBucket": "b", "destinationBucket": "arn:aws:s3:::data", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size", "files": [{"key": "inv.csv.gz", "size": 1}]}"#
    let store = MemoryStore(["b/manifest.json": manifest, "b/lines": "s3://data/1.csv\n\"s3://data/2.csv\"\n", "data/1.csv": "a\n1", "data/2.csv": "a\n2\n", "b/orc": #"{"fileFormat": "ORC"}"#],
      bytes: ["data/inv.csv.gz": Self.inventory])
    #expect(Self.summary(try await Self.run(Self.get("manifest.json", #""InputType": "MANIFEST""#), store)) == #"[{"Bucket":"b","Key":"k1","Size":"10"},{"Bucket":"b","Key":"k2","Size":"20"}]"#)
    #expect(Self.summary(try await Self.run(Self.get("lines", #""InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "ManifestType": "ATHENA_DATA""#), store)) == #"[{"a":"1"},{"a":"2"}]"#)
    #expect(Self.summary(try await Self.run(Self.get("orc", #""InputType": "MANIFEST""#), store)).contains("expected the members fileFormat \"CSV\""))
    var damaged = Self.inventory
    damaged[20] ^= 0x40
    for bytes in [damaged, Array(Self.inventory.dropLast(9))] {
      let broken = MemoryStore(["b/manifest.json": manifest], bytes: ["data/inv.csv.gz": bytes])
      #expect(Self.summary(try await Self.run(Self.get("manifest.json", #""InputType": "MANIFEST""#), broken)).hasPrefix("s3://data/inv.csv.gz: the "))
    }
  }

  @Test func saysWhatIsMissing() async throws {
    let reader = Self.get("k", #""InputType": "JSON""#)
    #expect(Self.summary(try await Self.run(reader, MemoryStore())) == "no k")
    #expect(Self.summary(try await Self.run(reader, nil)).contains("--s3-root DIR"))
    let noBucket = #""Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": 5, "Key": "k"}, "ReaderConfig": {"InputType": "JSON"}"#
    #expect(Self.summary(try await Self.run(noBucket, MemoryStore())) == "The ItemReader needs a string for 'Bucket', found 5.")
    let writer = #""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "refused"}}, "#
    #expect(Self.summary(try await Self.run(reader, MemoryStore(["b/k": "[1]"]), writer)) == "States.ResultWriterFailed: no access")
  }

  /// More items than one portion, and than one page.
  @Test func readsALot() async throws {
    let lines = (0..<1000).map(String.init).joined(separator: "\n")
    let result = try await Self.run(Self.get("k", #""InputType": "JSONL""#), MemoryStore(["b/k": lines]), #""ItemBatcher": {"MaxItemsPerBatch": 300}, "MaxConcurrency": 2, "#)
    #expect(result.output?.asArray?.map { $0["Items"]?.asArray?.count } == [300, 300, 300, 100])
    #expect(result.mapRuns.first?.items.succeeded == 1000 && result.mapRuns.first?.executions.total == 4 && result.mapRuns.first?.items.resultsWritten == 1000)
  }
}
