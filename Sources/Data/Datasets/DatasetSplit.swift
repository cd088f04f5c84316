/// A part of a data set.
public enum DatasetSplit: String, Sendable, CaseIterable, Codable {
  case train
  case val
  case test
}
