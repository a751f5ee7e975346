import ArgumentParser

struct RedshiftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "redshift", abstract: "The local Redshift Data API.")
}
