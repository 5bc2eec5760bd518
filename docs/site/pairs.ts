// The tables of docs/what-goes-together.md, from those that compile checks by.   npx tsx docs/site/pairs.ts writes them into the page
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { activationKernel, activationNames } from '../../src/nn/activations.js';
import { lossNames } from '../../src/nn/losses.js';
import { type Metric, metricNames, TOP } from '../../src/nn/metrics/index.js';
import { countsClasses } from '../../src/nn/metrics/names.js';
import { ranges } from '../../src/nn/output-form.js';
import { activationBehind, classes, withoutLog } from '../../src/nn/pairs.js';

const PAGE = 'docs/what-goes-together.md';
/** What stands between these lines is made here. */
const MARKED = /(<!-- from src\/nn\/pairs.ts -->\n)[\s\S]*?(<!-- end -->)/;

const code = (name: string): string => `\`${name}\``;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const shown = (end: number): string =>
  (Number.isFinite(end) ? String(Number(end.toPrecision(4))) : '').replace('-', '−');

function rangeOf(name: (typeof activationNames)[number]): string {
  const [low, high] = ranges[name](activationKernel(name).alpha).map(shown) as [string, string];
  const range =
    low && high ? `${low} to ${high}` : low ? `${low} and above` : high ? `${high} and below` : 'any number';
  if (name === 'logSoftmax') return `${range}; with \`categoricalCrossentropy\` the targets of \`softmax\``;
  return name === 'softmax' ? `${range}, each row adding up to 1` : range;
}

/** The page's tables as Markdown. */
export function pairsTables(): string {
  const losses = table(
    ['last activation', 'outputs, and so targets', ...lossNames.map(code)],
    activationNames.map((name) => [
      code(name),
      rangeOf(name),
      ...lossNames.map((loss) => ([undefined, withoutLog(name)].includes(activationBehind(loss)) ? 'yes' : '–')),
    ]),
  );
  const measured = (metric: Metric & string, name: (typeof activationNames)[number]): string =>
    countsClasses(metric) && !classes.includes(withoutLog(name))
      ? '–'
      : metric === 'topKAccuracy'
        ? `above ${TOP} outputs`
        : 'yes';
  const metrics = table(
    ['metric', '`softmax`, `logSoftmax`', '`sigmoid`', 'any other last activation'],
    metricNames.map((metric) => [
      code(metric),
      ...[...classes, 'linear' as const].map((name) => measured(metric, name)),
    ]),
  );
  return `${losses}\n\n${metrics}\n`;
}

/** The page with its tables as they are now. */
export const withTables = (page: string): string =>
  page.replace(MARKED, (_, from, end) => `${from}\n${pairsTables()}\n${end}`);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
