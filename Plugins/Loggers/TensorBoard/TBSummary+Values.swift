internal import Foundation
internal import Imaging
internal import Training

extension TBSummary {
  static func figures(_ figures: [EpochRecord.Figure]) -> TBSummary {
    .with { summary in
      summary.value = figures.map { figure in
        .with {
          $0.tag = figure.name
          $0.simpleValue = Float(figure.value)
        }
      }
    }
  }

  /// Text that TensorBoard shows as Markdown.
  static func text(_ text: String, tag: String) -> TBSummary {
    .with { summary in
      summary.value = [
        .with {
          $0.tag = tag
          $0.tensor = .with {
            $0.dtype = .dtString
            $0.tensorShape = TBTensorShapeProto()
            $0.stringVal = [Data(text.utf8)]
          }
          $0.metadata = .with { $0.pluginData = .with { $0.pluginName = "text" } }
        }
      ]
    }
  }

  /// A JPEG or PNG file as it is; nil for anything else.
  static func picture(_ bytes: Data, tag: String) -> TBSummary? {
    guard let header = try? ImageHeader(decoding: Array(bytes)) else { return nil }
    return .with { summary in
      summary.value = [
        .with {
          $0.tag = tag
          $0.image = .with {
            $0.width = Int32(clamping: header.width)
            $0.height = Int32(clamping: header.height)
            $0.colorspace = 3
            $0.encodedImageString = bytes
          }
        }
      ]
    }
  }
}

extension TBGraphDef {
  init(_ graph: LoggedGraph) {
    self = .with { definition in
      definition.versions = .with { $0.producer = 1 }
      definition.node = graph.nodes.map { node in
        .with {
          $0.name = node.name
          $0.op = node.kind
          $0.input = node.inputs
          $0.attr["_output_shapes"] = .with {
            $0.list = .with { $0.shape = node.outputShapes.map(TBTensorShapeProto.init) }
          }
          if !node.arguments.isEmpty { $0.attr["arguments"] = .with { $0.s = Data(node.arguments.utf8) } }
          if node.parameterCount > 0 {
            $0.attr["parameters"] = .with { $0.i = Int64(node.parameterCount) }
          }
        }
      }
    }
  }
}

extension TBTensorShapeProto {
  /// - Parameter sizes: `[height, width, channels]`; the batch before them may have any size.
  init(_ sizes: [Int]) {
    self = .with { $0.dim = ([-1] + sizes).map { size in .with { $0.size = Int64(size) } } }
  }
}
