// The rows of one region, in the storage of its Durable Object. They never leave it: it trains on them, and answers with parameters.
import { DurableObject } from 'cloudflare:workers';
import { runJob } from 'simdense/evaluate';
import { readTable } from 'simdense/table';
import { pack, unpack } from './message.js';

const batchKey = (number) => `rows:${String(number).padStart(15, '0')}`;

export class Region extends DurableObject {
  /** The rows as a table, until others come. */
  #table;

  /** Keeps rows: objects such as { p0: 0, …, digit: 3 }. */
  async add(rows) {
    const batches = (await this.ctx.storage.get('batches')) ?? 0;
    await this.ctx.storage.put({ [batchKey(batches)]: rows, batches: batches + 1 });
    this.#table = undefined;
    return batches + 1;
  }

  /** Runs a job of fitShards on the own rows, whatever shard it names: a job can name nothing else. */
  async run(bytes) {
    const { task, job, data } = unpack(bytes);
    const result = await runJob(task, job, data, { readShard: (_, o) => this.#rows(o) });
    return pack(result);
  }

  async #rows(o) {
    if (!this.#table) {
      const stored = await this.ctx.storage.list({ prefix: 'rows:' });
      this.#table = await readTable([...stored.values()].flat(), o);
    }
    return this.#table;
  }
}
