// SPDX-License-Identifier: Apache-2.0

/// How the report looks, in light and in dark.
enum ReportStyle {
  // Colors of curves hold 4.5:1 and more against the ground of their theme; blue and orange are
  // told apart with any color vision.
  static let text = """
    :root{color-scheme:light dark;--ground:#fff;--card:#f6f7f9;--text:#1c2128;--soft:#57606a;\
    --line:#d8dee4;--first:#0a58ca;--second:#b54708;--third:#1a7f37;--bad:#c81e1e;--good:#1a7f37}
    @media (prefers-color-scheme:dark){:root{--ground:#0f1318;--card:#171c23;--text:#e6e9ed;\
    --soft:#9da7b3;--line:#303944;--first:#6cb0ff;--second:#f5a259;--third:#57c272;--bad:#ff7b72;\
    --good:#57c272}}
    *{box-sizing:border-box}
    body{max-width:75rem;margin:0 auto;padding:1.25rem 1rem 3rem;background:var(--ground);\
    color:var(--text);font:1rem/1.5 system-ui,sans-serif}
    header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center}
    h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}
    h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
    .state{margin:0;padding:.1rem .7rem;border:1px solid;border-radius:1rem;font-weight:600;\
    overflow-wrap:anywhere}
    .running{color:var(--first)}.stopped{color:var(--second)}
    .finished{color:var(--good)}.failed{color:var(--bad)}
    progress{flex:1 1 12rem;min-width:8rem;accent-color:var(--first)}
    dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10rem),1fr));gap:.6rem 1rem;\
    margin:1rem 0}
    dl .long{grid-column:1/-1}
    dt{color:var(--soft);font-size:.85rem}
    dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));\
    gap:1rem}
    figure{margin:0;padding:.75rem;background:var(--card);border:1px solid var(--line);\
    border-radius:.5rem;min-width:0}
    figure>svg{display:block;width:100%;height:auto}
    figcaption{margin-bottom:.4rem;font-size:.9rem}
    figcaption i{color:var(--soft);font-style:normal}
    figcaption small{display:block;color:var(--soft)}
    .key{display:inline-flex;align-items:center;gap:.3rem;margin-inline-start:.6rem;\
    white-space:nowrap;color:var(--soft)}
    .key svg{width:22px;height:8px}
    .key .swatch{width:12px;height:12px}
    svg text{fill:var(--soft);font:12px system-ui,sans-serif}
    .grid path{stroke:var(--line);fill:none}
    .grid .axis{stroke:var(--soft)}
    .faint,.first,.second,.third,.points{fill:none;stroke:var(--first);stroke-width:1.75;\
    stroke-linejoin:round}
    .faint{stroke-width:.75;stroke-opacity:.3}
    .second,.points{stroke:var(--second)}
    .second{stroke-dasharray:6 3}
    .third{stroke:var(--third);stroke-dasharray:2 3}
    .dot{fill:var(--second);stroke:none}
    .dot.first,.dot.faint{fill:var(--first)}
    .dot.third{fill:var(--third)}
    .broken{stroke:var(--bad);stroke-width:2}
    .hover rect{fill:transparent}
    .hover rect:hover{fill:var(--text);fill-opacity:.08}
    .cell{stroke:var(--line);stroke-width:.5}
    .under{fill:var(--first)}.over{fill:var(--second)}
    .none{color:var(--soft)}
    details{margin:.25rem 0}
    summary{cursor:pointer;font-weight:600}
    pre{margin:.5rem 0;padding:.75rem;background:var(--card);border:1px solid var(--line);\
    border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;\
    font:.85rem/1.5 ui-monospace,monospace}
    pre b{color:var(--soft)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.9rem}
    th,td{padding:.35rem .6rem;text-align:start;vertical-align:top;\
    border-bottom:1px solid var(--line)}
    thead th{color:var(--soft);font-weight:400}
    .number{text-align:end;font-variant-numeric:tabular-nums}
    td code{overflow-wrap:anywhere;font-size:.8rem}
    @media print{figure,details{break-inside:avoid}}
    """
}
