import Synchronization

/// What a generic call must know of a service that speaks AWS JSON or REST-JSON.
///
/// The facts stand in `JSONServices.swift` and `RESTServices.swift` as text, a service's in lines of words:
///
///     service DynamoDb dynamodb              in error names; in `[services]` sections and endpoint variables
///     endpoint dynamodb dynamodb             head of the host name; signing name
///     json 1.0 DynamoDB_20120810             version and target prefix; absent for REST-JSON
///     case pascal                            how most members are written on the wire: pascal or camel
///     members Items:m CreateQueue.Tags:m=tags …
///     tokens TransactWriteItems.ClientRequestToken …
///     errors ConditionalCheckFailedException …
///     operation Invoke POST /2015-03-31/functions/{FunctionName}/invocations u:FunctionName=FunctionName …
///
/// `members` names those that are no plain value written in the usual case: `n` structure or list, `m` map, `d` document, `b` blob,
/// `p` plain, and timestamps as `t` epoch seconds, `i` ISO 8601, `h` as HTTP has it; after `=` the name on the wire. A name with a dot is
/// about the member below that other member (or operation) only. `tokens` are the members that make repetitions of an operation harmless.
/// Of an `operation` the places: `u` path, `q` query, `h` header, `H` headers with that prefix, `p` the whole body; with an `r` before it
/// of the answer, where `rs` is the status.
struct ServiceFacts: Sendable {
  enum Kind: Sendable { case plain, nested, map, document, blob, epochTime, isoTime, httpTime }
  struct Member: Sendable {
    var kind: Kind
    var wireName: String
  }

  let service: AWSService
  /// Nil for REST-JSON.
  let json: (version: String, targetPrefix: String)?
  /// The errors that the service's model knows, with `Exception` at the end.
  let errors: Set<String>
  let operations: [String: RESTOperation]
  /// By operation, the member that makes repetitions harmless.
  let tokens: [String: String]
  private let isCamel: Bool
  private let members: [String: Member]
  /// Names in PascalCase of those whose wire name does not give them.
  private let namesOnWire: [String: String]

  /// The facts about `dynamodb` of `arn:aws:states:::aws-sdk:dynamodb:putItem`; nil for a service that is not in the table.
  static func named(_ name: String) -> ServiceFacts? {
    if let known = cache.withLock({ $0[name] }) { return known }
    guard let text = jsonServices[name] ?? restServices[name] else { return nil }
    let facts = ServiceFacts(text)
    cache.withLock { $0[name] = facts }
    return facts
  }
  private static let cache = Mutex<[String: ServiceFacts]>([:])

  /// The names of all services of the table, sorted.
  static var names: [String] { (Array(jsonServices.keys) + Array(restServices.keys)).sorted() }

  /// Services that speak a protocol with XML, which these calls do not.
  static let xmlServices: Set<String> = [
    "autoscaling", "cloudformation", "cloudfront", "cloudwatch", "ec2", "elasticache", "elasticbeanstalk", "elasticloadbalancing",
    "elasticloadbalancingv2", "iam", "neptune", "docdb", "rds", "redshift", "route53", "s3", "s3control", "ses", "sns", "sts",
  ]

  private init(_ text: String) {
    var lines: [String: [Substring]] = [:]
    var operations: [String: RESTOperation] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words[0] == "operation" {
        operations[String(words[1])] = RESTOperation(words.dropFirst(2))
      } else {
        lines[String(words[0])] = Array(words.dropFirst())
      }
    }
    func word(_ line: String, _ index: Int) -> String { lines[line].map { String($0[index]) } ?? "" }
    service = AWSService(
      signingName: word("endpoint", 1), endpointPrefix: word("endpoint", 0), integrationName: word("service", 0),
      configurationKey: word("service", 1))
    json = lines["json"].map { (String($0[0]), String($0[1])) }
    errors = Set((lines["errors"] ?? []).map { exceptionName(String($0)) })
    self.operations = operations
    tokens = Dictionary(
      (lines["tokens"] ?? []).map { entry in
        let parts = entry.split(separator: ".")
        return (String(parts[0]), String(parts[1]))
      }, uniquingKeysWith: { first, _ in first })
    let isCamel = word("case", 0) == "camel"
    var members: [String: Member] = [:]
    var namesOnWire: [String: String] = [:]
    for entry in lines["members"] ?? [] {
      let sides = entry.split(separator: "=", maxSplits: 1)
      let parts = sides[0].split(separator: ":", maxSplits: 1)
      let name = String(parts[0].split(separator: ".").last ?? parts[0])
      let wireName = sides.count > 1 ? String(sides[1]) : isCamel ? camelCase(name) : name
      members[String(parts[0])] = Member(kind: parts.count > 1 ? Self.kind(parts[1]) : .plain, wireName: wireName)
      if pascalCase(wireName) != name { namesOnWire[wireName] = name }
    }
    self.isCamel = isCamel
    self.members = members
    self.namesOnWire = namesOnWire
  }

  private static func kind(_ letter: Substring) -> Kind {
    switch letter {
    case "n": .nested
    case "m": .map
    case "d": .document
    case "b": .blob
    case "t": .epochTime
    case "i": .isoTime
    case "h": .httpTime
    default: .plain
    }
  }

  /// - Parameters:
  ///   - name: in PascalCase.
  ///   - parent: the member, or at the top the operation, that it stands under.
  func member(_ name: String, under parent: String) -> Member {
    members["\(parent).\(name)"] ?? members[name] ?? Member(kind: .plain, wireName: isCamel ? camelCase(name) : name)
  }

  /// The name in PascalCase of a member that came over the wire.
  func name(onWire wireName: String) -> String { namesOnWire[wireName] ?? pascalCase(wireName) }
}

/// Where the members of one operation of REST-JSON travel.
struct RESTOperation: Sendable {
  struct Place: Sendable {
    /// In PascalCase.
    var member: String
    var name: String
  }
  var method: String
  var path: String
  var pathItems: [Place] = []
  var query: [Place] = []
  var headers: [Place] = []
  var prefixedHeaders: [Place] = []
  var payload: String?
  var answerHeaders: [Place] = []
  var answerPrefixedHeaders: [Place] = []
  var answerStatus: String?
  var answerPayload: String?

  fileprivate init(_ words: ArraySlice<Substring>) {
    method = String(words[words.startIndex])
    path = String(words[words.startIndex + 1])
    for word in words.dropFirst(2) {
      let parts = word.split(separator: ":", maxSplits: 1)
      let sides = parts[1].split(separator: "=", maxSplits: 1)
      let place = Place(member: String(sides[0]), name: String(sides.last ?? sides[0]))
      switch parts[0] {
      case "u": pathItems.append(place)
      case "q": query.append(place)
      case "h": headers.append(place)
      case "H": prefixedHeaders.append(place)
      case "p": payload = place.member
      case "rh": answerHeaders.append(place)
      case "rH": answerPrefixedHeaders.append(place)
      case "rs": answerStatus = place.member
      case "rp": answerPayload = place.member
      default: break
      }
    }
  }
}

func pascalCase(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
func camelCase(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

/// A modelled error as the SDKs for Java name its class: `Fault` gives way to `Exception`, which ends every name.
func exceptionName(_ code: String) -> String {
  if code.hasSuffix("Exception") { return code }
  return (code.hasSuffix("Fault") ? String(code.dropLast("Fault".count)) : code) + "Exception"
}
