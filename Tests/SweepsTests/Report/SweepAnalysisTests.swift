import Sweeps
import Testing

@Suite struct `The numbers of a sweep` {
  @Test func `compare every variant with the baseline`() throws {
    let analysis = SweepAnalysis(try ExampleSweep.grid(), samples: 300)
    #expect(analysis.variants.map(\.isBaseline) == [true, false, false, false])
    #expect(analysis.imageCount == 24)
    #expect(analysis.figures.prefix(2) == ["coco_keypoints/AP", "coco_keypoints/AP50"])
    let better = try #require(analysis.variants.first { $0.name == "neck=bifpn, mosaic=on" })
    let difference = try #require(better.difference)
    #expect(better.changes == [RunResult.Choice(axis: "neck", level: "bifpn")])
    #expect(difference.interval?.contains(difference.estimate) == true)
    #expect(difference.test.smallestReachable == 0.1)
    #expect(difference.correctedPValue >= difference.test.pValue)
    #expect(better.cost.trainingSeconds == 65 && better.cost.latency == nil)
    #expect(
      analysis.notes == [
        "With these numbers of seeds the permutation test cannot give less than p = 0.10, after correction for 3"
          + " comparisons 0.30. A value above 0.05 is therefore no sign that nothing differs: take more seeds."
      ])
    let effects = try #require(analysis.factorial)
    #expect(effects.runsPerCell == 3 && effects.sources.count == 3)
    let neck = try #require(effects.effects.firstIndex { $0.level == "bifpn" })
    #expect(analysis.effectIntervals[neck]?.contains(effects.effects[neck].difference) == true)
    #expect(analysis.effectIntervals[0] == nil)
  }

  @Test func `say that one seed allows no test`() throws {
    let analysis = SweepAnalysis(try ExampleSweep.grid(seeds: 1), samples: 50)
    let difference = try #require(analysis.variants[1].difference)
    #expect(difference.correctedPValue.isNaN && difference.interval != nil)
    #expect(
      analysis.notes == [
        "One seed a variant: no test over seeds can be made, and the spread between seeds is unknown."
      ])
  }

  @Test func `leave out what is missing, and say so`() throws {
    var results = try ExampleSweep.grid()
    results.runs[0].images = nil
    results.runs[3].state = .failed
    results.runs[4].figures[0].value = .nan
    results.runs[6].images?.rows.removeLast(4)
    let analysis = SweepAnalysis(results, samples: 50)
    #expect(analysis.variants[1].figures["coco_keypoints/AP"]?.count == 1)
    #expect(analysis.imageCount == 20)
    #expect(
      analysis.notes.prefix(2) == [
        "1 of 10 finished runs have no scores by image and are not in the confidence intervals.",
        "The runs were not validated on the same images: confidence intervals are of the 20 of 24 that all have.",
      ])
    #expect(analysis.factorial?.sources.isEmpty == true)

    for index in results.runs.indices where results.runs[index].variant == "baseline" {
      results.runs[index].state = .timedOut
    }
    let lost = SweepAnalysis(results, samples: 50)
    #expect(lost.variants.allSatisfy { $0.difference == nil } && lost.factorial == nil)
    #expect(lost.notes.contains("No run of the baseline has a figure, so nothing is compared with it."))

    results.figure = "yolo_map/fitness"
    #expect(SweepAnalysis(results).variants[1].figures["yolo_map/fitness"]?.count == 0)
  }
}
