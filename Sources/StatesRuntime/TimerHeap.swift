import StatesInterpreter
import StatesLanguage

/// What is due at a moment.
struct Deadline: Comparable {
  enum Kind {
    case timer, taskTimeout, heartbeat
    case sleep(Sleeper)
  }
  var time: Timestamp
  /// Deadlines of the same moment come in the order in which they were set.
  var order: Int
  var run: Int
  var effect: EventID
  var kind: Kind

  static func < (left: Deadline, right: Deadline) -> Bool { (left.time, left.order) < (right.time, right.order) }
  static func == (left: Deadline, right: Deadline) -> Bool { left.order == right.order }
}

/// All deadlines of an engine in one binary heap. A deadline whose effect has closed may stay until its time
/// comes, and then means nothing.
struct TimerHeap {
  private var heap: [Deadline] = []
  private var nextOrder = 0

  var first: Deadline? { heap.first }
  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }

  mutating func insert(_ time: Timestamp, run: Int, effect: EventID, kind: Deadline.Kind) {
    heap.append(Deadline(time: time, order: nextOrder, run: run, effect: effect, kind: kind))
    nextOrder += 1
    rise(from: heap.count - 1)
  }

  /// Drops deadlines that nothing waits for.
  mutating func removeAll(where isSuperfluous: (Deadline) -> Bool) {
    heap.removeAll(where: isSuperfluous)
    // A sorted array is a heap.
    heap.sort()
  }

  private mutating func rise(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] { smallest = child }
      if smallest == parent { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
