/// What a checkpoint of the YOLO tools says of its model, apart from the numbers.
public struct PyTorchModel: Sendable, Equatable {
  /// Of the model: `PoseModel`, `DetectionModel`.
  public var className: String
  /// Where the weights come from: `ema` for the average that a training keeps, else `model`.
  public var source: String
  /// The resolved model YAML, with classes, keypoints and scale.
  public var yaml: PythonValue?
  /// Names of the classes by number.
  public var classNames: [Int: String]
  /// Keypoints, and numbers each.
  public var keypointShape: [Int]?
  /// Names of the first class's keypoints; empty where the file has none.
  public var keypointNames: [String]
  /// Settings of the training: `imgsz`, `data` …
  public var arguments: PythonValue?
  /// Of the program that wrote the file.
  public var version: String?
  /// The last epoch that was done, counted from 0; nil or negative where training is over.
  public var epoch: Int?
}

extension PyTorchModel {
  /// Most values of a model's YAML or settings.
  private static let budget = 100_000

  init(_ document: PickleDocument, model: PickleValue, source: String, checkpoint: [String: PickleValue]) {
    let (name, attributes) = document.attributes(model) ?? ("", [:])
    func plain(_ value: PickleValue?) -> PythonValue? {
      var budget = Self.budget
      return value.flatMap { document.plain($0, budget: &budget) }
    }
    className = name.split(separator: ".").last.map(String.init) ?? name
    self.source = source
    yaml = plain(attributes["yaml"])
    var names: [Int: String] = [:]
    switch plain(attributes["names"]) {
    case .dictionary(let entries)?:
      for entry in entries { if case .int(let number) = entry.key { names[number] = entry.value.string } }
    case .list(let elements)?:
      for (number, element) in elements.enumerated() { names[number] = element.string }
    default: break
    }
    classNames = names
    let shape = plain(attributes["kpt_shape"]) ?? yaml?["kpt_shape"]
    keypointShape = shape?.list.map { $0.compactMap(\.int) }
    var keypoints = plain(attributes["kpt_names"])
    if case .dictionary(let entries)? = keypoints { keypoints = entries.first?.value }
    keypointNames = keypoints?.list?.compactMap(\.string) ?? []
    arguments = plain(Self.settings(document, attributes["args"] ?? checkpoint["train_args"]))
    version = plain(checkpoint["version"])?.string
    epoch = plain(checkpoint["epoch"])?.int
  }

  /// Settings are a dictionary, or an object with them as attributes.
  private static func settings(_ document: PickleDocument, _ value: PickleValue?) -> PickleValue? {
    if case .object(let index)? = value { document.objects[index].state } else { value }
  }
}
