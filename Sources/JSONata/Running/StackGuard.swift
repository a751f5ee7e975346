/// Something that recurses as deep as its input says, and moves to another stack in time.
protocol StackUser: AnyObject {
  /// Below this address the stack is nearly used up.
  var stackFloor: UInt { get set }
}

extension StackUser {
  /// The floor for work that starts here: it may use this much of its caller's stack, which may have no more than 512 KiB in all.
  static func floorHere() -> UInt {
    let here = StackSegment.currentAddress()
    let own: UInt = 128 << 10
    return here > own ? here - own : 0
  }

  @inline(__always) var isStackLow: Bool { StackSegment.currentAddress() < stackFloor }

  /// Goes on where there is room, and waits for the result.
  @inline(never)
  func onFreshStack<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let floor = stackFloor
    var outcome: Swift.Result<Result, Failure>?
    let ran = StackSegment.run {
      let here = StackSegment.currentAddress()
      let room = UInt(StackSegment.size - StackSegment.reserve)
      self.stackFloor = here > room ? here - room : 0
      do throws(Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
    }
    stackFloor = floor
    guard ran, let outcome else { throw Failure(JSONataError.Code.depth) }
    return try outcome.get()
  }
}
