import type { Training } from '../train/callbacks.js';
import type { Logs } from '../train/history.js';
import type { Sequential } from '../train/sequential.js';
import type { Finding } from './finding.js';
import {
  countClasses,
  countSilent,
  gradientNorm,
  gradientSize,
  InputColumns,
  type Kernel,
  kernelsOf,
  sample,
  saturatedShare,
  type Unit,
  unitsOf,
  updateRatio,
} from './look.js';
import { gradientFlow, type KernelFigures, updates } from './rules/gradients.js';
import { constantColumns, unscaledColumns } from './rules/inputs.js';
import { courseOfLoss, firstLoss, tooFewEpochs } from './rules/loss.js';
import { classCollapse, deadShare, deadUnits, saturatedUnits } from './rules/units.js';

/** Looks an epoch where nobody says how often, but with so many rows between them: a look at a small network takes longer than its updates. */
const LOOKS = 4;
const ROWS_BETWEEN = 1024;
/** Epochs between two judgements of the course of the loss. */
const COURSE_EVERY = 5;

/** Sums over one epoch's looks. */
interface Looks {
  count: number;
  norm: number;
  readonly gradient: Float64Array;
  readonly update: Float64Array;
  readonly saturated: Float64Array;
  readonly predicted: Float64Array;
  readonly wanted: Float64Array;
}

/** One training, as far as it has been seen. */
export class Watch {
  readonly #model: Sequential;
  readonly #kernels: readonly Kernel[];
  readonly #units: readonly Unit[];
  /** For each unit of each relu layer, the rows in a row for which it was off. */
  readonly #silent: readonly Uint32Array[];
  readonly #columns: InputColumns;
  readonly #normalised: boolean;
  #every: number;
  readonly #asked: boolean;
  /** Classes of a crossentropy; 0 for a regression. */
  readonly #classes: number;
  readonly #epochs: Logs[] = [];
  /** Weights before the batch that is to be looked at. */
  #before: readonly Float32Array[] | undefined;
  #looks: Looks;
  #batch = 0;
  #first = Number.NaN;

  constructor({ model, batches }: Training, every: number | undefined) {
    const { bound, layers, outputs } = model;
    const { loss } = bound.trainer as NonNullable<typeof bound.trainer>;
    this.#model = model;
    this.#kernels = kernelsOf(bound);
    this.#units = unitsOf(model);
    this.#silent = this.#units.map(({ columns }) => new Uint32Array(columns));
    this.#columns = new InputColumns(model);
    this.#normalised = layers.find(({ type }) => type === 'dense' || type === 'batchNormalization')?.type !== 'dense';
    this.#asked = every !== undefined;
    this.#every = every ?? Math.max(1, Math.ceil(batches / LOOKS));
    this.#classes =
      loss === 'categoricalCrossentropy' ? outputs : loss === 'binaryCrossentropy' && outputs === 1 ? 2 : 0;
    this.#looks = this.#noLooks();
    this.#before = this.#samples();
  }

