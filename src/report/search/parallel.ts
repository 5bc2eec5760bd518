// Parallel coordinates: an axis for each parameter and one for the figure, a line for each point.
import { scaleLinear } from 'd3-scale';
import { largest, smallest } from '../../base/extremes.js';
import { placeOf } from '../../evaluate/search/places.js';
import { type AnySpace, choicesOf, type Parameter, type Range } from '../../evaluate/search/space.js';
import { escapeHtml } from '../html.js';
import { apart } from '../numbers.js';
import { cut } from '../words.js';
import { figureWords, meanOf, type Point, type Points, pointWords, type Searched, valueWords } from './searched.js';

/** The room beside the first axis for its marks, beyond the last one, and between two: on a screen of its width, and at least. */
const [LEFT, RIGHT, ACROSS, LEAST] = [110, 60, 750, 120];
/** The ends of the axes, and where lines go that have no value on one. */
const [TOP, BOTTOM, BELOW] = [70, 350, 386];
/** A character on a narrow screen. */
const CHARACTER = 8.5;
/** The most marks of an axis. */
const MARKS = 12;
/** Of more lines, those with the same choice are spread, the best above, by so much. */
const [MANY, SPREAD] = [40, 12];
/** The first lines are stops of the keyboard, and of so many lines each is wide for a pointer. */
const [STOPS, WIDE] = [20, 200];

/** The most lines. */
export const MOST_LINES = 1000;

interface Axis {
  readonly name: string;
  readonly isLog: boolean;
  readonly marks: readonly (readonly [text: string, y: number])[];
  /** Where a line crosses it; undefined below. */
  y(point: Point, place: readonly (number | undefined)[]): number | undefined;
  /** What it is to go below. */
  readonly below: string;
  /** By how much lines with the same value may be spread. */
  readonly spread: number;
}

/** The chart; '' without a point that can be drawn. */
export function parallelCoordinates({ space, monitor }: Searched, { sound, failed, best, again }: Points): string {
  const points = [...sound, ...failed].slice(0, MOST_LINES).flatMap((point) => {
    const place = placeOf(space, point.parameters);
    return place ? [{ point, place }] : [];
  });
  if (points.length === 0) return '';
  const parameters = Object.entries(space as AnySpace) as [string, Parameter][];
  const axes = [...parameters.map(([name, each], d) => axisOf(name, each, d)), figureAxis(monitor, sound)];
  const gap = Math.max(LEAST, ACROSS / (axes.length - 1));
  const x = (axis: number): number => Math.round(LEFT + axis * gap);
  const width = x(axes.length - 1) + RIGHT;
  const room = Math.floor((Math.min(gap, 2 * RIGHT + 40) - 8) / CHARACTER);
  const crossings = points.map(({ point, place }, i) => {
    const shift = points.length > MANY ? (2 * i) / (points.length - 1) - 1 : 0;
    return axes.map((axis) => {
      const y = axis.y(point, place);
      return y === undefined ? undefined : y + shift * axis.spread;
    });
  });
  const rank = new Map(sound.map((point, i) => [point, i]));
  const lines = points.map(({ point }, i) => {
    const at = rank.get(point);
    const fifth = at === undefined ? 'failed' : `q${4 - Math.floor((5 * at) / sound.length)}`;
    const path = `M${(crossings[i] as (number | undefined)[]).map((y, axis) => `${x(axis)},${Math.round(y ?? BELOW)}`).join('L')}`;
    const words = cut(
      `Trial ${point.number}: ${figureWords(point, monitor)}; ${pointWords(point)}`,
      Math.floor(width / 8),
    );
    const wide = points.length <= WIDE ? `<path class="wide" d="${path}"/>` : '';
    const stop = i < STOPS ? '' : ' tabindex="-1"';
    return `<a id="l${point.number}" href="#t${point.number}" class="${point === best ? 'best' : fifth}"${stop}><path d="${path}"/>${wide}<text>${escapeHtml(words)}</text></a>`;
  });
  // The best above the others.
  const drawn = lines.reverse().join('');
  const marks = axes.map((axis, i) => {
    const texts = axis.marks.map(
      ([text, y]) =>
        `<text x="${x(i) - 7}" y="${Math.round(y) + 4}" text-anchor="end">${escapeHtml(cut(text, i === 0 ? Math.floor((LEFT - 8) / CHARACTER) : room))}</text>`,
    );
    const isBelow = crossings.some((own) => own[i] === undefined);
    const below = `<text x="${x(i) - 7}" y="${BELOW + 4}" text-anchor="end">${axis.below}</text><circle class="axis" cx="${x(i)}" cy="${BELOW}" r="3"/>`;
    const scale = axis.isLog ? `<text x="${x(i)}" y="${TOP - 14}" text-anchor="middle">log scale</text>` : '';
    return `<line class="axis" x1="${x(i)}" x2="${x(i)}" y1="${TOP}" y2="${BOTTOM}"/><text class="name" x="${x(i)}" y="${TOP - 30}" text-anchor="middle">${escapeHtml(cut(axis.name, room))}<title>${escapeHtml(axis.name)}</title></text>${scale}${texts.join('')}${isBelow ? below : ''}`;
  });
  const names = [...parameters.map(([name]) => name), monitor].join(', ');
  const label = `Parallel coordinates: ${points.length} points by ${names}${best ? `; the best: ${pointWords(best)}, ${figureWords(best, monitor)}` : ''}`;
  const svg = `<svg viewBox="0 0 ${width} ${BELOW + 16}" style="min-width: ${9 * axes.length}rem" role="group" aria-label="${escapeHtml(label)}"><title>${escapeHtml(label)}</title>${drawn}<g class="marks">${marks.join('')}</g></svg>`;
  const rest = sound.length + failed.length - points.length;
  const notes = [
    'Each line is a point; touch or focus one to read it, follow it to its row in the table.',
    ...(crossings.some((own) => own.slice(0, -1).some((y) => y === undefined))
      ? ['A line goes below an axis where the parameter has no meaning.']
      : []),
    ...(points.length > MANY && axes.some(({ spread }) => spread > 0)
      ? ['Lines with the same choice lie beside one another, the best above.']
      : []),
    ...(again ? ['Of each point the longest trial is drawn.'] : []),
    ...(rest > 0 ? [`${rest} more points are not drawn.`] : []),
  ];
  return `<figure class="parallel${points.length > WIDE ? ' dense' : ''}"><figcaption>All points</figcaption><div class="scroll">${svg}</div>${colours(sound.length, failed.length)}<p class="faint">${notes.join(' ')}</p></figure>`;
}

