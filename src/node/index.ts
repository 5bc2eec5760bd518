// simdense/node: files.

export { readIdx } from './files.js';
