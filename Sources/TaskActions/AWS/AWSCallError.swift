/// What a service said about a request that it refused or failed.
public struct AWSServiceError: Error, Sendable, Hashable {
  public var service: AWSService
  /// `ValidationException`, `NoSuchKey`: without namespace and without what follows a colon.
  public var code: String
  public var message: String
  public var status: Int
  public var requestID: String?
  /// S3's second id.
  public var extendedRequestID: String?
  /// Where S3 says that the bucket is.
  public var bucketRegion: String?
  /// The code of the Query protocol that the service spoke before, where it still tells it.
  public var queryCode: String?

  /// The cause in the form of Step Functions' SDK integrations.
  public var cause: String {
    var text = "\(message) (Service: \(service.integrationName), Status Code: \(status), Request ID: \(requestID ?? "null")"
    if let extendedRequestID { text += ", Extended Request ID: \(extendedRequestID)" }
    return text + ")"
  }
}

/// Why a call to a service gave no result.
public enum AWSCallError: Error, Sendable, Hashable, CustomStringConvertible {
  case service(AWSServiceError)
  /// No whole answer, after all repetitions.
  case transport(HTTPError, attempts: Int)
  /// - Parameter afterRequest: whether an earlier attempt had been sent.
  case credentials(CredentialsError, afterRequest: Bool)
  /// The user named no region, profile or endpoint.
  case noTarget(AWSService)
  /// A request that cannot be made, or an answer of success that cannot be read.
  case unusable(String)
  case cancelled

  public var description: String {
    switch self {
    case .service(let error): "\(error.code): \(error.cause)"
    case .transport(let error, let attempts): attempts > 1 ? "\(error.detail), in \(attempts) attempts" : error.detail
    case .credentials(let error, _): error.message
    case .noTarget(let service):
      "nothing names where requests for \(service.signingName) go: give --region or --profile for AWS, or --endpoint-url (or \(service.endpointVariable)) for an endpoint"
    case .unusable(let text): text
    case .cancelled: "the call was cancelled"
    }
  }
}
