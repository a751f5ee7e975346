import JSONTypes

/// A profile with single sign-on, of either form: `sso_session` that names an `[sso-session …]` section, or `sso_start_url` and
/// `sso_region` in the profile itself. `aws sso login` leaves a token in `~/.aws/sso/cache`, which buys credentials of the role.
///
/// A token of the newer form is renewed when it is about to expire, and put back into the cache as the command-line tools do.
/// Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider"; AWS IAM Identity Center Portal and OIDC API Reference.
struct SignOnCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String

  let name = "single sign-on"

  /// A token that ends sooner is renewed.
  static let renewalSeconds: Int64 = 900

  private struct Settings {
    var account: String
    var role: String
    var region: String
    /// What the cache's file is named after.
    var cacheName: String
    var isRenewable: Bool
  }

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    guard let settings = try settings() else { return .absent(why: "the profile \"\(profile)\" has neither sso_account_id nor sso_role_name") }
    let token = try await token(settings)
    let (base, who) = (try surroundings.base(of: .sso, region: settings.region, for: profile), "single sign-on of the profile \"\(profile)\"")
    let url =
      base + "/federation/credentials?role_name=" + percentEncoded(settings.role) + "&account_id=" + percentEncoded(settings.account)
    let answer = try await surroundings.json(HTTPRequest(method: "GET", url: url, headers: ["x-amz-sso_bearer_token": token]), service: .sso, who: who)
    guard let keys = answer["roleCredentials"], let id = keys["accessKeyId"]?.asString, let secret = keys["secretAccessKey"]?.asString,
      let milliseconds = keys["expiration"]?.asDouble, let expiration = WallTime(epochSeconds: milliseconds / 1000)
    else { throw CredentialsError("\(who) was answered without whole credentials by \(hostAndPort(of: base))") }
    return .found(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: keys["sessionToken"]?.asString, expiration: expiration))
  }

  private func settings() throws(CredentialsError) -> Settings? {
    let configuration = surroundings.configuration
    func own(_ key: String) -> String? { configuration.property(key, of: profile) }
    guard own("sso_account_id") != nil || own("sso_role_name") != nil else { return nil }
    let session = own("sso_session")
    var section: INIFile.Section?
    if let session {
      guard let found = configuration.configFile.sections["sso-session \(session)"] else {
        throw CredentialsError("the profile \"\(profile)\" has sso_session = \(session), but \(configuration.configFile.path) has no [sso-session \(session)]")
      }
      section = found
    }
    func value(_ key: String) throws(CredentialsError) -> String {
      let shared = section?.properties[key].flatMap { $0.value.isEmpty ? nil : $0.value }
      if let mine = own(key), let shared, mine != shared {
        throw CredentialsError("\(key) is \(mine) in the profile \"\(profile)\", but \(shared) in [sso-session \(session ?? "")]: make them alike")
      }
      guard let value = own(key) ?? shared else { throw CredentialsError("the profile \"\(profile)\" uses single sign-on, but has no \(key)") }
      return value
    }
    let (start, region) = (try value("sso_start_url"), try value("sso_region"))
    guard isRegionName(region) else {
      throw CredentialsError("expected a region such as eu-west-1 for sso_region of the profile \"\(profile)\", got \"\(region)\"")
    }
    return Settings(
      account: try value("sso_account_id"), role: try value("sso_role_name"), region: region, cacheName: session ?? start,
      isRenewable: session != nil)
  }

  private func token(_ settings: Settings) async throws(CredentialsError) -> String {
    let world = surroundings.world
    let path = surroundings.configuration.expanded("~/.aws/sso/cache/\(hexadecimal(sha1(settings.cacheName.utf8))).json")
    let again = "run `aws sso login --profile \(profile)`"
    let text: String?
    do throws(AWSConfigurationError) {
      text = try world.readFile(path)
    } catch {
      throw CredentialsError("single sign-on of the profile \"\(profile)\": \(error.message)")
    }
    guard let text else { throw CredentialsError("the profile \"\(profile)\" is not signed on (\(path) does not exist): \(again)") }
    guard case .object(let cached)? = try? JSONValue(parsing: text), let token = cached["accessToken"]?.asString,
      let expiration = cached["expiresAt"]?.asString.flatMap({ WallTime(timeOfCredentials: $0) })
    else { throw CredentialsError("the token of single sign-on in \(path) is not whole: \(again)") }
    let now = world.clock.now()
    if settings.isRenewable, expiration < now.advanced(bySeconds: Self.renewalSeconds) {
      if let renewed = try await renewed(cached, settings, path) { return renewed }
    }
    guard expiration > now else {
      throw CredentialsError("the sign-on of the profile \"\(profile)\" expired at \(expiration.iso8601Text): \(again)")
    }
    return token
  }

  /// A new token for the cached refresh token; nil when there is none or the service refuses it.
  private func renewed(_ cached: JSONObject, _ settings: Settings, _ path: String) async throws(CredentialsError) -> String? {
    let world = surroundings.world
    guard let refresh = cached["refreshToken"]?.asString, let client = cached["clientId"]?.asString, let secret = cached["clientSecret"]?.asString,
      let registration = cached["registrationExpiresAt"]?.asString.flatMap({ WallTime(timeOfCredentials: $0) }), registration > world.clock.now()
    else { return nil }
    let body: JSONValue = [
      "grantType": "refresh_token", "clientId": .string(client), "clientSecret": .string(secret), "refreshToken": .string(refresh),
    ]
    let base = try surroundings.base(of: .ssoOIDC, region: settings.region, for: profile)
    let request = HTTPRequest(method: "POST", url: base + "/token", headers: ["Content-Type": "application/json"], body: body.jsonBytes)
    let answer: JSONValue
    do throws(CredentialsError) {
      answer = try await surroundings.json(request, service: .ssoOIDC, who: "the sign-on of the profile \"\(profile)\"")
    } catch {
      return nil
    }
    guard let token = answer["accessToken"]?.asString, let seconds = answer["expiresIn"]?.asInt else { return nil }
    var cached = cached
    cached["accessToken"] = .string(token)
    cached["expiresAt"] = .string(world.clock.now().advanced(bySeconds: seconds).wholeSeconds.iso8601Text)
    if let next = answer["refreshToken"] { cached["refreshToken"] = next }
    // Without the cache the token still serves this run.
    try? world.writeFile(path, JSONValue.object(cached).jsonText)
    return token
  }
}

extension WallTime {
  var wholeSeconds: WallTime { WallTime(secondsSinceEpoch: secondsSinceEpoch) }
}
