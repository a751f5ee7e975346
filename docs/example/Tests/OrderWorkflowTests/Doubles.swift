import OrderWorkflow
import StatesRuntime

/// Answers each charge as the test says, one after the other; then accepts.
actor ScriptedGateway: PaymentGateway {
  enum Answer { case busy, declined(String) }
  private var answers: [Answer]
  private(set) var charges: [Int] = []

  init(_ answers: Answer...) { self.answers = answers }

  func charge(_ charge: Charge) throws -> Receipt {
    charges.append(charge.amount)
    switch answers.isEmpty ? nil : answers.removeFirst() {
    case nil: return Receipt(id: "receipt-\(charges.count)")
    case .busy: throw GatewayBusy()
    case .declined(let why): throw TaskFailure(error: "CardDeclined", cause: why)
    }
  }
}

/// Prints a page between two questions; one that is stuck gives no answer until it is cancelled.
actor PaperPrinter: LabelPrinter {
  private var left: Int
  private let isStuck: Bool
  private(set) var cancelled: [String] = []

  init(pages: Int = 1, isStuck: Bool = false) {
    left = pages + 1
    self.isStuck = isStuck
  }

  func submit(_ name: String, token: String) -> String { "job-of-\(name)" }

  func pagesLeft(of job: String) async throws -> Int {
    if isStuck { try await Task.sleep(for: .seconds(3600)) }
    left -= 1
    return left
  }

  func cancel(_ job: String) { cancelled.append(job) }
}
