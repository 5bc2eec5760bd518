import { noMore, options, positiveInteger, refuse } from '../base/checks.js';
import type { Logs } from '../train/history.js';
import type { Callback } from '../train/sequential.js';
import { CurrentFindings } from './current-findings.js';
import type { Finding } from './finding.js';
import { Watch } from './watch.js';

export interface DiagnoseOptions {
  /** Batches between two looks; by default four looks an epoch, at least 1,024 rows apart, and later so far apart that they take about 2 % of the work. */
  every?: number;
  /** Called when something is found first, once for each code and layer; it may be withdrawn later. */
  onFinding?(f: Finding): void;
}

export interface Diagnosis extends Callback {
  /**
   * What is true now, causes first, each followed by what it explains. What is cured is withdrawn, and no two contradict each other. Judged again after each epoch with looks and
   * at the end of the run; the course of the loss every five epochs, or 2 % of those so far if that is more. A new fit begins with none.
   */
  readonly findings: readonly Finding[];
  /**
   * An entry an epoch: its logs, and for an epoch with looks means over them: gradientNorm; 'gradient/dense', the root mean square of a kernel's gradient; 'update/dense',
   * update ÷ weights; 'dead/dense', 'saturated/dense', shares.
   */
  readonly trace: readonly Logs[];
}

/**
 * Watches a run and says what is wrong, by which figure and threshold, and what to try. Put it after earlyStopping, whose best weights it then sees, and before callbacks that predict. It changes no bit of the run, and costs a few
 * percent of an epoch. The same run gives the same findings. Throws SimdenseError 'ARGUMENT' for options that it does not know.
 */
export function diagnose(o?: DiagnoseOptions): Diagnosis {
  noMore('diagnose', arguments, 1);
  const given = options('diagnose', o, ['every', 'onFinding']);
  if (given.every !== undefined) positiveInteger('diagnose(every)', given.every);
  if (given.onFinding !== undefined && typeof given.onFinding !== 'function')
    refuse('diagnose(onFinding)', 'a function', given.onFinding);
  const findings: Finding[] = [];
  const trace: Logs[] = [];
  const told = new Set<string>();
  let standing = new CurrentFindings();
  let watch: Watch | undefined;
  const update = (): void => {
    const now = standing.take();
    if (!now) return;
    findings.length = 0;
    for (const finding of now) {
      findings.push(finding);
      const key = `${finding.code} ${finding.layer ?? ''}`;
      if (told.has(key)) continue;
      told.add(key);
      given.onFinding?.(finding);
    }
  };
  return {
    findings,
    trace,
    onTrainBegin(t) {
      findings.length = 0;
      trace.length = 0;
      told.clear();
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
