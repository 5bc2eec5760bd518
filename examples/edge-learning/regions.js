// An executor whose workers are regions: the name of a shard is that of a region, which gets the job and has the rows.
import { pack, unpack } from './src/message.js';

/** How often a region that does not answer is asked again, and milliseconds in between. */
const [TRIES, PAUSE] = [5, 200];

/** @returns An executor for fitShards. */
export function regions(url) {
  const ask = async (task, job, data, signal) => {
    for (let left = TRIES; ; ) {
      try {
        const response = await fetch(new URL(`/${job.shard}/job`, url), {
          method: 'POST',
          body: pack({ task, job, data }),
          signal,
        });
        if (response.ok) return unpack(await response.arrayBuffer());
        // What a region refuses it would refuse again.
        if (response.status === 400) return Promise.reject(new Error(`${job.shard}: ${await response.text()}`));
        throw new Error(`${job.shard}: the region answers ${response.status}`);
      } catch (error) {
        signal?.throwIfAborted();
        if (--left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  };
  return {
    concurrency: Number.POSITIVE_INFINITY,
    async *run(task, jobs, { data, signal } = {}) {
      const answers = jobs.map((job, index) =>
        ask(task, job, data, signal).then(
          (result) => ({ index, result }),
          (error) => ({ index, error }),
        ),
      );
      for (const answer of answers) yield await answer;
    },
    async close() {},
  };
}
