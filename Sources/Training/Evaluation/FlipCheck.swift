internal import Data
internal import FileSystem
internal import Imaging
internal import PoseCore

/// Warns, with a picture, that the names of keypoints speak against the data set's flip indices.
struct FlipCheck {
  /// Of the run folder.
  static let pictureName = "flip_check.jpg"

  let warning: String
  let index: DatasetIndex
  let comparison: FlipComparison

  /// Nil if there is nothing to warn of.
  init?(_ data: DatasetSpec, index: DatasetIndex) {
    guard let warning = data.flipWarning, data.skeleton.flipIndices != nil else { return nil }
    self.warning = warning.description
    self.index = index
    comparison = FlipComparison(
      skeleton: data.skeleton, pairs: data.flipSuspicions.map { ($0.keypoint, $0.partner) })
  }

  /// Draws the picture and names it in the warning among `notes`.
  func writing(into directory: RunDirectory, for notes: [String]) throws -> [String] {
    let text = try write(into: directory)
    return notes.map { $0 == warning ? text : $0 }
  }

  /// Draws the object that shows the doubtful pairs best.
  ///
  /// - Returns: the warning, with the picture's path.
  /// - Throws: `FileError` or `ImageError` if the picture cannot be written.
  func write(into directory: RunDirectory) throws -> String {
    let path = directory.file(Self.pictureName)
    for image in candidates() {
      guard let picture = try? index.decode(image.place) else { continue }
      let drawn = try comparison.render(image.instance, in: picture)
      try drawn.write(to: path, subsampling: .none, durable: false)
      return warning + "\nLook at \(path): a labelled object beside its mirror image, with the names of these"
        + " keypoints."
    }
    return warning + "\nNo picture can show it: no readable picture has both keypoints of such a pair."
  }

  /// The best objects of all images, the most telling first; a few, in case files cannot be read.
  private func candidates() -> [(place: Int, instance: Instance)] {
    var best: [(place: Int, instance: Instance, labelled: Int, spread: Float)] = []
    for place in 0..<index.count {
      for instance in index.trainingInstances(of: place) {
        guard let rating = comparison.rating(of: instance) else { continue }
        best.append((place, instance, rating.labelled, rating.spread))
      }
      if best.count > 256 { best = Self.sorted(best) }
    }
    return Self.sorted(best).map { ($0.place, $0.instance) }
  }

  private static func sorted(
    _ list: [(place: Int, instance: Instance, labelled: Int, spread: Float)]
  ) -> [(place: Int, instance: Instance, labelled: Int, spread: Float)] {
    Array(
      list.sorted { ($0.labelled, $0.spread, -$0.place) > ($1.labelled, $1.spread, -$1.place) }.prefix(8))
  }
}
