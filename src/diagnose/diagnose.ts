import { noMore, options, positiveInteger, refuse } from '../base/checks.js';
import type { Logs } from '../train/history.js';
import type { Callback } from '../train/sequential.js';
import { CurrentFindings } from './current-findings.js';
import type { Finding } from './finding.js';
import { Watch } from './watch.js';

export interface DiagnoseOptions {
  /** Batches between two looks. By default four looks an epoch, at least 1,024 rows apart; later as far apart as needed to take about 2 % of the time. */
  every?: number;
  /** Called once for each code and layer, when it is first found. The finding may be withdrawn later. */
  onFinding?(f: Finding): void;
}

export interface Diagnosis extends Callback {
  /**
   * The findings that hold now: causes first, each followed by the findings that it explains. Findings that no longer hold are withdrawn, and no two contradict
   * each other. They are updated after each epoch with looks and at the end of the run; those about the course of the loss every five epochs, or every 2 % of
   * the epochs so far if that is more. Each fit starts with an empty list.
   */
  readonly findings: readonly Finding[];
  /**
   * One entry for each epoch: its logs and, for an epoch with looks, means over the looks: 'gradientNorm'; 'gradient/dense', the root mean square of the gradient
   * of a kernel; 'update/dense', the size of an update ÷ that of the weights; 'dead/dense' and 'saturated/dense', shares of the units.
   */
  readonly trace: readonly Logs[];
}

/**
 * Makes a callback that watches a training run and reports what is wrong: the figure, its threshold, and what to try.
 *
 * Put it after earlyStopping, so that it sees the restored weights, and before callbacks that predict. It changes no bit of the run and costs a
 * few percent of an epoch. The same run gives the same findings.
 * @param o The options; all have defaults.
 * @returns A callback for `fit`, with the current findings and a trace of figures by epoch.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { diagnose } from 'simdense/diagnose';
 *
 * const x = Array.from({ length: 100 }, (_, i) => [1000 + i]);
 * const y = x.map((_, i) => i / 100);
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const diagnosis = diagnose();
 * await model.fit(x, y, { epochs: 5, callbacks: [diagnosis] });
 * diagnosis.findings[0]?.code; // 'unscaled-inputs'
 */
export function diagnose(o?: DiagnoseOptions): Diagnosis {
  noMore('diagnose', arguments, 1);
  const given = options('diagnose', o, ['every', 'onFinding']);
  if (given.every !== undefined) positiveInteger('diagnose(every)', given.every);
  if (given.onFinding !== undefined && typeof given.onFinding !== 'function')
    refuse('diagnose(onFinding)', 'a function', given.onFinding);
  const findings: Finding[] = [];
  const trace: Logs[] = [];
  const reported = new Set<string>();
  let standing = new CurrentFindings();
  let watch: Watch | undefined;
  const update = (): void => {
    const now = standing.take();
    if (!now) return;
    findings.length = 0;
    for (const finding of now) {
      findings.push(finding);
      const key = `${finding.code} ${finding.layer ?? ''}`;
      if (reported.has(key)) continue;
      reported.add(key);
      given.onFinding?.(finding);
    }
  };
  return {
    findings,
    trace,
    onTrainBegin(t) {
      findings.length = 0;
      trace.length = 0;
      reported.clear();
      standing = new CurrentFindings();
      watch = new Watch(t, given.every, standing);
    },
    onBatchEnd(t) {
      (watch as Watch).batchEnds(t);
      update();
    },
    onEpochEnd(t) {
      trace.push((watch as Watch).epochEnds(t));
      update();
    },
    onTrainEnd(t) {
      (watch as Watch).ends(t);
      update();
    },
  };
}
