internal import Data
internal import FileSystem

/// COCO files of the size of COCO's validation set, made up: labels and detections of 17 keypoints whose
/// errors, scores and false positives are spread as those of a middling model.
///
/// The same seed gives the same bytes.
public struct EvaluationBenchmarkData: Sendable {
  public var annotations: String
  public var results: String
  public var imageCount: Int
  public var labelCount = 0
  public var detectionCount = 0

  /// Writes `annotations.json` and `results.json` into `folder`.
  ///
  /// For 5,000 images there are about 11,000 labels and 84,000 detections.
  public static func generate(
    images: Int, seed: UInt64, in folder: String
  ) throws -> EvaluationBenchmarkData {
    var data = EvaluationBenchmarkData(
      annotations: folder + "/annotations.json", results: folder + "/results.json", imageCount: images)
    var random = SplitMix(state: seed)
    let annotations = try TextFile(data.annotations)
    let results = try TextFile(data.results)
    annotations.add(#"{"images":["#)
    for image in 0..<images {
      let (width, height) = image % 3 == 0 ? (480, 640) : (640, 427)
      annotations.add(image == 0 ? "" : ",")
      annotations.add(
        #"{"id":\#(id(image)),"width":\#(width),"height":\#(height),"file_name":"\#(image).jpg"}"#)
    }
    annotations.add("],\n\"annotations\":[")
    results.add("[")
    for image in 0..<images {
      // Half of the images show people, seldom many.
      let people = random.unit() < 0.46 ? 0 : min(14, Int(1 - 3 * log2Unit(&random)))
      for _ in 0..<people {
        let person = Person(&random)
        try annotations.addRecord(data.labelCount == 0)
        person.writeLabel(to: annotations, id: data.labelCount + 1, image: id(image), &random)
        data.labelCount += 1
        for _ in 0..<(1 + Int(random.unit() * 3)) {
          try results.addRecord(data.detectionCount == 0)
          person.writeDetection(to: results, image: id(image), error: random.unit() * random.unit(), &random)
          data.detectionCount += 1
        }
      }
      for _ in 0..<Int(random.unit() * 26) {
        try results.addRecord(data.detectionCount == 0)
        Person(&random).writeDetection(to: results, image: id(image), error: 1, &random)
        data.detectionCount += 1
      }
    }
    annotations.add("],\n" + #""categories":[{"id":1,"name":"person"}]}"# + "\n")
    results.add("]\n")
    try annotations.finish()
    try results.finish()
    return data
  }

  /// Scattered, as COCO's ids are.
  private static func id(_ image: Int) -> Int { image * 113 % 999_983 + 1000 * (image / 999_983 + 1) }

  /// The negative exponent of a uniform number: small most of the time.
  private static func log2Unit(_ random: inout SplitMix) -> Double {
    var value = random.unit()
    var exponent = 0.0
    while value < 0.5 && exponent > -8 {
      value *= 2
      exponent -= 1
    }
    return exponent
  }
}

/// A box with keypoints in it.
private struct Person {
  let box: (x: Double, y: Double, width: Double, height: Double)
  let points: [(x: Double, y: Double)]

  init(_ random: inout SplitMix) {
    let height = 24 + 380 * random.unit() * random.unit()
    let width = height * (0.3 + 0.5 * random.unit())
    let box = (x: random.unit() * 500, y: random.unit() * 350, width: width, height: height)
    self.box = box
    points = (0..<17).map { _ in
      (x: box.x + box.width * random.unit(), y: box.y + box.height * random.unit())
    }
  }

  func writeLabel(to file: TextFile, id: Int, image: Int, _ random: inout SplitMix) {
    let isCrowd = random.unit() < 0.012
    let share = random.unit() < 0.15 ? 0 : 0.35 + random.unit()
    var labelled = 0
    file.add(
      #"{"id":\#(id),"image_id":\#(image),"category_id":1,"iscrowd":\#(isCrowd ? 1 : 0),"keypoints":["#)
    for (index, point) in points.enumerated() {
      let isLabelled = !isCrowd && random.unit() < share
      labelled += isLabelled ? 1 : 0
      let visibility = isLabelled ? (random.unit() < 0.8 ? 2 : 1) : 0
      file.add(index == 0 ? "" : ",")
      file.add(isLabelled ? "\(Int(point.x)),\(Int(point.y)),\(visibility)" : "0,0,0")
    }
    file.add(#"],"num_keypoints":\#(labelled),"area":"#)
    file.add(box.width * box.height * (0.4 + 0.3 * random.unit()), digits: 4)
    file.addBox(box)
    file.add("}")
  }

  /// - Parameter error: of the keypoints; at 1 they are a quarter of the box away.
  func writeDetection(to file: TextFile, image: Int, error: Double, _ random: inout SplitMix) {
    file.add(#"{"image_id":\#(image),"category_id":1,"keypoints":["#)
    let reach = box.height * 0.5 * error
    for (index, point) in points.enumerated() {
      file.add(index == 0 ? "" : ",")
      file.add(point.x + (random.unit() - 0.5) * reach, digits: 3)
      file.add(",")
      file.add(point.y + (random.unit() - 0.5) * reach, digits: 3)
      file.add(",")
      file.add(random.unit(), digits: 5)
    }
    file.add(#"],"score":"#)
    let confidence = error < 1 ? 1 - error : 0.3
    file.add(confidence * (0.2 + 0.8 * random.unit()), digits: 5)
    file.addBox((box.x + reach / 9, box.y - reach / 7, box.width + reach / 5, box.height))
    file.add("}")
  }
}

/// A text file written in large pieces.
private final class TextFile {
  private let file: AtomicFile
  private var text: [UInt8] = []

  init(_ path: String) throws(FileError) { file = try AtomicFile(path, durable: false) }

  func add(_ string: String) { text += string.utf8 }

  func add(_ value: Double, digits: Int) { text.append(decimal: value, digits: digits) }

  func addBox(_ box: (x: Double, y: Double, width: Double, height: Double)) {
    add(#","bbox":["#)
    for (index, value) in [box.x, box.y, box.width, box.height].enumerated() {
      add(index == 0 ? "" : ",")
      add(value, digits: 2)
    }
    add("]")
  }

  /// Separates a record from the one before.
  func addRecord(_ isFirst: Bool) throws(FileError) {
    add(isFirst ? "" : ",\n")
    if text.count > 1 << 20 {
      try file.write(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  func finish() throws(FileError) {
    try file.write(text)
    try file.commit()
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct SplitMix {
  var state: UInt64

  /// Uniform in 0..<1.
  mutating func unit() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
