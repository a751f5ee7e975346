#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The time and chance of a client, so that tests can give their own.
public struct ClientClock: Sendable {
  public var now: @Sendable () -> WallTime
  /// Returns after the time has passed, or early when the task is cancelled.
  public var sleep: @Sendable (Duration) async -> Void
  /// A number of [0, 1).
  public var randomUnit: @Sendable () -> Double

  public init(
    now: @escaping @Sendable () -> WallTime, sleep: @escaping @Sendable (Duration) async -> Void,
    randomUnit: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.randomUnit = randomUnit
  }

  public static let system = ClientClock(
    now: { WallTime.now }, sleep: { duration in try? await Task.sleep(for: duration) }, randomUnit: { Double.random(in: 0..<1) })
}
