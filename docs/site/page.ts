// A page of the documentation: its program is run, and what it prints and plots stands below each block; formulas become MathML, which needs no script.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import katex from 'katex';
import { courseChart } from '../../src/report/charts.js';

/** One thing that a block of code has shown. */
type Shown = { readonly text: string } | { readonly html: string };

export interface RunPage {
  /** What each block showed, in order. */
  readonly shown: readonly (readonly Shown[])[];
  /** All blocks together: the page's program. */
  readonly program: string;
}

const BLOCK = /^```js\n([\s\S]*?)^```$/gm;

export const blocksOf = (markdown: string): string[] =>
  Array.from(markdown.matchAll(BLOCK), ([, code]) => code as string);

/** Runs the blocks of a page as one program; imports are the package's own. Rejects with what it throws. */
export async function runPage(markdown: string): Promise<RunPage> {
  const blocks = blocksOf(markdown);
  const shown: Shown[][] = blocks.map(() => []);
  const host = globalThis as unknown as { docs?: { block: number }; plot?: unknown };
  host.docs = { block: 0 };
  const show = (what: Shown): void => {
    shown[host.docs?.block ?? 0]?.push(what);
  };
  host.plot = (title: string, lines: Record<string, readonly number[]>, o: { log?: boolean } = {}): void => {
    show({ html: courseChart(title, lines, o.log) });
  };
  const { log } = console;
  console.log = (...values: unknown[]): void => show({ text: values.map(format).join(' ') });
  const folder = mkdtempSync(join('docs', '.run-'));
  const file = join(folder, 'page.mjs');
  try {
    // Imports are hoisted, wherever they stand.
    const code = blocks.map((block, i) => `globalThis.docs.block = ${i};\n${block}`).join('\n');
    writeFileSync(file, code.replaceAll("from './sets.js'", `from '${new URL('./sets.ts', import.meta.url).href}'`));
    await import(/* @vite-ignore */ `${pathToFileURL(file).href}?${Date.now()}`);
  } finally {
    console.log = log;
    rmSync(folder, { recursive: true, force: true });
  }
  return { shown, program: blocks.join('\n') };
}

function format(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as number[], format).join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(format).join(', ')}]`;
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return `{ ${Object.entries(value)
      .map(([name, part]) => `${name}: ${format(part)}`)
      .join(', ')} }`;
  return String(value);
}

const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The page as Markdown with what its program showed, its formulas as MathML, and the program to try. */
export function composePage(markdown: string, { shown, program }: RunPage): string {
  let block = 0;
  const withOutputs = markdown.replace(BLOCK, (code) => {
    const outputs = (shown[block++] ?? []).reduce<Shown[]>((merged, next) => {
      const last = merged.at(-1);
      if (last && 'text' in last && 'text' in next) merged[merged.length - 1] = { text: `${last.text}\n${next.text}` };
      else merged.push(next);
      return merged;
    }, []);
    const below = outputs.map((output) =>
      'text' in output ? `<pre class="shown">${escapeHtml(output.text)}</pre>` : output.html.replaceAll('\n', ' '),
    );
    return [code, ...below].join('\n\n');
  });
  // A page has no server of Node's.
  const live =
    program.trim() === '' || program.includes("from 'node:")
      ? ''
      : `\n\n## Try it\n\nThe program of this page, to change and to run here.\n\n<div class="live"><textarea spellcheck="false" aria-label="The program of this page" rows="14">${escapeHtml(program.trim()).replaceAll('\n', '&#10;')}</textarea><button type="button">Run</button><div class="results" role="status" aria-live="polite"></div></div>\n`;
  return formulas(withOutputs) + live;
}

/** $…$ and $$…$$ outside of code. */
export function formulas(markdown: string): string {
  const math = (tex: string, displayMode: boolean): string =>
    katex.renderToString(tex, { output: 'mathml', displayMode, throwOnError: true });
  return markdown
    .split(/(^```[\s\S]*?^```$|`[^`\n]+`|<pre[\s\S]*?<\/pre>)/gm)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/\$\$([\s\S]+?)\$\$/g, (_, tex) => `<p>${math(tex, true)}</p>`.replaceAll('\n', ' '))
            .replace(/\$([^$\n]+)\$/g, (_, tex) => math(tex, false)),
    )
    .join('');
}
