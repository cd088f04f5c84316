internal import Foundation
internal import ONNXProto
internal import Tensor

/// A graph under construction: operators in the order they run, and the numbers they use.
package final class ONNXGraph {
  /// An operator's setting.
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Float)
    case string(String)
  }

  let opset: Int
  /// New numbers and results are half precision.
  var isHalf = false
  private(set) var nodes: [Onnx_NodeProto] = []
  package private(set) var tensors: [ONNXTensor] = []
  /// Names of new operators begin with it.
  var scope = ""
  private var counts: [String: Int] = [:]
  private var ints: [[Int]: String] = [:]
  private var scalars: [Scalar: String] = [:]

  private struct Scalar: Hashable {
    var value: Float
    var isHalf: Bool
    var dims: [Int]
  }

  init(opset: Int) { self.opset = opset }

  package var nodeCount: Int { nodes.count }

  // MARK: Operators

  /// Adds an operator with one result.
  ///
  /// - Returns: the result's name.
  @discardableResult
  func add(
    _ type: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:],
    result: String? = nil
  ) -> String {
    let name = unique(type)
    let output = result ?? name + "_output"
    append(type, name: name, inputs, [output], attributes)
    return output
  }

  /// Adds an operator with several results.
  func add(
    _ type: String, _ inputs: [String], results count: Int,
    _ attributes: KeyValuePairs<String, Attribute> = [:]
  ) -> [String] {
    let name = unique(type)
    let outputs = (0..<count).map { "\(name)_output_\($0)" }
    append(type, name: name, inputs, outputs, attributes)
    return outputs
  }

  private func append(
    _ type: String, name: String, _ inputs: [String], _ outputs: [String],
    _ attributes: KeyValuePairs<String, Attribute>
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = name
    node.input = inputs
    node.output = outputs
    node.attribute = attributes.map { name, value in
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      switch value {
      case .int(let number):
        attribute.type = .int
        attribute.i = Int64(number)
      case .ints(let numbers):
        attribute.type = .ints
        attribute.ints = numbers.map(Int64.init)
      case .float(let number):
        attribute.type = .float
        attribute.f = number
      case .string(let text):
        attribute.type = .string
        attribute.s = Data(text.utf8)
      }
      return attribute
    }
    nodes.append(node)
  }

  private func unique(_ type: String) -> String {
    let stem = scope.isEmpty ? type : scope + "/" + type
    let count = counts[stem, default: 0]
    counts[stem] = count + 1
    return count == 0 ? stem : "\(stem)_\(count)"
  }

  // MARK: Numbers

  /// Adds numbers that lie in memory; they are written from there.
  func constant(_ tensor: Tensor, dims: [Int], name: String) -> String {
    append(name, dims, isHalf ? .half : .float, .tensor(tensor))
  }

  func constant(_ values: [Float], dims: [Int], name: String = "constant") -> String {
    append(name, dims, isHalf ? .half : .float, .floats(values))
  }

  func constant(_ values: [Int8], dims: [Int], name: String) -> String {
    append(name, dims, .int8, .int8(values))
  }

  func constant(_ values: [Int32], dims: [Int], name: String) -> String {
    append(name, dims, .int32, .int32(values))
  }

  /// A number, kept once.
  func scalar(_ value: Float, dims: [Int] = []) -> String {
    let key = Scalar(value: value, isHalf: isHalf, dims: dims)
    if let name = scalars[key] { return name }
    let name = constant([value], dims: dims, name: "scalar")
    scalars[key] = name
    return name
  }

  /// A list of 64-bit integers, kept once.
  func ints(_ values: [Int]) -> String {
    if let name = ints[values] { return name }
    let name = append("ints", [values.count], .int64, .int64(values.map(Int64.init)))
    ints[values] = name
    return name
  }

  /// One 64-bit integer without axes.
  func int(_ value: Int) -> String { append("int", [], .int64, .int64([Int64(value)])) }

  private func append(
    _ name: String, _ dims: [Int], _ type: ONNXTensor.ElementType, _ content: ONNXTensor.Content
  ) -> String {
    let name = unique(name)
    tensors.append(ONNXTensor(name: name, dims: dims, type: type, content: content))
    return name
  }

  // MARK: Small compositions

  /// Sums or extremes over axes, which stay with extent 1.
  func reduce(_ type: String, _ input: String, axes: [Int]) -> String {
    // Axes became an input with opset 13 for sums and 18 for the others.
    if type == "ReduceSum" || opset >= 18 {
      return add(type, [input, ints(axes)], ["keepdims": .int(1)])
    }
    return add(type, [input], ["axes": .ints(axes), "keepdims": .int(1)])
  }

  func slice(_ input: String, axis: Int, from start: Int, to end: Int) -> String {
    add("Slice", [input, ints([start]), ints([end]), ints([axis])])
  }

  func reshape(_ input: String, _ shape: [Int]) -> String { add("Reshape", [input, ints(shape)]) }

  func transpose(_ input: String, _ order: [Int]) -> String {
    add("Transpose", [input], ["perm": .ints(order)])
  }

  @discardableResult
  func concatenate(_ inputs: [String], axis: Int, result: String? = nil) -> String {
    if inputs.count == 1, result == nil { return inputs[0] }
    return add("Concat", inputs, ["axis": .int(axis)], result: result)
  }

  func cast(_ input: String, to type: ONNXTensor.ElementType, result: String? = nil) -> String {
    add("Cast", [input], ["to": .int(Int(type.code))], result: result)
  }

  /// The extent of one axis, as a list of one number.
  func extent(_ input: String, axis: Int) -> String {
    add("Gather", [shape(of: input), ints([axis])], ["axis": .int(0)])
  }

  private var shapes: [String: String] = [:]

  private func shape(of input: String) -> String {
    if let name = shapes[input] { return name }
    let name = add("Shape", [input])
    shapes[input] = name
    return name
  }
}
