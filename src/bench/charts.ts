// Bars as SVG, with the report's colours.
import { at, figure, legend } from '../report/frame.js';
import { escapeHtml } from '../report/html.js';
import { choiceName } from './recommendation.js';
import type { BenchResults } from './results.js';
import { digits, percentWords, timesWords } from './words.js';

/** Narrow, so that the text can be read on a phone. */
const WIDTH = 360;

interface Group {
  readonly label: string;
  /** One for each of the chart's names; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
  readonly words: string;
}

function bars(
  title: string,
  groups: readonly Group[],
  most: number,
  note: string,
  names: readonly string[] = [],
): string {
  if (groups.length === 0) return '';
  let top = 0;
  const parts = groups.map(({ label, values, words }) => {
    const text = `<text x="0" y="${top + 12}">${escapeHtml(label)}</text><text x="${WIDTH}" y="${top + 12}" text-anchor="end">${escapeHtml(words)}</text>`;
    top += 17;
    const rects = values.map((value, i) => {
      if (value === undefined) return '';
      const rect = `<rect class="c${i}" stroke="none" x="0" y="${top}" width="${at(Math.max(1, (value / most) * WIDTH))}" height="7" rx="1"/>`;
      top += 8;
      return rect;
    });
    top += 5;
    return text + rects.join('');
  });
  const label = `${title}: ${groups.map(({ label: name, words }) => `${name} ${words}`).join(', ')}`;
  const svg = `<svg viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="${escapeHtml(label)}">${parts.join('')}</svg>`;
  return figure(title, svg + (names.length > 0 ? legend(names) : ''), note);
}

/** How many times as fast as plain JavaScript. */
export function fasterChart({ lines }: BenchResults): string {
  const groups = lines.flatMap(({ name, about, simdense, plain, blocked }) => {
    if (!plain) return [];
    const values = [plain.median / simdense.median, blocked && plain.median / blocked.median];
    return [{ label: `${name}, ${about}`, values, words: timesWords(values[0] as number) }];
  });
  const most = groups.reduce(
    (all, { values }) => values.reduce<number>((top, value) => Math.max(top, value ?? 0), all),
    1,
  );
  const note = 'Times as fast as simple loops in JavaScript, and what blocking these loops by hand gains.';
  return bars('As fast as plain JavaScript, times', groups, most, note, ['simdense', 'JavaScript, blocked by hand']);
}

/** The share of the peak. */
export function shareChart({ lines }: BenchResults): string {
  const groups = lines.flatMap(({ name, about, gigaflops, share }) =>
    share === undefined
      ? []
      : [
          {
            label: `${name}, ${about}`,
            values: [share],
            words: `${digits(gigaflops as number)}, ${percentWords(share)}`,
          },
        ],
  );
  const most = groups.reduce((all, { values: [share] }) => Math.max(all, share as number), 1);
  return bars(
    'GFLOP/s, and the share of the peak',
    groups,
    most,
    `The whole width is ${percentWords(most)} of the peak.`,
  );
}

/** How many times as fast each choice of options is. */
export function optionsChart({ options }: BenchResults): string {
  const groups = options.map(({ choice, kernels, speedup }) => ({
    label: [choiceName(choice), /\d+x\d+/.exec(kernels)?.[0]].filter(Boolean).join(', '),
    values: [speedup],
    words: timesWords(speedup),
  }));
  const most = groups.reduce((all, { values: [speedup] }) => Math.max(all, speedup as number), 1);
  return bars(
    'What options gain',
    groups,
    most,
    'Times as fast as without options: steps W2 and W3 and the product of 512×512 matrices, geometric mean. Behind the options stands the tile.',
  );
}
