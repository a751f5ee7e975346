// What the module takes from the C library: powers, exact decimal digits, a search in bytes, and threads with a stack of a chosen size.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

enum CMath {
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  static func sine(_ angle: Double) -> Double { sin(angle) }
  static func decimalLogarithm(_ value: Double) -> Double { log10(value) }

  /// `d.ddde±xx`, correctly rounded.
  static func scientificText(_ value: Double, fractionDigits: Int) -> [UInt8] { formatted("%.*e", value, fractionDigits) }

  /// `ddd.ddd`, correctly rounded.
  static func fixedText(_ value: Double, fractionDigits: Int) -> String {
    String(decoding: formatted("%.*f", value, fractionDigits), as: UTF8.self)
  }

  private static func formatted(_ format: String, _ value: Double, _ digits: Int) -> [UInt8] {
    // The longest double has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: digits + 330)
    let written = withVaList([Int32(digits), value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return buffer.prefix(max(0, min(Int(written), buffer.count - 1))).map { UInt8(bitPattern: $0) }
  }
}

enum CMemory {
  /// Where a byte first stands among the next `count` ones; nil when it is not there.
  @inline(__always)
  static func position(of byte: UInt8, in bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
    memchr(bytes, Int32(byte), count).map { UnsafeRawPointer($0) - UnsafeRawPointer(bytes) }
  }
}

/// Runs work on a thread of its own and waits for it: the way to more stack where an evaluation nests deeply.
enum StackSegment {
  /// Bytes of stack; pages are taken as they are used.
  static let size = 8 << 20
  /// Bytes of a segment left to functions that do not check.
  static let reserve = 256 << 10

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// The address of the caller's frame, nearly.
  @inline(__always) static func currentAddress() -> UInt {
    var mark: UInt8 = 0
    return withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
  }

  /// False when no thread could be made; then `body` has not run.
  static func run(_ body: () -> Void) -> Bool {
    withoutActuallyEscaping(body) { body in
      var attributes = pthread_attr_t()
      guard pthread_attr_init(&attributes) == 0 else { return false }
      defer { pthread_attr_destroy(&attributes) }
      guard pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
      let work = Unmanaged.passRetained(Work(body))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      guard pthread_create(&thread, &attributes, Self.entry, work.toOpaque()) == 0 else {
        work.release()
        return false
      }
      #if canImport(Darwin)
        if let thread { pthread_join(thread, nil) }
      #else
        pthread_join(thread, nil)
      #endif
      return true
    }
  }

  #if canImport(Darwin)
    private static let entry: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { argument in
      Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }
  #else
    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      guard let argument else { return nil }
      Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }
  #endif
}
