// simdense/node: files, worker threads.

export { readCsv, readIdx, saveFile } from './files.js';
export { resumable } from './resumable.js';
export { workers } from './workers.js';
