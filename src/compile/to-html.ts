// A program as a page with a form that predicts.
import { version } from '../base/version.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { Bundle } from './bundle.js';
import type { Cell } from './columns.js';
import { json } from './text.js';
import { toJavaScript } from './to-js.js';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);

const STYLE = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
form { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .75rem; }
label { display: grid; gap: .25rem; overflow-wrap: anywhere; }
input, select { font: inherit; padding: .35rem .5rem; min-width: 0; }
table { border-collapse: collapse; margin-top: 1.5rem; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
td { font-variant-numeric: tabular-nums; }
.answer { font-size: 1.5rem; font-weight: 600; margin: 1.5rem 0 0; overflow-wrap: anywhere; }
.error { color: light-dark(#b00020, #ff8a8a); }`;

/** A choice; its value is the cell as JSON, in which an attribute keeps every character. */
const option = (value: Cell, text: string, chosen: boolean): string =>
  `<option value="${escaped(JSON.stringify(value))}"${chosen ? ' selected' : ''}>${escaped(text)}</option>`;

/** A field of the form: numbers, dates and texts are typed, booleans and categories chosen. */
function field(name: string, i: number, cell: Cell, column: EncoderColumn | undefined): string {
  const label = (input: string): string => `<label>${escaped(name)}${input}</label>`;
  const select = (options: readonly string[]): string =>
    label(`<select name="${i}">${options.join('')}${option(null, '(missing)', cell === null)}</select>`);
  const input = (attributes: string, value: string): string =>
    label(`<input ${attributes} name="${i}" value="${escaped(value)}" autocomplete="off">`);
  const text = cell === null ? '' : String(cell);
  switch (column?.kind) {
    case 'boolean':
      return select([option(true, 'yes', cell === true), option(false, 'no', cell === false)]);
    case 'category': {
      const known = column.categories.map((category) => option(category, category, category === cell));
      let other = '(another)';
      while (column.categories.includes(other)) other += '·';
      return select([...known, option(other, '(another)', false)]);
    }
    case 'date': {
      // A time only where it tells something.
      const hasTime = column.cycles.includes('day');
      return input(`type="${hasTime ? 'datetime-local' : 'date'}"`, text.slice(0, hasTime ? 16 : 10));
    }
    case 'text':
    case 'hashedCategory':
      return input('type="text"', text);
    default:
      return input('inputmode="decimal"', column?.format?.decimal === ',' ? text.replace('.', ',') : text);
  }
}

/** Where the answer is not the most likely class, what decides. */
const decisionNote = ({ together }: Bundle): string => {
  if (!together?.decision) return '';
  const { positive, threshold } = together.decision;
  const label = escaped(String(positive));
  if (threshold > 1) return `<p>It never answers ${label}: its threshold is above 1.</p>\n`;
  return `<p>It answers ${label} from a probability of ${Number((100 * threshold).toPrecision(3))} % on.</p>\n`;
};

/** The page's text: it loads nothing. */
export function toHtml(bundle: Bundle): string {
  const { columns, classes, outputNames, table, target, test } = bundle;
  const title = target ?? (classes ? `Which of ${classes.length} classes` : 'What is predicted');
  const fields = test.x.map((cell, i) => field(columns?.[i] ?? `x${i + 1}`, i, cell, table?.[i]));
  // A script may not hold its own end.
  const code = toJavaScript(bundle).replace(/^export /gm, '');
  const fieldsOfAll = bundle.programs.map((_, m) => `fields${m}`).join(', ');
  const readers = `const readers = new Map([${fieldsOfAll}].flat().map(([name, , , { read }]) => [name, read]));
// A text as it is where its column reads it.
const taken = (i, text) => (readers.get(columns[i])(text) === undefined ? number(text) : text);
`;
  const answer = classes
    ? `  const answer = Object.assign(document.createElement('p'), { className: 'answer', textContent: predictLabel(row) });
`
    : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="simdense ${version}, compile">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
<h1>${escaped(title)}</h1>
<form>
${fields.join('\n')}
</form>
<div role="status" aria-live="polite"></div>
${decisionNote(bundle)}<script type="module">
${code}
const names = ${json(classes ?? outputNames ?? null)};
const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
const cell = (row, tag, text) => Object.assign(row.appendChild(document.createElement(tag)), { textContent: text });
// Decimal digits, with a decimal comma too, but not one that may group thousands.
const number = (text) => Number(/,\\d{3}$|[.,].*,|[^\\d.,e+-]/i.test(text) ? NaN : text.replace(',', '.'));
${table ? readers : ''}function show() {
  const fields = [...form.elements].filter(({ name }) => name !== '');
  const cells = fields.map((field, i) => {
    if (field.tagName === 'SELECT') return JSON.parse(field.value);
    const text = field.value.trim();
    return ${table ? "text === '' ? null : taken(i, text)" : "text === '' ? NaN : number(text)"};
  });
  const wrong = cells.findIndex((cell) => typeof cell === 'number' && !Number.isFinite(cell));
  fields.forEach((field, i) => field.setAttribute('aria-invalid', String(i === wrong)));
  if (wrong >= 0) {
    status.className = 'error';
    status.textContent = \`\${fields[wrong].parentElement.firstChild.textContent}: give \${fields[wrong].type === 'text' ? 'a number' : 'a date'}.\`;
    return;
  }
  const row = ${table ? 'Object.fromEntries(columns.map((name, i) => [name, cells[i]]))' : 'cells'};
  const values = [...predict(row)];
${answer}  const table = document.createElement('table');
  const order = values.map((_, i) => i);
  if (${classes ? 'true' : 'false'}) order.sort((a, b) => values[b] - values[a]);
  for (const i of order) {
    const line = table.insertRow();
    cell(line, 'th', names ? names[i] : \`y\${i + 1}\`).scope = 'row';
    cell(line, 'td', ${classes ? "(100 * values[i]).toFixed(1) + ' %'" : 'values[i]'});
  }
  status.className = '';
  status.replaceChildren(${classes ? 'answer, ' : ''}table);
}
form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
show();
</script>
</html>
`;
}
