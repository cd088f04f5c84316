internal import Config
internal import Imaging
internal import PoseCore

/// Images whose labels are in a COCO keypoint file. The file decides which images there are; a list file as
/// the split's images narrows them down.
struct AnnotatedImages: LabelledSplit {
  private let annotations: COCOAnnotations
  private let labels: AnnotationLabels
  let images: [ImageEntry]
  /// For each of `images`, its place in the file's.
  private let places: [Int]
  let watchedPaths: [String]?

  /// - Throws: `COCOFileError` or `DiagnosticList`.
  init(
    _ spec: DatasetSpec, _ source: SplitSource, _ place: SplitSource.Place, _ options: IndexOptions
  ) throws {
    do {
      annotations = try COCOAnnotations.read(place.path, needsAnnotations: options.needsObjects)
      labels = try AnnotationLabels(annotations, spec, options)
    } catch let list as DiagnosticList {
      throw list
    } catch {
      // These errors say "error:" themselves.
      let text = "\(error)".replacing(": error: ", with: ": ")
      throw DiagnosticList([Diagnostic(.error, text, at: place.location)])
    }
    let finder = try ImageFinder(source)
    watchedPaths = source.watchedPaths + [place.path]
    var images: [ImageEntry] = []
    var places: [Int] = []
    for (index, image) in annotations.images.enumerated() {
      if image.fileName.isEmpty {
        throw DiagnosticList([
          Diagnostic(.error, "\(annotations.path): images[\(index)].file_name is missing", at: place.location)
        ])
      }
      guard let path = finder.find(image.fileName) else { continue }
      images.append(ImageEntry(path: path, id: image.id))
      places.append(index)
    }
    if images.isEmpty {
      let why =
        annotations.images.isEmpty ? "its list 'images' is empty" : "the list file has none of its images"
      throw DiagnosticList([
        Diagnostic(.error, "'\(annotations.path)' leaves no image: \(why)", at: place.location)
      ])
    }
    self.images = images
    self.places = places
  }

  func labels(of image: Int, size: ImageSize) -> ImageLabels {
    var found = ImageLabels(objects: labels.objects(of: places[image]))
    let stated = annotations.images[places[image]]
    if stated.width > 0 && stated.height > 0 {
      found.statedSize = ImageSize(width: stated.width, height: stated.height)
    }
    return found
  }

  var categoryIDs: [Int] { labels.categoryIDs }

  var sharedFaults: LabelFaults { LabelFaults(first: labels.faults, count: labels.faultCount) }

  func warnings(on report: IndexReport, otherSizes: Int) -> [Diagnostic] {
    guard otherSizes > 0 else { return labels.warnings }
    return labels.warnings + [
      Diagnostic(
        .warning,
        "\(otherSizes) images have another size than '\(annotations.path)' says; labels are taken"
          + " for pixels of the upright image as it is")
    ]
  }
}
