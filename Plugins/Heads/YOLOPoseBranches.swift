internal import Foundation
internal import Layers
internal import PoseCore
internal import Tensor

/// The branches of one level of a `YOLOPoseHead`.
final class YOLOPoseBranches {
  let boxes: Sequential
  let scores: Sequential
  /// With deviations, the convolutions that positions and deviations share.
  let keypoints: Sequential
  let keypointOutput: Convolution2D?
  let sigmaOutput: Convolution2D?

  /// - Parameter firstChannels: of the finest level, which the widths of all follow.
  init(input: FeatureShape, firstChannels first: Int, layout: HeadLayout, usesDepthwiseClasses: Bool) {
    let (channels, classes, sides) = (input.channels, layout.classCount, 4 * layout.regMax)
    let keypointNumbers = layout.keypointCount * layout.keypointDimensions
    // A fresh head expects 5 objects in an image of 640 × 640 pixels.
    let cells = Foundation.pow(640 / Double(input.stride), 2)
    let scoreBias = Float(Foundation.log(5 / Double(classes) / cells))
    let scoreWidth = max(first, min(classes, 100))
    boxes = Self.branch(
      channels, max(16, first / 4, sides), Self.last(max(16, first / 4, sides), sides, bias: 2))
    scores =
      usesDepthwiseClasses
      ? Self.depthwiseBranch(channels, scoreWidth, Self.last(scoreWidth, classes, bias: scoreBias))
      : Self.branch(channels, scoreWidth, Self.last(scoreWidth, classes, bias: scoreBias))
    if layout.hasKeypointSigmas {
      let width = max(first / 4, keypointNumbers + 2 * layout.keypointCount)
      keypoints = Self.branch(channels, width, nil)
      keypointOutput = Convolution2D(inChannels: width, outChannels: keypointNumbers)
      sigmaOutput = Convolution2D(inChannels: width, outChannels: 2 * layout.keypointCount)
    } else {
      let width = max(first / 4, keypointNumbers)
      keypoints = Self.branch(channels, width, Self.last(width, keypointNumbers, bias: nil))
      keypointOutput = nil
      sigmaOutput = nil
    }
  }

  private static func branch(_ input: Int, _ hidden: Int, _ last: Convolution2D?) -> Sequential {
    Sequential(
      [
        ConvolutionBlock(inChannels: input, outChannels: hidden, kernel: 3),
        ConvolutionBlock(inChannels: hidden, outChannels: hidden, kernel: 3),
      ] + (last.map { [$0] } ?? []))
  }

  private static func depthwiseBranch(_ input: Int, _ hidden: Int, _ last: Convolution2D) -> Sequential {
    func pair(_ from: Int) -> Sequential {
      Sequential([
        ConvolutionBlock(inChannels: from, outChannels: from, kernel: 3, groups: from),
        ConvolutionBlock(inChannels: from, outChannels: hidden),
      ])
    }
    return Sequential([pair(input), pair(hidden), last])
  }

  private static func last(_ input: Int, _ output: Int, bias: Float?) -> Convolution2D {
    let layer = Convolution2D(inChannels: input, outChannels: output)
    if let bias { layer.bias?.initializer = .constant(bias) }
    return layer
  }

  /// Takes the first numbers of another level's branches of the same shape.
  func begin(like other: YOLOPoseBranches) {
    for (own, original) in zip(owners, other.owners) {
      for (copy, source) in zip(own.namedState(), original.namedState()) {
        if case (.parameter(let copy), .parameter(let source)) = (copy.kind, source.kind) {
          copy.initializer = .copy(of: source)
        }
      }
    }
  }

  private var owners: [any ParameterOwner] {
    [boxes, scores, keypoints] + [keypointOutput, sigmaOutput].compactMap { $0 }
  }

  func callAsFunction(_ map: Tensor, _ pass: ForwardPass) -> HeadOutput.Level {
    let boxes = boxes(map, pass)
    let scores = scores(map, pass)
    let keypoints = keypoints(map, pass)
    return HeadOutput.Level(
      boxes: boxes, scores: scores, keypoints: keypointOutput.map { $0(keypoints, pass) } ?? keypoints,
      sigmas: pass.mode == .training ? sigmaOutput.map { $0(keypoints, pass) } : nil)
  }
}
