import RedshiftDataEmulator
import StatesRuntime
import TaskActions

/// The local Redshift Data API of one run: started at the first call, stopped at the end.
actor LocalRedshift {
  /// Where the database lives, for people.
  nonisolated let folder: String
  private let notes: RunNotes
  private let configuration: RedshiftDataEndpoint.Configuration
  private var starting: Task<Result<RedshiftDataEndpoint, TaskFailure>, Never>?

  init(stateDirectory: String?, s3Folder: String?, s3Settings: AWSClientSettings, notes: RunNotes) {
    self.notes = notes
    var configuration = RedshiftDataEndpoint.Configuration()
    configuration.stateFolder = stateDirectory.map(absolutePath)
    configuration.s3Root = s3Folder.map(absolutePath)
    if s3Folder == nil { configuration.objects = S3RedshiftObjects(settings: s3Settings) }
    self.configuration = configuration
    folder = configuration.stateFolder ?? RedshiftDataEndpoint.defaultStateFolder
  }

  /// The address of the endpoint.
  /// - Throws: `TaskFailure` with `RedshiftData.DatabaseConnectionException`, as the service names it when the database cannot be reached.
  func url() async throws(TaskFailure) -> String {
    let task =
      starting
      ?? Task { [configuration, folder, notes] in
        do throws(RedshiftDataEndpoint.Failure) {
          let endpoint = try await RedshiftDataEndpoint.start(configuration)
          // Run as root, the database belongs to another user, who may not be able to enter the state folder.
          if let place = endpoint.databaseFolder, !place.hasPrefix(folder + "/") { notes.tell("the database lies in \(place), since its user cannot enter \(folder)") }
          return .success(endpoint)
        } catch {
          return .failure(
            TaskFailure(error: "RedshiftData.DatabaseConnectionException", cause: "The local Redshift could not start: \(error.description)"))
        }
      }
    starting = task
    return try await task.value.get().url
  }

  func stop() async {
    guard let task = starting else { return }
    starting = nil
    if case .success(let endpoint) = await task.value { await endpoint.stop() }
  }
}
