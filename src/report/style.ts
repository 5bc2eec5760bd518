// The style of pages. The documentation uses the part for charts too.

const light = ['#2563a8', '#c2571a', '#2e7d4f', '#8a4fa3', '#a3822a', '#b23a5e', '#3f7f8c', '#6e6a64'];
const dark = ['#6aa5e3', '#f0945a', '#6fbf8e', '#c394da', '#d9b95f', '#ec8aa5', '#7cc0cd', '#b8b4ac'];
const series = (colors: readonly string[]): string => colors.map((color, i) => `--s${i}: ${color};`).join(' ');

/** The custom properties that charts need, for a light and a dark scheme. */
export const chartColors = {
  light: `${series(light)} --faint: #6b6a66; --line: #dddcd7;`,
  dark: `${series(dark)} --faint: #a3a19a; --line: #3a3936;`,
};

export const chartStyle = `
figcaption { font-weight: 600; margin-bottom: .3rem; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; } figure svg text { fill: var(--faint); font-size: 12px; } .axis { stroke: var(--line); } .dash { stroke: var(--faint); stroke-dasharray: 4 4; }
${light.map((_, i) => `.c${i} { stroke: var(--s${i}); fill: var(--s${i}); }`).join(' ')}
path.curve { fill: none; stroke-width: 2; } .spread { stroke: var(--ink); stroke-width: 1.5; }
ul.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; padding: 0; margin: .4rem 0 0; list-style: none; } .legend svg { display: inline-block; width: 1.2rem; height: .6rem; margin-right: .4rem; }
`;

export const pageStyle = `
:root { color-scheme: light dark; ${chartColors.light} --paper: #fcfcfb; --card: #ffffff; --ink: #1d1d1b; --heat: 37 99 168; --problem: #b3261e; --warning: #9a6700; --info: #2563a8; }
@media (prefers-color-scheme: dark) { :root { ${chartColors.dark} --paper: #161615; --card: #1f1f1d; --ink: #ecebe6; --heat: 88 152 222; --problem: #ff8a80; --warning: #e3b341; --info: #6aa5e3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .7rem; }
p { max-width: 44rem; } .faint { color: var(--faint); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; } .scroll + .charts { margin-top: 1.2rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
${chartStyle}
.caption { color: var(--faint); font-size: .85rem; margin: .8rem 0 .3rem; } /* Shadows at the sides tell that a table goes on: each lies under a cover that scrolls away with the table. */ .scroll { overflow-x: auto; background: linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local, linear-gradient(to right, rgb(128 128 128 / .35), transparent) left / .7rem 100% no-repeat scroll, linear-gradient(to left, rgb(128 128 128 / .35), transparent) right / .7rem 100% no-repeat scroll; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); } th { font-weight: 600; } td { white-space: nowrap; } th:first-child, td:first-child { text-align: left; min-width: 5rem; white-space: normal; overflow-wrap: anywhere; }
.settings { width: 100%; } .settings :is(th, td) { text-align: left; white-space: normal; overflow-wrap: anywhere; } .settings :is(th, td):first-child { min-width: 8rem; width: 22%; vertical-align: top; }
.bench td:first-child { white-space: nowrap; }
.confusion td { min-width: 3rem; } .confusion td:first-child { font-weight: 600; }
.findings { list-style: none; padding: 0; display: grid; gap: .7rem; } .findings li { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--info); border-radius: .4rem; padding: .6rem 1rem; }
.findings li.problem { border-left-color: var(--problem); } .findings li.warning { border-left-color: var(--warning); } .findings p { margin: .2rem 0 0; } .findings b { margin-right: .5rem; } .findings ul { list-style: none; margin: .3rem 0 0; padding-left: .8rem; display: grid; gap: .5rem; font-size: .9rem; } .findings li li { background: none; border: 0; border-left: .15rem solid var(--line); border-radius: 0; padding: 0 0 0 .7rem; }
.images { display: flex; flex-wrap: wrap; gap: 1rem; } .images figure { padding: .5rem; text-align: center; font-size: .85rem; } .images img { width: 5.5rem; image-rendering: pixelated; display: block; margin: 0 auto .3rem; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; font-size: .85rem; } code { overflow-wrap: anywhere; } .findings code { font-size: .95em; }
@media (max-width: 34rem) { main { padding: 1rem .8rem 3rem; } figure { padding: .6rem .7rem; } figure svg text { font-size: 16px; } }
@page { margin: 14mm 12mm; } @media print { .scroll { background: none; }  body { background: none; } main { max-width: none; padding: 0; } figure, figure svg, tr, .findings > li { break-inside: avoid; } h2, .caption { break-after: avoid; } .charts { display: block; } .charts figure { display: inline-block; width: 48%; vertical-align: top; margin: 0 1% 1rem 0; } figure svg text { font-size: 14px; } }
`;
