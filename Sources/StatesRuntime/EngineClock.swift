public import StatesLanguage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How time passes for the executions of an engine.
public enum EngineClock: Sendable, Hashable {
  /// As on the wall. Timers follow the monotonic clock, so that setting the wall clock moves no deadline.
  case real
  /// That many times as fast as real time; more than 0, at most a million.
  case scaled(by: Double)
  /// Waits take no time: the clock jumps to the next moment as soon as nothing else is to do and no action is at work. One that waits by
  /// `TaskReporter.sleep` is not; one that waits for anything else holds the clock.
  case virtual
}

/// The clock of one engine: the present moment and how long a deadline is off.
struct RunningClock {
  let kind: EngineClock
  let origin: Timestamp
  private var start = ContinuousClock.now
  private var virtualNow: Timestamp
  /// The moment at which time stands still; nil while it passes.
  private var stoppedAt: Timestamp?

  /// - Parameter origin: the moment that the clock starts from; nil for the present.
  init(_ kind: EngineClock, origin: Timestamp?) {
    self.kind = kind
    self.origin = origin ?? .now
    virtualNow = self.origin
  }

  private var rate: Double {
    switch kind {
    case .real, .virtual: 1
    case .scaled(let factor): factor > 0 ? min(factor, 1e6) : 1e-6
    }
  }

  var isStopped: Bool { stoppedAt != nil }

  /// Lets time stand still, now or at another moment.
  mutating func stop(at moment: Timestamp? = nil) { stoppedAt = moment ?? now }

  /// Lets time go on from where it stands.
  mutating func goOn() {
    guard let moment = stoppedAt else { return }
    stoppedAt = nil
    virtualNow = moment
    start = ContinuousClock.now - .microseconds(Int64(Double(moment.microseconds - origin.microseconds) / rate))
  }

  var now: Timestamp {
    if let stoppedAt { return stoppedAt }
    if case .virtual = kind { return virtualNow }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    let elapsed = Double(seconds) * 1e6 + Double(attoseconds) / 1e12
    return Timestamp(microseconds: origin.microseconds + Int64(elapsed * rate))
  }

  /// The instant at which the deadline comes; nil in virtual time, and while time stands still.
  func instant(of deadline: Timestamp) -> ContinuousClock.Instant? {
    if case .virtual = kind { return nil }
    if isStopped { return nil }
    // A wait of centuries is as good as one of a century, and does not overflow.
    let span = min(Double(deadline.microseconds - origin.microseconds) / rate, 1e6 * 3.2e9)
    return start + .microseconds(Int64(span.rounded(.up)))
  }

  mutating func jump(to deadline: Timestamp) {
    if deadline > virtualNow { virtualNow = deadline }
  }
}

extension Timestamp {
  /// The present, by the wall clock.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}
