/// The style sheet of pages: colours for light and dark, nothing from outside.
enum PageStyle {
  static let sheet: HTML = """
    <style>
    :root { color-scheme: light dark;
      --paper: #ffffff; --ink: #1c2430; --muted: #5b6675; --rule: #d9dee5; --soft: #f4f6f8; --mark: #1f5fae;
      --heat: 31, 95, 174;
      --s0: #1f6fb5; --s1: #c2510c; --s2: #13795b; --s3: #a33f86; --s4: #6d55c4; --s5: #857000; --s6: #0b7a88;
      --s7: #b3364a; --rest: #a7b0bb; }
    @media (prefers-color-scheme: dark) { :root {
      --paper: #12161c; --ink: #e6eaf0; --muted: #9aa6b5; --rule: #2e3743; --soft: #1a2029; --mark: #7fb4f5;
      --heat: 95, 160, 240;
      --s0: #6aaef0; --s1: #f2965a; --s2: #52c79c; --s3: #e288c4; --s4: #b19bf7; --s5: #d6bc4a; --s6: #55c6d4;
      --s7: #f28a97; --rest: #5a6675; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
    h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
    p, ul.notes { max-width: 52rem; }
    .lead { font-size: 1.05rem; }
    .muted, .notes { color: var(--muted); }
    .notes { font-size: .87rem; padding-left: 1.1rem; }
    nav { font-size: .9rem; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
    a { color: var(--mark); }
    .scroll { overflow-x: auto; margin: .6rem 0; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 30rem; }
    thead th { border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
    table { border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
    th, td { padding: .34rem .7rem; text-align: left; white-space: nowrap; font-weight: normal; }
    thead th { font-weight: 600; }
    thead small { display: block; font-weight: normal; color: var(--muted); }
    td.n, th.n { text-align: right; }
    .name { white-space: normal; min-width: 9rem; overflow-wrap: anywhere; }
    tbody tr:nth-child(even) { background: var(--soft); }
    tbody tr.base { border-bottom: 1px solid var(--muted); }
    td.heat { background: rgba(var(--heat), var(--level)); text-align: center; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.2rem; }
    .charts.small { grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 26rem)); }
    figure { margin: 0; overflow-x: auto; }
    figcaption { font-weight: 600; font-size: .92rem; margin-bottom: .2rem; }
    svg.chart { display: block; width: 100%; min-width: 21rem; max-width: 46rem; height: auto; }
    .chart text { fill: var(--ink); font-size: 12px; font-family: inherit; }
    .chart .tick { fill: var(--muted); }
    .chart .end { text-anchor: end; } .chart .mid { text-anchor: middle; }
    .chart .axis { stroke: var(--muted); stroke-width: 1; }
    .chart .grid { stroke: var(--rule); stroke-width: 1; }
    .chart .zero { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 3; }
    .base { --c: var(--ink); } .rest { --c: var(--rest); }
    .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
    .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
    .chart .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
    .chart .line.base { stroke-dasharray: 6 3; }
    .chart .line.thin { stroke-width: 1; opacity: .6; }
    .chart .band { fill: var(--c); opacity: .14; }
    .chart .front { fill: none; stroke: var(--muted); stroke-width: 1.5; stroke-dasharray: 2 3; }
    .chart .whisker { stroke: var(--c); stroke-width: 2; stroke-linecap: round; }
    .chart .whisker.thin { stroke-width: 1.2; }
    .chart .dot { fill: var(--c); stroke: var(--paper); stroke-width: 1.2; }
    .chart .dot.hollow { fill: var(--paper); stroke: var(--c); stroke-width: 2; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; padding: 0; margin: .3rem 0 .8rem;
      font-size: .87rem; }
    .legend li { overflow-wrap: anywhere; }
    .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; background: var(--c);
      margin-right: .4rem; vertical-align: -.05rem; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1.2rem; }
    .pair { display: flex; gap: .4rem; }
    .pair div { flex: 1 1 0; min-width: 0; font-size: .8rem; color: var(--muted); }
    .pair img { display: block; width: 100%; height: auto; border-radius: 3px; }
    details { border: 1px solid var(--rule); border-radius: 5px; padding: .4rem .8rem; margin: .4rem 0; }
    summary { cursor: pointer; overflow-wrap: anywhere; }
    pre { background: var(--soft); padding: .7rem .9rem; border-radius: 4px; font-size: .8rem; line-height: 1.45;
      overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; }
    .state { font-size: .8rem; border: 1px solid var(--rule); border-radius: 3px; padding: 0 .4rem; }
    @media print { details { break-inside: avoid; } h2 { break-after: avoid; } }
    </style>

    """
}
