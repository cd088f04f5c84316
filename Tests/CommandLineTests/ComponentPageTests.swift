import Foundation
import PoseLab
import PoseLabCommands
import Testing

private enum Mine: Plugin {
  static let name = "Mine"

  static func register(in registry: inout Registry) throws {
    try registry.boxLosses.register(
      Component(
        "mine", aliases: ["my_own"], summary: "a|b of <c>", reference: "arXiv:1.2",
        parameters: [
          .init("unit", .string(["box", "cell"]), default: "box", help: "a *unit*"),
          .init("count", .int(1...9), help: "how many"),
          .init("rest", .int(), default: .null, help: "others"),
        ]
      ) { _, _ in CIoULoss() })
  }
}

@Suite struct `Reference pages` {
  @Test func `hold every component with every argument`() throws {
    let poselab = try Poselab()
    #expect(try poselab("list", "--docc", "new/pages").code == 0)
    let listing = try Fixtures.registry().listing
    let index = try poselab.text("new/pages/Components.md")
    for component in listing {
      let page = "Components-" + component.kind.replacing("_", with: "-")
      #expect(index.contains("- <doc:\(page)>\n"))
      let text = try poselab.text("new/pages/\(page).md")
      #expect(text.contains("\n## \(component.name)\n"))
      for parameter in component.parameters { #expect(text.contains("\n| `\(parameter.name)` | ")) }
    }
  }

  @Test func `show what is declared as plain text`() throws {
    var registry = Registry()
    try registry.install(Mine.self)
    let pages = ComponentPages(registry.listing).pages
    #expect(pages.map(\.name) == ["Components.md", "Components-box-loss.md"])
    #expect(
      pages[1].text == """
        # Box losses

        Components of the kind `box_loss`, from Mine.

        ## mine

        A\\|b of \\<c\\>.

        Also called `my_own`.

        Source: arXiv:1.2

        | argument | type | default | meaning |
        |---|---|---|---|
        | `unit` | box \\| cell | "box" | a \\*unit\\* |
        | `count` | int from 1 to 9 | required | how many |
        | `rest` | int | none | others |

        """)
  }
}
