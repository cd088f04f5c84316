internal import Data
internal import Imaging
internal import PoseCore

/// Contact sheets of the first validation batches: labels on one, predictions on the other.
struct ValidationPictures {
  let illustrator: PoseIllustrator
  private var sheets: [(labels: [ContactSheet.Tile], predictions: [ContactSheet.Tile])] = []

  static let batchLimit = 3
  static let tileLimit = 16
  /// Predictions below are left out: pictures would be full of them.
  static let minimumScore: Float = 0.25

  init(description: ModelDescription) {
    illustrator = PoseIllustrator(skeleton: description.skeleton, classNames: description.classNames)
  }

  mutating func add(_ image: ValidatedImage) {
    let place = image.place
    if place == 0 && sheets.count <= Self.batchLimit { sheets.append(([], [])) }
    guard let last = sheets.indices.last, last < Self.batchLimit, place < Self.tileLimit else { return }
    let picture = image.batch.image(at: place)
    let seen = image.evaluated.detections.filter { $0.score >= Self.minimumScore }
      .sorted { $0.score < $1.score }.map { $0.mapped(by: image.letterbox) }
    sheets[last].labels.append(
      ContactSheet.Tile(
        image: picture, caption: image.name,
        figures: image.batch.instances[place].map(illustrator.figure)))
    sheets[last].predictions.append(
      ContactSheet.Tile(image: picture, caption: image.name, figures: seen.map(illustrator.figure)))
  }

  /// Names and pictures: `val_batch0_labels.jpg`, `val_batch0_pred.jpg` …
  func rendered() throws(DrawingError) -> [(name: String, image: Image)] {
    var result: [(String, Image)] = []
    for (index, sheet) in sheets.prefix(Self.batchLimit).enumerated() {
      result.append(("val_batch\(index)_labels.jpg", try ContactSheet(sheet.labels).render()))
      result.append(("val_batch\(index)_pred.jpg", try ContactSheet(sheet.predictions).render()))
    }
    return result
  }
}

extension Detection {
  /// From pixels of the original image to pixels of the network's input.
  func mapped(by letterbox: Letterbox) -> Detection {
    var copy = self
    let box = letterbox.toInput(SIMD4(box.x1, box.y1, box.x2, box.y2))
    copy.box = Box(x1: box.x, y1: box.y, x2: box.z, y2: box.w)
    for index in keypoints.indices {
      let point = letterbox.toInput(SIMD2(keypoints[index].x, keypoints[index].y))
      copy.keypoints[index].x = point.x
      copy.keypoints[index].y = point.y
    }
    return copy
  }
}
