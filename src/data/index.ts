// simdense/data: preparing data. Pure functions, no Node API.

export { parseIdx } from './idx.js';
export { Matrix, type Numbers, type Rows } from './matrix.js';
export { type HoldOutOptions, holdOut, type Split } from './splits.js';
