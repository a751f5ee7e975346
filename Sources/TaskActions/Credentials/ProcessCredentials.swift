import JSONTypes

/// A program of the profile that prints credentials: `credential_process`. No shell runs it.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
struct ProcessCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String

  let name = "a program of the profile"

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    guard let line = surroundings.configuration.property("credential_process", of: profile) else {
      return .absent(why: "the profile \"\(profile)\" has no credential_process")
    }
    let words: [String]
    do throws(TaskRuleProblem) {
      words = try CommandWords.split(line)
    } catch {
      throw CredentialsError("credential_process of the profile \"\(profile)\": \(error.message.replacing("exec:", with: ""))")
    }
    let outcome = await surroundings.world.runProgram(words, surroundings.configuration.environment)
    let who = "credential_process of the profile \"\(profile)\" (\(words[0]))"
    if let failure = outcome.failure { throw CredentialsError("\(who): \(failure)") }
    // What it printed is not shown: it may hold keys.
    guard let answer = try? JSONValue(parsing: outcome.output) else { throw CredentialsError("\(who) printed no JSON") }
    guard answer["Version"]?.asInt == 1 else {
      throw CredentialsError("\(who) printed Version \(answer["Version"]?.jsonText ?? "nothing"); expected 1")
    }
    return .found(try AWSCredentials(answer, token: "SessionToken", from: who))
  }
}

extension AWSCredentials {
  /// Credentials in the JSON of programs and metadata services.
  /// - Throws: `CredentialsError` that names the member that is missing.
  init(_ answer: JSONValue, token: String, from who: String) throws(CredentialsError) {
    func text(_ key: String) throws(CredentialsError) -> String {
      guard let text = answer[key]?.asString, !text.isEmpty else { throw CredentialsError("\(who) gave no \(key)") }
      return text
    }
    var expiration: WallTime?
    if let written = answer["Expiration"], !written.isNull {
      guard let time = written.asString.flatMap({ WallTime(timeOfCredentials: $0) }) else {
        throw CredentialsError("\(who) gave an Expiration that is no time: \(written.jsonText)")
      }
      expiration = time
    }
    self.init(
      accessKeyID: try text("AccessKeyId"), secretAccessKey: try text("SecretAccessKey"), sessionToken: answer[token]?.asString,
      expiration: expiration)
  }
}
