import PoseLab

/// A tensor's gradient, without a model around it.
func gradientOfALayer() -> (output: [Float], gradient: [Float]) {
  let device = Device.openBLAS()
  let layer = Convolution2D(
    inChannels: 3, outChannels: 2, kernel: 3, options: ConvolutionOptions(padding: 1))
  let store = ParameterStore(layer, device: device, seed: 0)
  let input = Tensor(repeating: 0.5, shape: [1, 4, 6, 3], on: device)

  let output = layer(input, ForwardPass(.training))  // [1, 4, 6, 2]
  output.mean().backward()
  let gradient = store.gradients.copyToHost()
  return (output.copyToHost(), gradient)
}
