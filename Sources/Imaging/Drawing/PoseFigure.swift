/// One person (or other object) to draw over a picture: box, label, joints and limbs, in the picture's pixels.
public struct PoseFigure: Sendable, Equatable {
  /// The side of the body a joint or limb belongs to; decides the family of its colour.
  public enum Side: Sendable, Hashable {
    case left, right, middle
  }

  /// How a joint is drawn.
  public enum JointStyle: Sendable, Hashable {
    /// A filled disc.
    case filled
    /// A ring: labelled but hidden.
    case hollow
    /// Not at all, nor any limb that ends in it.
    case absent
  }

  /// A joint; `opacity` is 0…1.
  public struct Joint: Sendable, Equatable {
    public var position: Canvas.Point
    public var side: Side
    public var style: JointStyle
    public var opacity: Double

    public init(position: Canvas.Point, side: Side, style: JointStyle, opacity: Double = 1) {
      self.position = position
      self.side = side
      self.style = style
      self.opacity = opacity
    }
  }

  /// A line between two joints, given by their indices.
  public struct Limb: Sendable, Equatable {
    public var from: Int
    public var to: Int
    public var side: Side

    public init(from: Int, to: Int, side: Side) {
      self.from = from
      self.to = to
      self.side = side
    }
  }

  /// The outline around the object; nil draws none.
  public var box: Canvas.Rectangle?
  /// The text at the box's upper left corner; nil or empty draws none.
  public var label: String?
  /// Colour of box and label: usually that of the class.
  public var color: Color
  public var joints: [Joint]
  public var limbs: [Limb]

  public init(
    box: Canvas.Rectangle?, label: String? = nil, color: Color = Palette.categories[0], joints: [Joint],
    limbs: [Limb]
  ) {
    self.box = box
    self.label = label
    self.color = color
    self.joints = joints
    self.limbs = limbs
  }
}
