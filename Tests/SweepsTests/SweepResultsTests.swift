import Sweeps
import Testing

private func run(_ variant: String, seed: UInt64) -> RunResult {
  RunResult(
    id: "\(variant)-\(seed)", variant: variant, seed: seed, directory: "runs/\(variant)",
    command: "poselab train",
    spec: "",
    figures: [RunResult.Figure(metric: "coco_keypoints", name: "AP", value: 0.25)])
}

@Test func `lists the baseline before the other variants`() {
  let results = SweepResults(
    name: "necks", mode: "grid", baseline: "pafpn", figure: "coco_keypoints/AP",
    runs: [run("fpn", seed: 0), run("fpn", seed: 1), run("pafpn", seed: 0), run("bifpn", seed: 0)])
  #expect(results.variants == ["pafpn", "fpn", "bifpn"])
  #expect(results.runs(of: "fpn").map(\.seed) == [0, 1])
  #expect(results.runs[0][figure: "coco_keypoints/AP"] == 0.25)
  #expect(results.runs[0][figure: "coco_keypoints/AR"] == nil)
}
