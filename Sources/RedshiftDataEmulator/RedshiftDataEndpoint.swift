import AWSJSONServer

/// A local Redshift Data API: an HTTP endpoint on loopback before a private PostgreSQL that it starts itself.
package final class RedshiftDataEndpoint: Sendable {
  package struct Configuration: Sendable {
    /// A loopback address.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 0
    /// Where the database lives; nil takes the user's state folder.
    package var stateFolder: String?
    /// The folder that stands for S3: `s3://bucket/key` is `<folder>/bucket/key`.
    package var s3Root: String?
    /// Another place for `s3://`, in the folder's stead. With neither, COPY and UNLOAD fail.
    package var objects: (any RedshiftObjects)?
    /// With it, signatures are verified; without it any well-formed signature will do.
    package var secret: (accessKey: String, secretKey: String)?
    /// The database that exists from the start.
    package var database = "dev"
    /// Whether statements that a program left unfinished when it was killed go on at the start; otherwise they do once somebody asks for them.
    package var resumesAtOnce = false
    /// How statements go and which requests go wrong, in the place of the database.
    var script: StatementScript?
    /// Takes one line about what happened, for people.
    package var log: @Sendable (String) -> Void = { _ in }

    package init() {}

    /// Has a script played: the text of a file of `StatementScript`'s form.
    ///
    /// - Throws: `Failure` that says what is wrong with it and where.
    package mutating func play(script text: [UInt8]) throws(Failure) {
      do throws(StatementScript.Problem) { script = try StatementScript(parsing: text) } catch { throw Failure(description: error.message) }
    }
  }

  /// Why the endpoint did not start, or a statement failed, as a text for people.
  package struct Failure: Error, CustomStringConvertible, Sendable {
    package let description: String
    /// The port cannot be had; another one may do.
    package var isAboutThePort = false
  }

  /// What a statement gave.
  package struct QueryResult: Sendable {
    /// Empty when the statement gives no rows.
    package var columns: [String]
    /// nil is NULL.
    package var rows: [[String?]]
    /// Rows returned or affected.
    package var rowCount: Int
    /// What the database said beside that.
    package var messages: [String]
  }

  /// Where the database lives unless a configuration says otherwise; a word for it when the user has no home.
  package static var defaultStateFolder: String {
    do throws(PostgresError) { return try ServerFolder.defaultState() } catch { return "the user's state folder" }
  }

  /// For clients, for example `http://127.0.0.1:8085`.
  package let url: String
  /// Where the database really is: below the state folder, unless its user cannot enter that.
  /// Nil when a script is played without a database.
  package let databaseFolder: String?
  private let listener: AWSJSONListener
  private let service: RedshiftDataService

  /// Starts the database, or joins one that runs on the same state folder, and listens.
  ///
  /// - Throws: `Failure` that says what is missing and what to do.
  package static func start(_ configuration: Configuration) async throws(Failure) -> RedshiftDataEndpoint {
    let service = try await startService(configuration)
    let wire = AWSJSONService(targetPrefix: "RedshiftData", signingName: "redshift-data", version: .json11, fault: { await service.fault($0, $1) }) {
      (operation, input) async throws(AWSJSONError) in
      try await service.answer(operation, input)
    }
    do {
      let secret = configuration.secret.map { SigningSecret(accessKey: $0.accessKey, secretKey: $0.secretKey) }
      let listener = try await AWSJSONListener.start(services: [wire], host: configuration.host, port: configuration.port, secret: secret)
      configuration.log("Redshift Data API on \(listener.url)")
      return RedshiftDataEndpoint(listener, service, folder: try? await service.server().folder.path)
    } catch {
      await service.stop()
      throw Failure(description: error.description, isAboutThePort: error.isAboutThePort)
    }
  }

  private static func startService(_ configuration: Configuration, keepsStatements: Bool = true) async throws(Failure) -> RedshiftDataService {
    do throws(PostgresError) {
      let folder = if let given = configuration.stateFolder { given } else { try ServerFolder.defaultState() }
      guard folder.hasPrefix("/") else { throw .lost("the state folder must be an absolute path, not \(folder)") }
      return try await RedshiftDataService.start(configuration, stateFolder: folder, keepsStatements: keepsStatements)
    } catch {
      throw Failure(description: error.message)
    }
  }

  private init(_ listener: AWSJSONListener, _ service: RedshiftDataService, folder: String?) {
    databaseFolder = folder
    self.listener = listener
    self.service = service
    url = listener.url
  }

  /// Ends running statements, takes no more requests, and leaves the database; the last to leave stops it.
  package func stop() async {
    await service.cancelAll()
    await listener.stop()
    await service.stop()
  }

  /// Runs a script in Redshift's SQL, as the Data API would; the last statement's rows are the result.
  ///
  /// - Parameter database: nil takes the configured one.
  /// - Throws: `Failure` with the database's error.
  package func query(_ sql: String, database: String? = nil) async throws(Failure) -> QueryResult {
    do throws(PostgresError) { return try await service.query(sql, database: database) } catch {
      throw Failure(description: StatementRunner.text(of: error))
    }
  }

  /// The same for one script, without listening.
  package static func query(_ sql: String, database: String? = nil, _ configuration: Configuration) async throws(Failure) -> QueryResult {
    let service = try await startService(configuration, keepsStatements: false)
    let result: Result<QueryResult, PostgresError>
    do throws(PostgresError) { result = .success(try await service.query(sql, database: database)) } catch { result = .failure(error) }
    await service.stop()
    switch result {
    case .success(let result): return result
    case .failure(let error): throw Failure(description: StatementRunner.text(of: error))
    }
  }
}
