import type { Grid } from '../rows.js';
import { isFiniteList, type ScalerKind } from './kind.js';

/** The data of a linear scaler: (x − center) / scale for each column. 'none' has empty lists, and takes any number of columns. */
export interface LinearData<Type extends string = string> {
  readonly type: Type;
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

export const linearKind: ScalerKind<LinearData> = {
  read({ type = '', center, scale }) {
    const whole = isFiniteList(center) && isFiniteList(scale) && scale.every((s) => s > 0);
    return whole && center.length === scale.length && center.length > 0 === (type !== 'none')
      ? { type, center: [...center], scale: [...scale] }
      : undefined;
  },
  columns: ({ center }) => center.length,
  transform({ center, scale }) {
    return (value, c) => (value - (center[c] as number)) / (scale[c] as number);
  },
  inverse({ center, scale }) {
    return (value, c) => value * (scale[c] as number) + (center[c] as number);
  },
};

/** The data for the measured centre and spread of each column. A spread that rounding alone can cause becomes 1: dividing by it would amplify rounding errors. */
export function linearData<Type extends string>(
  type: Type,
  { data }: Grid,
  measured: readonly (readonly [center: number, spread: number])[],
): LinearData<Type> {
  // The spread, relative to the centre, that rounding gives a constant column: in float64 sums over up to about a million rows, and in float32.
  const rounding = data instanceof Float64Array ? 2 ** -40 : 2 ** -22;
  const scale = measured.map(([center, spread]) => (spread > Math.abs(center) * rounding ? spread : 1));
  return { type, center: measured.map(([center]) => center), scale };
}
