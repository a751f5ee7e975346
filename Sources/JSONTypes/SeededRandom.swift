/// A generator whose numbers follow from its seed: SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
@frozen
public struct SeededRandom: RandomNumberGenerator, Sendable, Hashable {
  @usableFromInline var state: UInt64

  @inlinable public init(seed: UInt64) {
    state = seed
  }

  /// A generator for one purpose: the same for the same seed and number, independent of others.
  @inlinable public init(seed: UInt64, number: Int) {
    var mixer = SeededRandom(seed: seed ^ (UInt64(bitPattern: Int64(number)) &* 0xD134_2543_DE82_EF95))
    state = mixer.next()
  }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of [0, 1) with 53 random bits.
  @inlinable public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
