import type { Grid } from '../rows.js';
import { isFiniteList, type ScalerKind } from './kind.js';

/** Shifts and stretches: (x − center) / scale of each column; 'none' has no columns, and takes any. */
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

/** The data of what was measured of each column. A spread below the rounding of the numbers is none: division would magnify the rounding. */
export function linearData<Type extends string>(
  type: Type,
  { data }: Grid,
  measured: readonly (readonly [center: number, spread: number])[],
): LinearData<Type> {
  // Spreads of what is constant but for its rounding, over the middle: of float64 sums over up to a million rows or so, and of float32.
  const rounding = data instanceof Float64Array ? 2 ** -40 : 2 ** -22;
  const scale = measured.map(([center, spread]) => (spread > Math.abs(center) * rounding ? spread : 1));
  return { type, center: measured.map(([center]) => center), scale };
}
