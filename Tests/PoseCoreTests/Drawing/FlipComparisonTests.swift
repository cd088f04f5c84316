import Imaging
import PoseCore
import Testing

@Suite struct `A flip comparison` {
  private let skeleton = Skeleton(
    keypointCount: 4, dimensions: 3, names: ["nose", "chin", "left_ear", "right_ear"],
    flipIndices: [1, 0, 3, 2], limbs: [], sigmas: [1, 1, 1, 1], sigmaSource: .dataset)

  private func instance(_ visibilities: [Visibility], spread: Float = 10) -> Instance {
    let points: [SIMD2<Float>] = [[100, 80], [100, 80 + spread], [92, 70], [110, 72]]
    return Instance(
      classIndex: 0, box: Box(x1: 90, y1: 66, x2: 112, y2: 100),
      keypoints: zip(points, visibilities).map { Keypoint(x: $0.x, y: $0.y, visibility: $1) })
  }

  @Test func `prefers objects that have both ends of a pair, far apart`() {
    let comparison = FlipComparison(skeleton: skeleton, pairs: [(0, 1)])
    #expect(comparison.rating(of: instance([.visible, .unlabelled, .visible, .visible])) == nil)
    let near = comparison.rating(of: instance([.visible, .hidden, .visible, .visible]))
    #expect(near?.labelled == 1 && near?.spread == 10)
    #expect(
      comparison.rating(of: instance([.visible, .visible, .visible, .visible], spread: 16))?.spread == 16)
  }

  @Test func `shows the object twice, the second time mirrored`() throws {
    var image = Image(width: 200, height: 120, fill: (30, 60, 90))
    // A mark at the left of the object.
    image.paste(Image(width: 4, height: 30, fill: (250, 250, 250)), x: 90, y: 68)
    let drawn = try FlipComparison(skeleton: skeleton, pairs: [(0, 1)]).render(
      instance([.visible, .visible, .visible, .visible]), in: image)
    // The cut-out reaches from 84 to 118 and from 60 to 106: 34×46, whose long side becomes 560 pixels.
    #expect(drawn.size == ImageSize(width: 2 * (414 + 200), height: 30 + 560))
    func brightness(_ x: Int, _ y: Int) -> UInt8 { drawn.pixels[(y * drawn.width + x) * 3] }
    let row = 30 + 420
    #expect(brightness(97, row) > 200 && brightness(317, row) < 60)
    #expect(brightness(614 + 97, row) < 60 && brightness(614 + 317, row) > 200)
  }
}
