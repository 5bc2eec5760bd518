// What a file is compiled from: one program, or those of an ensemble, whose predictions it puts together.
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { ScalerData } from '../data/scalers/index.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { Decision } from '../evaluate/decision.js';
import type { Ensemble } from '../evaluate/ensemble.js';
import { meanOf } from '../evaluate/ensemble-file.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { Sequential } from '../train/sequential.js';
import { type Cell, cellOf } from './columns.js';
import { isPipeline, type Program, predictedNumbers, programOf } from './program.js';
import { quantizedProgram } from './quantize.js';

/** The sum of the weights of so many networks. */
export const weightOfAll = ({ programs, together }: Pick<Bundle, 'programs' | 'together'>): number =>
  together?.weights?.reduce((sum, weight) => sum + weight, 0) ?? programs.length;

/** How the predictions of several become one: see Ensemble. */
export interface Together {
  readonly temperature: number;
  readonly weights: readonly number[] | undefined;
  readonly decision: Decision | undefined;
}

export interface Bundle {
  readonly name: string;
  readonly programs: readonly Program[];
  /** Of an ensemble, also of a single member. */
  readonly together: Together | undefined;
  readonly classes: readonly Label[] | undefined;
  /** The columns of a table, as the first program keeps them that reads them; undefined for rows of numbers. */
  readonly table: readonly EncoderColumn[] | undefined;
  /** The names of the columns of rows. */
  readonly columns: readonly string[] | undefined;
  /** The name of what is predicted. */
  readonly target: string | undefined;
  /** The names of the numbers of a prediction. */
  readonly outputNames: readonly Label[] | undefined;
  /** How many cells a row has. */
  readonly cells: number;
  /** How many numbers a prediction has. */
  readonly numbers: number;
  /** A row and what is predicted for it, which are checked where the file is loaded. */
  readonly test: { readonly x: readonly Cell[]; readonly y: Float32Array };
}

export type Compilable = Sequential | FittedPipeline | Ensemble;

const isEnsemble = (m: object): m is Ensemble => 'members' in m;

/** What a model, a pipeline or an ensemble is compiled from. */
export function bundleOf(m: Compilable): Bundle {
  const members = isEnsemble(m) ? m.members : [m];
  const pipelines = members.filter(isPipeline);
  const [first] = pipelines;
  const encoders = pipelines.flatMap(({ encoder }) => (encoder ? [encoder.toJSON().columns] : []));
  const table = encoders.length > 0 ? unionOf(encoders) : undefined;
  const model = first ? first.model : (m as Sequential);
  const x = table ? table.map(cellOf) : testRow(model.inputs, first?.scaler.toJSON());
  const row = table ? Object.fromEntries(table.map(({ name }, i) => [name, x[i]])) : x;
  const programs = members.map((member) => programOf(member, row));
  const together = isEnsemble(m) ? { temperature: m.temperature, weights: m.weights, decision: m.decision } : undefined;
  return {
    name: model.name,
    programs,
    together,
    classes: first?.classes,
    table,
    columns: table ? table.map(({ name }) => name) : first?.columns,
    target: first?.target,
    outputNames: first?.outputNames,
    cells: table ? table.length : model.inputs,
    numbers: predictedNumbers(programs[0] as Program),
    test: { x, y: predictedBy(programs, together) },
  };
}

/** The bundle with whole numbers for weights. */
export function quantizedBundle(bundle: Bundle): Bundle {
  const programs = bundle.programs.map(quantizedProgram);
  return { ...bundle, programs, test: { ...bundle.test, y: predictedBy(programs, bundle.together) } };
}

/** What programs predict together for the row that is tried. */
function predictedBy(programs: readonly Program[], together: Together | undefined): Float32Array {
  const each = programs.map(({ test: { y } }) => new Matrix(y, y.length));
  return (together ? meanOf(each, together.temperature, together.weights) : (each[0] as Matrix)).data as Float32Array;
}

/** The columns that encoders read: those of the first, and behind them those that only others have. */
function unionOf(encoders: readonly (readonly EncoderColumn[])[]): readonly EncoderColumn[] {
  const found = new Map<string, EncoderColumn>();
  for (const column of encoders.flat()) if (!found.has(column.name)) found.set(column.name, column);
  return [...found.values()];
}

/** A row that lies where the scaler expects numbers, with few digits. */
function testRow(inputs: number, scaler: ScalerData | undefined): number[] {
  return Array.from({ length: inputs }, (_, c) => {
    if (scaler?.type === 'quantile') {
      const own = scaler.quantiles[c] as readonly number[];
      return own[(c * 37 + 11) % own.length] as number;
    }
    const value = ((c * 37 + 11) % 64) / 32 - 1;
    const { center, scale } = (scaler ?? { center: [], scale: [] }) as Omit<LinearData, 'type'>;
    return Number(Math.fround(value * (scale[c] ?? 1) + (center[c] ?? 0)).toPrecision(6));
  });
}
