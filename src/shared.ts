// Classes that are used with instanceof must exist once, so all bundles import them from shared.js, together with what they need. It is a file of its own, so that
// simdense/data does not load the core. tsup.config.ts reads this list.

export * from './base/checks.js';
export * from './base/did-you-mean.js';
export * from './base/errors.js';
export * from './base/typed-arrays.js';
export * from './base/visible.js';
export * from './data/cells.js';
export * from './data/copy-rows.js';
export * from './data/matrix.js';
export * from './data/numbers.js';
