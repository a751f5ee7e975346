import ArgumentParser
import DefinitionFiles
import RedshiftDataEmulator
import TaskActions

struct RedshiftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redshift", abstract: "The local Redshift Data API on a private PostgreSQL.",
    subcommands: [RedshiftStartCommand.self, RedshiftSQLCommand.self])
}

/// What both commands are told about the database.
struct RedshiftArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Where the database lives; by default in the user's state folder.", valueName: "DIR"))
  var stateDir: String?

  @Option(help: ArgumentHelp("The folder that stands for S3: s3://bucket/key is DIR/bucket/key.", valueName: "DIR"))
  var s3Root: String?

  @Option(help: S3Place.help)
  var s3: S3Place?

  @Option(help: ArgumentHelp("The region of AWS that S3 is in.", valueName: "REGION"))
  var region: String?

  @Option(help: ArgumentHelp("The profile that S3 of AWS is reached with.", valueName: "NAME"))
  var profile: String?

  func validate() throws {
    if s3Root != nil && (s3 != nil || region != nil || profile != nil) {
      throw ValidationError("--s3-root says that S3 is a folder, so --s3, --region and --profile have no meaning")
    }
  }

  /// The place of S3 beside a folder, in words; nil when nothing names one.
  ///
  /// It must be named for this run: by a flag, or by an endpoint variable.
  func configuration() throws -> (RedshiftDataEndpoint.Configuration, s3: String?) {
    var configuration = RedshiftDataEndpoint.Configuration()
    configuration.stateFolder = stateDir.map(absolutePath)
    configuration.s3Root = s3Root.map(absolutePath)
    if let folder = configuration.s3Root { return (configuration, "S3: the folder \(folder)") }
    do throws(AWSConfigurationError) {
      guard let settings = try s3Settings() else { return (configuration, nil) }
      configuration.objects = S3RedshiftObjects(settings: settings)
      return (configuration, settings.s3Words)
    } catch {
      throw CommandProblem(error.message)
    }
  }

  private func s3Settings() throws(AWSConfigurationError) -> AWSClientSettings? {
    let environment = processEnvironment()
    if let s3 { return try s3.settings(region: region, profile: profile, environment: environment) }
    guard let named = try NamedAWS(environment, AWSClientSettings.Flags(profile: profile, region: region), services: [.s3]) else { return nil }
    switch named.settings.target(of: .s3) {
    case .nothing: return nil
    case .incomplete(let why, _): throw AWSConfigurationError(why)
    case .aws, .endpoint: return named.settings
    }
  }
}

struct RedshiftStartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Serve the Redshift Data API to any AWS SDK until Ctrl-C.")

  @OptionGroup var arguments: RedshiftArguments

  @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 takes any free one.", valueName: "PORT"))
  var port: Int = 8085

  @Option(help: ArgumentHelp("Play a script in the place of the database: delays, statuses, rows, errors and faults.", valueName: "FILE"))
  var script: String?

  func run() async throws {
    ignoreBrokenPipes()
    var (configuration, s3) = try arguments.configuration()
    if let script {
      let text: [UInt8]
      do throws(FileReadError) { text = try FileReaders.disk(script, 64 << 20) } catch {
        throw CommandProblem("cannot read \(script): \(error.message)")
      }
      do throws(RedshiftDataEndpoint.Failure) { try configuration.play(script: text) } catch {
        throw CommandProblem("\(script): \(error.description)")
      }
    }
    configuration.port = port
    configuration.resumesAtOnce = true
    // Before anything is announced: an interrupt that comes right after must not be lost.
    let (stream, continuation) = AsyncStream<Int>.makeStream()
    let interrupts = onInterrupt { count in
      if count > 1 { leave(130) }
      continuation.yield(count)
    }
    let endpoint: RedshiftDataEndpoint
    do throws(RedshiftDataEndpoint.Failure) {
      endpoint = try await RedshiftDataEndpoint.start(configuration)
    } catch {
      let hint = error.isAboutThePort ? "; choose another with --port, or --port 0 for any free one" : ""
      throw CommandProblem("the local Redshift could not start: \(error.description)\(hint)", exitCode: 1)
    }
    let state = configuration.stateFolder ?? RedshiftDataEndpoint.defaultStateFolder
    let place =
      endpoint.databaseFolder.map { "Database in \($0)\($0.hasPrefix(state + "/") ? "" : " (state folder \(state))")" } ?? "Playing \(script ?? "") without a database"
    Terminal.writeError(
      """
      Redshift Data API on \(endpoint.url)
      \(place)\(s3.map { "\n\($0)" } ?? "")
      Try: aws redshift-data execute-statement --endpoint-url \(endpoint.url) --region us-east-1 --cluster-identifier local --database dev --db-user awsuser --sql 'select 1'
      Ctrl-C ends it.\n
      """)
    for await _ in stream { break }
    Terminal.writeError("stopping; once more ends at once\n")
    await endpoint.stop()
    withExtendedLifetime(interrupts) {}
  }
}

struct RedshiftSQLCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "sql", abstract: "Run a script in Redshift's SQL and print the last result as a table.")

  @OptionGroup var arguments: RedshiftArguments

  @Option(help: ArgumentHelp("The database.", valueName: "NAME"))
  var database: String = "dev"

  @Argument(help: "The script; - reads standard input.")
  var script: String

  func run() async throws {
    ignoreBrokenPipes()
    let sql = script == "-" ? String(decoding: Terminal.readInput(), as: UTF8.self) : script
    let configuration = try arguments.configuration().0
    do throws(RedshiftDataEndpoint.Failure) {
      let result = try await RedshiftDataEndpoint.query(sql, database: database, configuration)
      for message in result.messages { Terminal.writeError(message.printable(keepingLines: true) + "\n") }
      Terminal.writeOutput(Table(columns: result.columns, rows: result.rows).text)
      let noun = result.columns.isEmpty ? (result.rowCount == 1 ? "row affected" : "rows affected") : (result.rowCount == 1 ? "row" : "rows")
      if result.rowCount >= 0 { Terminal.writeError("(\(result.rowCount) \(noun))\n") }
    } catch {
      throw CommandProblem(error.description, exitCode: 1)
    }
  }
}

/// Rows under their columns.
struct Table {
  let columns: [String]
  let rows: [[String?]]

  /// Longest cell shown, in columns of the terminal.
  static let widestCell = 80

  var text: String {
    guard !columns.isEmpty else { return "" }
    let cells = rows.map { row in row.map { $0?.printable() ?? "NULL" } }
    let widths = columns.indices.map { index in
      min(Self.widestCell, max(columns[index].printable().columns, cells.map { $0[index].columns }.max() ?? 0))
    }
    let isNumeric = columns.indices.map { index in rows.contains { $0[index] != nil } && rows.allSatisfy { $0[index].map { Double($0) != nil } ?? true } }
    func line(_ row: [String], alignsNumbers: Bool) -> String {
      var parts: [String] = []
      for (index, cell) in row.enumerated() {
        let shown = cell.cut(to: widths[index])
        let padding = String(repeating: " ", count: max(0, widths[index] - shown.columns))
        parts.append(alignsNumbers && isNumeric[index] ? padding + shown : shown + padding)
      }
      var text = " " + parts.joined(separator: " | ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    var text = line(columns.map { $0.printable() }, alignsNumbers: false)
    text += widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "\n"
    for row in cells { text += line(row, alignsNumbers: true) }
    return text
  }
}
