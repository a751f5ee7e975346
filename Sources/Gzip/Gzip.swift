import CZlib

/// Why bytes could not be decompressed.
package struct GzipError: Error, Hashable, Sendable {
  package var message: String
}

/// Files compressed with gzip (RFC 1952), by zlib.
package enum Gzip {
  /// Whether bytes begin as a compressed file does.
  package static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B, 8]) }

  /// A file may have several members, one after the other; their contents are joined.
  ///
  /// - Parameter maximumBytes: bytes that the result may have.
  /// - Throws: `GzipError` for what is damaged, cut off, or too long once it is decompressed.
  package static func decompress(_ bytes: [UInt8], maximumBytes: Int) throws(GzipError) -> [UInt8] {
    guard bytes.count <= UInt32.max else { throw GzipError(message: "the compressed file has more than \(UInt32.max) bytes") }
    // zlib remembers where the stream stands, so it must not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inflateInit2_(stream, gzipFormat, ZLIB_VERSION, streamSize) == Z_OK else { throw GzipError(message: "there is no memory to decompress") }
    defer { inflateEnd(stream) }
    var output: [UInt8] = []
    let problem: String? = bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      while true {
        let status = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: portion) { part in
          stream.pointee.next_out = part.baseAddress
          stream.pointee.avail_out = UInt32(portion)
          let status = inflate(stream, Z_NO_FLUSH)
          output.append(contentsOf: part[..<(portion - Int(stream.pointee.avail_out))])
          return status
        }
        if output.count > maximumBytes { return "it has more than \(maximumBytes) bytes once it is decompressed" }
        switch status {
        case Z_STREAM_END:
          if stream.pointee.avail_in == 0 { return nil }
          inflateReset(stream)
        case Z_OK: continue
        case Z_BUF_ERROR: return "the compressed file ends too early"
        default: return "the file is not in gzip format or is damaged"
        }
      }
    }
    if let problem { throw GzipError(message: problem) }
    return output
  }

  /// One member.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let status = deflateInit2_(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipFormat, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize)
    precondition(status == Z_OK, "zlib has memory for a stream")
    defer { deflateEnd(stream) }
    var output: [UInt8] = []
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      var left = input.count
      var isDone = false
      while !isDone {
        if stream.pointee.avail_in == 0 {
          stream.pointee.avail_in = UInt32(clamping: left)
          left -= Int(stream.pointee.avail_in)
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: portion) { part in
          stream.pointee.next_out = part.baseAddress
          stream.pointee.avail_out = UInt32(portion)
          isDone = deflate(stream, left == 0 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
          output.append(contentsOf: part[..<(portion - Int(stream.pointee.avail_out))])
        }
      }
    }
    return output
  }

  /// The largest window, and 16 for the format of gzip with its checksum.
  private static let gzipFormat: Int32 = 15 + 16
  private static let streamSize = Int32(MemoryLayout<z_stream>.size)
  /// Bytes that are made at a time.
  private static let portion = 65_536
}
