import Tensor

/// Whatever owns learned numbers: layers, backbones, necks, heads, whole models.
public protocol ParameterOwner: AnyObject {
  /// Everything it owns, in the order and under the names of checkpoints.
  var members: [LayerMember] { get }
}

/// A part of a model that maps tensors to a tensor.
public protocol Layer: ParameterOwner {
  /// Most layers take one input; joining layers take several.
  func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass) -> Tensor
}

/// A layer of one input.
public protocol UnaryLayer: Layer {
  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor
}

extension UnaryLayer {
  public func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass) -> Tensor {
    precondition(inputs.count == 1, "\(type(of: self)) takes one input, got \(inputs.count)")
    return self(inputs[0], pass)
  }
}

/// A layer that can write its result where the caller wants it, so that a map that joins it with others need not copy.
public protocol PlacingLayer: UnaryLayer {
  /// - Parameter place: where the result is to lie.
  func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor
}

extension PlacingLayer {
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor { self(input, pass, at: nil) }
}

extension Layer {
  /// Runs any layer; one that cannot place its result leaves it elsewhere.
  public func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    if place != nil, inputs.count == 1, let layer = self as? any PlacingLayer {
      return layer(inputs[0], pass, at: place)
    }
    return self(inputs, pass)
  }
}

/// A layer that joins the channels of its inputs, in their order.
public protocol JoiningLayer: Layer {
  /// - Parameter join: whose places the inputs may lie at, one for each.
  func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass, in join: ChannelJoin?) -> Tensor
}

extension JoiningLayer {
  public func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass) -> Tensor {
    self(inputs, pass, in: nil)
  }
}

/// One thing a layer owns. Names join with dots to the path of checkpoints: `model.0.conv.weight`.
public enum LayerMember {
  case parameter(String, Parameter)
  case buffer(String, Buffer)
  case layer(String, any ParameterOwner)

  /// Layers under their index in a list: `m.0`, `m.1`, …
  public static func list(_ name: String, _ layers: [any ParameterOwner]) -> [LayerMember] {
    layers.enumerated().map { .layer("\(name).\($0.offset)", $0.element) }
  }
}

/// A parameter or buffer with its path.
public struct NamedState {
  public enum Kind {
    case parameter(Parameter)
    case buffer(Buffer)
  }

  public let path: String
  public let kind: Kind

  public var shape: [Int] {
    switch kind {
    case .parameter(let parameter): parameter.shape
    case .buffer(let buffer): buffer.shape
    }
  }

  public var value: Tensor {
    switch kind {
    case .parameter(let parameter): parameter.value
    case .buffer(let buffer): buffer.value
    }
  }
}

extension ParameterOwner {
  /// All parameters and buffers, depth first, in the order of `members`.
  public func namedState(prefix: String = "") -> [NamedState] {
    members.flatMap { member -> [NamedState] in
      switch member {
      case .parameter(let name, let parameter): [NamedState(path: prefix + name, kind: .parameter(parameter))]
      case .buffer(let name, let buffer): [NamedState(path: prefix + name, kind: .buffer(buffer))]
      case .layer(let name, let layer): layer.namedState(prefix: prefix + name + ".")
      }
    }
  }

  public var parameterCount: Int {
    namedState().reduce(0) { sum, state in
      if case .parameter(let parameter) = state.kind { sum + parameter.count } else { sum }
    }
  }
}
