public import PoseCore

/// The augmentations of training pictures.
///
/// Each one draws its parameters from the sample's random stream and hands them to a pure `apply`.
/// Reading order: `ChanceAugmentation`; `Joining`, those that take other pictures in; `Geometry`, which moves keypoints;
/// `Colour` and `Quality`, which do not. The reference applies its own in the order `Mosaic`, `AffineWarp`, `Mixup`,
/// `CutMix`, `HSVShift`, `Flip`, `ChannelSwap`.
public enum Augmentations: Plugin {
  public static let name = "Augmentations"

  public static func register(in registry: inout Registry) throws {
    for component in [
      Mosaic.component, Mixup.component, CutMix.component, CopyPaste.component,
      AffineWarp.component, PerspectiveTilt.component, Flip.upDownComponent, Flip.leftRightComponent,
      QuarterTurn.component, LetterboxFit.component, MultiScale.component,
      HSVShift.component, BrightnessContrast.component, Greyscale.component, ChannelSwap.component,
      Blur.component, Noise.component, Recompression.component, Erasing.component,
    ] {
      try registry.augmentations.register(component)
    }
  }
}
