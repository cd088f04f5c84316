internal import Config
public import PoseCore

extension AugmentationOptions {
  /// The standard augmentations in the order of the YOLO tools; those without effect are left out.
  ///
  /// - Parameters:
  ///   - flips: false leaves out mirroring, for keypoints of which no left and right is known.
  ///   - omitsIdle: false keeps those without effect, so that they can be addressed.
  public func components(flips: Bool = true, omitsIdle: Bool = true) -> [ComponentSpec] {
    func spec(_ name: String, _ arguments: [(String, Double)]) -> ComponentSpec {
      ComponentSpec(
        name: name,
        arguments: Node(.mapping(arguments.map { Node.Entry(key: $0.0, value: Node(.float($0.1))) })))
    }
    var list: [ComponentSpec] = []
    let paste = ComponentSpec(
      name: "copy_paste",
      arguments: Node(
        .mapping([
          Node.Entry(key: "p", value: Node(.float(copyPaste))),
          Node.Entry(key: "source", value: Node(.string(copyPasteMode))),
        ])))
    let pastes = copyPaste > 0 || !omitsIdle
    let pastesMirrored = copyPasteMode == "flip"
    if mosaic > 0 || !omitsIdle { list.append(spec("mosaic", [("p", mosaic)])) }
    if pastes && pastesMirrored && flips { list.append(paste) }
    list.append(
      spec(
        "affine",
        [
          ("degrees", degrees), ("translate", translate), ("scale", scale), ("shear", shear),
          ("perspective", perspective),
        ]))
    if pastes && !pastesMirrored { list.append(paste) }
    if mixup > 0 || !omitsIdle { list.append(spec("mixup", [("p", mixup)])) }
    if cutmix > 0 || !omitsIdle { list.append(spec("cutmix", [("p", cutmix)])) }
    if hsvH > 0 || hsvS > 0 || hsvV > 0 || !omitsIdle {
      list.append(spec("hsv", [("h", hsvH), ("s", hsvS), ("v", hsvV)]))
    }
    if flips && (flipud > 0 || !omitsIdle) { list.append(spec("flip_ud", [("p", flipud)])) }
    if flips && (fliplr > 0 || !omitsIdle) { list.append(spec("flip_lr", [("p", fliplr)])) }
    if bgr > 0 || !omitsIdle { list.append(spec("bgr", [("p", bgr)])) }
    if multiScale > 0 || !omitsIdle { list.append(spec("multi_scale", [("range", multiScale)])) }
    return list
  }
}
