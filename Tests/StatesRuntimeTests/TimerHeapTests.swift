import JSONTypes
import StatesLanguage
@testable import StatesRuntime
import Testing

@Suite struct TimerHeapTests {
  static func drain(_ heap: inout TimerHeap) -> [Deadline] {
    var all: [Deadline] = []
    while let first = heap.first {
      all.append(first)
      heap.removeFirst()
    }
    return all
  }

  /// Deadlines come by their time, those of the same time in the order in which they were set.
  @Test func isInOrder() {
    for seed in 0..<100 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var heap = TimerHeap()
      var expected: [(time: Int64, effect: Int)] = []
      for effect in 0..<Int(random.next() % 60) {
        let time = Int64(random.next() % 12) - 6
        heap.insert(Timestamp(microseconds: time), run: 1, effect: effect, kind: .timer)
        expected.append((time, effect))
        if random.next() % 4 == 0, let first = expected.min(by: { ($0.time, $0.effect) < ($1.time, $1.effect) }) {
          #expect(heap.first?.effect == first.effect, "seed \(seed)")
          heap.removeFirst()
          expected.removeAll { $0.effect == first.effect }
        }
      }
      heap.removeAll { $0.effect % 5 == 4 }
      expected.removeAll { $0.effect % 5 == 4 }
      expected.sort { ($0.time, $0.effect) < ($1.time, $1.effect) }
      #expect(heap.count == expected.count)
      #expect(Self.drain(&heap).map(\.effect) == expected.map(\.effect), "seed \(seed)")
      #expect(heap.isEmpty)
    }
  }

  @Test func removesNothingFromNothing() {
    var heap = TimerHeap()
    heap.removeFirst()
    #expect(heap.first == nil)
  }
}
