// The page: what is shown, the classes with their buttons, and what is made of it.
import { Camera } from './camera.js';
import { Drawing } from './drawing.js';
import { Teacher } from './teacher.js';

const $ = (id) => document.getElementById(id);
/** Milliseconds between two examples while a button is held, and between two looks at the camera. */
const [AGAIN, LOOK] = [150, 100];
const MOST_CLASSES = 12;

let source = 'drawing';
const teachers = { drawing: new Teacher(), camera: new Teacher() };
/** The classes of each source: their letters are the labels, and their names are only shown. */
const classes = { drawing: ['A', 'B'], camera: ['A', 'B'] };
const cards = new Map();

const say = (message) => {
  $('status').textContent = message;
};
const drawing = new Drawing($('drawing'), () => look(), say);
const camera = new Camera($('camera'));

/** What is shown now. While a button is held, a drawing is moved a little each time, so that one drawing teaches more. */
function features(again = false) {
  if (source === 'camera') return camera.features();
  const shift = () => (again ? (Math.random() - 0.5) * 2 : 0);
  return drawing.features([shift(), shift()]);
}

/** Shows the probabilities of what is shown. */
function look() {
  const teacher = teachers[source];
  const seen = teacher.ready ? features() : undefined;
  const probabilities = seen ? teacher.probabilities(seen) : new Map();
  let best = 0;
  for (const probability of probabilities.values()) best = Math.max(best, probability);
  for (const [label, { card, bar, percent, count }] of cards) {
    const probability = probabilities.get(label) ?? 0;
    bar.value = probability;
    percent.textContent = seen ? `${Math.round(probability * 100)} %` : '–';
    card.classList.toggle('best', seen !== undefined && probability === best);
    const examples = teacher.counts.get(label) ?? 0;
    count.textContent = `${examples} example${examples === 1 ? '' : 's'}`;
  }
  $('download').disabled = !teacher.ready;
}

/** What comes next. */
function advise() {
  const { counts } = teachers[source];
  const what = source === 'camera' ? 'Hold something before the camera' : 'Draw something';
  if (counts.size === 0) say(`${what}, and press the button of its class.`);
  else if (counts.size === 1) say(`${what} else, and teach it as another class.`);
  else say('It says what it sees. Teach it more where it is wrong.');
}

async function teach(label, again) {
  const seen = features(again);
  if (!seen) return say(source === 'camera' ? 'The camera shows nothing yet.' : 'Draw something first.');
  await teachers[source].teach(seen, label);
  if (source === 'drawing') drawing.finish();
  look();
  advise();
}

/** Teaches while the button is held, by pointer or by key. */
function whileHeld(button, act) {
  let timer;
  const begin = () => {
    if (timer !== undefined) return;
    act(false);
    timer = setInterval(() => act(true), AGAIN);
  };
  const end = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const isKey = ({ key }) => key === ' ' || key === 'Enter';
  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    begin();
  });
  button.addEventListener('keydown', (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) begin();
  });
  button.addEventListener('keyup', (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    end();
  });
  for (const name of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) button.addEventListener(name, end);
  // Screen readers and voice control click without a pointer or a key.
  button.addEventListener('click', (event) => event.detail === 0 && act(false));
  button.addEventListener('contextmenu', (event) => event.preventDefault());
}

/** Elements are made, never markup: names come from people. */
const element = (name, properties = {}, content = []) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
};

function showClasses() {
  cards.clear();
  $('classes').replaceChildren(
    ...classes[source].map((label) => {
      const name = element('input', { value: label, maxLength: 24, autocomplete: 'off' });
      name.setAttribute('aria-label', `Name of class ${label}`);
      const button = element('button', { type: 'button', className: 'teach', textContent: `This is ${label}` });
      const bar = element('progress', { max: 1, value: 0 });
      bar.setAttribute('aria-label', `Probability of ${label}`);
      const percent = element('output', { textContent: '–' });
      const count = element('span', { className: 'faint' });
      name.addEventListener('input', () => {
        const called = name.value.trim() || label;
        button.textContent = `This is ${called}`;
        bar.setAttribute('aria-label', `Probability of ${called}`);
      });
      whileHeld(button, (again) => teach(label, again));
      const card = element('li', {}, [name, button, bar, percent, count]);
      cards.set(label, { card, bar, percent, count });
      return card;
    }),
  );
  $('add').disabled = classes[source].length === MOST_CLASSES;
  look();
}

async function use(next) {
  source = next;
  const isCamera = next === 'camera';
  for (const name of ['drawing', 'camera']) $(`use-${name}`).setAttribute('aria-pressed', String(name === next));
  $('drawing').hidden = isCamera;
  $('clear').hidden = isCamera;
  $('retry').hidden = true;
  $('no-camera').hidden = true;
  $('camera').hidden = !isCamera;
  $('hint').textContent = isCamera
    ? 'What lies in the square is seen.'
    : 'Draw with a finger, a pen or the mouse; or with the arrow keys, where Space puts the pen down.';
  showClasses();
  advise();
  if (!isCamera) return camera.stop();
  say('The browser asks whether the page may use the camera.');
  const reason = await camera.start();
  // In the meantime the drawing may have been chosen again.
  if (source !== 'camera') return camera.stop();
  if (reason === undefined) return advise();
  $('camera').hidden = true;
  $('no-camera').hidden = false;
  $('no-camera').textContent = reason;
  $('retry').hidden = false;
  $('hint').textContent = '';
  say(reason);
}

$('use-drawing').addEventListener('click', () => use('drawing'));
$('use-camera').addEventListener('click', () => use('camera'));
$('retry').addEventListener('click', () => use('camera'));
$('clear').addEventListener('click', () => drawing.clear());
$('add').addEventListener('click', () => {
  classes[source].push(String.fromCharCode(65 + classes[source].length));
  showClasses();
  $('classes').lastElementChild.querySelector('input').select();
  say('Show examples of the new class. What it knows of the others stays.');
});
$('reset').addEventListener('click', () => {
  teachers[source].dispose();
  teachers[source] = new Teacher();
  classes[source] = ['A', 'B'];
  drawing.clear();
  showClasses();
  advise();
});
$('download').addEventListener('click', () => {
  const link = element('a', { download: `${source}.safetensors` });
  link.href = URL.createObjectURL(new Blob([teachers[source].save()], { type: 'application/octet-stream' }));
  link.click();
  URL.revokeObjectURL(link.href);
  say('loadPredictor of simdense/predict reads the file. It holds no example.');
});
setInterval(() => source === 'camera' && look(), LOOK);

showClasses();
advise();
