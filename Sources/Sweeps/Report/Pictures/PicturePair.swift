/// One validation image with what two models made of it, as JPEG files ready to be embedded.
struct PicturePair: Sendable {
  /// The image's file, without its folder.
  var name: String
  /// Of the image alone, 0…1.
  var scores: (baseline: Double, variant: Double)
  var baseline: [UInt8]
  var variant: [UInt8]
  /// Nil where the labels could not be read.
  var labels: [UInt8]?
}
