import JSONTypes

/// An expression and what it is given.
struct Case {
  enum Group: String, CaseIterable {
    case paths = "paths"
    case filterAndMap = "filter and map over 1,000 items"
    case higherOrder = "higher-order functions"
    case strings = "strings"
    case sortAndGroup = "sort and group of 10,000 objects"
    case construction = "transform and construction"
    /// Named apart: JavaScript compiles them to machine code. Not part of the mean.
    case regularExpressions = "regular expressions (not in the mean)"
  }
  let group: Group
  let name: String
  let expression: String
  let input: Input

  init(_ group: Group, _ name: String, _ expression: String, _ input: Input = .orders) {
    self.group = group
    self.name = name
    self.expression = expression
    self.input = input
  }

  static let all: [Case] = [
    Case(.paths, "field", "status", .order),
    Case(.paths, "field, four deep", "customer.address.location.latitude", .order),
    Case(.paths, "element and field", "orders[17].customer.name"),
    Case(.paths, "field of 1,000", "orders.total"),
    Case(.paths, "nested field of 1,000", "orders.customer.address.city"),
    Case(.paths, "array within 1,000", "orders.items.sku"),
    Case(.paths, "wildcard", "orders[3].customer.*"),
    Case(.paths, "descendants", "**.postalCode", .order),

    Case(.filterAndMap, "filter by number", "orders[total > 500]"),
    Case(.filterAndMap, "filter by text", "orders[status = 'open'].id"),
    Case(.filterAndMap, "filter by two terms", "orders[status = 'open' and customer.age >= 40].id"),
    Case(.filterAndMap, "map to a number", "orders.(total * quantity)"),
    Case(.filterAndMap, "map to a condition", "orders.(total > 500 ? 'large' : 'small')"),
    Case(.filterAndMap, "sum", "$sum(orders.(total * quantity))"),

    Case(.higherOrder, "$map", "$map(orders, function($o) { $o.total * 2 })"),
    Case(.higherOrder, "$map with index", "$map(orders, function($o, $i) { $o.total + $i })"),
    Case(.higherOrder, "$map of a built-in", "$map(orders.total, $string)"),
    Case(.higherOrder, "$filter", "$filter(orders, function($o) { $o.total > 500 }).id"),
    Case(.higherOrder, "$each, $sift", "$sift($merge($each(customer, function($v, $k) { {$k: $v} })), function($v, $k) { $k != 'age' })", .order),
    Case(.higherOrder, "chain", "orders.total ~> $filter(function($t) { $t > 100 }) ~> $map(function($t) { $t / 2 }) ~> $sum()"),
    Case(.higherOrder, "recursion", "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(14))", .order),
    Case(.higherOrder, "$reduce, 10,000", "$reduce(numbers, function($sum, $n) { $sum + $n }, 0)", .numbers),
    Case(.higherOrder, "$reduce, a range", "$reduce([1..10000], function($sum, $n) { $sum + $n })", .order),

    Case(.strings, "concatenate 1,000", "orders.(customer.name & ' of ' & customer.address.city)"),
    Case(.strings, "$join 1,000", "$join(orders.customer.name, ', ')"),
    Case(.strings, "$uppercase, $substring", "orders.$uppercase($substring(customer.name, 0, 5))"),
    Case(.strings, "$substringBefore", "orders.$substringBefore(customer.mail, '@')"),
    Case(.strings, "$contains", "orders[$contains(customer.name, 'ar')].id"),
    Case(.strings, "$split", "$split(text, ' ')", .text),
    Case(.strings, "$replace", "$replace(text, 'order', 'delivery')", .text),
    Case(.strings, "$pad, $string", "orders.$pad($string(id), -8, '0')"),
    Case(.strings, "$string of an object", "$string($)", .order),

    Case(.sortAndGroup, "sort by number", "records^(price)", .records),
    Case(.sortAndGroup, "sort by two terms", "records^(>category, name)", .records),
    Case(.sortAndGroup, "$sort with a function", "$sort(records, function($a, $b) { $a.price > $b.price })", .records),
    Case(.sortAndGroup, "group and sum", "records{category: $sum(price)}", .records),
    Case(.sortAndGroup, "group and count", "records{category: {'count': $count(name), 'highest': $max(price)}}", .records),
    Case(.sortAndGroup, "$distinct", "$distinct(records.category)", .records),

    Case(.construction, "transform of 1,000", "$ ~> |orders|{'total': total * 2}, ['status']|"),
    Case(.construction, "objects of 1,000", "orders.{'id': id, 'price': total * quantity, 'city': customer.address.city}"),
    Case(.construction, "arrays of 1,000", "orders.[id, total, status]"),
    Case(.construction, "small object", "{'id': id, 'customer': {'name': customer.name}, 'tags': [status, 'new'], 'total': total * quantity}", .order),
    Case(.construction, "$merge", "$merge(orders.{$string(id): total})"),
    Case(.construction, "block with variables", "($net := total * quantity; $tax := $net * 0.19; {'net': $net, 'tax': $tax, 'gross': $net + $tax})", .order),

    Case(.regularExpressions, "filter by pattern", "orders[customer.name ~> /^[A-M].*r$/].id"),
    Case(.regularExpressions, "$match", "$count($match(text, /o[a-z]+r/))", .text),
    Case(.regularExpressions, "$replace", "$replace(text, /(\\w+) of/, '$1 from')", .text),
    Case(.regularExpressions, "$split", "$split(text, /\\s+/)", .text),
  ]
}

