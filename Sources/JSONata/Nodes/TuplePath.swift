/// Paths whose steps bind variables: each item travels with what was bound on its way.
extension PathNode {
  func evaluateTuples(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var items = startsAtVariable ? .values([input]) : input.arrayItems ?? .values([input])
    var stream: TupleStream?
    var result = Value.undefined
    for (index, step) in steps.enumerated() {
      if stream != nil || step.bindsTuple {
        stream = try tuples(step, stream, items, frame, run)
      } else if index == 0, step.isConstructedArray {
        result = try run.evaluate(step.node, input, frame)
        items = result.items
        if items.isEmpty { break }
      } else {
        result = try evaluate(step, items, frame, run, isLast: index == steps.count - 1)
        items = result.items
        if items.isEmpty { break }
      }
    }
    if let stream {
      result = yieldsTuples ? .tuples(stream) : try run.sequence(stream.tuples.map(\.item))
    }
    if keepsSingletonArray { result = try keepingSingleton(result, run) }
    if let group { return try group.evaluate(stream.map { .tuples($0) } ?? result, frame, run) }
    return result
  }

  private func tuples(_ step: Step, _ before: TupleStream?, _ items: Items, _ frame: Frame, _ run: Run) throws(Failure) -> TupleStream {
    if let sort = step.node as? SortNode {
      let sorted: TupleStream
      if let before {
        sorted = try sort.sort(before, frame, run)
      } else {
        let values = try sort.sort(items, frame, run).items
        sorted = TupleStream(
          values.enumerated().map { position, item in
            Tuple(item: item, bindings: step.index.map { [Binding(name: $0, value: .number(Double(position)))] } ?? [])
          })
      }
      return try stages(step, sorted, frame, run)
    }
    let before = before?.tuples ?? items.map { Tuple(item: $0, bindings: []) }
    var after: [Tuple] = []
    for tuple in before {
      let scope = tuple.bindings.isEmpty ? frame : Frame(parent: frame, bindings: tuple.bindings)
      let value = try run.evaluate(step.node, tuple.item, scope)
      if case .tuples(let inner) = value {
        for item in inner.tuples {
          var joined = tuple
          joined.item = item.item
          for binding in item.bindings { joined.set(binding.name, binding.value) }
          after.append(joined)
        }
        try run.charge(elements: inner.tuples.count * (1 + tuple.bindings.count))
        continue
      }
      let found = value.items
      try run.charge(elements: found.count * (1 + tuple.bindings.count))
      for position in 0..<found.count {
        var next = tuple
        if let focus = step.focus { next.set(focus, found[position]) } else { next.item = found[position] }
        if let index = step.index { next.set(index, .number(Double(position))) }
        if let ancestor = step.ancestor { next.set(ancestor, tuple.item) }
        after.append(next)
      }
    }
    return try stages(step, TupleStream(after), frame, run)
  }

  private func stages(_ step: Step, _ stream: TupleStream, _ frame: Frame, _ run: Run) throws(Failure) -> TupleStream {
    var stream = stream
    for stage in step.stages {
      switch stage {
      case .filter(let predicate):
        if case .tuples(let selected) = try predicate.select(from: .tuples(stream), frame, run) { stream = selected }
      case .index(let name):
        stream = TupleStream(
          stream.tuples.enumerated().map { position, tuple in
            var tuple = tuple
            tuple.set(name, .number(Double(position)))
            return tuple
          })
      }
    }
    return stream
  }
}

extension Tuple {
  mutating func set(_ name: NameID, _ value: Value) {
    if let position = bindings.firstIndex(where: { $0.name == name }) {
      bindings[position].value = value
    } else {
      bindings.append(Binding(name: name, value: value))
    }
  }
}
