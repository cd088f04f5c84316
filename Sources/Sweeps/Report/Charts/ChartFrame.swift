internal import Pages

/// The ground of a chart: axes with labels and grid lines, as SVG that takes its colours from the page.
struct ChartFrame: Sendable {
  var width = 640.0
  var height = 360.0
  var left = 64.0
  var right = 16.0
  var top = 14.0
  var bottom = 48.0

  var plotRight: Double { width - right }
  var plotBottom: Double { height - bottom }
  var middleX: Double { (left + plotRight) / 2 }
  var middleY: Double { (top + plotBottom) / 2 }

  /// The whole drawing.
  ///
  /// - Parameters:
  ///   - id: unlike that of any other on the page.
  ///   - title: read out in place of the picture.
  ///   - text: what can be seen in it, in a sentence.
  func svg(id: String, title: String, text: String, _ content: HTML) -> HTML {
    """
    <svg class="chart" viewBox="0 0 \(at: width) \(at: height)" role="img" aria-labelledby="\(id)-t \(id)-d">
    <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(text)</desc>
    \(content)</svg>

    """
  }

  func yAxis(_ scale: ChartScale, label: String) -> HTML {
    var result: HTML = ""
    for tick in scale.ticks {
      let y = scale(tick)
      result += """
        <line class="grid" x1="\(at: left)" y1="\(at: y)" x2="\(at: plotRight)" y2="\(at: y)"/>
        <text class="tick end" x="\(at: left - 8)" y="\(at: y + 4)">\(scale.label(tick))</text>

        """
    }
    result += """
      <text class="label mid" transform="translate(14 \(at: middleY)) rotate(-90)">\(label)</text>

      """
    return result
  }

  func xAxis(_ scale: ChartScale, label: String, hasGrid: Bool = false) -> HTML {
    var result: HTML = """
      <line class="axis" x1="\(at: left)" y1="\(at: plotBottom)" x2="\(at: plotRight)" y2="\(at: plotBottom)"/>

      """
    for tick in scale.ticks {
      let x = scale(tick)
      result += """
        <line class="\(hasGrid ? "grid" : "axis")" x1="\(at: x)" y1="\(at: hasGrid ? top : plotBottom)" \
        x2="\(at: x)" y2="\(at: plotBottom + 4)"/>
        <text class="tick mid" x="\(at: x)" y="\(at: plotBottom + 18)">\(scale.label(tick))</text>

        """
    }
    result += """
      <text class="label mid" x="\(at: middleX)" y="\(at: height - 8)">\(label)</text>

      """
    return result
  }

  /// A line through points; gaps where one is not finite.
  static func path(_ points: [(x: Double, y: Double)], kind: String) -> HTML {
    var result: HTML = "<path class=\"\(kind)\" d=\""
    var isDrawing = false
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        isDrawing = false
        continue
      }
      result += "\(isDrawing ? "L" : "M")\(at: point.x) \(at: point.y)"
      isDrawing = true
    }
    result += "\"/>\n"
    return result
  }

  /// A name short enough for a chart.
  static func shortened(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}
