import Imaging
import PoseCore
import Testing

/// Made-up pictures with a dot of its own colour under each keypoint, so that pixels tell where a keypoint is.
enum DottedSample {
  static let skeleton = Skeleton(
    keypointCount: 6, dimensions: 3, names: ["nose", "left_a", "right_a", "left_b", "right_b", "tail"],
    flipIndices: [0, 2, 1, 4, 3, 5], limbs: [], sigmas: Array(repeating: 0.1, count: 6),
    sigmaSource: .dataset)

  private static let colors: [[UInt8]] = [
    [250, 20, 20], [20, 250, 20], [20, 20, 250], [250, 250, 20], [250, 20, 250], [20, 250, 250],
  ]

  /// With the first object, the second or both, so that pictures have free parts in different places.
  static func varied(_ index: Int) -> TrainingSample {
    make(index, objects: [[0], [1], [0, 1]][index % 3])
  }

  /// Two objects of 7×7 dots on grey; the grey tells the index.
  static func make(
    _ index: Int, width: Int = 120, height: Int = 90, objects: [Int] = [0, 1]
  ) -> TrainingSample {
    let grey = UInt8(80 + index)
    var image = Image(width: width, height: height, fill: (grey, grey, grey))
    var instances: [Instance] = []
    for object in objects {
      let (left, top) = (8 + 58 * object + index, 10 + 28 * object - index)
      let keypoints = (0..<6).map { point in
        let (x, y) = (left + 15 * (point % 3), top + 17 * (point / 3) + point)
        image.paste(
          Image(width: 7, height: 7, fill: (colors[point][0], colors[point][1], colors[point][2])),
          x: x, y: y)
        return Keypoint(x: Float(x) + 3.5, y: Float(y) + 3.5, visibility: .visible)
      }
      let box = Box(
        x1: Float(left) - 2, y1: Float(top) - 2, x2: Float(left) + 40, y2: Float(top) + 32)
      instances.append(Instance(classIndex: 2 * index + object, box: box, keypoints: keypoints))
    }
    return TrainingSample(image: image, instances: instances, index: index)
  }

  /// Whether the pixel under a keypoint has the colour of dot `color`.
  private static func shows(_ color: Int, at keypoint: Keypoint, in image: Image) -> Bool {
    let x = min(Int(keypoint.x), image.width - 1)
    let y = min(Int(keypoint.y), image.height - 1)
    let start = 3 * (y * image.width + x)
    return (0..<3).allSatisfy { abs(Int(image.pixels[start + $0]) - Int(colors[color][$0])) < 90 }
  }

  /// Finds the dots of all visible keypoints: those of their own, or, in a mirrored object, of their partners.
  ///
  /// - Returns: how many there were, and how many of them had no dot.
  static func look(_ sample: TrainingSample) -> (visible: Int, lost: Int) {
    var (visible, lost) = (0, 0)
    let flips = skeleton.flipIndices ?? []
    for instance in sample.instances {
      let seen = instance.keypoints.indices.filter { instance.keypoints[$0].visibility == .visible }
      let own = seen.count { !shows($0, at: instance.keypoints[$0], in: sample.image) }
      let mirrored = seen.count { !shows(flips[$0], at: instance.keypoints[$0], in: sample.image) }
      visible += seen.count
      lost += min(own, mirrored)
    }
    return (visible, lost)
  }

  /// Hidden keypoints whose dot can be seen all the same.
  static func wronglyHidden(_ sample: TrainingSample) -> Int {
    sample.instances.reduce(0) { sum, instance in
      sum
        + instance.keypoints.indices.count {
          instance.keypoints[$0].visibility == .hidden
            && shows($0, at: instance.keypoints[$0], in: sample.image)
        }
    }
  }
}
