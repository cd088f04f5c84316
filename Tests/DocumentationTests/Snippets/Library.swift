import PoseLab

/// The library in a few lines.
func useTheLibrary() throws {
  let model = try PoseLab.load("yolo11n-pose.yaml")
  try model.train(data: "people/data.yaml", epochs: 20, imgsz: 160)
  let report = try model.validate(data: "people/data.yaml")
  for picture in try model.predict(["photo.jpg"]) { print(picture.detections) }
  _ = report
}

/// Settings by name, and a package's own components.
func trainWithComponents() throws {
  var registry = try Registry.standard()
  try registry.install(MyPoses.self)
  let model = try PoseLab.load("Specs/model.yaml", registry: registry)
  try model.train(data: "people/data.yaml", epochs: 8, imgsz: 96) { spec in
    spec.options.schedule.batch = 16
    spec.options.run.name = "my-poses"
  }
}
