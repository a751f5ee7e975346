import JSONTypes

/// What the sources of one run share: configuration, world, and where they may ask.
public struct CredentialSurroundings: Sendable {
  let configuration: SharedConfiguration
  let world: CredentialWorld
  /// Whether the run names AWS, so that the services that give credentials may be asked at their own addresses.
  let mayAskAWS: Bool
  let options: HTTPOptions
  /// Where STS is.
  let tokenTarget: AWSClientSettings.Target
  /// Where a service is in a region that the profile names for it.
  let target: @Sendable (_ service: AWSService, _ region: String) -> AWSClientSettings.Target

  var tokenService: TokenService { TokenService(target: tokenTarget, world: world, options: options) }

  /// All sources, in the order of AWS's tools.
  var sources: [any CredentialsSource] {
    let profile = configuration.profileName
    return [EnvironmentCredentials(configuration: configuration), RoleCredentials(surroundings: self, profile: profile)]
      + sources(ofProfile: profile, usesEnvironment: configuration.profileChoice != .flag)
      + [ContainerCredentials(surroundings: self), InstanceCredentials(surroundings: self)]
  }

  /// The sources that a profile itself may name, but for a role.
  func sources(ofProfile profile: String, usesEnvironment: Bool) -> [any CredentialsSource] {
    [
      WebIdentityCredentials(surroundings: self, profile: profile, usesEnvironment: usesEnvironment),
      SignOnCredentials(surroundings: self, profile: profile),
      ProfileCredentials(configuration: configuration, profile: profile, file: .credentials),
      LoginCredentials(surroundings: self, profile: profile), ProcessCredentials(surroundings: self, profile: profile),
      ProfileCredentials(configuration: configuration, profile: profile, file: .config),
    ]
  }

  /// Where a service of single sign-on is.
  func base(of service: AWSService, region: String, for profile: String) throws(CredentialsError) -> String {
    switch target(service, region) {
    case .aws(let base, _, _), .endpoint(let base, _, _): return base
    case .nothing, .incomplete:
      throw CredentialsError(
        "the profile \"\(profile)\" gets its credentials by single sign-on, which this run may not ask: name AWS by --region or --profile, "
          + "or an endpoint by \(service.endpointVariable)")
    }
  }

  /// The answer of a service that takes a token instead of a signature.
  func json(_ request: HTTPRequest, service: AWSService, who: String) async throws(CredentialsError) -> JSONValue {
    let caller = AWSCaller(
      service, settings: AWSClientSettings(targets: [:], credentials: NoSignature(), options: options), transport: world.transport,
      clock: world.clock)
    do throws(AWSCallError) {
      let response = try await caller.call(request, region: "", maximumBodyBytes: CredentialWorld.maximumAnswerBytes) {
        awsJSONError($0, of: service)
      }
      return (try? JSONValue(parsing: response.body)) ?? .null
    } catch {
      throw CredentialsError("\(who): \(hostAndPort(of: request.url)) refused: \(error)")
    }
  }

  /// The answer of a metadata service, which is near and answers soon or not at all.
  func metadata(_ request: HTTPRequest, attempts: Int, timeout: Duration, who: String) async throws(CredentialsError) -> HTTPResponse {
    let options = HTTPOptions(
      connectTimeout: timeout, totalTimeout: timeout, maximumBodyBytes: CredentialWorld.maximumAnswerBytes,
      certificateFile: options.certificateFile)
    var attempt = 1
    while true {
      let problem: String
      do throws(HTTPError) {
        let response = try await world.transport.send(request, options)
        guard response.status >= 500, attempt < attempts else { return response }
        problem = "status \(response.status)"
      } catch {
        problem = error.detail
      }
      guard attempt < attempts, !Task.isCancelled else { throw CredentialsError("\(who): \(problem)") }
      attempt += 1
      await world.clock.sleep(.seconds(1))
    }
  }
}