/// Generated documents, the same in every run.
enum Input: Hashable, CaseIterable {
  /// One order.
  case order
  /// 1,000 orders.
  case orders
  /// 10,000 flat objects.
  case records
  /// 10,000 numbers.
  case numbers
  /// A text of 10,000 words.
  case text

  func make() -> JSONValue {
    var generator = Generator(random: SeededRandom(seed: 7))
    return switch self {
    case .order: generator.order(1)
    case .orders: ["orders": .array((1...1_000).map { generator.order($0) })]
    case .records: ["records": .array((1...10_000).map { generator.record($0) })]
    case .numbers: ["numbers": .array((1...10_000).map { _ in .int(generator.number(in: 0...9_999)) })]
    case .text: ["text": .string((0..<10_000).map { _ in generator.word() }.joined(separator: " "))]
    }
  }
}

private struct Generator {
  var random: SeededRandom

  private static let words = ["order", "of", "customer", "the", "warehouse", "item", "delivery", "a", "address", "returns", "Straße", "other"]
  private static let names = ["Karla Martin", "Zoe Weber", "Amir Bauer", "Mia Jung", "Peter Maier", "Ole Hansen", "Lea Fischer", "Ben Carter"]
  private static let cities = ["Berlin", "Hamburg", "Köln", "Leipzig", "Bremen", "Dresden", "Bonn"]
  private static let states = ["open", "paid", "sent", "done"]

  mutating func word() -> String { Self.words.randomElement(using: &random)! }
  mutating func number(in range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
  private mutating func cents(_ range: ClosedRange<Int64>) -> JSONValue { .double(Double(number(in: range)) / 100) }

  mutating func order(_ id: Int) -> JSONValue {
    let name = Self.names.randomElement(using: &random)!
    let items: [JSONValue] = (0..<3).map { _ in
      ["sku": .string("S\(number(in: 1_000...9_999))"), "price": cents(100...9_999), "count": .int(number(in: 1...5))]
    }
    return [
      "id": .int(Int64(id)), "status": .string(Self.states.randomElement(using: &random)!),
      "total": cents(100...100_000), "quantity": .int(number(in: 1...9)),
      "customer": [
        "name": .string(name), "age": .int(number(in: 18...80)), "mail": .string("\(name.split(separator: " ")[0].lowercased())@example.com"),
        "address": [
          "street": .string("\(word()) \(number(in: 1...99))"), "city": .string(Self.cities.randomElement(using: &random)!),
          "postalCode": .string("\(number(in: 10_000...99_999))"),
          "location": ["latitude": cents(-9_000...9_000), "longitude": cents(-18_000...18_000)],
        ],
      ],
      "items": .array(items),
    ]
  }

  mutating func record(_ id: Int) -> JSONValue {
    [
      "id": .int(Int64(id)), "name": .string("\(word()) \(number(in: 1...99_999))"), "category": .string("category \(number(in: 1...20))"),
      "price": cents(1...999_999), "active": .bool(number(in: 0...1) == 1),
    ]
  }
}
