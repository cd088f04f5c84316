extension PluginPackage {
  static let modelSpec =
    """
    # A small pose model with a layer of this package. A data set's own classes and
    # keypoints take the place of these.
    nc: 1
    kpt_shape: [17, 3]

    # Lines are [from, repeats, layer, arguments]; -1 is the line before.
    backbone:
      - [-1, 1, Conv, { channels: 16, kernel: 3, stride: 2 }]
      - [-1, 1, Conv, { channels: 32, kernel: 3, stride: 2 }]
      - [-1, 1, ScaledResidual, { kernel: 5 }]
      - [-1, 1, Conv, { channels: 48, kernel: 3, stride: 2 }]
      - [-1, 2, ScaledResidual, { initial_scale: 0.2 }] # P3
      - [-1, 1, Conv, { channels: 64, kernel: 3, stride: 2 }]
      - [-1, 2, C3k2, { channels: 64 }] # P4
      - [-1, 1, Conv, { channels: 96, kernel: 3, stride: 2 }]
      - [-1, 1, SPPF, { channels: 96 }] # P5

    neck: { type: pafpn, channels: [48, 64, 96] }
    head: yolo11_pose

    """

  var experimentSpec: String {
    """
    # Trains the model with this package's loss on synthetic people, which it makes itself the first time.
    #
    #   swift run -c release \(productName) train Specs/experiment.yaml
    model: model.yaml
    data:
      synth: { output: ../runs/people, images: 320, size: 96, seed: 1 }
    train: { epochs: 8, imgsz: 96, batch: 16, nbs: 16 }
    loss:
      type: yolo_pose
      keypoint_loss: { type: geman_mcclure, scale: 0.1 }
    log: { name: \(productName) }

    """
  }
}
