internal import Config
internal import Data
internal import Foundation
internal import Imaging
internal import PoseCore
internal import Training

/// Images of the validation side by side, with the predictions of a run of the baseline and of one of another variant.
struct PictureSection {
  struct Group {
    var title: String
    var pairs: [PicturePair]
  }

  private(set) var groups: [Group] = []
  /// The variant beside the baseline, and the seeds of the two runs.
  private(set) var variant: String?
  private(set) var seeds: (baseline: UInt64, variant: UInt64) = (0, 0)
  /// Why pictures are missing.
  private(set) var notes: [String] = []

  /// Predictions less certain are not drawn.
  static let minimumScore = 0.25

  init(_ analysis: SweepAnalysis, options: ReportOptions) {
    guard options.pictures > 0 else { return }
    guard let (baseline, other) = Self.choose(analysis, options, &notes),
      let baselineTable = baseline.images, let otherTable = other.images
    else { return }
    variant = other.variant
    seeds = (baseline.seed, other.seed)
    let ranking = PictureRanking(baselineTable, otherTable, count: options.pictures)
    let all = ranking.losses + ranking.gains + ranking.worst
    guard !all.isEmpty else {
      notes.append("No pictures: both models find all there is in every image.")
      return
    }
    let data = Self.dataset(baseline)
    let skeleton = data?.skeleton ?? .cocoPerson
    let wanted = Set(all.map(\.imageID))
    let first: [Int: [Detection]]
    let second: [Int: [Detection]]
    do {
      first = try Self.predictions(of: baseline, skeleton, wanted)
      second = try Self.predictions(of: other, skeleton, wanted)
    } catch {
      notes.append("No pictures: \(error)")
      return
    }
    let labels = data.flatMap { data in
      Self.split(baseline).flatMap { Self.labels(of: data, split: $0, paths: Set(all.map(\.path))) }
    }
    if labels == nil { notes.append("The labels are not shown: the data set could not be read.") }
    let drawer = PictureDrawer(
      illustrator: PoseIllustrator(
        skeleton: skeleton, classNames: data?.classNames ?? [], drawing: PoseDrawing(drawsLabels: false)),
      side: options.pictureSide)
    var missing: [String] = []
    for (title, entries) in [
      ("Worse than the baseline", ranking.losses), ("Better than the baseline", ranking.gains),
      ("Worst for both", ranking.worst),
    ] {
      let pairs = entries.compactMap { entry -> PicturePair? in
        do {
          let picture = try drawer.picture(entry.path)
          return PicturePair(
            name: (entry.path as NSString).lastPathComponent, scores: (entry.baseline, entry.variant),
            baseline: try drawer.draw(first[entry.imageID] ?? [], picture),
            variant: try drawer.draw(second[entry.imageID] ?? [], picture),
            labels: try labels.map { try drawer.draw($0[entry.path] ?? [], picture) })
        } catch {
          missing.append("\(error)")
          return nil
        }
      }
      if !pairs.isEmpty { groups.append(Group(title: title, pairs: pairs)) }
    }
    if let reason = missing.first {
      notes.append("\(missing.count) of \(all.count) pictures could not be drawn: \(reason)")
    }
  }

  /// A run of the baseline and one of the other variant, of the same seed where there are such.
  private static func choose(
    _ analysis: SweepAnalysis, _ options: ReportOptions, _ notes: inout [String]
  ) -> (RunResult, RunResult)? {
    func usable(_ variant: SweepAnalysis.Variant) -> [RunResult] {
      variant.finished.filter { $0.images?.rows.isEmpty == false }
    }
    guard let baseline = analysis.variants.first(where: \.isBaseline), let first = usable(baseline).first
    else {
      notes.append("No pictures: no run of the baseline has scores by image.")
      return nil
    }
    let path = analysis.figures.first ?? ""
    let sign = FigurePath.isLowerBetter(path) ? -1.0 : 1.0
    let others = analysis.variants.filter { !$0.isBaseline && !usable($0).isEmpty }
    let best = others.enumerated().max { a, b in
      let values = [a, b].map { entry in
        let mean = entry.element.figures[path]?.mean ?? .nan
        return mean.isFinite ? sign * mean : -.infinity
      }
      return values[0] != values[1] ? values[0] < values[1] : a.offset > b.offset
    }?.element
    let chosen = options.shownVariant.map { name in others.first { $0.name == name } } ?? best
    guard let chosen else {
      notes.append(
        options.shownVariant.map { "No pictures: no run of \($0) has scores by image." }
          ?? "No pictures: no other variant has scores by image.")
      return nil
    }
    for run in usable(baseline) {
      if let same = usable(chosen).first(where: { $0.seed == run.seed }) { return (run, same) }
    }
    return usable(chosen).first.map { (first, $0) }
  }

  /// The data set that the run's environment names.
  private static func dataset(_ run: RunResult) -> DatasetSpec? {
    struct Environment: Decodable { var dataset: String? }
    let environment = try? JSONDecoder().decode(
      Environment.self, from: Foundation.Data(run.environment.utf8))
    return environment?.dataset.flatMap { try? DatasetSpec(contentsOf: $0) }
  }

  /// What the run was validated on.
  private static func split(_ run: RunResult) -> DatasetSplit? {
    let tree = try? Document(text: run.spec, name: "experiment.yaml").root
    guard case .string(let name)? = tree?["val"]?["split"]?.value else { return .val }
    return DatasetSplit(rawValue: name)
  }

  private static func labels(
    of data: DatasetSpec, split: DatasetSplit, paths: Set<String>
  ) -> [String: [Instance]]? {
    // What a training skipped is not missed here.
    guard let index = try? DatasetIndex(data, split: split, options: IndexOptions(badLabels: .skip)) else {
      return nil
    }
    var result: [String: [Instance]] = [:]
    for (image, path) in index.paths.enumerated() where paths.contains(path) {
      result[path] = index.groundTruths(of: image).map(\.instance)
    }
    return result.isEmpty ? nil : result
  }

  private static func predictions(
    of run: RunResult, _ skeleton: Skeleton, _ images: Set<Int>
  ) throws -> [Int: [Detection]] {
    let count = skeleton.keypointCount
    let results = try COCOResults.read(run.directory + "/predictions.json", keypointCount: count)
    var found: [Int: [Detection]] = [:]
    for index in 0..<results.count
    where images.contains(results.imageIDs[index]) && results.scores[index] >= minimumScore {
      let box = results.boxes[(4 * index)..<(4 * index + 4)].map { Float($0) }
      let x = results.keypoints[(2 * count * index)..<(2 * count * index + count)]
      let y = results.keypoints[(2 * count * index + count)..<(2 * count * (index + 1))]
      found[results.imageIDs[index], default: []].append(
        Detection(
          classIndex: max(0, results.categoryIDs[index] - 1), score: Float(results.scores[index]),
          box: Box(x1: box[0], y1: box[1], x2: box[0] + box[2], y2: box[1] + box[3]),
          keypoints: zip(x, y).map { PredictedKeypoint(x: Float($0), y: Float($1), confidence: 1) }))
    }
    return found
  }
}
