// simdense/node: files, worker threads.

export { readCsv, readIdx, saveFile } from './files.js';
export { workers } from './workers.js';
