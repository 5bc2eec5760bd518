// The page: settings, the loop of frames, and what each frame shows.
import { drawHistograms, drawImage, drawSurface, lineChart, thinned } from './charts.js';

const $ = (id) => document.getElementById(id);
const form = $('controls');
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const lossChart = lineChart($('loss-chart'), (v) => v.toPrecision(3));
const accuracyChart = lineChart($('accuracy-chart'), (v) => `${(v * 100).toFixed(1)} %`);

let running = false;
let started = false;
let asked = false;
let points;
let text = '';
let history = [];
let saving;

/** What the form says, checked. */
function settings() {
  const value = (name) => form.elements[name].value;
  return {
    data: value('data'),
    noise: Number(value('noise')),
    hidden: value('hidden')
      .split(',')
      .map(Number)
      .filter((n) => n > 0)
      .map((n) => Math.min(512, Math.floor(n)))
      .slice(0, 8),
    activation: value('activation'),
    norm: form.elements.norm.checked,
    dropout: Math.min(0.9, Math.max(0, Number(value('dropout')))),
    optimizer: value('optimizer'),
    rate: Number(value('rate')),
    batch: value('batch') === 'full' ? 'full' : Number(value('batch')),
    seed: Math.max(0, Math.floor(Number(value('seed')))),
  };
}

const say = (message) => {
  $('status').textContent = message;
};

const needsFile = () => form.elements.data.value === 'csv' && text === '';

function begin() {
  const { value } = form.elements.data;
  $('file-label').hidden = value !== 'csv';
  $('noise-label').hidden = value === 'csv' || value === 'iris' || value === 'digits';
  history = [];
  points = undefined;
  started = false;
  asked = false;
  show({ epoch: 0, history: [], findings: [], weights: [], gradients: [] });
  worker.postMessage({ type: 'start', settings: settings(), text });
}

function toggle(on) {
  running = on;
  $('run').textContent = on ? 'Pause' : history.length > 0 ? 'Resume' : 'Train';
  say(on ? 'Training.' : 'Paused.');
}

/** Asks for a frame, and lets the worker train on until the next one. */
function ask() {
  if (!started || asked) return;
  asked = true;
  const epochs = running ? Number(form.elements.speed.value) : 0;
  worker.postMessage({ type: 'frame', from: history.length, epochs });
}

let frames = 0;
let since = performance.now();
function loop(now) {
  if (running) ask();
  if (now - since > 1000) {
    $('fps').textContent = running ? String(Math.round((frames * 1000) / (now - since))) : '–';
    frames = 0;
    since = now;
  }
  requestAnimationFrame(loop);
}
requestAnimationFrame(loop);

worker.onmessage = ({ data }) => {
  if (data.type === 'ready') {
    started = true;
    points = data.points;
    $('surface-figure').hidden = !points;
    $('confusion-figure').hidden = Boolean(points);
    $('misread-figure').hidden = true;
    // An earlier choice may get ready while a file is still asked for.
    if (!running && !needsFile())
      say(`Ready: ${data.parameters.toLocaleString('en')} parameters, ${data.classes.length} classes.`);
    ask();
  } else if (data.type === 'frame') {
    asked = false;
    frames++;
    for (const epoch of data.history) history.push(epoch);
    show(data);
  } else if (data.type === 'saved') saving?.(data.bytes);
  else {
    toggle(false);
    say(`It cannot go on: ${data.message}`);
  }
};

const percent = (share) => (share === undefined ? '–' : `${(share * 100).toFixed(1)} %`);
const short = (value) => (value === undefined ? '–' : value.toPrecision(3));

function show({ epoch, findings, weights, gradients, surface, confusion, misread }) {
  const logs = history.at(-1) ?? {};
  $('epoch').textContent = epoch.toLocaleString('en');
  $('loss').textContent = short(logs.loss);
  $('valLoss').textContent = short(logs.valLoss);
  $('accuracy').textContent = percent(logs.accuracy);
  $('valAccuracy').textContent = percent(logs.valAccuracy);
  const epochs = thinned(Array.from(history.keys()));
  const line = (name) => epochs.map((i) => history[i][name]);
  const ticks = epochs.map((i) => i + 1);
  lossChart([ticks, line('loss'), line('valLoss')]);
  accuracyChart([ticks, line('accuracy'), line('valAccuracy')]);
  drawHistograms($('weights'), weights);
  drawHistograms($('gradients'), gradients);
  if (surface && points) drawSurface($('surface'), surface, points);
  if (confusion) showConfusion(confusion);
  if (misread) showMisread(misread);
  showFindings(findings);
}

