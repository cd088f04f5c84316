public import PoseCore

/// The augmentations of training pictures.
///
/// Each one draws its parameters from the sample's random stream and hands them to a pure `apply`.
/// Reading order: `Mosaic`, `AffineWarp`, `Mixup`, `HSVShift`, `Flip`, `LetterboxFit`, the order in which the
/// reference applies them.
public enum Augmentations: Plugin {
  public static let name = "Augmentations"

  public static func register(in registry: inout Registry) throws {
    try registry.augmentations.register(Mosaic.component)
    try registry.augmentations.register(AffineWarp.component)
    try registry.augmentations.register(Mixup.component)
    try registry.augmentations.register(HSVShift.component)
    try registry.augmentations.register(Flip.upDownComponent)
    try registry.augmentations.register(Flip.leftRightComponent)
    try registry.augmentations.register(LetterboxFit.component)
  }
}
