internal import Foundation
public import PoseCore
internal import Tensor

extension YOLO11PoseHead {
  public func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    var decoder = PoseDecoder(layout: layout, minimumScore: minimumScore)
    for (index, level) in output.levels.enumerated() {
      let (height, width) = (level.boxes.shape[1], level.boxes.shape[2])
      let one = image..<(image + 1)
      level.boxes.images(one).withHostValues { boxes in
        level.scores.images(one).withHostValues { scores in
          level.keypoints.images(one).withHostValues { keypoints in
            decoder.add(
              boxes: boxes, scores: scores, keypoints: keypoints, height: height, width: width,
              stride: layout.strides[index])
          }
        }
      }
    }
    return decoder.result
  }
}
