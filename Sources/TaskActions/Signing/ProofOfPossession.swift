import COpenSSL
import JSONTypes

/// A proof that who sends a token also holds a private key: a JWT signed by it, for one request.
///
/// Source: RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession (DPoP)"; keys are on the curve P-256, as `aws login` makes them.
struct ProofOfPossession {
  /// The value of the header `DPoP`.
  let text: String

  /// - Parameters:
  ///   - key: in PEM.
  ///   - id: new for each proof.
  /// - Returns: nil when the key cannot be read, or is of another kind.
  init?(key pem: Secret, method: String, url: String, time: WallTime, id: String) {
    guard let key = PrivateKey(pem: pem), let point = key.publicPoint else { return nil }
    let jwk: JSONValue = ["kty": "EC", "x": Self.encoded(point[1..<33]), "y": Self.encoded(point[33...]), "crv": "P-256"]
    let header: JSONValue = ["typ": "dpop+jwt", "alg": "ES256", "jwk": jwk]
    let payload: JSONValue = ["htm": .string(method), "htu": .string(url), "iat": .int(time.secondsSinceEpoch), "jti": .string(id)]
    let signed = Self.base64URL(header.jsonBytes[...]) + "." + Self.base64URL(payload.jsonBytes[...])
    guard let signature = key.signature(of: Array(signed.utf8)) else { return nil }
    text = signed + "." + Self.base64URL(signature[...])
  }

  private static func encoded(_ bytes: ArraySlice<UInt8>) -> JSONValue { .string(base64URL(bytes)) }

  private static func base64URL(_ bytes: ArraySlice<UInt8>) -> String {
    Base64.encode(Array(bytes)).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

/// A private key on P-256.
private final class PrivateKey {
  private let key: OpaquePointer

  init?(pem: Secret) {
    let bytes = Array(pem.reveal().utf8)
    guard bytes.count <= 1 << 16, let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { return nil }
    defer { BIO_free(bio) }
    // A key that is locked by a password is refused: nobody is asked for it.
    guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else { return nil }
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// The public key as 4, x and y; nil on another curve.
  var publicPoint: [UInt8]? {
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard EVP_PKEY_get_utf8_string_param(key, "group", &name, name.count, &length) == 1,
      String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) == "prime256v1"
    else { return nil }
    var point = [UInt8](repeating: 0, count: 65)
    guard EVP_PKEY_get_octet_string_param(key, "pub", &point, point.count, &length) == 1, length == 65, point[0] == 4 else { return nil }
    return point
  }

  /// ECDSA with SHA-256: r and s, of 32 bytes each.
  func signature(of bytes: [UInt8]) -> [UInt8]? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var encoded = [UInt8](repeating: 0, count: 128)
    var length = encoded.count
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1, EVP_DigestSign(context, &encoded, &length, bytes, bytes.count) == 1 else { return nil }
    return Self.pair(encoded.prefix(length))
  }

  /// The two numbers of a signature in DER: 0x30, a length, and twice 0x02, a length and the number.
  private static func pair(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count > 2, bytes.first == 0x30 else { return nil }
    var rest = bytes.dropFirst(2)
    var pair: [UInt8] = []
    for _ in 0..<2 {
      guard rest.popFirst() == 0x02, let length = rest.popFirst(), Int(length) <= rest.count else { return nil }
      let number = rest.prefix(Int(length)).drop { $0 == 0 }
      rest = rest.dropFirst(Int(length))
      guard number.count <= 32 else { return nil }
      pair += [UInt8](repeating: 0, count: 32 - number.count) + number
    }
    return pair
  }
}
