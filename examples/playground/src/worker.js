// The model and its training. The page asks for a frame at a time; between frames it trains.
import {
  activation,
  adagrad,
  adam,
  adamw,
  batchNormalization,
  dense,
  dropout,
  rmsprop,
  sequential,
  sgd,
} from 'simdense';
import { diagnose, gradientsOf } from 'simdense/diagnose';
import { confusionMatrix } from 'simdense/evaluate';
import { loadData } from './data.js';

const optimizers = { adam, adamw, adagrad, rmsprop, sgd };
/** Points of the decision surface on each side, and of a histogram. */
const SURFACE = 60;
const BINS = 40;
const LONGEST = 1_000_000;

let state;

function build({ hidden, activation: act, norm, dropout: rate, optimizer, rate: learningRate, seed }, { x, classes }) {
  const layers = hidden.flatMap((units) => [
    ...(norm ? [dense({ units }), batchNormalization(), activation(act)] : [dense({ units, activation: act })]),
    ...(rate > 0 ? [dropout({ rate })] : []),
  ]);
  return sequential({
    inputs: x.columns,
    layers: [...layers, dense({ units: classes.length, activation: 'softmax' })],
    seed,
  }).compile({
    optimizer: optimizers[optimizer]({ learningRate }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
}

/** Epochs that may still be trained before the next frame; who trains waits for more. */
class Gate {
  #left = 0;
  #open;

  allow(epochs) {
    this.#left = epochs;
    this.#open?.();
    this.#open = undefined;
  }

  async pass() {
    if (--this.#left <= 0) await this.wait();
  }

  wait() {
    return new Promise((open) => {
      this.#open = open;
    });
  }
}

async function start(settings, text) {
  stop();
  const data = await loadData(settings, text);
  const model = build(settings, data);
  const own = {
    settings,
    data,
    model,
    gate: new Gate(),
    aborter: new AbortController(),
    history: [],
    findings: [],
  };
  state = own;
  const pick = (rows) => [data.x.select(rows), Int32Array.from(rows, (row) => data.y[row])];
  own.validation = pick(data.test);
  own.training = own.gate
    .wait()
    .then(() => train(own, ...pick(data.train)))
    .catch((error) => {
      if (!own.aborter.signal.aborted) postMessage({ type: 'error', message: error.message });
    });
  postMessage({
    type: 'ready',
    points: data.toy && pointsOf(data),
    classes: data.classes,
    parameters: model.parameterCount,
  });
}

function train(own, x, y) {
  const { model, settings, validation, aborter, gate, history } = own;
  const diagnosis = diagnose();
  return model.fit(x, y, {
    epochs: LONGEST,
    batchSize: settings.batch,
    validationData: validation,
    signal: aborter.signal,
    callbacks: [
      diagnosis,
      {
        async onEpochEnd({ logs }) {
          history.push(logs);
          own.findings = [...diagnosis.findings];
          await gate.pass();
        },
      },
    ],
  });
}

function stop() {
  state?.aborter.abort();
  state?.gate.allow(1);
  const old = state;
  state = undefined;
  old?.training?.finally(() => old.model.dispose());
}

function pointsOf({ x, y, test }) {
  const held = new Set(test);
  return Array.from(y, (label, row) => [...x.row(row), label, held.has(row)]);
}

/** What the page draws: new epochs, the surface, histograms, what is misread. */
function frame(from) {
  const { model, data, history, findings, validation } = state;
  return {
    type: 'frame',
    epoch: history.length,
    history: history.slice(from),
    findings,
    weights: histograms(model.getWeights()),
    gradients: history.length > 0 ? histograms(gradientsOf(model)) : [],
    ...(data.toy ? { surface: surface(model) } : judged(model, data, validation)),
  };
}

function surface(model) {
  const grid = new Float32Array(SURFACE * SURFACE * 2);
  for (let i = 0; i < SURFACE * SURFACE; i++) {
    grid[i * 2] = ((i % SURFACE) / (SURFACE - 1)) * 2.4 - 1.2;
    grid[i * 2 + 1] = 1.2 - (Math.floor(i / SURFACE) / (SURFACE - 1)) * 2.4;
  }
  const { data, columns } = model.predict(grid);
  return { side: SURFACE, values: Float32Array.from({ length: SURFACE * SURFACE }, (_, i) => data[i * columns + 1]) };
}

function judged(model, { classes, side, test }, [x, y]) {
  const predicted = model.predict(x).argmax();
  const names = (indices) => Array.from(indices, (index) => classes[index]);
  const wrong = Array.from(test.keys()).filter((row) => predicted[row] !== y[row]);
  const images = side
    ? wrong
        .slice(0, 18)
        .map((row) => ({ pixels: Array.from(x.row(row)), actual: classes[y[row]], predicted: classes[predicted[row]] }))
    : undefined;
  return {
    confusion: confusionMatrix(names(y), names(predicted), classes),
    misread: images && { side, count: wrong.length, images },
  };
}

function histograms(tensors) {
  return Array.from(tensors)
    .filter(([path]) => path.endsWith('/kernel'))
    .map(([path, { data }]) => {
      const limit = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
      const counts = new Array(BINS).fill(0);
      for (const value of data) counts[Math.min(BINS - 1, Math.floor(((value / limit + 1) / 2) * BINS))]++;
      return { layer: path.slice(0, -7), limit, counts };
    });
}

globalThis.onmessage = async ({ data: { type, settings, text, from, epochs } }) => {
  try {
    if (type === 'start') await start(settings, text);
    else if (type === 'frame' && state) {
      postMessage(frame(from));
      if (epochs > 0) state.gate.allow(epochs);
    } else if (type === 'save' && state) postMessage({ type: 'saved', bytes: state.model.save() });
  } catch (error) {
    postMessage({ type: 'error', message: error.message });
  }
};
