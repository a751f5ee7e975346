import Foundation
import Gzip
import JSONTypes
import Testing

@Suite struct GzipTests {
  static let fixed: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 87, 200, 64, 39, 185, 0, 0, 136, 89, 11, 24, 0, 0, 0]

  @Test func readsWhatOthersWrite() throws {
    #expect(try Gzip.decompress(Self.fixed, maximumBytes: 1000) == Array("hello hello hello hello\n".utf8))
    #expect(try Gzip.decompress(Self.fixed + Self.fixed, maximumBytes: 1000).count == 48)
    let dynamic = try #require(
      Data(
        base64Encoded:
          "H4sIAAAAAAACAxWQwQ0AIAwCV+lq0EK7/wRiTHgIXNCp9hGnmrmq256uBRuCbnevTfSNVlvr2jHULo5E3tHchHcJxA4nTbIwKzVsdyC1xdJ+SiJOEmn5bB2AqNw5lgLqUDQpkvZcM6IhKncyY4RyzqINZvDxX0MeioMkFzh2aVD/PSnWwTMs9mTYLTT63hloEDwwP5AV9K6cBRsCIlma4AM2pNXLLAEAAA=="
      ))
    #expect(try Gzip.decompress(Array(dynamic), maximumBytes: 1000).count == 300)
  }

  static func problem(_ bytes: [UInt8], maximumBytes: Int = 1000) -> String? {
    do throws(GzipError) {
      _ = try Gzip.decompress(bytes, maximumBytes: maximumBytes)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func refusesWhatIsNoGzip() {
    var damaged = Self.fixed
    damaged[damaged.count - 6] ^= 1
    #expect(Self.problem(damaged) == "the file is not in gzip format or is damaged")
    #expect(Self.problem(Self.fixed, maximumBytes: 10) == "it has more than 10 bytes once it is decompressed")
    #expect(Self.problem(Self.fixed + [1, 2, 3]) == "the file is not in gzip format or is damaged")
    for count in 0..<Self.fixed.count { #expect(Self.problem(Array(Self.fixed[..<count])) == "the compressed file ends too early") }
  }

  @Test func readsBackWhatItWrites() throws {
    for seed in 0..<50 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let alphabet = seed % 2 == 0 ? UInt64(256) : 3
      let bytes = (0..<Int(random.next() % 200_000)).map { _ in UInt8(random.next() % alphabet) }
      let compressed = Gzip.compress(bytes)
      #expect(Gzip.isCompressed(compressed))
      #expect(try Gzip.decompress(compressed, maximumBytes: bytes.count) == bytes, "seed \(seed)")
    }
    #expect(try Gzip.decompress(Gzip.compress([]), maximumBytes: 0) == [])
  }
}
