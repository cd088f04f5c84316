import PoseLab

/// An ablation from its file to the page of its report.
func ablationInFull() throws {
  let sweep = try Sweep(file: "Experiments/ablations/quickstart.yaml")
  try sweep.run(try sweep.plan(), jobs: 2)
  print(try sweep.report()[0])  // runs/sweeps/quickstart/report/report.html
}

/// The same with the paths of all files of the report.
func ablationWithFiles() throws -> [String] {
  let sweep = try Sweep(file: "ablation.yaml")
  try sweep.run(try sweep.plan(), jobs: 2)
  let files = try sweep.report()
  return files
}
