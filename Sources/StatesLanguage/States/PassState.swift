public import JSONTypes

/// A Pass state: hands its input on, or a fixed result.
///
/// Spec: Amazon States Language, "Pass State".
public final class PassState: Sendable {
  public let common: StateCommon
  /// `Result`, taken as the output of a virtual task; nil when absent, `.null` when it says null.
  public let result: JSONValue?
  /// The length of its JSON text in bytes.
  public let resultBytes: Int
  public let parameters: Template?
  public let resultPath: ResultPathField

  init(common: StateCommon, result: JSONValue?, parameters: Template?, resultPath: ResultPathField) {
    self.common = common
    self.result = result
    resultBytes = result?.jsonByteCount ?? 0
    self.parameters = parameters
    self.resultPath = resultPath
  }
}

extension StateMachineParser {
  mutating func parsePass(_ reading: StateReading, _ common: StateCommon) -> PassState {
    PassState(
      common: common, result: reading.language == .jsonPath ? reading.node["Result"].map(\.value) : nil,
      parameters: reading.language == .jsonPath
        ? parseTemplate("Parameters", of: reading.node, reading.pointer, language: .jsonPath) : nil,
      resultPath: parseResultPath(of: reading.node, reading.pointer, language: reading.language))
  }
}
