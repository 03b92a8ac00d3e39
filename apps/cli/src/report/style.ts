// How a report looks: light and dark, on a phone and on paper.

import { Html } from './html.ts';

export const style: Html = new Html(`
:root { color-scheme: light dark; --ink: #1c2024; --dim: #60646c; --paper: #fff; --rule: #d9dce0; --soft: #f2f4f6; --right: #0072b2; --wrong: #d55e00;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #b58900; --c5: #56b4e9; --c6: #8c564b; --c7: #7f5fbf; --c8: #6a7d00; --c9: #888; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --dim: #a4a9b0; --paper: #16181b; --rule: #3a3f45; --soft: #22262a; --right: #4aa8e0; --wrong: #f08a4b;
  --c0: #4aa8e0; --c1: #f08a4b; --c2: #2fc79a; --c3: #e0a0c4; --c4: #dcb742; --c5: #8fd0f5; --c6: #c49a8d; --c7: #ab92e0; --c8: #a8bd3a; --c9: #aaa; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 58rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { max-width: 44rem; margin: .5rem 0; }
small, .dim, footer { color: var(--dim); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: 0; list-style: none; }
a { color: var(--right); }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2rem; margin: 0 0 1rem; }
dt { color: var(--dim); font-size: .85rem; } dd { margin: 0; font-weight: 600; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
tbody th { font-weight: 400; } thead th { color: var(--dim); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { overflow-x: auto; max-width: 100%; } .wide th, .wide td { overflow-wrap: normal; } .wide td { white-space: nowrap; } #settings td { white-space: normal; overflow-wrap: anywhere; }
.bars { width: 100%; max-width: 40rem; table-layout: auto; } .bars .bar { width: 45%; vertical-align: middle; } .bars :is(td, th):first-child { overflow-wrap: break-word; } .bar span { display: block; height: .8rem; background: var(--c0); border-radius: 2px; }
.matrix td { text-align: right; background: color-mix(in srgb, var(--right) var(--share), transparent); } .matrix td.wrong { background: color-mix(in srgb, var(--wrong) var(--share), transparent); }
.matrix td.dark { color: var(--paper); font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; max-width: 34rem; } .chart { width: 100%; height: auto; display: block; }
.chart text { fill: var(--ink); font: 11px system-ui, sans-serif; } .chart .tick { fill: var(--dim); } .grid { stroke: var(--rule); stroke-width: .5; } .axis { fill: none; stroke: var(--dim); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .guide { stroke: var(--dim); stroke-dasharray: 5 4; stroke-width: 1.2; } .band { fill: var(--c0); opacity: .13; }
circle { fill-opacity: .75; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .25rem 0 0; padding: 0 0 0 3rem; font-size: .85rem; } .legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; border-radius: 2px; }
${Array.from({ length: 10 }, (_, i) => `.line.s${i} { stroke: var(--c${i}); } circle.s${i} { fill: var(--c${i}); } i.s${i} { background: var(--c${i}); }`).join('\n')}
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1rem; } .triples { grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
.picture div { display: flex; gap: .3rem; } .picture img { flex: 1 1 0; min-width: 0; width: 100%; max-width: 9rem; image-rendering: pixelated; border: 1px solid var(--rule); background: #000; } .picture figcaption { font-size: .85rem; line-height: 1.35; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; font-size: .82rem; line-height: 1.45; } code { font-family: ui-monospace, monospace; } pre code { overflow-wrap: normal; }
footer { margin-top: 3rem; font-size: .85rem; }
@media (max-width: 30rem) { .bars .bar { width: 28%; } .bars .number { white-space: normal; } }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 11pt; } nav { display: none; } figure, tr, li { break-inside: avoid; } h2, h3 { break-after: avoid; } .wide { overflow: visible; } .wide td { white-space: normal; } pre { white-space: pre-wrap; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`);

/** How a chart looks outside a report: in light colours. */
export const chartStyle: string = `text{fill:#1c2024;font:11px sans-serif}.tick{fill:#60646c}.grid{stroke:#d9dce0;stroke-width:.5}.axis{fill:none;stroke:#60646c}.line{fill:none;stroke-width:2}.guide{stroke:#60646c;stroke-dasharray:5 4}.band{fill:#0072b2;opacity:.13}${['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#8c564b', '#7f5fbf', '#6a7d00', '#888'].map((colour, i) => `.line.s${i}{stroke:${colour}}circle.s${i}{fill:${colour}}`).join('')}`;
