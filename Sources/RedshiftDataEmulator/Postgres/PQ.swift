import CPQ
import Synchronization

/// Owns libpq's pointers: nothing else in the project touches them.
struct PQHandle: ~Copyable {
  private let connection: OpaquePointer
  private let notices: NoticeBuffer

  /// Begins to connect; nil when there is no memory.
  init?(parameters: String, notices: NoticeBuffer) {
    guard let connection = cpq_connect_start(parameters) else { return nil }
    self.connection = connection
    self.notices = notices
    // The buffer outlives the connection: `notices` is released after `deinit`.
    cpq_set_notice_receiver(connection, receiveNotice, Unmanaged.passUnretained(notices).toOpaque())
  }

  deinit { cpq_finish(connection) }

  enum Progress { case failed, wantsToRead, wantsToWrite, connected }

  func poll() -> Progress {
    switch cpq_connect_poll(connection) {
    case 3: .connected
    case 1: .wantsToRead
    case 2: .wantsToWrite
    default: .failed
    }
  }

  var socket: Int32 { cpq_socket(connection) }
  var isOpen: Bool { cpq_is_ok(connection) == 1 }
  var backendPid: Int { Int(cpq_backend_pid(connection)) }
  var transaction: TransactionStatus { TransactionStatus(rawValue: cpq_transaction_status(connection)) ?? .unknown }
  var errorMessage: String { String(cString: cpq_error_message(connection)) }

  func makeNonblocking() { _ = cpq_set_nonblocking(connection) }

  /// Queues a query; false when the connection is lost.
  func send(_ sql: String, _ parameters: [String]?) -> Bool {
    guard let parameters else { return cpq_send_query(connection, sql) == 1 }
    // One block of memory holds all parameters, each ended by a zero.
    var bytes: [CChar] = []
    var starts: [Int] = []
    for parameter in parameters {
      starts.append(bytes.count)
      bytes.append(contentsOf: parameter.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { block in
      let pointers = starts.map { block.baseAddress.map { base in base + 0 }?.advanced(by: $0) }
      return cpq_send_query_parameters(connection, sql, Int32(parameters.count), pointers) == 1
    }
  }

  func askForSingleRows() { _ = cpq_set_single_row_mode(connection) }
  /// 0 all sent, 1 more to send, -1 failed.
  func flush() -> Int32 { cpq_flush(connection) }
  func consumeInput() -> Bool { cpq_consume_input(connection) == 1 }
  var isBusy: Bool { cpq_is_busy(connection) == 1 }

  func nextResult() -> PQResult? { cpq_get_result(connection).map { PQResult($0) } }

  /// 1 queued, 0 try again once writable, -1 failed.
  func putCopyData(_ bytes: ArraySlice<UInt8>) -> Int32 {
    bytes.withUnsafeBytes { cpq_put_copy_data(connection, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count)) }
  }
  func endCopy(failure: String?) -> Int32 { cpq_put_copy_end(connection, failure) }
}

enum TransactionStatus: Int32, Sendable {
  case idle, active, inTransaction, inFailedTransaction, unknown
}

/// One result of a query; freed with its owner.
struct PQResult: ~Copyable {
  enum Status { case empty, command, rows, copyIn, error, singleRow, other }

  private let result: OpaquePointer
  init(_ result: OpaquePointer) { self.result = result }
  deinit { cpq_clear(result) }

  var status: Status {
    switch cpq_result_status(result) {
    case 0: .empty
    case 1: .command
    case 2: .rows
    case 4: .copyIn
    case 7: .error
    case 9: .singleRow
    default: .other
    }
  }

  var error: PostgresError {
    PostgresError(
      severity: field("V") ?? "ERROR", sqlState: field("C") ?? "XX000", message: field("M") ?? "unknown failure", detail: field("D"),
      hint: field("H"), position: field("P").flatMap { Int($0) }, context: field("W"))
  }