/** Elements are made, never markup: names come from data. */
function element(name, content, className = '') {
  const made = document.createElement(name);
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  if (className) made.className = className;
  return made;
}

function showConfusion({ labels, counts }) {
  const head = element(
    'tr',
    ['', ...labels].map((label) => element('th', label)),
  );
  const rows = counts.map((line, row) =>
    element('tr', [
      element('th', labels[row]),
      ...line.map((count, column) => element('td', count === 0 ? '·' : String(count), row === column ? 'hit' : '')),
    ]),
  );
  $('confusion').replaceChildren(head, ...rows);
}

function showMisread({ side, count, images }) {
  $('misread-figure').hidden = false;
  $('misread-figure').querySelector('figcaption').textContent = `Misread, ${count} of the validation rows`;
  $('misread').replaceChildren(
    ...images.map(({ pixels, actual, predicted }) => {
      const canvas = element('canvas', []);
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', `a ${actual}, read as ${predicted}`);
      drawImage(canvas, pixels, side);
      return element('figure', [canvas, `${actual}, read as ${predicted}`]);
    }),
  );
}

let told = '';
function showFindings(findings) {
  const now = JSON.stringify(findings.map(({ code, layer }) => [code, layer]));
  if (now === told) return;
  told = now;
  const items = findings.map(({ code, severity, message, advice }) =>
    element('li', [element('b', code.replaceAll('-', ' ')), `${message}. ${advice}.`], severity),
  );
  $('findings').replaceChildren(...(items.length > 0 ? items : [element('li', 'No problems found.', 'faint')]));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (needsFile()) return say('Choose a CSV file first.');
  toggle(!running);
});
$('reset').addEventListener('click', () => {
  running = false;
  begin();
  toggle(false);
  say('Reset.');
});
form.addEventListener('change', async ({ target }) => {
  if (target.name === 'speed') return;
  if (target.name === 'file') text = (await target.files[0]?.text()) ?? '';
  if (needsFile()) {
    $('file-label').hidden = false;
    return say('Choose a CSV file.');
  }
  remember();
  const was = running;
  begin();
  if (!was) toggle(false);
});
form.elements.noise.addEventListener('input', ({ target }) => {
  form.querySelector('output').textContent = target.value;
});

/** The settings stand in the address; what is not a setting there is left out. */
const shared = [
  'data',
  'noise',
  'hidden',
  'activation',
  'norm',
  'dropout',
  'optimizer',
  'rate',
  'batch',
  'speed',
  'seed',
];
function remember() {
  const values = shared.map((name) => [
    name,
    name === 'norm' ? String(form.elements.norm.checked) : form.elements[name].value,
  ]);
  window.history.replaceState(null, '', `#${new URLSearchParams(values)}`);
}

function recall() {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (!shared.includes(name)) continue;
    const field = form.elements[name];
    if (name === 'norm') field.checked = value === 'true';
    else if (field.tagName !== 'SELECT' || Array.from(field.options).some((option) => option.value === value))
      field.value = value;
  }
  // A file is not in a link.
  if (form.elements.data.value === 'csv') form.elements.data.value = 'circles';
  form.querySelector('output').textContent = form.elements.noise.value;
}

$('share').addEventListener('click', async () => {
  remember();
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link is on the clipboard.');
  } catch {
    say('The link is in the address bar.');
  }
});

$('download').addEventListener('click', async () => {
  if (!started) return;
  const bytes = await new Promise((done) => {
    saving = done;
    worker.postMessage({ type: 'save' });
  });
  const link = element('a', '');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = `${form.elements.data.value}.safetensors`;
  link.click();
  URL.revokeObjectURL(link.href);
  say(
    `The model has ${bytes.length.toLocaleString('en')} bytes; loadModel of simdense reads it, and any reader of safetensors.`,
  );
});

window.addEventListener('hashchange', () => {
  recall();
  begin();
});
recall();
begin();
