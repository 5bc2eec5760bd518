import { options, positiveInteger, refuse } from '../base/checks.js';
import type { Callback } from '../train/callbacks.js';
import type { Logs } from '../train/history.js';
import type { Finding } from './finding.js';
import { Watch } from './watch.js';

export interface DiagnoseOptions {
  /** Batches between two looks; without it four looks an epoch, at least 1,024 rows apart. */
  every?: number;
  /** Called with each finding, when it is found first. */
  onFinding?(f: Finding): void;
}

export interface Diagnosis extends Callback {
  /** What has been found, in the order in which it was: each code once a layer. */
  readonly findings: readonly Finding[];
  /**
   * An entry an epoch: loss, valLoss, and means over its looks: gradientNorm; 'gradient/dense', the root mean square of a kernel's gradient; 'update/dense', update ÷
   * weights; 'dead/dense', 'saturated/dense', shares.
   */
  readonly trace: readonly Logs[];
}

/**
 * Looks at a training as a practitioner would, and says what is wrong, by which threshold, and what to try. Put it first among the callbacks. It changes nothing, and
 * costs a few percent of an epoch. The same training gives the same findings.
 */
export function diagnose(o?: DiagnoseOptions): Diagnosis {
  const given = options('diagnose', o, ['every', 'onFinding']);
  if (given.every !== undefined) positiveInteger('diagnose(every)', given.every);
  if (given.onFinding !== undefined && typeof given.onFinding !== 'function')
    refuse('diagnose(onFinding)', 'a function', given.onFinding);
  const findings: Finding[] = [];
  const trace: Logs[] = [];
  let watch: Watch | undefined;
  const add = (found: readonly Finding[]): void => {
    for (const finding of found) {
      if (findings.some(({ code, layer }) => code === finding.code && layer === finding.layer)) continue;
      findings.push(Object.freeze(finding));
      given.onFinding?.(finding);
    }
  };
  return {
    findings,
    trace,
    onTrainBegin(t) {
      findings.length = 0;
      trace.length = 0;
      watch = new Watch(t, given.every);
    },
    onBatchEnd(t) {
      add((watch as Watch).batchEnds(t));
    },
    onEpochEnd(t) {
      const { found, figures } = (watch as Watch).epochEnds(t);
      trace.push(Object.freeze(figures));
      add(found);
    },
    onTrainEnd(t) {
      add((watch as Watch).ends(t));
    },
  };
}
