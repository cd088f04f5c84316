internal import Augmentations
internal import Config
internal import Data
public import Imaging
internal import PoseCore
internal import Tensor
internal import Training

extension Experiment {
  /// Draws training images before and after augmentation, each with the steps it went through and what they drew.
  ///
  /// - Parameters:
  ///   - images: how many.
  ///   - epoch: the samples are those with which this epoch of the experiment begins.
  /// - Throws: what is wrong with the spec or the data set.
  public func augmentationSheet(images: Int, epoch: Int = 0, note: (String) -> Void = { _ in }) throws
    -> Image
  {
    guard let reference = spec.data else { throw Diagnostic(.error, "no data set is given; set data=…") }
    let data = try reference.resolve(at: spec.origins["data"], specs: shippedSpecs, note: note)
    let schedule = spec.options.schedule
    let index = try DatasetIndex(
      data, split: .train,
      options: IndexOptions(
        badLabels: schedule.skipBad ? .skip : .fail, fraction: schedule.fraction,
        singleClass: schedule.singleClass),
      formats: registry.datasets)
    let imageSize = (schedule.imgsz + 31) / 32 * 32
    let context = AugmentationBuildContext(imageSize: imageSize, skeleton: data.skeleton)
    let flips = data.skeleton.flipIndices != nil
    let steps = try (spec.augmentations ?? spec.options.augmentation.components(flips: flips)).map {
      component in
      AugmentationSheet.Step(
        name: component.name, augmentation: try registry.augmentations.make(component, in: context))
    }
    let sheet = AugmentationSheet(
      index: index, steps: steps, imageSize: imageSize, seed: schedule.seed, epoch: epoch,
      batchSize: schedule.batch,
      classNames: schedule.singleClass ? ["object"] : data.classNames)
    return try sheet.render(images: images)
  }
}

/// Training images beside what augmentation makes of them.
struct AugmentationSheet {
  struct Step {
    var name: String
    var augmentation: any Augmentation
  }

  let index: DatasetIndex
  let steps: [Step]
  let imageSize: Int
  let seed: UInt64
  let epoch: Int
  let batchSize: Int
  let classNames: [String]

  private static let tile = 300
  private static let textWidth = 320
  private static let lineHeight = 17.0

  func render(images: Int) throws -> Image {
    let rows = max(1, min(images, index.count))
    let width = 2 * Self.tile + Self.textWidth
    let canvas = try Canvas(width: width, height: rows * Self.tile, background: Color(hex: 0x202428))
    let illustrator = PoseIllustrator(skeleton: index.skeleton, classNames: classNames)
    for row in 0..<rows {
      let sample = try sample(row)
      for (column, half) in [sample.before, sample.after].enumerated() {
        let place = Canvas.Rectangle(
          x: Double(column * Self.tile), y: Double(row * Self.tile), width: Double(Self.tile),
          height: Double(Self.tile))
        try draw(half, in: place.inset(left: 2, top: 2, right: 2, bottom: 2), illustrator, on: canvas)
      }
      var y = Double(row * Self.tile) + 14
      for (number, line) in sample.lines.enumerated() where y < Double((row + 1) * Self.tile) - 8 {
        canvas.text(
          line, at: Canvas.Point(Double(2 * Self.tile) + 10, y), size: 12,
          color: number == 0 ? .white : Color(hex: 0xC9CED6),
          bold: number == 0, vertical: .center)
        y += Self.lineHeight
      }
    }
    return try canvas.image()
  }

  private func draw(
    _ sample: TrainingSample, in area: Canvas.Rectangle, _ illustrator: PoseIllustrator, on canvas: Canvas
  ) throws {
    let scale = min(area.width / Double(sample.image.width), area.height / Double(sample.image.height))
    let place = Canvas.Rectangle(
      x: area.x, y: area.y, width: Double(sample.image.width) * scale,
      height: Double(sample.image.height) * scale)
    try canvas.draw(sample.image, in: place)
    canvas.clipped(to: place) {
      canvas.transformed(origin: Canvas.Point(place.x, place.y), scale: 1) {
        PoseDrawing(scale: 0.7).draw(
          sample.instances.map { illustrator.figure($0).scaled(scale) }, on: canvas, width: place.width,
          height: place.height)
      }
    }
  }

  /// The sample at a place of the epoch, as it was and as it became.
  private func sample(_ position: Int) throws -> (
    before: TrainingSample, after: TrainingSample, lines: [String]
  ) {
    var shuffling = RandomStream(seed: seed, purpose: .shuffling, epoch: epoch)
    let order = shuffling.permutation(index.count)
    let window = min(index.count, TrainingLoader.partnerWindow(batchSize: batchSize))
    let first = try load(order[position])
    var sample = first
    var random = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, index: position)
    let name = index.paths[order[position]].split(separator: "/").last.map(String.init) ?? ""
    var lines = ["\(name), \(first.instances.count) objects"]
    for (number, step) in steps.enumerated() {
      var partners: [Int] = []
      let partner: AugmentationContext.PartnerDrawing = { random in
        let back = 1 + random.integer(below: window)
        let drawn = order[(position - back + order.count) % order.count]
        partners.append(drawn)
        return drawn
      }
      let drawn = (step.augmentation as? any DrawsParameters)?.drawnParameters(random)
      var context = AugmentationContext(
        random: random, imageSize: imageSize, skeleton: index.skeleton, partner: partner, load: load,
        loadProcessed: { place, random in try process(place, steps: number, &random, partner) })
      let next = try step.augmentation(sample, &context)
      random = context.random
      let changed = next.image != sample.image || next.instances != sample.instances
      sample = next
      guard changed else {
        lines.append("\(step.name): not this time")
        continue
      }
      lines.append(
        step.name + (partners.isEmpty ? "" : ": with \(partners.map(String.init).joined(separator: ", "))"))
      for (name, value) in drawn ?? [] { lines.append("    \(name) \(Self.text(value))") }
    }
    let after = sample.letterboxed(to: imageSize)
    lines.append("\(after.image.size), \(after.instances.count) objects")
    return (first, after, lines)
  }

  private func process(
    _ place: Int, steps count: Int, _ random: inout RandomStream,
    _ partner: @escaping AugmentationContext.PartnerDrawing
  ) throws -> TrainingSample {
    var sample = try load(place)
    for number in 0..<count {
      var context = AugmentationContext(
        random: random, imageSize: imageSize, skeleton: index.skeleton, partner: partner, load: load,
        loadProcessed: { place, random in try process(place, steps: number, &random, partner) })
      sample = try steps[number].augmentation(sample, &context)
      random = context.random
    }
    return sample
  }

  private func load(_ place: Int) throws -> TrainingSample {
    let image = try index.decode(place)
    let resized = image.resized(to: Letterbox.loadedSize(of: image.size, imageSize: imageSize))
    let (x, y) = (Float(resized.width) / Float(image.width), Float(resized.height) / Float(image.height))
    return TrainingSample(
      image: resized, instances: index.trainingInstances(of: place).map { $0.scaled(x: x, y: y) },
      index: place)
  }

  private static func text(_ value: Double) -> String {
    let thousandths = (value * 1000).rounded() / 1000
    return "\(thousandths)"
  }
}
