import { smallest } from '../base/extremes.js';
import type { Logs } from '../train/history.js';
import type { Sequential, Training } from '../train/sequential.js';
import { Course, Start } from './course.js';
import type { CurrentFindings } from './current-findings.js';
import { EarlyUpdates } from './early-updates.js';
import type { Finding } from './finding.js';
import { firstWithParameters, InputColumns, type Kernel } from './look.js';
import { type Looks, Measurements } from './measurements.js';
import { exploding, type KernelFigures, largeUpdates, smallUpdates, vanishing } from './rules/gradients.js';
import { constantColumns, unscaledColumns, unscaledTargets } from './rules/inputs.js';
import {
  diverges,
  doesNotFall,
  firstLoss,
  oscillates,
  overFits,
  overflowed,
  tooFewEpochs,
  underFits,
} from './rules/loss.js';
import { classCollapse, deadShare, deadUnits, saturatedUnits, symmetricUnits } from './rules/units.js';
import { Schedule } from './schedule.js';
import { TargetColumns } from './targets.js';
import {
  CLIPPED,
  DIVERGES_AT_ONCE,
  FALL,
  FIRST_ROWS,
  PATIENCE,
  STILL_LEARNING,
  UPDATE_TOO_SMALL,
  UPDATES,
} from './thresholds.js';

/** Epochs between two judgements of the course of the loss: this number, or this share of the epochs so far if it is more. */
const COURSE_EVERY = 5;
const COURSE_SHARE = 0.02;
/** Watches one run: decides when it is measured, and applies the rules. */
export class Watch {
  readonly #model: Sequential;
  readonly #findings: CurrentFindings;
  readonly #measured: Measurements;
  readonly #columns: InputColumns;
  readonly #targets: TargetColumns;
  readonly #normalised: boolean;
  readonly #schedule: Schedule;
  /** Number of classes for a crossentropy; 0 for a regression. */
  readonly #classes: number;
  readonly #early: EarlyUpdates;
  /** Whether the optimizer divides by the size of the gradients. */
  readonly #normalises: boolean;
  /** Whether the task is a regression with a built-in loss. */
  readonly #numbers: boolean;
  readonly #start = new Start();
  readonly #course = new Course(this.#start);
  /** Whether the next batch is looked at. */
  #looksNext = true;
  /** The loss of the best constant prediction, from the targets of the first epoch. */
  #skill: number | undefined;
  /** The epoch of the next judgement of the course. */
  #due = COURSE_EVERY;
  #batch = 0;
  /** The last finding of too large updates. */
  #large: readonly Finding[] = [];
  /** Updates that were too large in the last two epochs with looks, not counting the first updates. */
  #late: readonly Finding[] = [];
  /** The figures of the last epoch with looks. */
  #looked: readonly KernelFigures[] = [];
  /** The loss of the first batch. */
  #first = Number.NaN;
  /** The weights after the last epoch. */
  #last: readonly Float32Array[] | undefined;
  /** Whether the model had not been trained before. */
  #fresh = false;
  /** Whether the last batch's loss was far above every limit. */
  #beyond = false;

  constructor({ model, batches }: Training, every: number | undefined, findings: CurrentFindings) {
    const { bound, layers, outputs } = model;
    const { loss, optimizer } = bound.trainer as NonNullable<typeof bound.trainer>;
    this.#model = model;
    this.#normalises = optimizer.type !== 'sgd';
    this.#numbers = typeof loss === 'string' && !loss.endsWith('Crossentropy');
    this.#findings = findings;
    this.#columns = new InputColumns(model);
    this.#targets = new TargetColumns(outputs, loss);
    this.#normalised = layers[firstWithParameters(layers)]?.type !== 'dense';
    this.#schedule = new Schedule(model, batches, every);
    this.#classes =
      loss === 'categoricalCrossentropy' ? outputs : loss === 'binaryCrossentropy' && outputs === 1 ? 2 : 0;
    this.#measured = new Measurements(model, this.#classes);
    this.#early = new EarlyUpdates(bound, this.#measured.kernels);
  }

