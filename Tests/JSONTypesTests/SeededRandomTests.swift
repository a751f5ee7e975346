import JSONTypes
import Testing

@Suite struct SeededRandomTests {
  /// The first numbers for seed 1234567, as the reference implementation of SplitMix64 gives them.
  @Test func repeatsTheReference() {
    var random = SeededRandom(seed: 1_234_567)
    #expect((0..<3).map { _ in random.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}
