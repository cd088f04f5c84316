internal import Imaging
internal import PoseCore

/// A rectangle of whole pixels in a picture.
struct PixelArea: Equatable {
  var x: Range<Int>
  var y: Range<Int>

  var corners: SIMD4<Float> {
    SIMD4(Float(x.lowerBound), Float(y.lowerBound), Float(x.upperBound), Float(y.upperBound))
  }

  var isEmpty: Bool { x.isEmpty || y.isEmpty }

  /// The pixels that a box touches, on a picture of `size`.
  init(around box: Box, in size: ImageSize) {
    let clipped = size.clip(box.corners)
    x = Int(clipped.x)..<max(Int(clipped.x), Int(clipped.z.rounded(.up)))
    y = Int(clipped.y)..<max(Int(clipped.y), Int(clipped.w.rounded(.up)))
  }

  init(x: Range<Int>, y: Range<Int>) {
    self.x = x
    self.y = y
  }

  /// The part of a box that lies in the area, in pixels².
  func overlap(_ box: Box) -> Float {
    let (low, high) = (pointwiseMax(corners, box.corners), pointwiseMin(corners, box.corners))
    return max(0, high.z - low.x) * max(0, high.w - low.y)
  }
}

extension Instance {
  /// Cut at the edges of an area: keypoints outside become unlabelled.
  func clipped(to area: PixelArea) -> Instance {
    let (x, y) = (Float(area.x.lowerBound), Float(area.y.lowerBound))
    return shifted(x: -x, y: -y).clipped(to: ImageSize(width: area.x.count, height: area.y.count))
      .shifted(x: x, y: y)
  }

  /// Behind something that covers an area: visible keypoints there become hidden. Where they are is still known.
  func occluded(by area: PixelArea) -> Instance {
    let corners = area.corners
    var copy = self
    for index in copy.keypoints.indices where keypoints[index].visibility == .visible {
      let point = keypoints[index]
      if point.x >= corners.x && point.x < corners.z && point.y >= corners.y && point.y < corners.w {
        copy.keypoints[index].visibility = .hidden
      }
    }
    return copy
  }
}

extension Image {
  /// Copies a part of a picture of the same size to the same place of this one.
  mutating func copy(_ area: PixelArea, from image: Image) {
    let row = 3 * width
    for y in area.y {
      let bytes = (y * row + 3 * area.x.lowerBound)..<(y * row + 3 * area.x.upperBound)
      pixels.replaceSubrange(bytes, with: image.pixels[bytes])
    }
  }
}
