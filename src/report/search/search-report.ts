import { noMore } from '../../base/checks.js';
import { escapeHtml, page, section } from '../html.js';
import { checkSearchContents } from './check.js';
import type { SearchReportContents } from './searched.js';
import { searchSection } from './section.js';
import { searchStyle } from './style.js';

/**
 * Shows a search as one self-contained HTML page, which loads and runs nothing: what was searched, what is best, which parameters mattered, what failed and what to try next; the points as
 * parallel coordinates, the best so far, and a table.
 *
 * All text that comes from data is escaped. Of more than 1,000 points the best 1,000 are drawn and listed. A point takes about half a kilobyte.
 * @param o The contents; only `search` is required.
 * @returns The HTML of the page.
 * @throws SimdenseError 'ARGUMENT' for contents that cannot be shown; the message names the part.
 * @example
 * import { dense } from 'simdense';
 * import { search } from 'simdense/evaluate';
 * import { searchReport } from 'simdense/report';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const result = await search({
 *   space: { units: [1, 2, 4] },
 *   pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'relu' })], fit: { epochs: 2 } }),
 *   x,
 *   y: x.map(([i]) => (i < 20 ? 'low' : 'high')),
 *   trials: 3,
 * });
 * const html = searchReport({ title: 'Units', search: result });
 * html.slice(0, 15); // '<!doctype html>'
 */
export function searchReport(o: SearchReportContents): string {
  noMore('searchReport', arguments, 1);
  const { title = 'Search', summary, search, command } = checkSearchContents('searchReport', o);
  const { words, next, charts, table } = searchSection('searchReport(search)', search);
  return page(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>${summary ? `<p>${escapeHtml(summary)}</p>` : ''}${words}`,
      section('What to try next', next),
      section('Points', charts),
      section('Table', table),
      section('How to repeat it', command ? `<pre><code>${escapeHtml(command)}</code></pre>` : ''),
    ].join('\n'),
    searchStyle,
  );
}
