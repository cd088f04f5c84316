internal import Config
public import Data
internal import FileSystem
internal import Imaging
public import PoseCore
internal import Synchronization

/// Looks at every image and label of a data set, and tells what is wrong with it.
///
/// Each file is read once: headers, all pixels of each image (at a fraction of its size), labels. Nothing is written.
public struct DatasetCheck: Sendable {
  public let spec: DatasetSpec
  public let splits: [DatasetSplit]
  private let formats: ComponentTable<Void, any DatasetFormat>

  /// - Parameters:
  ///   - splits: those to look at; nil for all there are.
  ///   - formats: forms of labels that the data set may be of.
  public init(
    _ spec: DatasetSpec, splits: [DatasetSplit]? = nil,
    formats: ComponentTable<Void, any DatasetFormat> = StandardDatasets.table
  ) {
    self.spec = spec
    self.splits = (splits ?? DatasetSplit.allCases).filter { spec.splits[$0] != nil }
    self.formats = formats
  }

  /// - Parameter progress: images read so far and in all; called from several threads, one at a time.
  /// - Throws: where a split cannot be opened at all, with the place in the YAML.
  public func run(progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) throws -> CheckReport {
    var list = FindingList()
    var opened: [SplitScan] = []
    for split in splits {
      // A test split may be without labels or images; that is said, and the others are looked at.
      do throws(DiagnosticList) {
        opened.append(try SplitScan(spec, split, formats: formats))
      } catch {
        if split != .test || splits.count == 1 { throw error }
        for diagnostic in error.diagnostics {
          let row = diagnostic.location.map { Finding.Row.line($0.line) }
          list.append(
            Finding(.specification, diagnostic.location?.file ?? spec.file, row: row, diagnostic.message))
        }
      }
    }
    let total = opened.reduce(0) { $0 + $1.count }
    let done = Mutex(0)
    var scanned: [ScannedSplit] = []
    for scan in opened {
      let (split, found) = scan.run {
        done.withLock { done in
          done += 1
          if done % 64 == 0 || done == total { progress(done, total) }
        }
      }
      scanned.append(split)
      list.append(found)
    }
    list.append(DuplicateSearch(scanned).findings())
    list.append(SideInspection(spec, scanned).findings())
    list.append(UsageInspection(spec: spec, splits: scanned).findings())
    return CheckReport(spec: spec, splits: scanned, findings: list)
  }
}

/// What a check found.
public struct CheckReport: Sendable {
  public let spec: DatasetSpec
  public let findings: FindingList
  let splits: [ScannedSplit]

  init(spec: DatasetSpec, splits: [ScannedSplit], findings: FindingList) {
    self.spec = spec
    self.splits = splits
    self.findings = findings
  }

  /// Images and labelled objects of each split that was looked at.
  public var counts: [(split: DatasetSplit, images: Int, objects: Int)] {
    splits.map { split in
      (split.split, split.images.count, split.images.reduce(0) { $0 + $1.objects.count })
    }
  }
}
