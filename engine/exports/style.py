"""How an exported page looks, on screen and on paper."""

STYLE = """
:root { --ink: #1b1b1b; --soft: #575757; --line: #d4d4d4; --warn: #971c0b; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 15px/1.5 "Noto Sans", system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 2rem 4rem; }
.kind { margin: 0; color: var(--soft); font-size: .8rem; letter-spacing: .04em; }
h1 { margin: .1rem 0 1.2rem; font-size: 1.9rem; line-height: 1.2; font-weight: 600; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.2rem; font-weight: 600; }
h3 { margin: 0 0 1rem; font-size: 1.05rem; font-weight: 600; overflow-wrap: anywhere; }
h3 span { color: var(--soft); font-weight: 400; margin-right: .5em; }
h4 { margin: 1rem 0 .2rem; font-size: .9rem; }
small, .small { color: var(--soft); font-size: .82rem; }
p { margin: .5rem 0; max-width: 46rem; }
ul { padding-left: 1.2rem; max-width: 46rem; }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .15rem 1rem; margin: .8rem 0;
  font-size: .86rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .84em/1.4 "IBM Plex Mono", ui-monospace, Consolas, monospace;
  overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .86rem; }
th { text-align: left; color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--ink); }
th, td { padding: .35rem .8rem .35rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
td.name { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.log td:nth-child(2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.propositions { max-width: 46rem; padding-left: 1.4rem; }
a { color: inherit; }
td, th { white-space: nowrap; }
td.name, .log td { white-space: normal; }
.exhibit { margin: 2.4rem 0; padding-top: 1.2rem; border-top: 1px solid var(--ink); }
h2, h3, h4 { break-after: avoid; }
figure, tr, dl { break-inside: avoid; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem; margin-bottom: 1rem; }
figure { margin: 0; flex: 0 1 27rem; }
figure { position: relative; }
figure svg { position: absolute; inset: 0; width: 100%; height: 100%; fill: none;
  stroke: #fff; stroke-width: 1.5; paint-order: stroke; filter: drop-shadow(0 0 1px #000); }
figure svg text { fill: #fff; stroke: #000; stroke-width: .3em; paint-order: stroke;
  font-weight: 600; }
figure img { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: .35rem; color: var(--soft); font-size: .78rem; }
.legend { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--ink); }
.legend i { display: inline-block; width: 7rem; height: .6rem; vertical-align: -.02rem; }
.headline { font-size: 1.05rem; }
.band { white-space: nowrap; font-weight: 600; }
.generated { color: #33383d; }
ul.generated { border-left: 2px solid var(--line); list-style: none; padding-left: .9rem; }
.note { border-left: 2px solid #946500; padding-left: .9rem; }
.sound { color: var(--soft); font-size: .86rem; overflow-wrap: anywhere; }
.broken { border: 2px solid var(--warn); padding: .8rem 1rem; }
.amiss, .broken strong { color: var(--warn); }
footer { margin-top: 3rem; color: var(--soft); font-size: .8rem; }
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 10pt; }
  .figures { display: block; }
  figure { display: inline-block; width: 48%; margin-right: 1%; vertical-align: top; }
}
""".strip()
"""The sheet; neutral greys, so that no frame tints the photographs."""
