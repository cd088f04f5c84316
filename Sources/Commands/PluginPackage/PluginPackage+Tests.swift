extension PluginPackage {
  var layerTests: String {
    """
    import Foundation
    import \(name)
    import PoseLab
    import Testing

    @Suite struct `Scaled residual` {
      let device = Device.openBLAS()

      @Test func `passes its input on where the scales are zero`() {
        let layer = ScaledResidual(channels: 4, kernel: 5, initialScale: 0)
        let store = ParameterStore(layer, device: device, seed: 0)
        let input = Tensor((0..<60).map { Float($0) / 10 }, shape: [1, 3, 5, 4], on: device)
        let output = withExtendedLifetime(store) { layer(input, ForwardPass(.evaluation)) }
        #expect(output.shape == input.shape && output.copyToHost() == input.copyToHost())
      }

      @Test func `learns all of its numbers`() throws {
        let layer = ScaledResidual(channels: 4)
        let store = ParameterStore(layer, device: device, seed: 1)
        let input = Tensor((0..<60).map { sin(Float($0)) }, shape: [1, 3, 5, 4], on: device)
        let output = layer(input, ForwardPass(.training))
        (output * output).sum().backward()
        for state in store.states {
          guard case .parameter(let parameter) = state.kind else { continue }
          let start = try #require(store.offset(of: state.path))
          let gradient = store.gradients.copyToHost()[start..<start + parameter.count]
          #expect(gradient.contains { abs($0) > 1e-6 }, "no gradient for \\(state.path)")
        }
      }
    }

    """
  }

  var lossTests: String {
    """
    import \(name)
    import PoseLab
    import Testing

    @Suite struct `Geman-McClure loss` {
      private let target: [SIMD2<Float>] = [[2, 3], [5, 1], [4, 4]]

      private func evaluate(_ predicted: [SIMD2<Float>]) -> (loss: Float, gradient: [SIMD2<Float>]) {
        let labelled = [true, true, false]
        var gradient = [SIMD2<Float>](repeating: .init(.nan, .nan), count: predicted.count)
        let loss = predicted.withUnsafeBufferPointer { predicted in
          target.withUnsafeBufferPointer { positions in
            labelled.withUnsafeBufferPointer { labelled in
              gradient.withUnsafeMutableBufferPointer {
                let target = KeypointTarget(
                  positions: positions, isLabelled: labelled, labelledCount: 2, area: 20)
                return GemanMcClureLoss(scale: 0.3)
                  .evaluate(predicted: predicted, target: target, gradient: $0)
              }
            }
          }
        }
        return (loss, gradient)
      }

      @Test func `is zero at the target and bounded far from it`() {
        #expect(evaluate(target).loss == 0)
        let far = evaluate(target.map { $0 + SIMD2(1000, -500) }).loss
        #expect(far > 2.99 && far <= 3)
      }

      @Test func `gives the slope of the loss`() {
        let predicted: [SIMD2<Float>] = [[2.5, 2.2], [4, 1.5], [9, 9]]
        let gradient = evaluate(predicted).gradient
        for index in predicted.indices {
          for axis in 0..<2 {
            var (above, below) = (predicted, predicted)
            above[index][axis] += 0.01
            below[index][axis] -= 0.01
            let slope = (evaluate(above).loss - evaluate(below).loss) / 0.02
            #expect(abs(slope - gradient[index][axis]) < 1e-3)
          }
        }
      }
    }

    """
  }

  var specTests: String {
    """
    import Foundation
    import \(name)
    import PoseLab
    import Testing

    @Suite struct `The specs` {
      private let specs = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Specs").path

      private func registry() throws -> Registry {
        var registry = try Registry.standard()
        try registry.install(\(name).self)
        return registry
      }

      @Test func `describe a model that has the layer`() throws {
        let model = try PoseModel(ModelSpec(named: specs + "/model.yaml"), registry: registry())
        #expect(model.strides == [8, 16, 32])
        #expect(model.namedState().contains { $0.path.hasSuffix("scale") && $0.shape == [32] })
      }

      @Test func `describe an experiment without faults`() throws {
        let spec = try ExperimentSpec(
          file: specs + "/experiment.yaml", for: .train, registry: registry())
        #expect(spec.loss.name == "yolo_pose")
      }
    }

    """
  }
}
