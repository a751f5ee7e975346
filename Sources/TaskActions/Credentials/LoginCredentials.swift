import JSONTypes

/// A session of `aws login`: its credentials are in a cache until they expire. They are not renewed here.
struct LoginCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String

  let name = "a login session"

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let configuration = surroundings.configuration
    guard let session = configuration.property("login_session", of: profile) else {
      return .absent(why: "the profile \"\(profile)\" has no login_session")
    }
    let folder = configuration.variable("AWS_LOGIN_CACHE_DIRECTORY") ?? "~/.aws/login/cache"
    let path = configuration.expanded(folder) + "/" + hexadecimal(sha256(session.utf8)) + ".json"
    let again = "run `aws login --profile \(profile)`"
    let text: String?
    do throws(AWSConfigurationError) {
      text = try surroundings.world.readFile(path)
    } catch {
      throw CredentialsError("the login session of the profile \"\(profile)\": \(error.message)")
    }
    guard let text else { throw CredentialsError("the profile \"\(profile)\" has no login session at \(path): \(again)") }
    guard let token = (try? JSONValue(parsing: text))?["accessToken"], let id = token["accessKeyId"]?.asString,
      let secret = token["secretAccessKey"]?.asString, let expiration = token["expiresAt"]?.asString.flatMap({ WallTime(timeOfCredentials: $0) })
    else { throw CredentialsError("the login session of the profile \"\(profile)\" in \(path) is not whole: \(again)") }
    guard expiration > surroundings.world.clock.now() else {
      throw CredentialsError("the login session of the profile \"\(profile)\" expired at \(expiration.iso8601Text): \(again)")
    }
    return .found(
      AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token["sessionToken"]?.asString, expiration: expiration))
  }
}
