// swift-tools-version: 6.2
// Benchmarks stand in a package of their own, so that building and testing the product never builds them.
// Run one with `swift run -c release --package-path Benchmarks json-bench`.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "sfn-local", path: "..")],
  targets: [
    .executableTarget(
      name: "sfn-bench",
      dependencies: [.product(name: "StatesRuntime", package: "sfn-local")], swiftSettings: settings),
    .systemLibrary(name: "CBareSQLite"),
    .executableTarget(
      name: "store-bench",
      dependencies: [
        "CBareSQLite", .product(name: "DurableStore", package: "sfn-local"), .product(name: "StatesRuntime", package: "sfn-local"),
        .product(name: "JSONTypes", package: "sfn-local"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "json-bench", dependencies: [.product(name: "JSONTypes", package: "sfn-local")], swiftSettings: settings),
    .executableTarget(
      name: "jsonata-bench",
      dependencies: [.product(name: "JSONata", package: "sfn-local"), .product(name: "JSONTypes", package: "sfn-local")],
      swiftSettings: settings),
  ]
)
