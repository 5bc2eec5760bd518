// simdense/bullmq: training runs on many machines, with BullMQ on Redis. Needs the packages `bullmq` and `ioredis`.

export { type DataFile, dataFile } from './data-file.js';
export { type BullmqOptions, bullmq } from './executor.js';
export { type BullmqWorkerOptions, startBullmqWorker } from './worker.js';
