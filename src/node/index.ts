// simdense/node: files, worker threads, results that are kept.

export { readCsv, readIdx, saveFile } from './files.js';
export { resumable } from './resumable.js';
export { workers } from './workers.js';
