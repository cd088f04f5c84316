import Config
import Foundation
import PoseCore
import Testing
import Training

@Suite struct `Strengths of the standard augmentations` {
  @Test func `are the reference's, in its order`() {
    #expect(AugmentationOptions().components().map(\.name) == ["mosaic", "affine", "hsv", "flip_lr"])
    var options = AugmentationOptions()
    options.mixup = 0.1
    options.cutmix = 0.2
    options.copyPaste = 0.3
    options.bgr = 0.4
    options.multiScale = 0.5
    options.flipud = 0.1
    #expect(
      options.components().map(\.name) == [
        "mosaic", "copy_paste", "affine", "mixup", "cutmix", "hsv", "flip_ud", "flip_lr", "bgr",
        "multi_scale",
      ])
    #expect(options.components()[1].arguments["p"]?.value == 0.3)
    #expect(options.components().last?.arguments["range"]?.value == 0.5)
    // A mirror image is no use without known pairs; another picture is.
    #expect(!options.components(flips: false).contains { $0.name == "copy_paste" })
    options.copyPasteMode = "mixup"
    #expect(options.components(flips: false).map(\.name).prefix(3) == ["mosaic", "affine", "copy_paste"])
    #expect(options.components()[2].arguments["source"]?.value == "mixup")
  }

  @Test func `can be read from runs that did not know all of them`() throws {
    var options = AugmentationOptions()
    options.mosaic = 0.25
    options.copyPasteMode = "mixup"
    options.multiScale = 0.125
    let data = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(AugmentationOptions.self, from: data) == options)
    let old = try JSONDecoder().decode(
      AugmentationOptions.self, from: Data(#"{"mosaic": 0.5, "hsv_h": 0.1}"#.utf8))
    #expect(old.mosaic == 0.5 && old.hsvH == 0.1 && old.fliplr == 0.5 && old.cutmix == 0)
  }

  @Test func `leave out what is for classification, with the reason`() {
    let policy = ForeignSetting.named("auto_augment")
    #expect(policy?.verdict("randaugment") == .agrees)
    #expect(
      policy?.verdict("autoaugment")
        == .refused("it is for classification: its policies move no keypoints; leave it out"))
    for name in ["cutmix", "copy_paste", "copy_paste_mode", "bgr", "multi_scale"] {
      #expect(ForeignSetting.named(name) == nil)
      #expect(Setting.named(name, in: .train)?.path == "augment.\(name)")
    }
  }
}
