// What compiled files carry of our own code, so that they read rows and put predictions together as simdense/predict does. Nothing imports this: scripts/generate-carried.mjs
// writes each function as text to generated/carried.ts, and the files that are compiled take those that they need.
export { transformOf } from '../data/scalers/index.js';
export { answersIn } from '../evaluate/decision.js';
export { temper } from '../evaluate/temperature.js';
export { booleanKind } from '../table/encoders/boolean.js';
export { categoryKind } from '../table/encoders/category.js';
export { dateKind } from '../table/encoders/date.js';
export { has } from '../table/encoders/encoder.js';
export { hashedCategoryKind } from '../table/encoders/hashed-category.js';
export { numberKind } from '../table/encoders/number.js';
export { textKind } from '../table/encoders/text.js';
