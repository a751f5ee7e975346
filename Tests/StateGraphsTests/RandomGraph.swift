import JSONTypes

/// Definitions made out of a seed to be drawn, not run: any transition may lead anywhere, or nowhere.
struct RandomGraph {
  private var random: SeededRandom
  private var lastName = 0
  private var budget: Int

  static func definition(seed: UInt64, states: Int) -> SyntaxNode {
    var maker = RandomGraph(random: SeededRandom(seed: seed), budget: states)
    return SyntaxNode(maker.machine(count: max(1, states * 2 / 3), depth: 0))
  }

  private init(random: SeededRandom, budget: Int) {
    self.random = random
    self.budget = budget
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  private static let words = ["load", "Check", "customer_order", "ÄÖÜ", "注文を確認する", "end", "__proto__", "<b>", "\"quoted\"", "a\nb", "👩‍🚀", "\u{202e}abc", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"]

  private mutating func name() -> String {
    lastName += 1
    var name = "\(lastName)"
    for _ in 0..<below(4) { name += " " + Self.words[below(Self.words.count)] }
    return name
  }

  private mutating func machine(count: Int, depth: Int) -> JSONValue {
    budget -= count
    let names = (0..<count).map { _ in name() }
    var states = JSONObject()
    for (number, own) in names.enumerated() {
      // Mostly forward and near, at times back, far, to itself or to nothing.
      func target(_ maker: inout RandomGraph) -> JSONValue {
        switch maker.below(20) {
        case 0: "nowhere"
        case 1: .string(own)
        case 2, 3: .string(names[maker.below(count)])
        case 4: .string(names[maker.below(number + 1)])
        default: .string(names[min(count - 1, number + 1 + maker.below(3))])
        }
      }
      var state = JSONObject()
      let type = ["Task", "Pass", "Wait", "Choice", "Choice", "Parallel", "Map", "Succeed", "Fail", "Nonsense"][below(10)]
      state["Type"] = .string(type)
      switch type {
      case "Choice":
        state["Choices"] = .array((0..<(1 + below(4))).map { _ in
          ["Variable": "$.a.long.path.to.something", "NumericLessThanEquals": .int(Int64(below(1000))), "Next": target(&self)]
        })
        if chance(70) { state["Default"] = target(&self) }
      case "Succeed", "Fail": break
      default:
        if chance(15) { state["End"] = true } else { state["Next"] = target(&self) }
        if chance(40) { state["Catch"] = .array((0..<(1 + below(2))).map { _ in ["ErrorEquals": ["States.ALL", "My.Error"], "Next": target(&self)] }) }
      }
      if depth < 3, budget > 0 {
        if type == "Parallel" { state["Branches"] = .array((0..<(1 + below(4))).map { _ in machine(count: 1 + below(max(1, min(4, budget))), depth: depth + 1) }) }
        if type == "Map" { state["ItemProcessor"] = machine(count: 1 + below(max(1, min(5, budget))), depth: depth + 1) }
      }
      states[own] = .object(state)
    }
    return ["StartAt": .string(names[0]), "States": .object(states)]
  }
}
