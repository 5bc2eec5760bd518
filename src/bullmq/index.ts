// simdense/bullmq: trainings on many machines, by BullMQ on Redis; needs `bullmq` and `ioredis` installed beside simdense.

export { type DataFile, dataFile } from './data-file.js';
export { type BullmqOptions, bullmq } from './executor.js';
export { type BullmqWorkerOptions, startBullmqWorker } from './worker.js';
