// simdense/node: files, worker threads, and evaluations that can be resumed.

export { readCsv, readIdx, saveFile } from './files.js';
export { type ReadPlaceOptions, readTable } from './read-table.js';
export { resumable } from './resumable.js';
export { workers } from './workers.js';