  batchEnds(t: Training): void {
    if (!this.#early.over) this.#early.add(this.#model.bound);
    if (this.#course.epochs === 0) this.#columns.compare();
    if (this.#looksNext) {
      this.#measured.look();
      if (this.#course.epochs === 0) this.#columns.look();
    }
    if (this.#course.epochs === 0) this.#firstEpoch(t, this.#batch === 0);
    if (!this.#start.closed) this.#start.add(this.#loss(t), this.#model.bound.network.rows);
    this.#batch++;
    this.#looksNext = this.#schedule.next(this.#model.bound.network.rows);
    if (this.#looksNext) this.#measured.rememberWeights();
    this.#atOnce(t);
  }

  /** Ends an epoch, and returns its figures for the trace. */
  epochEnds(t: Training): Logs {
    const course = this.#course;
    const findings = this.#findings;
    course.add(t.logs, this.#penalty(), this.#batch, t.epoch);
    findings.replace('diverges', diverges(course.loss, this.#start.loss, this.#limit()));
    if (course.epochs === 1) this.#judgeColumns();
    this.#judgeTargets(course.loss);
    // A first loss that was too large is no longer a problem once the network is better than an even guess.
    const even = Math.log(this.#classes);
    if (course.loss < even && this.#first > even) findings.replace('first-loss', []);
    if (t.epoch === t.epochs - 1) this.#last = this.#measured.weights();
    const figures = this.#measured.looks.count > 0 ? this.#judgeLooks(t.logs) : t.logs;
    if (course.epochs >= this.#due) {
      this.#due = course.epochs + Math.max(COURSE_EVERY, Math.floor(course.epochs * COURSE_SHARE));
      this.#judgeCourse(false);
    }
    this.#judgeLargeUpdates();
    return figures;
  }

  ends({ end }: Training): void {
    // A model whose run failed may have been disposed of.
    if (end === 'failed' || this.#batch === 0) return;
    if (end === 'diverged' && this.#findings.of('diverges').length === 0)
      this.#findings.replace('diverges', overflowed(this.#start.loss));
    if (this.#course.epochs === 0) {
      this.#judgeColumns();
      return;
    }
    this.#judgeCourse(true);
    this.#judgeLargeUpdates();
    // If a callback stopped the run or restored the weights of another epoch, over-fitting has been handled.
    if (end === 'stopped' || (end === 'finished' && this.#last && this.#measured.differFrom(this.#last)))
      this.#findings.replace('over-fits', []);
    if (end === 'finished')
      this.#findings.replace('too-few-epochs', tooFewEpochs(this.#course, this.#base(), this.#noSkill()));
  }

  /** Measurements of the first epoch only: the untrained network, and all rows. */
  #firstEpoch(t: Training, first: boolean): void {
    this.#targets.add(this.#model.bound);
    if (!first) return;
    const measured = this.#measured;
    const { batch, network } = this.#model.bound;
    this.#fresh = t.iteration === 1;
    if (!this.#normalised) this.#findings.replace('unscaled', unscaledColumns(this.#columns));
    this.#first = this.#loss(t);
    this.#measured.rememberSaturation();
    if (this.#fresh && this.#classes > 0 && batch.weights === 0 && network.rows >= FIRST_ROWS)
      this.#findings.replace('first-loss', firstLoss(this.#first, this.#classes));
    // Judge at once: exploding gradients may end the run before the first epoch ends.
    this.#findings.replace(
      'exploding',
      exploding(this.#kernelFigures(measured.looks), measured.looks.norm, this.#normalises),
    );
    this.#judgeTargets(this.#first);
  }

  #judgeColumns(): void {
    const { sizes, compared, constant, zeros, pairs } = this.#columns;
    if (!this.#normalised) this.#findings.replace('unscaled', unscaledColumns(this.#columns));
    this.#findings.replace(
      'constant',
      constantColumns({ rows: compared, columns: sizes.length, constant, zeros, pairs }),
    );
  }

  #judgeTargets(loss: number): void {
    // A pipeline scales its targets, but not always to size 1: a robust scaler leaves long tails.
    if (!this.#numbers || this.#model.bound.trainer?.units) return;
    this.#findings.replace(
      'unscaled-targets',
      unscaledTargets(this.#targets.size, loss < STILL_LEARNING * this.#base()),
    );
  }

  /** Reports a diverging loss at once, since it may overflow before the epoch ends. */
  #atOnce(t: Training): void {
    if (!this.#start.firm) return;
    const loss = t.logs['loss'] as number;
    // #limit() costs a pass over the targets and is never below the first loss, so compare with the first loss first.
    const beyond = loss > DIVERGES_AT_ONCE * this.#start.loss && loss > DIVERGES_AT_ONCE * this.#limit();
    if (beyond && this.#beyond) this.#findings.replace('diverges', diverges(loss, this.#start.loss, this.#limit()));
    this.#beyond = beyond;
  }

  /** The limit that a loss should stay below: the first loss, or that of the best constant prediction if it is more. */
  #limit(): number {
    return Math.max(this.#start.loss, this.#noSkill() || 0);
  }

  /**
   * The loss from which training has to improve: that of the best constant prediction, or the first loss if that is unknown. For a model that was trained before, the
   * first loss says nothing, so the base is infinite and no loss counts as high.
   */
  #base(): number {
    const noSkill = this.#noSkill();
    if (noSkill > 0) return noSkill;
    return this.#fresh ? this.#start.loss : Number.POSITIVE_INFINITY;
  }

  #judgeLooks(logs: Logs): Logs {
    const measured = this.#measured;
    const findings = this.#findings;
    const looks = measured.takeLooks();
    const kernels = this.#kernelFigures(looks);
    const norm = looks.norm / looks.count;
    const figures: Record<string, number> = { ...logs, gradientNorm: norm };
    for (const [i, { gradient, update }] of kernels.entries()) {
      const names = measured.kernels[i] as Kernel;
      figures[names.gradient] = gradient;
      figures[names.update] = update;
    }
    const left = this.#course.loss / this.#base();
    findings.replace('vanishing', vanishing(kernels));
    // A growing loss makes gradients grow, so do not report these as a cause.
    const grows = findings.of('diverges').length > 0 && findings.of('exploding').length === 0;
    findings.replace('exploding', grows ? [] : exploding(kernels, norm, this.#normalises));
    this.#judgeUnits(looks, figures);
    this.#late = this.#early.over
      ? largeUpdates(kernels.map((now, i) => ({ ...now, update: Math.min(now.update, this.#looked[i]?.update ?? 0) })))
      : [];
    this.#looked = kernels;
    // If the first updates were large, the rate is not too small.
    findings.replace('small-updates', this.#early.large ? [] : smallUpdates(kernels, left, this.#clipTo(norm)));
    findings.replace(
      'symmetric',
      measured.symmetric().flatMap(({ layer, units, zero }) => symmetricUnits(layer, units, zero)),
    );
    if (this.#classes > 0) {
      const ripe = this.#course.epochs >= PATIENCE && this.#batch >= UPDATES;
      findings.replace('collapse', ripe ? classCollapse(measured.predicted, measured.wanted) : []);
      measured.fadeClasses();
    }
    return figures;
  }

  /** The optimizer's clipNorm, if gradients of this mean norm are those that it has cut; else undefined. */
  #clipTo(norm: number): number | undefined {
    const clipNorm = this.#model.bound.trainer?.optimizer.clipNorm;
    return clipNorm !== undefined && norm >= CLIPPED * clipNorm ? clipNorm : undefined;
  }

  /**
   * Updates that are too large in several epochs are a finding. The first updates are often large relative to the small weights of a new network, or of a layer
   * with few inputs; they are a finding only if they did damage, which shows later, and persists when updates are small again.
   */
  #judgeLargeUpdates(): void {
    const findings = this.#findings;
    const early = this.#early;
    if (this.#large.length === 0 && this.#late.length === 0 && !early.large) return;
    const ill = findings.of('units').length > 0 || findings.of('diverges').length > 0;
    if (!early.over && !ill) return;
    if (this.#late.length > 0) this.#large = this.#late;
    else if (this.#large.length === 0)
      this.#large = largeUpdates(this.#looked.map((now, i) => ({ ...now, update: early.peaks[i] as number })));
    const { loss, start } = this.#course;
    const stands = !(loss < FALL * start.first) || this.#looked.some(({ update }) => update < UPDATE_TOO_SMALL);
    const harmed = ill || (stands && !(loss < STILL_LEARNING * this.#base()));
    findings.replace('large-updates', harmed ? this.#large : this.#late);
  }

  #judgeUnits(looks: Looks, figures: Record<string, number>): void {
    const found = this.#measured.units.flatMap(({ layer, kind, columns, figure }, i) => {
      if (kind === 'relu') {
        const share = deadShare(this.#measured.silent[i] as Uint32Array);
        figures[figure] = share;
        return deadUnits(layer, columns, share);
      }
      const share = (looks.saturated[i] as number) / looks.count;
      figures[figure] = share;
      return saturatedUnits(layer, kind, share, this.#measured.begun[i] as number);
    });
    this.#findings.replace('units', found);
  }

  #judgeCourse(ended: boolean): void {
    const course = this.#course;
    const findings = this.#findings;
    const noSkill = this.#noSkill();
    findings.replace('does-not-fall', doesNotFall(course, this.#fresh, noSkill));
    findings.replace('oscillates', oscillates(course, this.#base()));
    // With row weights, training loss and validation loss have different scales.
    findings.replace('over-fits', overFits(course, ended, this.#targets.weighted ? Number.NaN : noSkill));
    const { parameters } = this.#model.bound.network;
    const kernels = parameters.filter(({ plan }) => plan.name === 'kernel');
    const hidden = kernels.slice(0, -1).map(({ shape }) => shape[1] as number);
    findings.replace(
      'under-fits',
      underFits(course, hidden.length > 0 ? smallest(hidden) : 0, this.#classes, noSkill, this.#measured.unequal()),
    );
  }

  #loss(t: Training): number {
    return (t.logs['loss'] as number) - this.#penalty();
  }

  #penalty(): number {
    return this.#model.bound.trainer?.penalty() ?? 0;
  }

  /** The loss of the best constant prediction, in the units of the logs; NaN if unknown. */
  #noSkill(): number {
    this.#skill ??= this.#course.epochs > 0 ? this.#noSkillNow() : undefined;
    return this.#skill ?? this.#noSkillNow();
  }

  #noSkillNow(): number {
    const { trainer } = this.#model.bound;
    const { loss, units } = trainer as NonNullable<typeof trainer>;
    if (units && !units.single) return Number.NaN;
    return this.#targets.noSkill() * (units?.factor(loss) ?? 1);
  }

  #kernelFigures({ count, gradient, update }: Looks): KernelFigures[] {
    return this.#measured.kernels.map(({ layer }, i) => ({
      layer,
      gradient: (gradient[i] as number) / count,
      update: (update[i] as number) / count,
      early: this.#early.largest[i] as number,
    }));
  }
}
