// swift-tools-version: 6.2
// sfn-local: a local engine for workflows written in the Amazon States Language.
// Rooms and arrows: docs/ARCHITECTURE.md. `scripts/test` checks that no target imports a sibling it does not name here.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "sfn-local",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "sfn-local", targets: ["sfn-local"]),
    // What a user's own package builds on: the engine with its action registry.
    .library(name: "StatesRuntime", targets: ["StatesRuntime", "StatesInterpreter", "StatesLanguage", "DefinitionFiles", "JSONTypes"]),
    .library(name: "StatesAnalysis", targets: ["StatesAnalysis"]),
    .library(name: "DurableStore", targets: ["DurableStore"]),
    .library(name: "TaskActions", targets: ["TaskActions"]),
    .library(name: "JSONTypes", targets: ["JSONTypes"]),
    .library(name: "JSONata", targets: ["JSONata"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // C libraries. libcurl and libpq are opened at their first use, so these two are plain C targets without a link.
    .target(name: "CCurl"),
    .target(name: "CPQ"),
    // A few functions of the C library that Swift does not see.
    .target(name: "CProcess"),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),

    // values
    // Where no Foundation is linked, nothing else brings in the functions behind rounding.
    .target(name: "JSONTypes", swiftSettings: settings, linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "RegularExpressions", dependencies: ["CPCRE2"], swiftSettings: settings),
    .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: settings),
    .target(name: "JSONPath", dependencies: ["JSONTypes", "RegularExpressions"], swiftSettings: settings),
    .target(name: "JSONata", dependencies: ["JSONTypes", "RegularExpressions"], swiftSettings: settings),
    // language
    .target(name: "StatesLanguage", dependencies: ["JSONTypes", "JSONPath", "JSONata"], swiftSettings: settings),
    // What can be said about a definition without running it.
    .target(name: "StatesAnalysis", dependencies: ["StatesLanguage", "JSONTypes", "JSONPath", "JSONata"], swiftSettings: settings),
    // core
    .target(name: "StatesInterpreter", dependencies: ["StatesLanguage", "JSONTypes", "JSONPath", "JSONata"], swiftSettings: settings),
    .target(name: "DefinitionFiles", dependencies: ["StatesLanguage", "JSONTypes", "RegularExpressions", "CLibYAML"], swiftSettings: settings),
    // views
    .target(name: "ExecutionTraces", dependencies: ["StatesInterpreter", "StatesLanguage", "JSONTypes"], swiftSettings: settings),
    .target(
      name: "ExecutionReplay", dependencies: ["ExecutionTraces", "StatesInterpreter", "StatesLanguage", "JSONPath", "JSONTypes"],
      swiftSettings: settings),
    .target(name: "StateGraphs", dependencies: ["StatesLanguage", "JSONTypes"], swiftSettings: settings),
    .target(
      name: "ExecutionPages", dependencies: ["StateGraphs", "StatesLanguage", "JSONata", "JSONTypes"], swiftSettings: settings),
    // shell
    .target(name: "StatesRuntime", dependencies: ["StatesInterpreter", "StatesLanguage", "JSONTypes", "Gzip"], swiftSettings: settings),
    .target(
      name: "DurableStore",
      dependencies: ["StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "Gzip", "CSQLite"], swiftSettings: settings),
    .target(
      name: "AWSJSONServer",
      dependencies: [
        "JSONTypes", "COpenSSL",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    // edges
    .target(
      name: "TaskActions",
      dependencies: ["StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "CCurl", "COpenSSL", "CProcess"], swiftSettings: settings),
    .target(name: "StepFunctionsAPI", dependencies: ["StatesRuntime", "AWSJSONServer", "JSONTypes"], swiftSettings: settings),
    .target(
      name: "RedshiftDataEmulator", dependencies: ["AWSJSONServer", "JSONTypes", "Gzip", "CPQ"], swiftSettings: settings),
    // entrance
    .executableTarget(
      name: "sfn-local",
      dependencies: [
        "JSONTypes", "JSONPath", "JSONata", "StatesLanguage", "StatesAnalysis", "DefinitionFiles", "StatesInterpreter", "ExecutionReplay",
        "ExecutionTraces", "StateGraphs", "ExecutionPages", "StatesRuntime", "DurableStore", "TaskActions", "RedshiftDataEmulator",
        "StepFunctionsAPI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // tests
    .target(name: "TestSupport", dependencies: ["JSONTypes"], path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "sfn-local", "ExecutionTraces", "DurableStore", "TaskActions", "StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "TestSupport",
        "CSQLite",
      ], swiftSettings: settings),
    .testTarget(name: "JSONTypesTests", dependencies: ["JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "GzipTests", dependencies: ["Gzip", "JSONTypes"], swiftSettings: settings),
    .testTarget(name: "JSONataTests", dependencies: ["JSONata", "JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "StateGraphsTests", dependencies: ["StateGraphs", "JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ExecutionPagesTests", dependencies: ["ExecutionPages", "StateGraphs", "JSONata", "JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "JSONPathTests", dependencies: ["JSONPath", "JSONTypes"], swiftSettings: settings),
    .testTarget(name: "StatesLanguageTests", dependencies: ["StatesLanguage", "JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "StatesAnalysisTests", dependencies: ["StatesAnalysis", "StatesLanguage", "JSONTypes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "RegularExpressionsTests", dependencies: ["RegularExpressions", "JSONTypes"], swiftSettings: settings),
    .testTarget(
      name: "TaskActionsTests",
      dependencies: ["TaskActions", "StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "TestSupport", "COpenSSL"],
      swiftSettings: settings),
    .testTarget(
      name: "DefinitionFilesTests", dependencies: ["DefinitionFiles", "StatesAnalysis", "StatesLanguage", "JSONTypes", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "AWSJSONServerTests", dependencies: ["AWSJSONServer", "JSONTypes"], swiftSettings: settings),
    .testTarget(
      name: "RedshiftDataEmulatorTests", dependencies: ["RedshiftDataEmulator", "AWSJSONServer", "Gzip", "JSONTypes"], swiftSettings: settings),
    .testTarget(
      name: "StatesInterpreterTests",
      dependencies: ["ExecutionReplay", "ExecutionTraces", "StatesAnalysis", "StatesInterpreter", "StatesLanguage", "JSONTypes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ExecutionTracesTests", dependencies: ["ExecutionTraces", "StatesInterpreter", "StatesLanguage", "JSONTypes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "StatesRuntimeTests", dependencies: ["StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes"], swiftSettings: settings),
    // A file layer that fails where it is told to, executions that are cut off, and a program that is killed in the midst of them.
    .target(name: "CFaultVFS", dependencies: ["CSQLite"], path: "Tests/CFaultVFS"),
    .target(
      name: "CrashSuite", dependencies: ["DurableStore", "StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes"],
      path: "Tests/CrashSuite", swiftSettings: settings),
    .executableTarget(name: "store-crasher", dependencies: ["CrashSuite", "CFaultVFS"], path: "Tests/StoreCrasher", swiftSettings: settings),
    .testTarget(
      name: "DurableStoreTests",
      dependencies: [
        "CSQLite", "DurableStore", "StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "CrashSuite", "CFaultVFS", "store-crasher",
        "TestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "ExecutionReplayTests", dependencies: ["ExecutionReplay", "ExecutionTraces", "StatesInterpreter", "StatesLanguage", "JSONTypes"],
      swiftSettings: settings),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["ExecutionReplay", "ExecutionTraces", "StatesRuntime", "StatesInterpreter", "StatesLanguage", "JSONTypes", "TestSupport"],
      swiftSettings: settings),
  ]
)
