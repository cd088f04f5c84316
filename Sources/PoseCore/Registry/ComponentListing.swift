/// What is said of a component of any kind: the lines of `poselab list`.
public struct ComponentListing: Sendable, Equatable {
  public let kind: String
  public let name: String
  public let aliases: [String]
  public let summary: String
  public let reference: String
  public let parameters: [ParameterDeclaration]
  public let plugin: String
}
