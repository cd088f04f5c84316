import Foundation
import PoseCore
import Sweeps
import Testing
import Training

@Suite struct `The database of results` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private var file: String { scratch.file("results.sqlite") }

  private func sample(_ name: String, epochs: Int = 2) -> RunResult {
    RunResult(
      id: "f00" + name, variant: "neck=fpn", seed: .max, choices: [.init(axis: "neck", level: "fpn")],
      state: .finished, reason: "näive 'quotes' \"too\"", directory: scratch.file(name),
      command: "poselab train x.yaml", spec: "train: {lr0: 0.01}\n", environment: "{\"cpu\":\"x\"}",
      cost: .init(parameters: 12, gigaflops: 0.1, latency: nil, trainingSeconds: 3.25),
      figures: [
        .init(metric: "coco_keypoints", name: "AP", value: 0.1 + 0.2),
        .init(metric: "coco_keypoints", name: "APm", value: .nan),
      ],
      epochs: (1...epochs).map {
        EpochRecord(
          epoch: $0, seconds: 1.5, trainLosses: [.init("box", .nan), .init("pose", 1 / 3)],
          metrics: [.init("metrics/mAP50-95(P)", .infinity)], learningRates: [.init("pg0", 1e-300)],
          fitness: nil, imagesPerSecond: 7)
      },
      images: ImageScoreTable(
        metric: "coco_keypoints", thresholds: [0.5, 0.95],
        rows: [
          .init(
            path: "a/ü.jpg",
            score: ImageScore(
              imageID: -3, labelCounts: [2],
              detections: [.init(classIndex: 0, score: 0.7, matched: 3, ignored: 0)]))
        ]))
  }

  /// As JSON, in which numbers that are none are equal to themselves.
  private func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  @Test func `gives back what was entered, to the last bit, also numbers that are none`() throws {
    let run = sample("one")
    try ResultStore(file).save(run)
    // Opened anew, as by another process.
    let store = try ResultStore(file)
    #expect(try text(try #require(try store.run(in: run.directory))) == text(run))
    #expect(try store.run(in: "elsewhere") == nil)
    let plain = try store.runs(isWhole: false)
    #expect(plain.count == 1 && plain[0].epochs.isEmpty && plain[0].figures.count == 2)
  }

  @Test func `stays the same when a run is entered again, and forgets what the run no longer has`() throws {
    let store = try ResultStore(file)
    try store.save(sample("one", epochs: 3))
    try store.save(sample("one", epochs: 3))
    #expect(try store.runs().count == 1)
    try store.save(sample("one", epochs: 1))
    #expect(try store.run(in: scratch.file("one"))?.epochs.count == 1)
    try store.mark(scratch.file("one"), .failed, reason: "no memory")
    #expect(try store.run(in: scratch.file("one"))?.state == .failed)
    try store.remove(scratch.file("one"))
    #expect(try store.runs().isEmpty)
  }

  @Test func `lists the files of a run, with their sizes`() throws {
    try scratch.write("12345", to: "one/weights/best.safetensors")
    try scratch.write("", to: "one/.lock")
    let store = try ResultStore(file)
    try store.save(sample("one"))
    let artefacts = try store.artefacts(of: scratch.file("one"))
    #expect(artefacts.map(\.path) == ["weights/best.safetensors"] && artefacts.map(\.bytes) == [5])
  }

  @Test func `keeps a sweep's runs in their order, and only those it still has`() throws {
    let store = try ResultStore(file)
    let folder = scratch.file("sweep")
    let sweep = ResultStore.Sweep(
      directory: folder, name: "necks", mode: "grid", axes: [.init(name: "neck", levels: ["pafpn", "fpn"])],
      baseline: "baseline", figure: "coco_keypoints/AP", spec: "")
    let names = ["b", "a", "c"].map(scratch.file)
    try store.save(sweep, runs: names)
    for (position, name) in ["b", "a", "c"].enumerated() {
      try store.save(sample(name), sweep: folder, position: position)
    }
    try store.save(sample("alone"))
    let results = try #require(try store.results(of: folder))
    #expect(results.runs.map(\.directory) == names && results.axes == sweep.axes)
    try store.save(sweep, runs: [names[0], names[2]])
    #expect(try store.results(of: folder)?.runs.map(\.directory) == [names[0], names[2]])
    #expect(try store.runs().count == 3)
    #expect(try store.results(of: "elsewhere") == nil)
  }

  @Test func `takes entries of several writers at once`() async throws {
    let file = file
    let runs = (0..<24).map { sample("run\($0)") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<4 {
        group.addTask {
          let store = try ResultStore(file)
          for index in stride(from: part, to: runs.count, by: 4) { try store.save(runs[index]) }
        }
      }
      try await group.waitForAll()
    }
    let stored = try ResultStore(file).runs()
    #expect(Set(stored.map(\.id)) == Set(runs.map(\.id)))
    #expect(stored.allSatisfy { $0.epochs.count == 2 && $0.images?.rows.count == 1 })
  }

  @Test func `says that something else is no database, and leaves it as it is`() throws {
    let text = String(repeating: "this is a diary\n", count: 100)
    try scratch.write(text, to: "results.sqlite")
    let error = #expect(throws: StoreError.self) { try ResultStore(file) }
    #expect(error?.description.hasPrefix("\(file): this is no database of results") == true)
    #expect(try scratch.text("results.sqlite") == text)
  }

  @Test(.enabled(if: getuid() != 0, "root may write everywhere")) func `says where it cannot be written`()
    throws
  {
    try scratch.write("", to: "closed/x")
    chmod(scratch.file("closed"), 0o555)
    defer { chmod(scratch.file("closed"), 0o755) }
    let error = #expect(throws: StoreError.self) { try ResultStore(scratch.file("closed/results.sqlite")) }
    #expect(error?.description.contains("cannot be written here") == true)
  }

  @Test func `says where there can be no folder for it`() throws {
    try scratch.write("", to: "file")
    let error = #expect(throws: StoreError.self) { try ResultStore(scratch.file("file/results.sqlite")) }
    #expect(error?.description.hasPrefix(scratch.file("file/results.sqlite")) == true)
  }
}
