internal import PoseCore

/// Writes a COCO keypoint annotation file, as `person_keypoints_*.json` of cocodataset.org.
struct COCOKeypointText {
  private let figure: SyntheticFigure
  private var images: [String] = []
  private var annotations: [String] = []

  init(_ figure: SyntheticFigure) {
    self.figure = figure
  }

  /// Adds a picture with its people; annotation ids count from 1.
  ///
  /// - Parameter id: the number in the picture's name, as a validation's results file has it.
  mutating func add(
    _ people: [SyntheticScene.Person], id imageID: Int, fileName: String, width: Int, height: Int
  ) {
    images.append(
      "{\"id\":\(imageID),\"file_name\":\(LabelText.quoted(fileName)),\"width\":\(width),\"height\":\(height)}"
    )
    for person in people {
      let box = person.instance.box
      let edges = [box.x1, box.y1, box.width, box.height].map { LabelText.short(Double($0)) }
      let keypoints = person.instance.keypoints.map {
        "\(LabelText.short(Double($0.x))),\(LabelText.short(Double($0.y))),\($0.visibility.rawValue)"
      }
      let labelled = person.instance.keypoints.count { $0.visibility != .unlabelled }
      annotations.append(
        "{\"id\":\(annotations.count + 1),\"image_id\":\(imageID),\"category_id\":1,\"iscrowd\":0,"
          + "\"area\":\(LabelText.short(person.visibleArea)),\"bbox\":[\(edges.joined(separator: ","))],"
          + "\"num_keypoints\":\(labelled),\"keypoints\":[\(keypoints.joined(separator: ","))],"
          + "\"segmentation\":[]}")
    }
  }

  /// The file's text.
  var text: String {
    let skeleton = figure.skeleton
    let names = skeleton.names.map(LabelText.quoted).joined(separator: ",")
    let limbs = skeleton.limbs.map { "[\($0.0 + 1),\($0.1 + 1)]" }.joined(separator: ",")
    return "{\"info\":{\"description\":\"Synthetic \(figure.plural)\"},\"licenses\":[],\n\"images\":[\n"
      + images.joined(separator: ",\n") + "],\n\"annotations\":[\n" + annotations.joined(separator: ",\n")
      + "],\n\"categories\":[{\"id\":1,\"name\":\"\(figure.rawValue)\",\"supercategory\":\"\(figure.rawValue)\",\"keypoints\":[\(names)],"
      + "\"skeleton\":[\(limbs)]}]}\n"
  }
}
