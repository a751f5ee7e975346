import COpenSSL

/// SHA-256 of the bytes: 32 bytes.
func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sha256(), length: 32) }

/// SHA-1 of the bytes, which names the files of single sign-on's cache: 20 bytes. Never for secrets.
func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sha1(), length: 20) }

/// MD5 of the bytes, which S3 uses as the ETag of a plain object: 16 bytes. Never for secrets.
func md5(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_md5(), length: 16) }

private func digest(_ bytes: some Collection<UInt8>, _ algorithm: OpaquePointer?, length: Int) -> [UInt8] {
  let input = Array(bytes)
  return [UInt8](unsafeUninitializedCapacity: length) { output, count in
    var written: UInt32 = 0
    let ok = EVP_Digest(input, input.count, output.baseAddress, &written, algorithm, nil)
    precondition(ok == 1 && written == length, "libcrypto refuses to compute a digest")
    count = length
  }
}

/// HMAC-SHA-256 of the bytes under a key: 32 bytes.
func hmacSHA256(key: [UInt8], _ bytes: some Collection<UInt8>) -> [UInt8] {
  let input = Array(bytes)
  return [UInt8](unsafeUninitializedCapacity: 32) { output, count in
    var written: UInt32 = 0
    let result = HMAC(EVP_sha256(), key, Int32(key.count), input, input.count, output.baseAddress, &written)
    precondition(result != nil && written == 32, "libcrypto refuses to compute an HMAC")
    count = 32
  }
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
