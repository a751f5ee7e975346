import Foundation
import Synchronization
import Testing

@testable import TaskActions

/// Metadata services on loopback, asked over a socket.
@Suite struct CredentialServerTests {
  private func find(_ environment: [String: String], config: String = "", time: VirtualTime = VirtualTime()) async throws -> AWSCredentials {
    let configuration = try TestWorld().configuration(environment, config: config)
    return try await credentials(configuration, world: CredentialWorld(clock: time.clock, transport: HTTPClient()))
  }

  private func problem(_ environment: [String: String], time: VirtualTime = VirtualTime()) async -> String {
    do { return "found \(try await find(environment, time: time))" } catch { return "\(error)" }
  }

  static let keys = #"{"Code":"Success","AccessKeyId":"I","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-22T18:00:00Z"}"#

  // MARK: The instance

  private func instance(_ role: FakeAnswer = .reply(200, "web"), _ keys: FakeAnswer = .reply(200, keys)) -> FakeHTTPServer {
    FakeHTTPServer { request in
      switch (request.method, request.path) {
      case ("PUT", "/latest/api/token"): request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600" ? .reply(200, "TOKEN") : .reply(400, "")
      case ("GET", _) where request.headers["x-aws-ec2-metadata-token"] != "TOKEN": .reply(401, "")
      case ("GET", "/latest/meta-data/iam/security-credentials/"): role
      case ("GET", "/latest/meta-data/iam/security-credentials/web"): keys
      default: .reply(404, "")
      }
    }
  }

  @Test func anInstanceGivesItsRolesKeys() async throws {
    let server = instance()
    let found = try await find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"])
    #expect(found == AWSCredentials(accessKeyID: "I", secretAccessKey: "s", sessionToken: "t", expiration: WallTime(iso8601: "2026-11-22T18:00:00Z")))
    #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
    withExtendedLifetime(server) {}
  }

