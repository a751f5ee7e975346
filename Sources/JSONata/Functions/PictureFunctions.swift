import JSONTypes

/// Numbers and points in time, written and read by pictures.
enum PictureFunctions {
  static let table: [Builtin] = [
    Builtin("formatNumber", "<n-so?:s>", parameters: 3) { call throws(Failure) in
      guard let number = try call.number(0), let picture = try call.text(1) else { return .undefined }
      return try call.result(NumberPicture(picture, options: call[2]).text(of: number))
    },
    Builtin("formatInteger", "<n-s:s>", parameters: 2) { call throws(Failure) in
      guard let number = try call.number(0), let picture = try call.text(1) else { return .undefined }
      return try call.result(IntegerPicture(picture).text(of: number.rounded(.down)))
    },
    Builtin("parseInteger", "<s-s:n>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0), let picture = try call.text(1) else { return .undefined }
      return .number(try IntegerPicture(picture).value(of: text))
    },
    Builtin("fromMillis", "<n-s?s?:s>", parameters: 3) { call throws(Failure) in
      guard let millis = try call.number(0) else { return .undefined }
      return try call.result(try DatePicture.text(of: millis, picture: try call.text(1), timeZone: try call.text(2)))
    },
    Builtin("toMillis", "<s-s?:n>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      guard let picture = try call.text(1) else {
        guard let millis = ISO8601.milliseconds(of: text) else { throw Failure("D3110", value: .string(text)) }
        return .number(millis)
      }
      return try DatePicture(picture).milliseconds(of: text, now: call.run.now).map { .number($0) } ?? .undefined
    },
  ]
}
