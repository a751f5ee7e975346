import ArgumentParser

@main
struct SfnLocal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sfn-local", abstract: "Run, trace and check workflows written in the Amazon States Language.")
}
