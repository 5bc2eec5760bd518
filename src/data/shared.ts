// What there must be one of, whichever entries a program imports: a file of its own in the package, so that simdense/data does not bring the core along.

export { SimdenseError } from '../base/errors.js';
export { Matrix } from './matrix.js';
