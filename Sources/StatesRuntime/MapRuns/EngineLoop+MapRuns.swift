import JSONTypes
import StatesInterpreter
import StatesLanguage

/// How the engine's loop runs Map Runs: children are runs like any other, reading and writing are tasks of their own.
extension EngineLoop {
  /// Which Map Run a child belongs to.
  struct MapRunKey: Hashable, Sendable {
    var run: Int
    var effect: EventID
  }

  /// What a Map Run's task has done.
  enum MapRunReport: Sendable {
    case read(Result<[ItemSource.Item], ItemReaderFailure>)
    case written(ObjectStoreError?)
  }

  mutating func beginMapRun(_ call: MapRunCall, of number: Int) {
    guard let execution = runs[number]?.execution else { return }
    let mapRun = MapRun(call, of: execution, store: actions.objectStore, at: clock.now)
    runs[number]?.mapRuns[call.id] = mapRun
    advance(MapRunKey(run: number, effect: call.id))
  }

  /// Does what is to do, until the Map Run waits or ends.
  private mutating func advance(_ key: MapRunKey) {
    while let execution = runs[key.run]?.execution {
      guard let step = runs[key.run]?.mapRuns[key.effect]?.step(seeing: execution) else { return }
      switch step {
      case .wait: return
      case .start(let index, let input): startChild(index, input, of: key, execution)
      case .read(let source):
        begin(key) { await Self.read(source) }
        return
      case .write(let files, let bucket):
        let store = actions.objectStore
        begin(key) { await Self.write(files, to: bucket, store) }
        return
      case .stop(let children):
        let cause = "The Map Run \(runs[key.run]?.mapRuns[key.effect]?.call.start.mapRunArn ?? "") has failed."
        for child in children { inbox.send(.signal(child, .stop(ErrorOutput(error: nil, cause: cause)))) }
      case .end(let signal):
        guard var mapRun = runs[key.run]?.mapRuns.removeValue(forKey: key.effect) else { return }
        if case .mapRunSucceeded = signal { mapRun.end(.succeeded, at: clock.now) } else { mapRun.end(.failed, at: clock.now) }
        close(mapRun, of: key.run)
        inbox.send(.signal(key.run, signal))
        return
      }
    }
  }

  private mutating func startChild(_ index: Int, _ input: JSONValue, of key: MapRunKey, _ parent: Execution) {
    guard case .mapRun(let call)? = parent.openEffects[key.effect], case .map(let state) = parent.machine.states[call.state],
      let distributed = state.distributed
    else { return }
    let child = inbox.nextNumber()
    let earlier: StoredHistory?
    do throws(TaskFailure) {
      earlier = try startedBefore(key.effect, index: index, of: key.run, machine: parent.machine)
    } catch {
      inbox.send(.signal(key.run, .mapRunFailed(key.effect, ErrorOutput(error: error.error, cause: error.cause))))
      return
    }
    runs[key.run]?.mapRuns[key.effect]?.didStart(child)
    if let earlier, earlier.execution.isFinished {
      let result = ExecutionResult(execution: earlier.execution, history: earlier.history, key: earlier.key)
      runs[key.run]?.mapRuns[key.effect]?.didEnd(child, result)
      return
    }
    var run: Run
    if let earlier {
      run = Run(execution: earlier.execution, history: earlier.history, settled: earlier.history.count, key: earlier.key)
      run.isResumed = true
      run.execution.reopenEffects()
    } else {
      let settings = parent.settings.child(of: call, index: index, type: distributed.executionType)
      run = Run(execution: Execution(of: parent.machine, subMachine: state.itemProcessor, settings: settings))
      run.parent = parentOfChild(key.effect, index: index, of: key.run, isWaiting: true)
    }
    run.mapRun = key
    run.descendantObserver = runs[key.run]?.observer ?? runs[key.run]?.descendantObserver
    runs[child] = run
    inbox.send(.signal(child, earlier == nil ? .start(input) : .resume))
  }

  /// A child has ended.
  mutating func childEnded(_ child: Int, _ result: ExecutionResult, of key: MapRunKey) {
    guard runs[key.run]?.mapRuns[key.effect] != nil else { return }
    runs[key.run]?.mapRuns[key.effect]?.didEnd(child, result)
    show(key)
    advance(key)
  }

  mutating func mapRunReported(_ key: MapRunKey, _ report: MapRunReport) {
    guard runs[key.run]?.mapRuns[key.effect] != nil else { return }
    switch report {
    case .read(let items): runs[key.run]?.mapRuns[key.effect]?.didRead(items)
    case .written(let error): runs[key.run]?.mapRuns[key.effect]?.didWrite(error)
    }
    show(key)
    advance(key)
  }

  /// Nobody waits for the Map Run any more: its children are stopped.
  mutating func abort(_ mapRun: MapRun, of number: Int) {
    let cause = "The Map Run \(mapRun.call.start.mapRunArn) was aborted."
    for child in mapRun.runningChildren { inbox.send(.signal(child, .stop(ErrorOutput(error: nil, cause: cause)))) }
    for task in mapRun.tasks { task.cancel() }
    var mapRun = mapRun
    mapRun.end(.aborted, at: clock.now)
    close(mapRun, of: number)
  }

  private mutating func close(_ mapRun: MapRun, of number: Int) {
    runs[number]?.endedMapRuns.append(mapRun.summary)
    runs[number]?.observer?(.mapRun(mapRun.call.id, mapRun.summary))
  }

  private func show(_ key: MapRunKey) {
    guard let run = runs[key.run], let observer = run.observer, let summary = run.mapRuns[key.effect]?.summary else { return }
    observer(.mapRun(key.effect, summary))
  }

  // MARK: Tasks

  /// Virtual time stands still until the task has reported.
  private mutating func begin(_ key: MapRunKey, _ work: @escaping @Sendable () async -> MapRunReport) {
    let inbox = inbox
    activeActions += 1
    let task = Task.detached {
      let report = await work()
      _ = inbox.send(.mapRun(key, report))
    }
    runs[key.run]?.mapRuns[key.effect]?.tasks.append(task)
  }

  private static func read(_ source: ItemSource) async -> MapRunReport {
    do throws(ItemReaderFailure) {
      return .read(.success(try await source.next(atMost: MapRun.portion)))
    } catch {
      return .read(.failure(error))
    }
  }

  private static func write(_ files: [ResultFile], to bucket: String, _ store: (any ObjectStore)?) async -> MapRunReport {
    for file in files {
      do throws(ObjectStoreError) {
        try await store?.write(file.bytes, bucket: bucket, key: file.key)
      } catch {
        return .written(error)
      }
    }
    return .written(nil)
  }
}
