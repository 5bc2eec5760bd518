// What there must be one of, whichever entries a program imports, and what that needs: published as a file of its own, so that simdense/data does not bring the
// core along. tsup.config.ts reads this list.

export * from './base/checks.js';
export * from './base/did-you-mean.js';
export * from './base/errors.js';
export * from './base/typed-arrays.js';
export * from './base/visible.js';
export * from './data/cells.js';
export * from './data/copy-rows.js';
export * from './data/matrix.js';
export * from './data/numbers.js';
