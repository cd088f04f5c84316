/// How the stored rows lie with respect to the upright picture: EXIF tag 0x0112.
///
/// Source: CIPA DC-008 (Exif 2.3), section 4.6.4.
public enum ImageOrientation: Int, Sendable, CaseIterable {
  /// The stored picture is upright.
  case upright = 1
  case mirroredHorizontally
  case rotatedBy180
  case mirroredVertically
  /// Rows and columns exchanged.
  case transposed
  /// To be turned 90° clockwise.
  case turnRight
  /// Exchanged along the other diagonal.
  case transversed
  /// To be turned 90° counter-clockwise.
  case turnLeft

  /// Width and height change places.
  public var swapsAxes: Bool { rawValue >= 5 }
}
