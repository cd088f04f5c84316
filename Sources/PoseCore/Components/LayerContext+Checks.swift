public import Config

// Checks that builders of layers share. What they throw gets the place of the layer.
extension LayerContext {
  /// Most channels a layer may give.
  public static let maximumChannels = 65_536

  /// The one map that the layer takes.
  ///
  /// - Throws: where it gets several, or none.
  public func singleInput(of arguments: Arguments) throws(Diagnostic) -> FeatureShape {
    guard let input = inputs.first, inputs.count == 1 else {
      throw Diagnostic(
        .error, "\(arguments.owner) takes one map, but gets \(inputs.count)", at: arguments.location)
    }
    return input
  }

  /// The argument `channels` at the model's scale.
  public func outputChannels(of arguments: Arguments) throws(Diagnostic) -> Int {
    scale.channels(try arguments.int("channels"))
  }

  /// A part of `channels` for the inner convolutions of a block.
  ///
  /// - Throws: where nothing is left.
  public func hiddenChannels(
    _ channels: Int, expansion: Double, of arguments: Arguments
  ) throws(Diagnostic) -> Int {
    let hidden = Int(Double(channels) * expansion)
    guard (1...Self.maximumChannels).contains(hidden) else {
      throw Diagnostic(
        .error,
        "\(arguments.owner): \(expansion) of \(channels) channels leaves \(hidden) for its inner convolutions",
        at: arguments.location)
    }
    return hidden
  }

  /// Checks that `groups` divides all these numbers of channels.
  public func check(
    groups: Int, divide channels: Int..., of arguments: Arguments
  ) throws(Diagnostic) {
    for count in channels where count % groups != 0 {
      throw arguments.error(
        "\(arguments.owner): \(groups) groups do not divide \(count) channels", at: "groups")
    }
  }

  /// The padding of a convolution or pooling that makes its map exactly `1 / stride` as high and wide.
  ///
  /// - Parameter padding: as given; nil means half of the (dilated) kernel.
  /// - Throws: where the map would come out larger or smaller, so that nothing could be joined with it.
  public func checkedPadding(
    _ padding: Int?, kernel: Int, stride: Int, dilation: Int, of arguments: Arguments
  ) throws(Diagnostic) -> Int {
    let reach = dilation * (kernel - 1) + 1
    let padding = padding ?? reach / 2
    guard (reach - stride...reach - 1).contains(2 * padding) else {
      let fitting = max(0, (reach - stride + 1) / 2)
      let remedy = 2 * fitting <= reach - 1 ? "; a padding of \(fitting) does" : "; take another kernel"
      let wanted = stride == 1 ? "keep the size of a map" : "give a map of 1 / \(stride) the size"
      throw arguments.error(
        "\(arguments.owner): kernel \(reach) with stride \(stride) and padding \(padding) does not "
          + wanted + remedy, at: "kernel")
    }
    return padding
  }
}

extension ParameterDeclaration {
  /// `channels`, the first argument of most layers.
  public static let channels = ParameterDeclaration(
    "channels", .int(1...LayerContext.maximumChannels), help: "output channels before the model's scale")

  /// Share of the output channels that inner convolutions have.
  public static func expansion(_ value: Double) -> ParameterDeclaration {
    ParameterDeclaration(
      "expansion", .float(.above(0).clamped(to: 0...8)), default: .float(value),
      help: "share of the output channels that inner convolutions have", aliases: ["e"])
  }

  public static let groups = ParameterDeclaration(
    "groups", .int(1...LayerContext.maximumChannels), default: 1, help: "groups of channels convolved apart",
    aliases: ["g"])

  public static func shortcut(_ value: Bool) -> ParameterDeclaration {
    ParameterDeclaration(
      "shortcut", .bool, default: .bool(value), help: "adds the input of each inner block to its output")
  }

  public static func kernel(_ value: Int) -> ParameterDeclaration {
    ParameterDeclaration(
      "kernel", .int(1...31), default: .int(value), help: "side of the window in positions", aliases: ["k"])
  }

  public static let stride = ParameterDeclaration(
    "stride", .int(1...16), default: 1, help: "positions from one window to the next", aliases: ["s"])

  public static let padding = ParameterDeclaration(
    "padding", .int(0...512), default: .null, help: "rings of zeros; none means half the kernel",
    aliases: ["p"])

  public static let dilation = ParameterDeclaration(
    "dilation", .int(1...32), default: 1, help: "positions from one tap of the kernel to the next",
    aliases: ["d"])

  public static let activation = ParameterDeclaration(
    "activation", .bool, default: true, help: "SiLU at the end; false means none", aliases: ["act"])
}