  /// The service gives what has expired when it cannot renew it: used on for 20 to 25 minutes.
  @Test func expiredKeysOfAnInstanceAreUsedOn() async throws {
    let server = instance(.reply(200, "web"), .reply(200, Self.keys.replacing("18:00", with: "11:00")))
    let found = try await find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url], time: VirtualTime(chance: 0.5))
    #expect(found.expiration == WallTime(iso8601: "2026-11-22T12:22:30Z"))
    withExtendedLifetime(server) {}
  }

  @Test func anInstanceThatRefusesIsTold() async {
    let forbidden = FakeHTTPServer { _ in .reply(403, "") }
    #expect(await problem(["AWS_EC2_METADATA_SERVICE_ENDPOINT": forbidden.url]).hasSuffix("gave no token: status 403"))
    let roleless = instance(.reply(404, ""))
    #expect(await problem(["AWS_EC2_METADATA_SERVICE_ENDPOINT": roleless.url]).hasSuffix("the instance's metadata: the instance has no role"))
    let failed = instance(.reply(200, "web"), .reply(200, #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"no trust"}"#))
    #expect(
      await problem(["AWS_EC2_METADATA_SERVICE_ENDPOINT": failed.url]).hasSuffix(
        "gave no credentials of the role web: AssumeRoleUnauthorizedAccess, no trust"))
    withExtendedLifetime((forbidden, roleless, failed)) {}
  }

  @Test func anInstanceIsAskedAgainAsOftenAsIsSaid() async throws {
    let count = Mutex(0)
    let server = FakeHTTPServer { request in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == 1 { return .reset }
      if number == 2 { return .reply(500, "") }
      return request.method == "PUT" ? .reply(200, "TOKEN") : request.path.hasSuffix("/web") ? .reply(200, Self.keys) : .reply(200, "web")
    }
    let time = VirtualTime()
    let found = try await find(
      ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3", "AWS_METADATA_SERVICE_TIMEOUT": "20"], time: time)
    #expect(found.accessKeyID == "I")
    #expect(time.slept == [.seconds(1), .seconds(1)])
    withExtendedLifetime(server) {}
  }

  @Test func anInstanceThatDoesNotAnswerIsPassedBy() async {
    let server = FakeHTTPServer { _ in .silence }
    let said = await problem(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
    #expect(said.contains("the instance's metadata: the instance's metadata service at 127.0.0.1:") && said.contains("no answer"), "\(said)")
    withExtendedLifetime(server) {}
  }

  // MARK: The container

  @Test func aContainersAgentGivesKeys() async throws {
    let folder = try TemporaryFolder()
    try folder.write("token", "secret word")
    let file = folder.path + "/token"
    let server = FakeHTTPServer { request in
      request.headers["authorization"] == "secret word" && request.path == "/creds?x=1" ? .reply(200, Self.keys) : .reply(403, #"{"message":"who are you"}"#)
    }
    let address = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/creds?x=1"]
    let found = try await find(
      address.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"]) { a, _ in a })
    #expect(found.accessKeyID == "I")
    #expect(await problem(address).hasSuffix("answered with status 403: who are you"))
    withExtendedLifetime(server) {}
  }

  @Test func aFailingAgentIsAskedThreeTimes() async {
    let server = FakeHTTPServer { _ in .reply(500, "") }
    let time = VirtualTime()
    #expect(await problem(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url], time: time).hasSuffix("answered with status 500"))
    #expect(server.requests.count == 3)
    withExtendedLifetime(server) {}
  }

  @Test(arguments: [
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"], "names example.com; without TLS only this machine and the agents"),
    (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "x"], "expected a path such as /v2/credentials/1"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\nb"], "has a line break"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/none"], "/none does not exist"),
    (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "here"], "expected a URL such as"), (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "v5"], "expected IPv4 or IPv6"),
    (["AWS_METADATA_SERVICE_TIMEOUT": "0", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"], "expected a number from 1 to 100"),
  ]) func refusesWhatCannotBeMeant(_ environment: [String: String], _ message: String) async {
    let said = await problem(environment)
    #expect(said.contains(message), "\(said)")
  }

  // MARK: Being asked by many, and in time

  private final class Counting: CredentialsSource {
    let name = "counting"
    let time: VirtualTime
    let life: Int64
    let calls = Mutex(0)
    let fails = Mutex(false)
    let gate = Mutex<AsyncStream<Void>?>(nil)
    init(_ time: VirtualTime, life: Int64 = 3600) { (self.time, self.life) = (time, life) }
    func credentials() async throws(CredentialsError) -> CredentialsAnswer {
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      if let gate = gate.withLock({ $0 }) { for await _ in gate { break } }
      if fails.withLock({ $0 }) { throw CredentialsError("no connection") }
      return .found(AWSCredentials(accessKeyID: "A\(number)", secretAccessKey: "s", expiration: time.now.advanced(bySeconds: life)))
    }
  }

  private func id(_ chain: CredentialChain) async throws -> String {
    guard case .found(let found) = try await chain.credentials() else { return "" }
    return found.accessKeyID
  }

  @Test func manyWhoAskAtOnceCauseOneFetch() async throws {
    let time = VirtualTime()
    let source = Counting(time)
    let (opened, open) = AsyncStream.makeStream(of: Void.self)
    source.gate.withLock { $0 = opened }
    let chain = CredentialChain([source], now: { time.now })
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await id(chain) } }
      open.yield()
      open.finish()
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids == ["A1"])
    #expect(source.calls.withLock { $0 } == 1)
  }

  @Test func whatIsValidServesWhenAFetchFails() async throws {
    let time = VirtualTime()
    let source = Counting(time)
    let chain = CredentialChain([source], now: { time.now })
    #expect(try await id(chain) == "A1")
    source.fails.withLock { $0 = true }
    await time.clock.sleep(.seconds(2800))
    #expect(try await id(chain) == "A1")
    #expect(source.calls.withLock { $0 } == 2)
    // Not asked for at every call meanwhile.
    #expect(try await id(chain) == "A1")
    #expect(source.calls.withLock { $0 } == 2)
    await time.clock.sleep(.seconds(60))
    #expect(try await id(chain) == "A1")
    #expect(source.calls.withLock { $0 } == 3)
    await time.clock.sleep(.seconds(740))
    let error = await #expect(throws: CredentialsError.self) { try await id(chain) }
    #expect(error?.message == "no connection")
    source.fails.withLock { $0 = false }
    #expect(try await id(chain) == "A5")
  }

  /// Credentials of a quarter of an hour are not fetched anew for each request.
  @Test func shortLivesAreUsedToo() async throws {
    let time = VirtualTime()
    let source = Counting(time, life: 900)
    let chain = CredentialChain([source], now: { time.now })
    for _ in 0..<5 {
      #expect(try await id(chain) == "A1")
      await time.clock.sleep(.seconds(80))
    }
    await time.clock.sleep(.seconds(80))
    #expect(try await id(chain) == "A2")
  }

  @Test func onlyTheRefusedKeysAreForgotten() async throws {
    let time = VirtualTime()
    let source = Counting(time)
    let chain = CredentialChain([source], now: { time.now })
    guard case .found(let first) = try await chain.credentials() else { return }
    chain.forget(first)
    #expect(try await id(chain) == "A2")
    chain.forget(first)
    #expect(try await id(chain) == "A2")
  }
}
