import Heads
import Layers
import PoseCore
import Tensor
import Testing

@Suite struct `The head with a shared stem` {
  private func head(regMax: Int) -> SharedStemPoseHead {
    SharedStemPoseHead(
      inputs: [FeatureShape(channels: 6, stride: 8), FeatureShape(channels: 10, stride: 16)],
      layout: HeadLayout(classCount: 2, keypointCount: 3, keypointDimensions: 3, regMax: regMax, strides: []),
      width: 8, depth: 2, usesDepthwise: false)
  }

  @Test func `gives boxes, classes and keypoints of every level`() throws {
    let head = head(regMax: 4)
    let device = Device.openBLAS()
    let store = ParameterStore(head, device: device, seed: 2)
    let features = [
      BlockFixture.tensor([2, 4, 6, 6], phase: 1, on: device),
      BlockFixture.tensor([2, 2, 3, 10], phase: 2, on: device),
    ]
    let output = withExtendedLifetime(store) { head(features, ForwardPass(.evaluation)) }
    #expect(output.levels.map(\.boxes.shape) == [[2, 4, 6, 16], [2, 2, 3, 16]])
    #expect(output.levels.map(\.scores.shape) == [[2, 4, 6, 2], [2, 2, 3, 2]])
    #expect(output.levels.map(\.keypoints.shape) == [[2, 4, 6, 9], [2, 2, 3, 9]])
    let decoded = head.decode(output, image: 1, minimumScore: nil)
    #expect(decoded.count == 30 && decoded.rowLength == 15)
    #expect(output.oneToOne == nil)
    #expect(head.layout.strides == [8, 16])
  }

  @Test func `has one stem and two towers a level`() {
    // Stem 6 → 8 and 10 → 8; towers 2 × 2 × (8 · 8 · 9 + 16); outputs 8 → 2, 4, 9.
    let towers = 2 * 2 * (8 * 8 * 9 + 16)
    let outputs = (8 + 1) * (2 + 4 + 9)
    #expect(head(regMax: 1).parameterCount == (6 * 8 + 16) + (10 * 8 + 16) + 2 * (towers + outputs))
    #expect(head(regMax: 1).namedState().contains { $0.path == "pose_towers.1.0.conv.weight" })
    #expect(!head(regMax: 1).namedState().contains { $0.path.hasPrefix("dfl") })
  }
}
