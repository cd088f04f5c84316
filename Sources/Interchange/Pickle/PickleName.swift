/// A name that pickles may mention, and the inert value that stands for what it makes. There are no others.
struct PickleName: Sendable, Equatable {
  enum Meaning: Sendable, Equatable {
    case orderedDictionary
    case set
    /// `torch.Size`: a tuple.
    case size
    case tensor
    case parameter
    case storage(ElementType)
    /// A class whose instances have attributes.
    case object
    /// Whatever it makes is passed over.
    case opaque
    /// Mentioned, never called.
    case constant
  }

  /// `module.name`.
  var text: String
  var meaning: Meaning

  /// - Returns: nil for what is not allowed.
  init?(module: String, name: String) {
    text = "\(module).\(name)"
    if let meaning = Self.exact[text] {
      self.meaning = meaning
    } else if module.hasPrefix("torch.nn.modules."), Self.torchModules.contains(String(module.dropFirst(17))),
      Self.torchLayers.contains(name)
    {
      meaning = .object
    } else if Self.referenceModules.contains(module), Self.referenceClasses.contains(name) {
      meaning = .object
    } else {
      return nil
    }
  }

  private static let exact: [String: Meaning] = {
    var names: [String: Meaning] = [
      "collections.OrderedDict": .orderedDictionary,
      "__builtin__.set": .set, "builtins.set": .set, "torch.Size": .size,
      "torch._utils._rebuild_tensor_v2": .tensor, "torch._utils._rebuild_parameter": .parameter,
      "torch._utils._rebuild_parameter_with_state": .parameter,
      "types.SimpleNamespace": .object, "ultralytics.utils.IterableSimpleNamespace": .object,
      "ultralytics.yolo.utils.IterableSimpleNamespace": .object,
    ]
    let storages: [(String, ElementType)] = [
      ("Double", .f64), ("Float", .f32), ("Half", .f16), ("BFloat16", .bf16), ("Long", .i64), ("Int", .i32),
      ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
    ]
    for (name, type) in storages { names["torch.\(name)Storage"] = .storage(type) }
    // Numbers and paths among the settings and results of a training.
    for name in [
      "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
      "numpy._core.multiarray._reconstruct", "numpy.dtype", "numpy.ndarray", "_codecs.encode", "torch.device",
      "pathlib.Path", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath",
      "pathlib.PureWindowsPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
    ] { names[name] = .opaque }
    for name in [
      "float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool",
    ] {
      names["torch." + name] = .constant
    }
    return names
  }()

  /// Below `torch.nn.modules`.
  private static let torchModules: Set<String> = [
    "activation", "batchnorm", "container", "conv", "dropout", "flatten", "instancenorm", "linear", "loss",
    "module",
    "normalization", "padding", "pixelshuffle", "pooling", "sparse", "upsampling",
  ]

  private static let torchLayers: Set<String> = [
    "AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "AvgPool2d", "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d",
    "BatchNorm2d", "Conv1d", "Conv2d", "ConvTranspose2d", "CrossEntropyLoss", "Dropout", "Dropout2d", "ELU",
    "Embedding", "Flatten", "GELU", "GroupNorm", "Hardsigmoid", "Hardswish", "Identity", "InstanceNorm2d",
    "L1Loss", "LayerNorm", "LeakyReLU", "Linear", "LocalResponseNorm", "MSELoss", "MaxPool2d", "Mish",
    "Module",
    "ModuleDict", "ModuleList", "MultiheadAttention", "NonDynamicallyQuantizableLinear", "PReLU",
    "ParameterList", "PixelShuffle", "ReLU", "ReLU6", "SELU", "Sequential", "SiLU", "Sigmoid", "SmoothL1Loss",
    "Softmax", "Softplus", "SyncBatchNorm", "Tanh", "Unflatten", "Upsample", "UpsamplingBilinear2d",
    "UpsamplingNearest2d", "ZeroPad2d",
  ]

  /// As the reference and its earlier versions are divided.
  private static let referenceModules: Set<String> = [
    "ultralytics.nn.modules", "ultralytics.nn.modules.activation", "ultralytics.nn.modules.block",
    "ultralytics.nn.modules.conv", "ultralytics.nn.modules.head", "ultralytics.nn.modules.transformer",
    "ultralytics.nn.modules.utils", "ultralytics.nn.tasks", "ultralytics.utils.loss", "ultralytics.utils.tal",
    "ultralytics.yolo.utils.loss", "ultralytics.yolo.utils.tal",
  ]

  private static let referenceClasses: Set<String> = [
    // Models.
    "BaseModel", "ClassificationModel", "DetectionModel", "OBBModel", "PoseModel", "RTDETRDetectionModel",
    "SegmentationModel", "WorldModel", "YOLOEModel", "YOLOESegModel",
    // Convolutions.
    "CBAM", "ChannelAttention", "Concat", "Conv", "Conv2", "ConvTranspose", "DWConv", "DWConvTranspose2d",
    "Focus",
    "GhostConv", "Index", "LightConv", "RepConv", "SpatialAttention",
    // Blocks.
    "A2C2f", "AAttn", "ABlock", "ADown", "AConv", "AGLU", "Attention", "BNContrastiveHead", "Bottleneck",
    "BottleneckCSP", "C1", "C2", "C2PSA", "C2f", "C2fAttn", "C2fCIB", "C2fPSA", "C3", "C3Ghost", "C3TR",
    "C3k",
    "C3k2", "C3x", "CBFuse", "CBLinear", "CIB", "ContrastiveHead", "DFL", "ELAN1", "GhostBottleneck",
    "HGBlock",
    "HGStem", "ImagePoolingAttn", "MaxSigmoidAttnBlock", "PSA", "PSABlock", "Proto", "Proto26", "RealNVP",
    "RepBottleneck", "RepC3", "RepCSP", "RepNCSPELAN4", "RepVGGDW", "Residual", "ResNetBlock", "ResNetLayer",
    "SAVPE", "SCDown", "SPP", "SPPELAN", "SPPF", "SwiGLUFFN", "TorchVision", "TransformerBlock",
    "TransformerEncoderLayer", "TransformerLayer",
    // Heads.
    "Classify", "Detect", "LRPCHead", "OBB", "OBB26", "Pose", "Pose26", "Segment", "Segment26", "YOLOEDetect",
    "YOLOESegment", "YOLOESegment26", "v10Detect",
    // Losses, which models keep after a training.
    "BboxLoss", "DFLoss", "E2ELoss", "E2EDetectLoss", "KeypointLoss", "PoseLoss26", "RLELoss",
    "TaskAlignedAssigner", "v8DetectionLoss", "v8PoseLoss",
  ]
}
