import Config
import PoseLabCommands
import Testing
import Training

@Suite struct `Arguments of an experiment` {
  private func pairs(_ arguments: String..., mode: Setting.Mode = .train) throws -> [String] {
    try SettingArguments(arguments, mode: mode).overrides.map { override in
      "\(override.dottedPath)=\(override.value.value)"
    }
  }

  @Test func `may be written in three ways`() throws {
    #expect(
      try pairs("epochs=3", "--imgsz", "320", "--train.lr0=0.5", "--close-mosaic", "0")
        == ["epochs=3", "imgsz=320", "train.lr0=0.5", "close_mosaic=0"])
  }

  @Test func `are switches where they are truth values`() throws {
    #expect(
      try pairs("--cos-lr", "--plots", "false", "--exist_ok", "data=x.yaml")
        == ["cos_lr=true", "plots=false", "exist_ok=true", "data='x.yaml'"])
  }

  @Test func `take negative numbers, lists and text with signs in it`() throws {
    #expect(
      try pairs("--save_period", "-1", "freeze=[0, 1]", "name=a b=c", "--data", "a=b.yaml")
        == ["save_period=-1", "freeze=a list of 2 values", "name='a b=c'", "data='a=b.yaml'"])
  }

  @Test func `tell files from settings`() throws {
    let arguments = try SettingArguments(
      ["spec.yaml", "a.jpg", "conf=0.5", "source=b", "b.png"], mode: .predict, ownKeys: ["source"])
    #expect(try arguments.specFile(.predict) == "spec.yaml")
    #expect(arguments.pictures == ["a.jpg", "b.png"])
    #expect(arguments.own == ["source": ["b"]])
    #expect(arguments.overrides.map(\.dottedPath) == ["conf"])
  }

  @Test func `are refused where a value is missing or a dash is alone`() {
    func message(_ arguments: String...) -> String? {
      do {
        _ = try SettingArguments(arguments, mode: .train)
        return nil
      } catch {
        return (error as? UsageError)?.message
      }
    }
    #expect(message("--epochs") == "'--epochs' needs a value: --epochs VALUE, or epochs=VALUE")
    #expect(message("-v") == "unknown option '-v'; settings are written key=value or --key value")
  }

  @Test func `of other commands may be pairs, too`() {
    #expect(
      PairArguments.expanded(["evaluate", "annotations=a=b.json", "--json", "strict_coco=x"])
        == ["evaluate", "--annotations", "a=b.json", "--json", "--strict-coco", "x"])
    #expect(PairArguments.expanded(["train", "epochs=1"]) == ["train", "epochs=1"])
  }
}

@Suite struct `Help` {
  @Test(arguments: Setting.Mode.allCases) func `shows every setting of a command in narrow lines`(
    mode: Setting.Mode
  ) {
    let text = SettingHelp.tables(for: mode)
    for setting in Setting.all where mode.groups.contains(setting.group) {
      #expect(text.contains("\n  \(setting.name)="), "\(setting.path)")
    }
    #expect(!text.contains("a list of 0 values"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 78 })
  }
}
