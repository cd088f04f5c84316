import Foundation
import PoseLab
import Testing

/// What the articles say of their code.
@Suite struct `The articles' components` {
  @Test func `fog pales pictures, and leaves labels as they are`() throws {
    let instance = Instance(classIndex: 0, box: Box(x1: 1, y1: 2, x2: 5, y2: 3), keypoints: [])
    let sample = TrainingSample(
      image: Image(width: 7, height: 4, fill: (red: 10, green: 120, blue: 250)), instances: [instance],
      index: 3)
    var paled = 0
    for index in 0..<200 {
      var context = AugmentationContext(
        random: RandomStream(seed: 1, purpose: .test, index: index), imageSize: 64, skeleton: .cocoPerson,
        partner: { _ in 0 }, load: { _ in sample })
      let result = try Fog(probability: 0.25, strength: 0.5)(sample, &context)
      #expect(result.instances == sample.instances && result.index == 3)
      #expect(result.image.pixels[0] >= 10 && result.image.pixels[0] <= 123)
      #expect(result.image.pixels[2] <= 250)
      if result.image.pixels != sample.image.pixels { paled += 1 }
    }
    #expect((30...70).contains(paled))
  }

  @Test func `the gradient of a mean is the same for every bias`() {
    let (output, gradient) = gradientOfALayer()
    #expect(output.count == 48)
    // 54 weights, then 2 biases: each bias reaches half of the outputs.
    #expect(gradient.count == 56)
    #expect(gradient.suffix(2).allSatisfy { abs($0 - 0.5) < 1e-6 })
  }
}
