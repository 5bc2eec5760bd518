// What there must be one of, whichever entries a program imports, and what that needs: a file of its own in the package, so that simdense/data does not bring the core along.
// The list is in tsup.config.ts too.

export * from '../base/checks.js';
export * from '../base/did-you-mean.js';
export * from '../base/errors.js';
export * from '../base/typed-arrays.js';
export * from '../base/visible.js';
export * from './cells.js';
export * from './copy-rows.js';
export * from './matrix.js';
export * from './numbers.js';
