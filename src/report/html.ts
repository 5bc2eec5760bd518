// Text and elements: whatever comes from data passes through `escapeHtml`.

export function escapeHtml(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A table; cells are HTML already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  caption: string,
  name = '',
): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table class="${name}"><caption>${caption}</caption><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>`;
}

export function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`;
}

const style = `
:root { color-scheme: light dark; --paper: #fcfcfb; --card: #ffffff; --ink: #1d1d1b; --faint: #6b6a66; --line: #dddcd7; --heat: 37 99 168;
  --s0: #2563a8; --s1: #c2571a; --s2: #2e7d4f; --s3: #8a4fa3; --s4: #a3822a; --s5: #b23a5e; --s6: #3f7f8c; --s7: #6e6a64; --problem: #b3261e; --warning: #9a6700; --info: #2563a8; }
@media (prefers-color-scheme: dark) { :root { --paper: #161615; --card: #1f1f1d; --ink: #ecebe6; --faint: #a3a19a; --line: #3a3936; --heat: 88 152 222;
  --s0: #6aa5e3; --s1: #f0945a; --s2: #6fbf8e; --s3: #c394da; --s4: #d9b95f; --s5: #ec8aa5; --s6: #7cc0cd; --s7: #b8b4ac; --problem: #ff8a80; --warning: #e3b341; --info: #6aa5e3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .7rem; }
p { max-width: 44rem; } .faint { color: var(--faint); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; } .scroll + .charts { margin-top: 1.2rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; } figcaption { font-weight: 600; margin-bottom: .3rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; } svg text { fill: var(--faint); font-size: 12px; } .axis { stroke: var(--line); } .dash { stroke: var(--faint); stroke-dasharray: 4 4; }
${Array.from({ length: 8 }, (_, i) => `.c${i} { stroke: var(--s${i}); fill: var(--s${i}); }`).join(' ')}
path.curve { fill: none; stroke-width: 2; } .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; padding: 0; margin: .4rem 0 0; list-style: none; }
.legend svg { display: inline-block; width: 1.2rem; height: .6rem; margin-right: .4rem; }
.scroll { overflow-x: auto; margin-top: .8rem; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; } caption { text-align: left; white-space: nowrap; color: var(--faint); font-size: .85rem; padding-bottom: .3rem; }
th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); } th { font-weight: 600; } th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
.confusion td { min-width: 3rem; } .confusion td:first-child { font-weight: 600; }
.findings { list-style: none; padding: 0; display: grid; gap: .7rem; } .findings li { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--info); border-radius: .4rem; padding: .6rem 1rem; }
.findings li.problem { border-left-color: var(--problem); } .findings li.warning { border-left-color: var(--warning); } .findings p { margin: .2rem 0 0; } .findings b { margin-right: .5rem; }
.images { display: flex; flex-wrap: wrap; gap: 1rem; } .images figure { padding: .5rem; text-align: center; font-size: .85rem; } .images img { width: 5.5rem; image-rendering: pixelated; display: block; margin: 0 auto .3rem; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; font-size: .85rem; } code { overflow-wrap: anywhere; }
`;

/** A whole page that loads and runs nothing. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
