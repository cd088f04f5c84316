internal import Foundation
internal import Imaging
internal import PoseCore

/// Draws the picture of a finding: the objects in question, their doubtful keypoints circled and named.
struct FindingPicture {
  let skeleton: Skeleton
  let classNames: [String]

  /// Longest side in pixels.
  private static let side = 420

  /// A JPEG as the address of an `img`; nil where the image cannot be read.
  func address(of finding: Finding) -> String? {
    guard let path = finding.image, let header = try? ImageHeader(contentsOf: path) else { return nil }
    let scale = DecodeOptions.JPEGScale.smallest(
      keepingLongSide: Self.side, ofWidth: header.width, height: header.height)
    guard let image = try? Image(contentsOf: path, options: DecodeOptions(jpegScale: scale)) else {
      return nil
    }
    let factor = Double(Self.side) / Double(max(header.width, header.height))
    let size = ImageSize(
      width: max(1, Int((Double(header.width) * factor).rounded())),
      height: max(1, Int((Double(header.height) * factor).rounded())))
    guard let drawn = try? draw(finding, over: image.resized(to: size), factor: factor),
      let bytes = try? drawn.jpeg(quality: 80)
    else { return nil }
    return "data:image/jpeg;base64," + Foundation.Data(bytes).base64EncodedString()
  }

  private func draw(_ finding: Finding, over image: Image, factor: Double) throws -> Image {
    let canvas = try Canvas(image)
    let illustrator = PoseIllustrator(skeleton: skeleton, classNames: classNames)
    let figures = finding.objects.map { illustrator.figure($0).scaled(factor) }
    PoseDrawing(scale: 0.8).draw(figures, on: canvas, width: canvas.width, height: canvas.height)
    for object in finding.objects {
      for index in finding.keypoints where object.keypoints.indices.contains(index) {
        let point = object.keypoints[index]
        let place = Canvas.Point(
          min(max(Double(point.x) * factor, 2), canvas.width - 2),
          min(max(Double(point.y) * factor, 2), canvas.height - 2))
        canvas.circle(center: place, radius: 7, stroke: .white, lineWidth: 3)
        canvas.circle(center: place, radius: 7, stroke: Color(hex: 0xD81159), lineWidth: 1.6)
        let name = skeleton.names.indices.contains(index) ? skeleton.names[index] : "\(index)"
        let isRight = place.x > canvas.width * 0.7
        canvas.text(
          name, at: Canvas.Point(place.x + (isRight ? -10 : 10), place.y), size: 11, color: .white,
          horizontal: isRight ? .trailing : .leading, vertical: .center,
          background: Color(hex: 0xD81159).faded(0.85), padding: 2)
      }
    }
    return try canvas.image()
  }
}
