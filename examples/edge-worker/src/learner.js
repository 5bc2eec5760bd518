// One learner: predicts, learns from each labelled row, and keeps what it has learnt in its Durable Object's storage.
import { DurableObject } from 'cloudflare:workers';
import { loadPipeline } from 'simdense/evaluate';
// What `npm run train` wrote: scaler, classes, network and optimizer in one file.
import digits from './digits.bin';

/** Rows between two snapshots. Rows since the last one are learnt anew, in their order, when the object wakes: to the same bits. */
const SNAPSHOT_EVERY = 128;

const rowKey = (number) => `row:${String(number).padStart(15, '0')}`;

export class Learner extends DurableObject {
  #pipeline;
  #learnt = 0;

  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      const snapshot = await ctx.storage.get('snapshot');
      this.#pipeline = loadPipeline(snapshot?.bytes ?? new Uint8Array(digits));
      this.#learnt = snapshot?.learnt ?? 0;
      for (const { pixels, label } of (await ctx.storage.list({ prefix: 'row:' })).values()) {
        this.#pipeline.trainOnBatch([pixels], [label]);
        this.#learnt++;
      }
    });
  }

  predict(pixels) {
    const probabilities = this.#pipeline.predictProbabilities([pixels]).row(0);
    const most = probabilities.reduce((best, p, i) => (p > probabilities[best] ? i : best), 0);
    return { label: this.#pipeline.classes[most], probability: probabilities[most] };
  }

  /**
   * One update of the network. What is wrong with a row is an error before anything has changed. The answer leaves only when the row is in storage: the
   * platform holds it back until then.
   */
  learn(pixels, label) {
    const { loss } = this.#pipeline.trainOnBatch([pixels], [label]);
    const number = this.#learnt++;
    const { storage } = this.ctx;
    // Written together, since nothing is awaited between them.
    storage.put(rowKey(number), { pixels, label });
    if (this.#learnt % SNAPSHOT_EVERY === 0) {
      storage.put('snapshot', { learnt: this.#learnt, bytes: this.#pipeline.save({ optimizer: true }) });
      storage.delete(Array.from({ length: SNAPSHOT_EVERY }, (_, i) => rowKey(number - i)));
    }
    return { number, loss };
  }

  save() {
    return this.#pipeline.save({ optimizer: true });
  }
}
