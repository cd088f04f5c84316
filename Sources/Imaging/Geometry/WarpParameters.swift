internal import Foundation

/// The numbers of a random perspective warp, in the order in which they are drawn.
public struct WarpParameters: Sendable, Equatable {
  /// Elements of the third row, for 1/pixel.
  public var perspectiveX: Double
  public var perspectiveY: Double
  /// Rotation in degrees, counter-clockwise on screen.
  public var degrees: Double
  public var scale: Double
  /// Shear angles in degrees.
  public var shearX: Double
  public var shearY: Double
  /// Where the source's centre lands, in shares of the output; 0.5 is its centre.
  public var translateX: Double
  public var translateY: Double

  public init(
    perspectiveX: Double = 0, perspectiveY: Double = 0, degrees: Double = 0, scale: Double = 1,
    shearX: Double = 0, shearY: Double = 0, translateX: Double = 0.5, translateY: Double = 0.5
  ) {
    self.perspectiveX = perspectiveX
    self.perspectiveY = perspectiveY
    self.degrees = degrees
    self.scale = scale
    self.shearX = shearX
    self.shearY = shearY
    self.translateX = translateX
    self.translateY = translateY
  }

  /// `T S R P C`: centre to the origin, perspective, rotation and scale, shear, translation.
  public func matrix(from source: ImageSize, to output: ImageSize) -> Homography {
    let radians = Double.pi / 180
    let (cosine, sine) = (scale * cos(degrees * radians), scale * sin(degrees * radians))
    let centre = Homography([1, 0, -Double(source.width) / 2, 0, 1, -Double(source.height) / 2, 0, 0, 1])
    let perspective = Homography([1, 0, 0, 0, 1, 0, perspectiveX, perspectiveY, 1])
    let rotation = Homography([cosine, sine, 0, -sine, cosine, 0, 0, 0, 1])
    let shear = Homography([1, tan(shearX * radians), 0, tan(shearY * radians), 1, 0, 0, 0, 1])
    let translation = Homography([
      1, 0, translateX * Double(output.width), 0, 1, translateY * Double(output.height), 0, 0, 1,
    ])
    return translation * shear * rotation * perspective * centre
  }
}
