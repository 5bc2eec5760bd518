// Runs the program of a page in the page: what it prints and plots stands below it.
import { courseChart } from '../../src/report/charts.js';

const modules: Readonly<Record<string, string>> = {
  simdense: 'simdense',
  'simdense/data': 'data',
  'simdense/table': 'table',
  'simdense/evaluate': 'evaluate',
  'simdense/classifier': 'classifier',
  'simdense/diagnose': 'diagnose',
  'simdense/explain': 'explain',
  'simdense/kernels': 'kernels',
  'simdense/onnx': 'onnx',
  './sets.js': 'sets',
};

/** The program with its imports where they are here. */
function located(program: string): string {
  return program.replace(/from '([^']+)'/g, (whole, name: string) => {
    const file = modules[name];
    return file ? `from '${new URL(`./${file}.js`, import.meta.url).href}'` : whole;
  });
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : ArrayBuffer.isView(value)
      ? `[${Array.from(value as Float32Array).join(', ')}]`
      : JSON.stringify(value);

export async function run(program: string, place: HTMLElement): Promise<void> {
  place.replaceChildren();
  delete place.dataset['failed'];
  const line = (text: string): void => {
    const last = place.lastElementChild;
    if (last instanceof HTMLPreElement) last.textContent += `\n${text}`;
    else place.append(Object.assign(document.createElement('pre'), { textContent: text }));
  };
  const host = globalThis as unknown as { plot: unknown };
  host.plot = (title: string, lines: Record<string, readonly number[]>, o: { log?: boolean } = {}): void => {
    const figure = document.createElement('div');
    // The chart escapes its texts.
    figure.innerHTML = courseChart(title, lines, o.log);
    place.append(figure);
  };
  const { log } = console;
  console.log = (...values: unknown[]): void => line(values.map(show).join(' '));
  const url = URL.createObjectURL(new Blob([located(program)], { type: 'text/javascript' }));
  try {
    await import(url);
  } catch (error) {
    place.dataset['failed'] = 'true';
    line(String(error));
  } finally {
    console.log = log;
    URL.revokeObjectURL(url);
  }
}
