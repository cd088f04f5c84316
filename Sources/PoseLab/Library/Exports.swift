// One import is enough for who uses PoseLab or writes a plugin: tensors, layers, pictures, the domain and the
// registry, training, and every component to build on. Engines stay behind their names.
@_exported public import Augmentations
@_exported public import Backbones
@_exported public import BuildingBlocks
@_exported public import Config
@_exported public import Data
@_exported public import Heads
@_exported public import Imaging
@_exported public import Interchange
@_exported public import Layers
@_exported public import Losses
@_exported public import Metrics
@_exported public import Necks
@_exported public import ONNX
@_exported public import Optimizers
@_exported public import PoseCore
@_exported public import Sweeps
@_exported public import Tensor
@_exported public import Training
