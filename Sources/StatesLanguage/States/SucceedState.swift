/// A Succeed state: ends the machine, branch or iteration that it stands in.
///
/// Spec: Amazon States Language, "Succeed State".
public final class SucceedState: Sendable {
  public let common: StateCommon
  init(common: StateCommon) { self.common = common }
}
