// What compiled files carry of our own code, so that they read rows and put predictions together as simdense/predict does. Nothing imports this: scripts/generate-carried.mjs
// writes each function as text to generated/carried.ts, and the files that are compiled take those that they need.
import { type LinearData, linearTransform } from '../data/scalers/linear.js';
import { type QuantileData, quantileTransform } from '../data/scalers/quantile.js';
import { type DateColumn, dateWriter } from '../table/encoders/date.js';
import { type NumberColumn, numberWriter } from '../table/encoders/number.js';
import { scaledBy } from '../table/encoders/scale.js';

export { answersIn } from '../evaluate/decision.js';
export { temper } from '../evaluate/temperature.js';
export { booleanWriter } from '../table/encoders/boolean.js';
export { categoryWriter } from '../table/encoders/category.js';
export { has } from '../table/encoders/encoder.js';
export { hashedCategoryWriter } from '../table/encoders/hashed-category.js';
export { textWriter } from '../table/encoders/text.js';
export { linearTransform, quantileTransform };

type Convert = (value: number, column: number) => number;
const asItIs: Convert = (value) => value;
const number = (convert: Convert, data: NumberColumn) => numberWriter(data, scaledBy(convert, data));
const date = (convert: Convert, data: DateColumn) => dateWriter(data, scaledBy(convert, data));

export const plainNumber = (data: NumberColumn) => number(asItIs, data);
export const linearNumber = (data: NumberColumn) => number(linearTransform(data.scaler as LinearData), data);
export const quantileNumber = (data: NumberColumn) => number(quantileTransform(data.scaler as QuantileData), data);
export const plainDate = (data: DateColumn) => date(asItIs, data);
export const linearDate = (data: DateColumn) => date(linearTransform(data.scaler as LinearData), data);
export const quantileDate = (data: DateColumn) => date(quantileTransform(data.scaler as QuantileData), data);
