import StatesRuntime

actor LocalRedshift {
  nonisolated let folder: String = ""
  init(stateDirectory: String?, s3Folder: String?) {}
  func url() async throws(TaskFailure) -> String { throw TaskFailure(error: "x", cause: nil) }
  func stop() async {}
}
