/// One HTML file with everything in it: styles and pictures stand in the page, scripts and addresses elsewhere are
/// forbidden to it.
package struct Page {
  /// The document's title, for the browser.
  package var title: String
  /// Above everything; the title by default.
  package var heading: String
  /// Below the heading.
  package var lead: HTML
  /// To the sections, each an `a`.
  package var links: [HTML]
  package var body: HTML

  package init(title: String, heading: String? = nil, lead: HTML, links: [HTML], body: HTML) {
    self.title = title
    self.heading = heading ?? title
    self.lead = lead
    self.links = links
    self.body = body
  }

  package var source: String {
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <title>\(title)</title>
      \(PageStyle.sheet)</head>
      <body>
      <header>
      <h1>\(heading)</h1>
      \(lead)</header>
      <nav aria-label="Sections">
      \(links)</nav>
      <main>
      \(body)</main>
      </body>
      </html>

      """
    return page.source
  }
}
