internal import Imaging
internal import PoseCore

/// Draws poses over an image at the size of the report.
struct PictureDrawer {
  var illustrator: PoseIllustrator
  /// The longer side, in pixels.
  var side: Int

  /// An image and by how much it was made smaller or larger.
  struct Picture {
    var image: Image
    var scale: (x: Float, y: Float)
  }

  func picture(_ path: String) throws -> Picture {
    let image = try Image(contentsOf: path)
    let factor = Double(side) / Double(max(image.width, image.height))
    let size = ImageSize(
      width: max(1, Int((Double(image.width) * factor).rounded())),
      height: max(1, Int((Double(image.height) * factor).rounded())))
    return Picture(
      image: image.resized(to: size),
      scale: (Float(size.width) / Float(image.width), Float(size.height) / Float(image.height)))
  }

  func draw(_ detections: [Detection], _ picture: Picture) throws -> [UInt8] {
    let (x, y) = picture.scale
    let scaled = detections.map { detection in
      var detection = detection
      detection.box = Self.scaled(detection.box, picture)
      for index in detection.keypoints.indices {
        detection.keypoints[index].x *= x
        detection.keypoints[index].y *= y
      }
      return detection
    }
    return try illustrator.draw(scaled, over: picture.image).jpeg(quality: 78)
  }

  func draw(_ instances: [Instance], _ picture: Picture) throws -> [UInt8] {
    let (x, y) = picture.scale
    let scaled = instances.map { instance in
      var instance = instance
      instance.box = Self.scaled(instance.box, picture)
      for index in instance.keypoints.indices {
        instance.keypoints[index].x *= x
        instance.keypoints[index].y *= y
      }
      return instance
    }
    return try illustrator.draw(scaled, over: picture.image).jpeg(quality: 78)
  }

  private static func scaled(_ box: Box, _ picture: Picture) -> Box {
    let (x, y) = picture.scale
    return Box(x1: box.x1 * x, y1: box.y1 * y, x2: box.x2 * x, y2: box.y2 * y)
  }
}
