// The page bench.html: starts the measurement in a worker, draws as it goes, and copies the results.
import { type BenchResults, benchMarkdown, benchSections } from '../../../src/bench/index.js';
import { LEAST_SECONDS, MOST_SECONDS, SECONDS } from '../../../src/bench/limits.js';
import type { Message } from './messages.js';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const [run, copy, status] = [element<HTMLButtonElement>('run'), element<HTMLButtonElement>('copy'), element('status')];
const [place, progress] = [element('results'), element<HTMLProgressElement>('progress')];
const markdown = element<HTMLTextAreaElement>('markdown');

/** ?seconds=8 measures for a shorter time. */
const asked = Number(new URLSearchParams(location.search).get('seconds')) || SECONDS;
const seconds = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, asked));
const START = `Measure, ${seconds} seconds`;
run.textContent = START;

let worker: Worker | undefined;
let results: BenchResults | undefined;

function end(words: string): void {
  worker?.terminate();
  worker = undefined;
  run.textContent = START;
  progress.hidden = true;
  status.textContent = words;
}

function draw({ progress: { done, total, next, results: found } }: Extract<Message, { progress: unknown }>): void {
  results = found;
  progress.max = total;
  progress.value = done;
  // The sections escape their texts.
  place.innerHTML = benchSections(found);
  copy.disabled = found.lines.length === 0;
  if (next !== '') status.textContent = `Measures ${next}`;
  else end(`Measured in ${found.seconds.toFixed(0)} seconds.`);
}

run.addEventListener('click', () => {
  if (worker) return end('Stopped.');
  markdown.hidden = true;
  progress.hidden = false;
  run.textContent = 'Stop';
  status.textContent = 'Starts';
  worker = new Worker(new URL('./measure.js', import.meta.url), { type: 'module' });
  worker.onerror = ({ message }) => end(`It could not be measured: ${message || 'the worker did not start'}.`);
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('error' in data) end(`It could not be measured: ${data.error}.`);
    else draw(data);
  };
  worker.postMessage({ seconds });
});

copy.addEventListener('click', async () => {
  if (!results) return;
  markdown.value = benchMarkdown(results);
  try {
    await navigator.clipboard.writeText(markdown.value);
    status.textContent = 'Copied.';
  } catch {
    // Pages without a secure address have no clipboard.
    markdown.hidden = false;
    markdown.select();
    status.textContent = 'The text is below, selected: copy it from there.';
  }
});
