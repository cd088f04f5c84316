internal import FileSystem
internal import Foundation

/// Which job each run is, in the sweep's folder, so that a runner which is started again finds its jobs.
///
/// An array is written down before it is submitted, under a name that no other has, and again with its number. Whoever
/// finds it without a number asks Slurm for that name.
struct SlurmJournal {
  struct Entry: Codable, Equatable {
    var run: String
    /// Name of the array.
    var batch: String
    var index: Int
    /// Nil until it was submitted.
    var job: Int?

    var task: SlurmTask? { job.map { SlurmTask(job: $0, index: index) } }
  }

  let folder: String
  private(set) var entries: [String: Entry]

  private var file: String { folder + "/jobs.json" }

  /// - Parameter folder: `slurm` in the sweep's folder; it is made where it is missing.
  init(_ folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    entries = [:]
    if let data = FileManager.default.contents(atPath: file) {
      let list = try JSONDecoder().decode([Entry].self, from: data)
      entries = Dictionary(list.map { ($0.run, $0) }) { _, last in last }
    }
  }

  /// Names of arrays that may or may not have been submitted.
  var openBatches: [String] { Set(entries.values.filter { $0.job == nil }.map(\.batch)).sorted() }

  mutating func add(_ batch: String, runs: [String]) throws {
    for (index, run) in runs.enumerated() { entries[run] = Entry(run: run, batch: batch, index: index) }
    try save()
  }

  /// - Parameter job: nil if it was not submitted after all.
  mutating func close(_ batch: String, job: Int?) throws {
    for entry in entries.values where entry.batch == batch {
      if let job { entries[entry.run]?.job = job } else { entries[entry.run] = nil }
    }
    try save()
  }

  private func save() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let list = entries.values.sorted { $0.run < $1.run }
    try AtomicFile.write(String(decoding: try encoder.encode(list), as: UTF8.self) + "\n", to: file)
  }
}
