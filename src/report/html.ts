// HTML elements. All text that comes from data must pass through `escapeHtml`.
import { visible } from '../base/visible.js';
import { written } from '../base/written.js';
import { pageStyle } from './style.js';

/** Escapes a text for HTML, and invisible characters as \\u…. */
export function escapeHtml(text: string | number): string {
  return visible(String(text)).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A table with a caption. The cells are HTML already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  caption: string,
  name = '',
): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<p class="caption">${escapeHtml(caption)}</p><div class="scroll"><table class="${name}" aria-label="${escapeHtml(caption)}"><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>`;
}

/** A sentence as HTML, with names in backquotes as code, and a full stop. */
export const sentence = (text: string): string => `${escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')}.`;

/** Escapes a text of several lines. */
export const lines = (text: string): string => text.split('\n').map(escapeHtml).join('\n');

export function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`;
}

/** A complete page, which loads and runs nothing; `style` is what it has beside that of all pages. */
export function page(title: string, body: string, style = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${written.writer}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