/** Which colour is which. */
function colours(sound: number, failed: number): string {
  const list: [string, string][] = [
    ['best', 'the best'],
    ...(sound > 5
      ? ([
          ['q4', 'the best fifth'],
          ['q2', 'the middle fifth'],
          ['q0', 'the last fifth'],
        ] as [string, string][])
      : []),
    ...(failed > 0 ? [['failed', 'failed'] as [string, string]] : []),
  ];
  return `<ul class="legend">${list
    .map(
      ([name, words]) =>
        `<li><svg viewBox="0 0 20 10" class="${name}" aria-hidden="true"><path d="M0,5L20,5"/></svg>${words}</li>`,
    )
    .join('')}</ul>`;
}

/** Places among `count` along an axis, from below. */
const among = (count: number) => (i: number) =>
  count === 1 ? (TOP + BOTTOM) / 2 : BOTTOM - ((BOTTOM - TOP) * i) / (count - 1);

function axisOf(name: string, parameter: Parameter, d: number): Axis {
  const choices = choicesOf(parameter);
  const common = { name, below: 'absent', spread: 0 };
  const only = (parameter as Range).min === (parameter as Range).max;
  if (choices || only) {
    const values = choices ?? [(parameter as Range).min];
    const y = among(values.length);
    const every = Math.ceil(values.length / MARKS);
    const marks = values.flatMap((value, i) => (i % every === 0 ? [[valueWords(value), y(i)] as const] : []));
    const spread = Math.min(SPREAD, (BOTTOM - TOP) / (3 * values.length));
    const at = (place: readonly (number | undefined)[]) => (place[d] === undefined ? undefined : y(place[d]));
    return { ...common, isLog: false, marks, spread, y: (_, place) => at(place) };
  }
  const { min, max, scale } = parameter as Range;
  const isLog = scale === 'log';
  const along = scaleLinear(isLog ? [Math.log2(min), Math.log2(max)] : [min, max], [BOTTOM, TOP]);
  const marks = marked(isLog, min, max, (value) => along(isLog ? Math.log2(value) : value));
  return { ...common, isLog, marks, y: (_, place) => (place[d] === undefined ? undefined : along(place[d])) };
}

/** The axis of the figure; by logarithms where it goes over more than two powers of ten. */
function figureAxis(name: string, sound: readonly Point[]): Axis {
  const common = { name, below: 'failed', spread: 0 };
  const values = sound.map(meanOf);
  const [low, high] = [smallest(values), largest(values)];
  if (sound.length === 0 || low === high)
    return {
      ...common,
      isLog: false,
      marks: sound.length === 0 ? [] : [[valueWords(low), among(1)(0)]],
      y: ({ trial: { score } }) => (score ? among(1)(0) : undefined),
    };
  const isLog = low > 0 && high / low > 100;
  const along = scaleLinear(isLog ? [Math.log2(low), Math.log2(high)] : [low, high], [BOTTOM, TOP]);
  const y = (value: number): number => along(isLog ? Math.log2(value) : value);
  const isSound = new Set(sound);
  return {
    ...common,
    isLog,
    marks: marked(isLog, low, high, y),
    y: (point) => (isSound.has(point) ? y(meanOf(point)) : undefined),
  };
}

/** Marks of a range: its ends and round numbers between, as far as there is room. */
function marked(isLog: boolean, min: number, max: number, y: (value: number) => number): [string, number][] {
  const between = isLog ? powersBetween(min, max) : scaleLinear([min, max], [0, 1]).ticks(5);
  const clear = between.filter((value) => Math.abs(y(value) - y(min)) > 16 && Math.abs(y(value) - y(max)) > 16);
  const texts = apart(clear);
  return [
    [valueWords(min), y(min)],
    ...clear.map((value, i): [string, number] => [texts[i] as string, y(value)]),
    [valueWords(max), y(max)],
  ];
}

/** Powers of ten, at most eight. */
function powersBetween(min: number, max: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(min)), Math.floor(Math.log10(max))];
  const step = Math.max(1, Math.ceil((to - from) / 8));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => 10 ** (from + i * step));
}
