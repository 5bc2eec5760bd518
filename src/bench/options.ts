// Times the works by each choice of options.
import { SimdenseError } from '../base/errors.js';
import { now } from '../base/turn.js';
import { type Choice, choices } from '../engine/fastest.js';
import { isRevectorizing } from '../engine/wide.js';
import { createEngine, type Engine } from '../index.js';
import type { Kernels } from '../kernels/index.js';
import { absentOf } from './absent.js';
import { compared, type Run, type Times, warmedUp } from './measure.js';
import { choiceName, speedupOf } from './recommendation.js';
import type { BenchResults, OptionTimes, OptionWork } from './results.js';
import { type Workload, workloads } from './workloads.js';
import { gemmRun, settledKernels, stepRun } from './works.js';

/** Bytes for the arrays of a product. */
const MEMORY = 8 * 2 ** 20;

type Absent = BenchResults['absent'][number];

interface Candidate {
  readonly choice: Choice;
  readonly engine: Engine;
  readonly kernels: Kernels;
  readonly runs: Readonly<Record<OptionWork, () => void>>;
}

/** Milliseconds for which each work is called first, by each choice of options. */
const WARM_UP = 25;

/**
 * Times the works by each choice of options that this runtime has. V8 optimises functions when they have run for a while, under the flags of that moment: what is not wide
 * is made, warmed up and timed before the first wide engine turns the flag on for the process. The wide ones are then timed beside the engine without options.
 */
export async function optionTimes(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Pick<BenchResults, 'options' | 'absent'>> {
  const [begin, all] = [now(), optionChoices()];
  const absent: Absent[] = absentOf();
  const made: Candidate[] = [];
  const make = async (list: readonly Choice[]): Promise<Candidate[]> => {
    const own: Candidate[] = [];
    for (const choice of list) {
      signal?.throwIfAborted();
      const candidate = await candidateOf(choice, absent);
      if (!candidate) continue;
      made.push(candidate);
      own.push(candidate);
      await warmedUp(runsOf([candidate]), WARM_UP, signal);
    }
    return own;
  };
  const timed = async (list: readonly Candidate[], time: number): Promise<OptionTimes[]> => {
    const times = await compared(runsOf(list), Math.max(0, time), signal, { thorough: true });
    const of = ({ choice }: Candidate): OptionTimes['times'] => {
      const own = (work: OptionWork): Times => times.get(`${choiceName(choice)}: ${work}`) as Times;
      return { W2: own('W2'), W3: own('W3'), 'gemm 512': own('gemm 512') };
    };
    const plain = of(list[0] as Candidate);
    return list.map((candidate): OptionTimes => {
      const { choice, engine } = candidate;
      return {
        choice,
        kernels: engine.kernels,
        times: of(candidate),
        speedup: speedupOf(of(candidate), plain, choice),
      };
    });
  };
  try {
    const wide = all.filter((choice) => choice.wide);
    const narrow = await make(all.filter((choice) => !choice.wide));
    const left = milliseconds - ((now() - begin) * all.length) / (all.length - wide.length);
    const options = await timed(narrow, left * (wide.length > 0 ? narrow.length / (all.length + 1) : 1));
    const wides = await make(wide);
    const [, ...others] =
      wides.length > 0 ? await timed([narrow[0] as Candidate, ...wides], milliseconds - (now() - begin)) : [];
    const order = (option: OptionTimes): number => all.indexOf(option.choice);
    return { options: [...options, ...others].sort((one, other) => order(one) - order(other)), absent };
  } finally {
    for (const { engine, kernels } of made) {
      engine.dispose();
      kernels.dispose();
    }
  }
}

/** The choices that can be told apart: where revectorisation is on from the start, every engine is wide. */
export const optionChoices = (): Choice[] => choices().filter(({ wide }) => !(wide && isRevectorizing()));

const runsOf = (candidates: readonly Candidate[]): Run[] =>
  candidates.flatMap(({ choice, runs }) =>
    Object.entries(runs).map(([work, run]) => ({ name: `${choiceName(choice)}: ${work}`, run })),
  );

async function candidateOf(choice: Choice, absent: Absent[]): Promise<Candidate | undefined> {
  let engine: Engine | undefined;
  const leaveOut = (why: string): undefined => {
    engine?.dispose();
    absent.push({ option: choiceName(choice), why });
  };
  try {
    engine = await createEngine(choice);
    if (choice.wide && !engine.wide) return leaveOut('V8 does not make it faster here, or gives other bits');
    const kernels = await settledKernels({ ...choice, memory: MEMORY });
    const [, w2, w3] = workloads as readonly Workload[] as [Workload, Workload, Workload];
    const runs = { W2: stepRun(w2, engine).run, W3: stepRun(w3, engine).run, 'gemm 512': gemmRun(kernels, 512) };
    return { choice, engine, kernels, runs };
  } catch (error) {
    if (error instanceof SimdenseError) return leaveOut(error.message);
    throw error;
  }
}
