import CFaultVFS
import CrashSuite

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Begins or goes on with an execution in a store, and may be killed at a call of the file layer:
// store-crasher FOLDER CASE KIND CALL. Prints how many calls there were, when it comes to its end.

func complain(_ text: String) {
  var text = text
  text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let crashCase = CrashCase.named(arguments[2]), let kind = UInt32(arguments[3]), let call = Int32(arguments[4]) else {
  complain("usage: store-crasher FOLDER CASE KIND CALL\n")
  exit(2)
}
guard fault_register() == 0 else { exit(2) }
fault_plan(fault_kind(kind), call, 0)
do {
  let store = try CrashCase.open(arguments[1], vfs: "sfn-fault")
  let outcome = try await crashCase.go(in: store)
  if let interruption = outcome.result.interruption {
    complain("\(interruption)\n")
    exit(4)
  }
  print(fault_calls())
} catch {
  complain("\(error)\n")
  exit(3)
}
