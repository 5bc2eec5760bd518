// What the results say, in words: for a terminal, Markdown and pages alike.
import type { Times } from './measure.js';
import { choiceName } from './recommendation.js';
import type { BenchResults, Line, OptionTimes } from './results.js';
import { optionWorks } from './results.js';

/** A number with three digits. */
export const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** A time with its unit. */
export function timeWords(microseconds: number): string {
  if (microseconds < 1000) return `${digits(microseconds)} µs`;
  return microseconds < 1e6 ? `${digits(microseconds / 1000)} ms` : `${digits(microseconds / 1e6)} s`;
}

/** Half the distance of the quartiles as a share of the median. */
export const spreadWords = ({ median, low, high, samples }: Times): string =>
  samples === 1 ? 'once' : `±${(((high - low) / 2 / median) * 100).toFixed(0)} %`;

export const percentWords = (share: number | undefined): string =>
  share === undefined ? '' : `${(share * 100).toFixed(0)} %`;

/** Times as fast: 24×. */
export const timesWords = (times: number): string => `${digits(times)}×`;

/** How many times as fast as JavaScript a line is; '' where that was not measured. */
export const fasterThan = ({ simdense }: Line, other: Times | undefined): string =>
  other ? timesWords(other.median / simdense.median) : '';

export function machineWords({ machine: { runtime, cpu, cores }, kernels, simdense, date }: BenchResults): string {
  const processor = cpu ? `${cpu}, ` : '';
  return `simdense ${simdense} (${kernels}) on ${runtime}, ${processor}${cores === 1 ? '1 core' : `${cores} cores`}, ${date.slice(0, 10)}.`;
}

export const peakWords = ({ peak }: BenchResults): string =>
  peak === 0
    ? ''
    : `The peak is ${digits(peak)} GFLOP/s: the most that was seen on one thread, by the fastest tile on numbers in the first-level cache or by a work below. Shares are of it.`;

/** What the columns of the tables are, but for those that are left out. */
export function tableWords(leftOut: readonly number[] = []): string {
  const has = (name: string): boolean => !leftOut.includes(columnNames.indexOf(name) + 1);
  return [
    `Times are medians of interleaved rounds${has('spread') ? ', with half the distance of their quartiles' : ''}.`,
    `"× plain": times as fast as simple loops in JavaScript${has('× blocked') ? '; "× blocked": as fast as loops blocked by hand for registers' : ''}.`,
    'A step is forward, loss, backward and Adam on a batch in memory.',
  ].join(' ');
}

export const groups: Readonly<Record<Line['group'], string>> = {
  kernels: 'Kernels',
  steps: 'Training steps',
  predict: 'Prediction',
};

const columnNames = ['of', 'time', 'spread', 'GFLOP/s', 'of peak', '× plain', '× blocked'];

/** The lines of a group as cells, below their heads. */
export function lineCells({ lines }: BenchResults, group: Line['group']): string[][] {
  const own = lines.filter((line) => line.group === group);
  if (own.length === 0) return [];
  return [
    [groups[group], ...columnNames],
    ...own.map((line) => [
      line.name,
      line.about,
      timeWords(line.simdense.median),
      spreadWords(line.simdense),
      line.gigaflops === undefined ? '' : digits(line.gigaflops),
      percentWords(line.share),
      fasterThan(line, line.plain),
      fasterThan(line, line.blocked),
    ]),
  ];
}

/** The options as cells, below their heads. */
export function optionCells({ options }: BenchResults): string[][] {
  if (options.length === 0) return [];
  return [
    ['Options', ...optionWorks, 'faster'],
    ...options.map(({ choice, times, speedup }: OptionTimes) => [
      choiceName(choice),
      ...optionWorks.map((work) => timeWords(times[work].median)),
      timesWords(speedup),
    ]),
  ];
}

/** What the last column of the options is. */
export const optionWords = ({ options }: BenchResults): string =>
  options.length === 0
    ? ''
    : '"faster": times as fast as without options, the geometric mean of the three, by the quicker rounds; with threads by the slower ones, since they pay only where the cores are free.';

/** What was not measured, by the reason. */
export function absentWords({ absent }: BenchResults): string {
  const reasons = [...new Set(absent.map(({ why }) => why))];
  const named = (reason: string): string =>
    absent.flatMap(({ option, why }) => (why === reason ? [option] : [])).join('; ');
  return reasons.map((reason) => `Not measured, since ${reason}: ${named(reason)}.`).join(' ');
}

/** A median spread above this share tells of other programs. */
const NOISY = 0.1;

/** Says so if the machine was busy; '' otherwise. */
export function noiseWords({ lines }: BenchResults): string {
  const spreads = lines
    .filter(({ simdense }) => simdense.samples > 1)
    .map(({ simdense: { median, low, high } }) => (high - low) / 2 / median)
    .sort((a, b) => a - b);
  const middle = spreads[spreads.length >> 1] ?? 0;
  return middle <= NOISY
    ? ''
    : `The spread is large, ±${(middle * 100).toFixed(0)} % in the median: other programs use this machine. Measure again when it is quiet.`;
}

/** What to do: sentences, each with the line of code that does it. */
export function adviceWords(results: BenchResults): { words: string; code?: string }[] {
  const { fastest, sameBits } = results;
  if (!fastest) return [];
  if (choiceName(fastest.choice) === 'no option')
    return [
      {
        words: noiseWords(results)
          ? 'No option was clearly faster, but while other programs use this machine that says little.'
          : 'No option makes it 5 % faster here: models need no engine of their own.',
      },
    ];
  const gain = (speedup: number): string => `${digits(speedup)} times as fast as without options`;
  const pays = sameBits !== undefined && choiceName(sameBits.choice) !== 'no option';
  return [
    {
      words: `Recommended here: ${choiceName(fastest.choice)}, ${gain(fastest.speedup)}. These are the fewest options that come within 5 % of the fastest.`,
      code: fastest.code,
    },
    ...(fastest.choice.relaxed
      ? [{ words: 'relaxed changes the bits of results: they depend on the hardware, not on the seed alone.' }]
      : []),
    ...(pays
      ? [
          {
            words: `With the same bits as everywhere: ${choiceName(sameBits.choice)}, ${gain(sameBits.speedup)}.`,
            code: sameBits.code,
          },
        ]
      : []),
    {
      words:
        "A model takes an engine by sequential({ engine, … }). createEngine('fastest') measures for a moment and takes such options by itself; where some are close it may take others. createKernels of simdense/kernels takes the same options, which pay for products and little for functions.",
    },
  ];
}
