import Kernels

/// Functions of one number that layers apply; raw values are those of the kernels.
public enum Activation: Int, Sendable, CaseIterable {
  case identity = 0
  case silu = 1
  case sigmoid = 2
  case relu = 3
  case hardSwish = 4
  case hardSigmoid = 5
  case gelu = 6
  case tanh = 7
  case exp = 8
  case log = 9
  case sqrt = 10
  case square = 11
  case abs = 12
  case softplus = 13
  case leakyReLU = 14

  package var kernel: pl_unary { pl_unary(rawValue: UInt32(rawValue)) }
}

/// Functions of two numbers; raw values are those of the kernels.
public enum BinaryOperation: Int, Sendable {
  case add = 0
  case subtract = 1
  case multiply = 2
  case divide = 3
  case maximum = 4
  case minimum = 5

  package var kernel: pl_binary { pl_binary(rawValue: UInt32(rawValue)) }
}
