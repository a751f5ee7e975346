import StatesRuntime

/// What the state CheckStock sends: the whole order, of which it needs this much.
struct StockQuestion: Decodable {
  var item: String
  var quantity: Int
}

struct StockAnswer: Codable {
  var price: Int
  var missing: Int
}

/// The `Payload` of the state ChargeCard.
public struct Charge: Codable, Sendable {
  public var card: String
  public var amount: Int
}

public struct Receipt: Codable, Sendable {
  public var id: String
  public init(id: String) { self.id = id }
}

/// The name of the type is the error's name, for Retry: `GatewayBusy`.
public struct GatewayBusy: Error {
  public init() {}
}

/// Takes the money. The program has the real one, a test has its own.
public protocol PaymentGateway: Sendable {
  /// - Throws: `GatewayBusy`, or a `TaskFailure` with the error `CardDeclined`.
  func charge(_ charge: Charge) async throws -> Receipt
}

extension ActionRegistry {
  /// Everything that `orders.asl.json` calls.
  public static func orders(gateway: some PaymentGateway, printer: some LabelPrinter) -> ActionRegistry {
    var actions = ActionRegistry()
    let stock = ["teapot": (price: 2500, pieces: 3), "cup": (price: 700, pieces: 40)]

    // Typed closures: the input is decoded, the result encoded.
    actions.register(function: "check-stock") { (question: StockQuestion) throws -> StockAnswer in
      guard let item = stock[question.item] else {
        throw TaskFailure(error: "UnknownItem", cause: "no item is called \(question.item)")
      }
      return StockAnswer(price: item.price * question.quantity, missing: max(0, question.quantity - item.pieces))
    }
    actions.register(function: "charge-card") { (charge: Charge) in
      try await gateway.charge(charge)
    }

    // An integration, with the pattern that it is called with.
    actions.register(resource: "arn:aws:states:::batch:submitJob.sync", PrintLabel(printer: printer))
    return actions
  }
}
