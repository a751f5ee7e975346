// swift-tools-version: 6.2
// An order workflow with its actions in Swift, tested without AWS and without waiting. docs/actions.md explains it.
import PackageDescription

let package = Package(
  name: "OrderWorkflow",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "sfn-local", path: "../..")
  ],
  targets: [
    .target(name: "OrderWorkflow", dependencies: [.product(name: "StatesRuntime", package: "sfn-local")]),
    .testTarget(name: "OrderWorkflowTests", dependencies: ["OrderWorkflow", .product(name: "StatesRuntime", package: "sfn-local")]),
  ]
)
