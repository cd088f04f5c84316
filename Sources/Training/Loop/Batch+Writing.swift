internal import Data
internal import Interchange
internal import PoseCore

extension Batch {
  /// Writes the batch to a safetensors file, so that a fault can be looked at and repeated.
  ///
  /// `images` u8 `[images, height, width, 3]`; for each labelled object `image`, `class`, `boxes` (corners) and
  /// `keypoints` (x, y, visibility) in pixels; the images' names are in the metadata.
  func write(to path: String, names: [String]) throws {
    let objects = instances.enumerated().flatMap { index, list in list.map { (image: index, instance: $0) } }
    let keypoints = objects.first?.instance.keypoints.count ?? 0
    var writer = SafetensorsWriter(metadata: ["images": names.joined(separator: "\n")])
    writer.add("images", type: .u8, shape: [count, inputSize.height, inputSize.width, 3]) { sink in
      try pixels.withUnsafeBytes { try sink(UnsafeRawBufferPointer($0)) }
    }
    writer.add("image", shape: [objects.count], ints: objects.map(\.image))
    writer.add("class", shape: [objects.count], ints: objects.map(\.instance.classIndex))
    writer.add(
      "boxes", shape: [objects.count, 4],
      floats: objects.flatMap {
        [$0.instance.box.x1, $0.instance.box.y1, $0.instance.box.x2, $0.instance.box.y2]
      })
    writer.add(
      "keypoints", shape: [objects.count, keypoints, 3],
      floats: objects.flatMap {
        $0.instance.keypoints.flatMap { [$0.x, $0.y, Float($0.visibility.rawValue)] }
      })
    try writer.write(to: path)
  }
}
