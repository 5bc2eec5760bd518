// Which options pay, from their times.
import { type Choice, recommended } from '../engine/fastest.js';
import { type OptionTimes, optionWorks, type Recommendation } from './results.js';

/** The options in code: '{ relaxed: true, threads: 2 }'; '' if there are none. */
export function optionsCode({ relaxed, wide, threads }: Choice): string {
  const parts = [relaxed && 'relaxed: true', wide && 'wide: true', threads && `threads: ${threads}`].filter(Boolean);
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '';
}

/** The options in words: 'relaxed, 2 threads'. */
export function choiceName({ relaxed, wide, threads }: Choice): string {
  const parts = [relaxed && 'relaxed', wide && 'wide', threads && `${threads} threads`].filter(Boolean);
  return parts.join(', ') || 'no option';
}

/**
 * Times as fast as without options: the geometric mean of the ratios. As in createEngine('fastest'), the lower quartiles count, which other programs hardly change, and with threads
 * the upper ones, since threads pay if other programs leave them the cores in most rounds.
 */
export function speedupOf(times: OptionTimes['times'], plain: OptionTimes['times'], { threads }: Choice): number {
  const quartile = threads === undefined ? 'low' : 'high';
  const product = optionWorks.reduce((all, work) => all * (plain[work].low / times[work][quartile]), 1);
  return product ** (1 / optionWorks.length);
}

/** What is recommended: the options that createEngine('fastest') takes for such times, and those that keep the bits, where these are others. */
export function recommend(options: readonly OptionTimes[]): { fastest?: Recommendation; sameBits?: Recommendation } {
  const timed = options.map(({ choice, speedup }) => ({ choice, time: 1 / speedup }));
  if (timed.length === 0) return {};
  const [fastest, same] = [recommended(timed), recommended(timed, { sameBits: true })].map(
    ({ choice, time }): Recommendation => ({
      choice,
      speedup: 1 / time,
      code: `const engine = await createEngine(${optionsCode(choice)});`,
    }),
  ) as [Recommendation, Recommendation];
  return { fastest, ...(fastest.choice.relaxed && { sameBits: same }) };
}