  batchEnds(t: Training): Finding[] {
    const found: Finding[] = [];
    if (this.#before) {
      this.#look(this.#before);
      if (this.#batch === 0) {
        found.push(...this.#firstLook(t));
        const { rows } = this.#model.bound.network;
        if (!this.#asked) this.#every = Math.max(this.#every, Math.ceil(ROWS_BETWEEN / rows));
      }
    }
    this.#batch++;
    this.#before = this.#batch % this.#every === 0 ? this.#samples() : undefined;
    return found;
  }

  epochEnds(t: Training): { found: Finding[]; figures: Logs } {
    const looks = this.#looks;
    this.#looks = this.#noLooks();
    this.#epochs.push(t.logs);
    const found = this.#epochs.length % COURSE_EVERY === 0 ? courseOfLoss(this.#epochs, this.#first, this.#batch) : [];
    if (looks.count === 0) return { found, figures: { ...t.logs } };
    const kernels = this.#kernelFigures(looks);
    const norm = looks.norm / looks.count;
    const figures: Record<string, number> = { ...t.logs, gradientNorm: norm };
    for (const { layer, gradient, update } of kernels) {
      figures[`gradient/${layer}`] = gradient;
      figures[`update/${layer}`] = update;
    }
    found.push(
      ...gradientFlow(kernels, norm),
      ...updates(kernels, (t.logs['loss'] as number) / this.#first),
      ...this.#unitFindings(looks, figures),
    );
    if (this.#classes > 0) found.push(...classCollapse(looks.predicted, looks.wanted));
    if (this.#epochs.length === 1 && !this.#normalised) found.push(...unscaledColumns(this.#columns));
    return { found, figures };
  }

  ends(t: Training): Finding[] {
    const ended = t.epoch >= t.epochs ? tooFewEpochs(this.#epochs, this.#first) : [];
    return [...courseOfLoss(this.#epochs, this.#first, this.#batch), ...ended, ...constantColumns(this.#columns)];
  }

  /** What is wrong from the start, and may end the training before its first epoch does. */
  #firstLook(t: Training): Finding[] {
    const { trainer } = this.#model.bound;
    this.#first = (t.logs['loss'] as number) - (trainer?.penalty() ?? 0);
    const weighed = this.#model.bound.batch.weights !== 0;
    const untrained = t.iteration === 1 && this.#classes > 0 && !weighed;
    const explodes = gradientFlow(this.#kernelFigures(this.#looks), this.#looks.norm);
    return [
      ...(this.#normalised ? [] : unscaledColumns(this.#columns)),
      ...(untrained ? firstLoss(this.#first, this.#classes) : []),
      ...explodes.filter(({ code }) => code === 'exploding-gradients'),
    ];
  }

  #look(before: readonly Float32Array[]): void {
    const { bound } = this.#model;
    const looks = this.#looks;
    looks.count++;
    looks.norm += gradientNorm(bound);
    for (const [i, kernel] of this.#kernels.entries()) {
      (looks.gradient[i] as number) += gradientSize(bound, kernel);
      (looks.update[i] as number) += updateRatio(before[i] as Float32Array, sample(bound, kernel));
    }
    for (const [i, unit] of this.#units.entries()) {
      if (unit.kind === 'relu') countSilent(this.#model, unit, this.#silent[i] as Uint32Array);
      else (looks.saturated[i] as number) += saturatedShare(this.#model, unit);
    }
    if (this.#classes > 0) countClasses(bound, looks.predicted, looks.wanted);
    this.#columns.look();
  }

  #unitFindings(looks: Looks, figures: Record<string, number>): Finding[] {
    return this.#units.flatMap(({ layer, kind, columns }, i) => {
      if (kind === 'relu') {
        const share = deadShare(this.#silent[i] as Uint32Array);
        figures[`dead/${layer}`] = share;
        return deadUnits(layer, columns, share);
      }
      const share = (looks.saturated[i] as number) / looks.count;
      figures[`saturated/${layer}`] = share;
      return saturatedUnits(layer, kind, share);
    });
  }

  #kernelFigures({ count, gradient, update }: Looks): KernelFigures[] {
    return this.#kernels.map(({ layer }, i) => ({
      layer,
      gradient: (gradient[i] as number) / count,
      update: (update[i] as number) / count,
    }));
  }

  #samples(): readonly Float32Array[] {
    return this.#kernels.map((kernel) => sample(this.#model.bound, kernel));
  }

  #noLooks(): Looks {
    return {
      count: 0,
      norm: 0,
      gradient: new Float64Array(this.#kernels.length),
      update: new Float64Array(this.#kernels.length),
      saturated: new Float64Array(this.#units.length),
      predicted: new Float64Array(this.#classes),
      wanted: new Float64Array(this.#classes),
    };
  }
}
