import Testing

/// Paths, sequences, predicates, and what `@`, `#` and `%` bind. Source: docs.jsonata.org, "Simple queries" to "Path operators".
struct PathTests {
  static let shop = """
    {"shop": "Corner", "stock": [
      {"name": "apple", "price": 2, "tags": ["red", "fresh"], "from": {"town": "Ulm"}},
      {"name": "pear", "price": 3, "tags": ["green"], "from": {"town": "Kiel"}},
      {"name": "fig", "price": 5, "tags": [], "from": {"town": "Ulm"}}],
     "orders": [{"id": 1, "item": "fig", "n": 2}, {"id": 2, "item": "apple", "n": 7}],
     "grid": [[1, 2], [3, [4, 5]]], "one": [{"a": 1}], "none": null, "empty": {}}
    """

  @Test func fieldsAndSequences() throws {
    try check(
      [
        Row("shop", #""Corner""#),
        Row("stock.name", #"["apple", "pear", "fig"]"#),
        Row("stock.tags", #"["red", "fresh", "green"]"#),
        Row("stock.from.town", #"["Ulm", "Kiel", "Ulm"]"#),
        Row("stock.missing", "nothing"),
        Row("missing.deeper", "nothing"),
        // One result is no array, unless `[]` says so.
        Row("one.a", "1"),
        Row("one.a[]", "[1]"),
        Row("one[].a", "[1]"),
        Row("one", #"[{"a": 1}]"#),
        Row("grid", "[[1, 2], [3, [4, 5]]]"),
        Row("grid.$", "[1, 2, 3, [4, 5]]"),
        Row("none", "null"),
        Row("none.x", "nothing"),
        Row("`shop`", #""Corner""#),
        Row("$.shop", #""Corner""#),
        Row("stock.(name & ':' & price)", #"["apple:2", "pear:3", "fig:5"]"#),
        Row("stock.[name, price]", #"[["apple", 2], ["pear", 3], ["fig", 5]]"#),
        Row("[stock.name, 'x']", #"["apple", "pear", "fig", "x"]"#),
        Row("[[1], [2]]", "[[1], [2]]"),
        Row("empty.*", "nothing"),
        Row("one.*", "1"),
        Row("stock[0].*", #"["apple", 2, "red", "fresh", {"town": "Ulm"}]"#),
        Row("**.town", #"["Ulm", "Kiel", "Ulm"]"#),
        Row("$count(grid.**)", "5"),
      ], over: Self.shop)
  }

  @Test func arraysAsInput() throws {
    try check(
      [
        Row("$", "[[1], [2, 3]]"), Row("$[0]", "[1]"), Row("$$[1]", "[2, 3]"), Row("$count($)", "2"), Row("*", "[1, 2, 3]"), Row("$.$", "[1, 2, 3]"),
      ], over: "[[1], [2, 3]]")
  }

  @Test func predicates() throws {
    try check(
      [
        Row("stock[0].name", #""apple""#),
        Row("stock[-1].name", #""fig""#),
        Row("stock[7]", "nothing"),
        Row("stock.name[0]", #"["apple", "pear", "fig"]"#),
        Row("(stock.name)[0]", #""apple""#),
        Row("stock[price > 2].name", #"["pear", "fig"]"#),
        Row("stock[price = 3].name", #""pear""#),
        Row("stock[price = 3][]", #"[{"name": "pear", "price": 3, "tags": ["green"], "from": {"town": "Kiel"}}]"#),
        Row("stock[[0, 2]].name", #"["apple", "fig"]"#),
        Row("stock[[0..1]].price", "[2, 3]"),
        Row("stock[1.9].name", #""pear""#),
        Row("stock['red' in tags].name", #""apple""#),
        Row("stock[from.town = 'Ulm'][1].name", #""fig""#),
        Row("stock[$ ~> $keys ~> $count > 3].price", "[2, 3, 5]"),
        Row("'text'[0]", #""text""#),
        Row("'text'[1]", "nothing"),
        Row("(stock{name: price})[0].fig", "5"),
      ], over: Self.shop)
  }

  @Test func order() throws {
    try check(
      [
        Row("stock^(>price).name", #"["fig", "pear", "apple"]"#),
        Row("stock^(from.town, >name).name", #"["pear", "fig", "apple"]"#),
        Row("stock^(missing).name", #"["apple", "pear", "fig"]"#),
        Row("stock^(tags[0]).name", #"["pear", "apple", "fig"]"#),
        Row("stock^(>tags[0]).name", #"["apple", "pear", "fig"]"#),
        Row("one^(a)", #"{"a": 1}"#),
        Row("stock^(tags)", "!T2008"),
        Row("[{'v': 1}, {'v': 'x'}]^(v)", "!T2007"),
        // By UTF-16 units, in which surrogates come before U+E000.
        Row("['\u{FF5E}', '\u{1F600}', 'é', 'z', '']^($)", "[\"\", \"z\", \"é\", \"\u{1F600}\", \"\u{FF5E}\"]"),
        Row("['category 12', 'category 1', 'category', 'category 2']^(>$)", #"["category 2", "category 12", "category 1", "category"]"#),
        // Equal ones stay in their order, whichever way a term goes.
        Row("[{'a': 1, 'n': 1}, {'a': 1, 'n': 2}, {'a': 0, 'n': 3}, {'a': 1, 'n': 4}]^(>a).n", "[1, 2, 4, 3]"),
        Row("[{'a': 'x', 'b': 2}, {'a': 'y', 'b': 1}, {'a': 'x', 'b': 1}, {'a': 'x', 'b': 2, 'c': 1}]^(a, >b, c).(a & b & c)", #"["x21", "x2", "x1", "y1"]"#),
      ], over: Self.shop)
  }

  @Test func grouping() throws {
    try check(
      [
        Row("stock{name: price}", #"{"apple": 2, "pear": 3, "fig": 5}"#),
        Row("stock{from.town: name}", #"{"Ulm": ["apple", "fig"], "Kiel": "pear"}"#),
        Row("stock{from.town: $sum(price)}", #"{"Ulm": 7, "Kiel": 3}"#),
        Row("stock.{name: price}", #"[{"apple": 2}, {"pear": 3}, {"fig": 5}]"#),
        Row("{'a': missing, 'b': 1}", #"{"b": 1}"#),
        Row("missing{'a': 1}", #"{"a": 1}"#),
        Row("stock{price: 1}", "!T1003"),
        Row("stock{name: 1, 'fig': 2}", "!D1009"),
        // Keys that are array indices come first, as in JavaScript.
        Row("$keys({'b': 1, '10': 2, '9': 3})", #"["9", "10", "b"]"#),
      ], over: Self.shop)
  }

  @Test func bindings() throws {
    try check(
      [
        Row("orders@$o.stock[name = $o.item].{'id': $o.id, 'cost': $o.n * price}", #"[{"id": 1, "cost": 10}, {"id": 2, "cost": 14}]"#),
        Row("stock#$i.{'at': $i, 'name': name}", #"[{"at": 0, "name": "apple"}, {"at": 1, "name": "pear"}, {"at": 2, "name": "fig"}]"#),
        Row("stock[price > 2]#$i.$i", "[0, 1]"),
        Row("stock#$i[price > 2].$i", "[1, 2]"),
        Row("stock^(>price)#$i.(name & $i)", #"["fig0", "pear1", "apple2"]"#),
        Row(
          "stock.tags.{'tag': $, 'of': %.name}", #"[{"tag": "red", "of": "apple"}, {"tag": "fresh", "of": "apple"}, {"tag": "green", "of": "pear"}]"#),
        Row("stock.from.town.(%.%.name)", #"["apple", "pear", "fig"]"#),
        Row("stock.from[%.price > 2].town", #"["Kiel", "Ulm"]"#),
        Row("orders@$o.stock@$s[$s.name = $o.item]{$o.item: $s.price}", #"{"fig": 5, "apple": 2}"#),
        Row("orders@$o.stock[name = 'kiwi']{'x': $o.id}", "{}"),
        Row("shop.%.%", "!S0217"),
        Row("%", "!S0217"),
        Row("stock[0]@$s", "!S0215"),
        Row("stock^(price)@$s", "!S0216"),
        Row("stock@name", "!S0214"),
      ], over: Self.shop)
  }

  @Test func transforms() throws {
    try check(
      [
        Row(
          "$ ~> |orders|{'n': n + 1}| ~> |$|{}, ['stock', 'grid', 'one', 'none', 'empty', 'shop']|",
          #"{"orders": [{"id": 1, "item": "fig", "n": 3}, {"id": 2, "item": "apple", "n": 8}]}"#),
        Row("(orders ~> |$[id = 2]|{}, 'n'|)[1]", #"{"id": 2, "item": "apple"}"#),
        Row("($ ~> |one|{'b': 2}|).one", #"[{"a": 1, "b": 2}]"#),
        Row("($x := {'a': {'b': 1}}; $y := $x ~> |a|{'b': 2}|; [$x.a.b, $y.a.b])", "[1, 2]"),
        Row("{'a': 1} ~> |$|{'self': $}|", #"{"a": 1, "self": {"a": 1}}"#),
        Row("missing ~> |$|{}|", "nothing"),
        Row("$ ~> |one|5|", "!T2011"),
        Row("$ ~> |one|{}, 5|", "!T2012"),
        Row("5 ~> |$|{}|", "!T0410"),
        Row("($clone := 1; $ ~> |one|{}|)", "!T2013"),
      ], over: Self.shop)
  }
}
