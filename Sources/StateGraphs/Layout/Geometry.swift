/// A place in a drawing, in pixels; y grows downwards.
public struct Point: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

public struct Size: Sendable, Hashable {
  public var width: Double
  public var height: Double
  public init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }
}

public struct Rectangle: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var maxX: Double { x + width }
  public var maxY: Double { y + height }
  public var midX: Double { x + width / 2 }

  /// Whether the two have more than an edge in common.
  public func overlaps(_ other: Rectangle) -> Bool { x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY }
  public func contains(_ other: Rectangle) -> Bool { x <= other.x && y <= other.y && maxX >= other.maxX && maxY >= other.maxY }
}

/// A line: straight pieces and curves, each from where the one before ends.
public struct LinePath: Sendable, Hashable {
  public enum Step: Sendable, Hashable {
    case line(Point)
    /// A cubic curve with its two control points.
    case curve(Point, Point, Point)
  }
  public var start: Point
  public var steps: [Step] = []

  public init(from start: Point) { self.start = start }

  public var end: Point {
    switch steps.last {
    case .line(let point)?, .curve(_, _, let point)?: point
    case nil: start
    }
  }

  private var startOfLastStep: Point {
    guard steps.count > 1 else { return start }
    switch steps[steps.count - 2] {
    case .line(let point), .curve(_, _, let point): return point
    }
  }

  mutating func addLine(to point: Point) {
    if point == end { return }
    // Upright pieces that follow one another are one.
    if case .line(let last)? = steps.last, last.x == point.x, startOfLastStep.x == point.x, (last.y < point.y) == (startOfLastStep.y < last.y) {
      steps[steps.count - 1] = .line(point)
    } else {
      steps.append(.line(point))
    }
  }

  /// A curve that leaves and arrives upright, or a line where both ends stand above each other.
  mutating func addCurve(to point: Point) {
    let from = end
    if abs(from.x - point.x) < 0.5 { return addLine(to: point) }
    let bend = (point.y - from.y) * 0.55
    steps.append(.curve(Point(from.x, from.y + bend), Point(point.x, point.y - bend), point))
  }

  func moved(by offset: Point) -> LinePath {
    func move(_ point: Point) -> Point { Point(point.x + offset.x, point.y + offset.y) }
    var result = LinePath(from: move(start))
    result.steps = steps.map { step in
      switch step {
      case .line(let point): .line(move(point))
      case .curve(let a, let b, let point): .curve(move(a), move(b), move(point))
      }
    }
    return result
  }
}