  private func field(_ name: Unicode.Scalar) -> String? { cpq_error_field(result, Int32(name.value)).map { String(cString: $0) } }

  var affectedRows: Int { Int(String(cString: cpq_affected_rows(result))) ?? 0 }
  var commandTag: String { String(cString: cpq_command_tag(result)) }
  var rowCount: Int { Int(cpq_row_count(result)) }
  var columnCount: Int { Int(cpq_column_count(result)) }

  var columns: [PostgresColumn] {
    (0..<Int32(columnCount)).map { column in
      PostgresColumn(
        name: String(cString: cpq_column_name(result, column)), type: cpq_column_type(result, column),
        modifier: Int(cpq_column_modifier(result, column)), table: cpq_column_table(result, column),
        tableColumn: Int(cpq_column_table_number(result, column)))
    }
  }

  /// The bytes of a field as text, or nil for NULL; they live as long as the call.
  func withField<R>(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>?) throws -> R) rethrows -> R {
    guard cpq_is_null(result, Int32(row), Int32(column)) == 0, let value = cpq_value(result, Int32(row), Int32(column)) else {
      return try body(nil)
    }
    let length = Int(cpq_length(result, Int32(row), Int32(column)))
    return try value.withMemoryRebound(to: UInt8.self, capacity: length) { try body(UnsafeBufferPointer(start: $0, count: length)) }
  }

  func text(row: Int, column: Int) -> String? { withField(row: row, column: column) { $0.map { String(decoding: $0, as: UTF8.self) } } }
}

/// A column of a result, as PostgreSQL describes it.
struct PostgresColumn: Hashable, Sendable {
  var name: String
  /// The object id of the type, for example 23 for int4.
  var type: UInt32
  /// The type's modifier: length + 4 of character types, precision and scale of numerics; -1 without.
  var modifier: Int
  /// The table the column comes from, 0 for an expression.
  var table: UInt32
  var tableColumn: Int
}

/// What PostgreSQL said no with.
struct PostgresError: Error, Hashable, Sendable {
  var severity: String
  /// The five characters of the SQL standard, for example `22012` for a division by zero.
  var sqlState: String
  var message: String
  var detail: String?
  var hint: String?
  /// 1-based, in characters of the text that was sent.
  var position: Int?
  var context: String?
  /// What Redshift reports of an error within it, in lines; the Data API shows it as the detail.
  var report: String?

  /// The connection is gone or could not be made.
  static func lost(_ message: String) -> PostgresError {
    PostgresError(severity: "FATAL", sqlState: "08006", message: message)
  }

  init(
    severity: String = "ERROR", sqlState: String, message: String, detail: String? = nil, hint: String? = nil, position: Int? = nil,
    context: String? = nil, report: String? = nil
  ) {
    self.severity = severity
    self.sqlState = sqlState
    self.message = message
    self.detail = detail
    self.hint = hint
    self.position = position
    self.context = context
    self.report = report
  }
}

/// What the server said beside its results (`RAISE INFO`), the latest 100 lines.
final class NoticeBuffer: Sendable {
  static let limit = 100
  private let lines = Mutex<[String]>([])

  func append(_ line: String) {
    lines.withLock {
      if $0.count == Self.limit { $0.removeFirst() }
      $0.append(line)
    }
  }
  func take() -> [String] {
    lines.withLock {
      let taken = $0
      $0 = []
      return taken
    }
  }
}

/// libpq's callback; a function of the file, so that it is bound to no actor.
private func receiveNotice(_ context: UnsafeMutableRawPointer?, _ notice: OpaquePointer?) {
  guard let context, let notice else { return }
  let severity = cpq_error_field(notice, Int32(UInt8(ascii: "V"))).map { String(cString: $0) } ?? "NOTICE"
  guard let message = cpq_error_field(notice, Int32(UInt8(ascii: "M"))) else { return }
  Unmanaged<NoticeBuffer>.fromOpaque(context).takeUnretainedValue().append("\(severity): \(String(cString: message))")
}
