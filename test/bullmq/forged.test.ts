// Forged data in the queue: forged results become errors that say so, forged jobs are answered with errors, and neither is trusted or waited for.
import { Queue, Worker } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/base/version.js';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import type { FitResult } from '../../src/evaluate/fit-job.js';
import { bagging, crossValidate, type Pipeline, search } from '../../src/evaluate/index.js';
import { runTask } from '../../src/evaluate/tasks.js';
import { dense } from '../../src/index.js';
import { decode, encode } from '../../src/node/codec.js';
import { hashOf } from '../../src/node/hash.js';
import { idOf, message } from '../../src/node/message.js';
import { packDataset } from '../../src/node/packed-dataset.js';
import { blobs } from '../helpers/models.js';
import { hasRedis, redisOfTests } from './redis.js';

const { x, y } = blobs(30);
const [split] = [...kFold(30, { folds: 3, stratify: y })] as [{ train: Int32Array; test: Int32Array }];
const pipeline: Pipeline = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 2 } };
const data = toDataset('test', x, y);

describe.runIf(hasRedis)('a Redis that others write to', () => {
  const own = redisOfTests();
  let n = 0;

  describe('first-contact row 79: results', () => {
    const job = { pipeline, ...split, seed: 1, wants: { model: true, trainScores: true } };
    const results = (result: FitResult): Record<string, [unknown, RegExp]> => {
      const coded = encode(result) as Record<string, object>;
      const changed = (change: object): unknown => ({ result: { ...coded, ...change } });
      const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
      const { model, predictions } = result as Required<FitResult>;
      const short = { ...predictions, data: predictions.data.subarray(1) };
      return {
        'a text': ['hello', /neither a result nor an error/],
        'an empty text': ['', /neither a result nor an error/],
        null: [null, /neither a result nor an error/],
        'a number': [7, /neither/],
        'a list': [[1, 2], /neither/],
        'an empty object': [{}, /neither/],
        'both a result and an error': [{ result: coded, error: { message: 'x' } }, /neither/],
        'an error that is null': [{ error: null }, /an error is not one/],
        'an error that is a text': [{ error: 'bad' }, /an error is not one/],
        'an error without a message': [{ error: { code: 'DATA' } }, /an error has no message/],
        'a code of unknown type': [{ error: { message: 'x', code: 7 } }, /a code that simdense does not have/],
        'a code of Object.prototype': [{ error: { message: 'x', code: 'toString' } }, /a code that simdense does not/],
        'causes without end': [
          {
            error: {
              message: 'x',
              cause: { message: 'x', cause: { message: 'x', cause: { message: 'x', cause: deep } } },
            },
          },
          /an error is not one/,
        ],
        'a result that is null': [{ result: null }, /expected an object, got null/],
        'a result that is a list': [{ result: [coded] }, /expected an object, got an array of 1/],
        'nested too deeply': [changed({ scores: deep }), /nested too deeply/],
        'a typed array of unknown type': [
          changed({ model: { $typed: 'Function', bytes: '' } }),
          /array of type Function/,
        ],
        'another member': [changed({ onload: 1 }), /expected no other member, got "onload"/],
        'no scores': [changed({ scores: undefined }), /expected scores, got undefined/],
        'other scores': [changed({ scores: { loss: 1, accuracy: 1, gain: 2 } }), /expected loss, accuracy, got "gain"/],
        'scores that are texts': [changed({ scores: { loss: '1', accuracy: 1 } }), /a number for loss, got "1"/],
        'a loss that is NaN': [changed({ scores: { loss: { $number: 'NaN' }, accuracy: 1 } }), /for loss, got NaN/],
        'a score from a prototype': [
          JSON.parse(
            JSON.stringify(changed({ scores: 0 })).replace(
              '"scores":0',
              '"scores":{"loss":1,"__proto__":{"accuracy":1}}',
            ),
          ),
          /scores: expected loss, accuracy, got "__proto__"/,
        ],
        'an accuracy above 1': [
          changed({ scores: { loss: 1, accuracy: 5 } }),
          /scores: expected a number from 0 to 1 for accuracy, got 5/,
        ],
        'an accuracy below 0': [
          changed({ trainScores: { loss: 1, accuracy: -0.5 } }),
          /from 0 to 1 for accuracy, got -0.5/,
        ],
        'a loss below 0': [changed({ scores: { loss: -3, accuracy: 1 } }), /a number from 0 up for loss, got -3/],
        'no trainScores': [changed({ trainScores: null }), /expected trainScores, got null/],
        'a model that is a text': [changed({ model: 'abc' }), /expected the bytes of a model, got "abc"/],
        'a model of no bytes': [changed({ model: encode(new Uint8Array(0)) }), /FORMAT|safetensors|file/],
        'bytes that are not a model': [
          changed({ model: encode(new Uint8Array(100).fill(200)) }),
          /safetensors|header|file/,
        ],
        'a model cut short': [changed({ model: encode(model.subarray(0, -4)) }), /./],
        'no predictions': [changed({ predictions: 3 }), /expected predictions, got 3/],
        'predictions of another length': [changed({ predictions: encode(short) }), /expected 30 numbers, got 29/],
        'predictions of other columns': [
          changed({ predictions: encode({ ...predictions, columns: 1e9 }) }),
          /expected 3 columns/,
        ],
        'predictions of another type': [
          changed({ predictions: encode({ ...predictions, data: new Int32Array(30) }) }),
          /expected a Float32Array/,
        ],
        'predictions that are no probabilities': [
          changed({ predictions: encode({ ...predictions, data: new Float32Array(30).fill(Number.NaN) }) }),
          /expected probabilities, got NaN/,
        ],
        'epochs that are none': [changed({ epochs: -1 }), /expected 1 to 2 epochs, got -1/],
        'too many epochs': [changed({ epochs: 3 }), /expected 1 to 2 epochs, got 3/],
        'seconds of another kind': [changed({ seconds: '1' }), /expected seconds from 0 up, got "1"/],
      };
    };

    test('of more than twenty kinds: each is an error that names the training, and the next run trains it', async () => {
      const right = (await runTask('fit', job, data)) as FitResult;
      const kinds = Object.entries(results(right));
      expect(kinds.length).toBeGreaterThan(30);
      const queue = `forged${n++}`;
      const answers = new Map<string, unknown>();
      const executor = bullmq({ connection: own.redis.url, queue });
      const jobs = kinds.map((_, seed) => ({ ...job, seed }));
      const reference = { hash: hashOf(packDataset(data)) };
      for (const [i, [, [answer]]] of kinds.entries()) answers.set(idOf(message('fit', jobs[i], reference)), answer);
      const forger = new Worker(queue, async ({ id }) => answers.get(id as string), {
        connection: { url: own.redis.url },
      });
      let seen = 0;
      for await (const { index, error } of executor.run('fit', jobs, { data })) {
        seen++;
        const [name, [, pattern]] = kinds[index] as [string, [unknown, RegExp]];
        expect(error, name).toMatchObject({ code: 'FORMAT' });
        expect(error?.message, name).toMatch(
          new RegExp(
            `^bullmq: training run ${index} \\(job [0-9a-f]{12}…\\): .*It has been removed from the queue\\. Run again`,
          ),
        );
        expect(error?.message, name).toMatch(pattern);
      }
      expect(seen).toBe(kinds.length);
      await forger.close();
      const honest = await startBullmqWorker({ connection: own.redis.url, queue });
      for await (const { error } of executor.run('fit', jobs, { data })) expect(error).toBeUndefined();
      await honest.close();
      await executor.close();
    });

    test('written past BullMQ, and no JSON', async () => {
      const queue = `forged${n++}`;
      const watch = new Queue(queue, { connection: { url: own.redis.url } });
      const executor = bullmq({ connection: own.redis.url, queue });
      const running = executor.run('fit', [job], { data });
      const outcome = running[Symbol.asyncIterator]().next();
      while ((await watch.getWaitingCount()) < 1) await new Promise((resolve) => setTimeout(resolve, 5));
      const [{ id }] = (await watch.getWaiting()) as unknown as [{ id: string }];
      await own.client.hset(watch.toKey(id), 'finishedOn', 'never', 'returnvalue', '{"result":');
      const { value } = await outcome;
      expect((value as { error: Error }).error.message).toMatch(/the answer is not JSON/);
      await executor.close();
      await watch.close();
    });

    test('an error of a worker is shown without what a terminal would obey, keeps its code and its cause', async () => {
      const queue = `forged${n++}`;
      const executor = bullmq({ connection: own.redis.url, queue });
      const forger = new Worker(
        queue,
        async () => ({
          error: {
            message: `\u001b]0;owned\u0007${'x'.repeat(1e6)}`,
            code: 'DIVERGED',
            cause: { message: 'why', code: 'DATA' },
          },
        }),
        { connection: { url: own.redis.url } },
      );
      const failed = crossValidate(pipeline, x, y, [split], { executor });
      await expect(failed).rejects.toThrow(
        expect.objectContaining({ code: 'DIVERGED', cause: expect.objectContaining({ code: 'DATA', message: 'why' }) }),
      );
      // The last of the causes is our own: which training run it was, and no stack of its worker.
      const place = expect.stringMatching(/^(Error: )?bullmq: training run 0 \(job [0-9a-f]{12}…\)$/);
      await expect(failed).rejects.toMatchObject({ cause: { cause: { message: place, stack: place } } });
      const { message: text } = (await failed.catch((error: unknown) => error)) as Error;
      expect(text.length).toBeLessThan(5000);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      await forger.close();
      await executor.close();
    });

    test("an error without a code is told as its worker's, and none turns or hides the text beside it", async () => {
      const queue = `forged${n++}`;
      const executor = bullmq({ connection: own.redis.url, queue });
      const message = 'see \u202egnp.exe\u202c \u001b[2J\u2066x\u2069';
      const answers: unknown[] = [
        { error: { message } },
        { error: { message: 'x', code: 'DATA', cause: { message } } },
      ];
      const forger = new Worker(queue, async () => answers.shift(), { connection: { url: own.redis.url } });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      const unseen = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
      for (const code of ['UNREACHABLE', 'DATA']) {
        const error = await crossValidate(pipeline, x, y, [split], { executor, seed: answers.length }).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({ code, cause: { message: expect.stringContaining('\\u202egnp.exe') } });
        expect((error as Error).message).not.toMatch(unseen);
        expect(((error as Error).cause as Error).message).not.toMatch(unseen);
        if (code === 'UNREACHABLE')
          expect((error as Error).message).toMatch(
            /^bullmq: training run 0 \(job [0-9a-f]{12}…\): its worker failed with/,
          );
      }
      await forger.close();
      await executor.close();
    });

    test('in a search a forged result is a row with its error; a bagging ends with it', async () => {
      const queue = `forged${n++}`;
      const executor = bullmq({ connection: own.redis.url, queue });
      let turn = 0;
      const forger = new Worker(
        queue,
        async ({ data: { job: sent } }) => {
          if (turn++ % 2 === 0) return { result: { scores: {} } };
          return { result: encode(await runTask('fit', decode(sent), data)) };
        },
        { connection: { url: own.redis.url } },
      );
      const space = { units: [1, 2, 3, 4] };
      const { trials } = await search({
        space,
        strategy: 'grid',
        pipeline: ({ units }: { units: number }) => ({ ...pipeline, layers: [dense({ units, activation: 'relu' })] }),
        x,
        y,
        splits: [split],
        executor,
      });
      const errors = trials.filter(({ error }) => error !== undefined);
      expect(errors.length).toBe(2);
      for (const { error } of errors)
        expect(error).toMatch(/the result of a training run: scores: expected a number for loss/);
      await expect(bagging(pipeline, x, y, { members: 3, executor })).rejects.toThrow(/scores: expected a number/);
      await forger.close();
      await executor.close();
    });
  });

  describe('jobs', () => {
    const fit = { pipeline, ...split, seed: 1 };
    const jobs: [string, unknown, RegExp][] = [
      ['a job that is a text', 'x', /expected an object with a pipeline/],
      ['no pipeline', { ...fit, pipeline: null }, /expected a pipeline/],
      ['a pipeline without layers', { ...fit, pipeline: { layers: 'all' } }, /expected an array of layers/],
      ['layers that are none', { ...fit, pipeline: { layers: [null, 7] } }, /./],
      ['a layer of unknown type', { ...fit, pipeline: { layers: [{ type: '__proto__' }] } }, /./],
      ['rows in a list', { ...fit, train: [0, 1] }, /job\(train\): expected an Int32Array/],
      ['a row that is not there', { ...fit, test: Int32Array.of(30) }, /job\(test\): expected rows below 30, got 30/],
      ['a row before the first', { ...fit, train: Int32Array.of(-1) }, /job\(train\): expected rows below 30, got -1/],
      ['no rows', { ...fit, train: new Int32Array(0) }, /job\(train\): expected at least one row/],
      ['a seed that is none', { ...fit, seed: 1.5 }, /job\(seed\)/],
      ['other wishes', { ...fit, wants: { file: '/etc/passwd' } }, /unknown option "file"/],
      ['wishes of another type', { ...fit, wants: { model: 'yes' } }, /job\(wants.model\): expected true or false/],
      ['another member', { ...fit, at: 'http://127.0.0.1/' }, /unknown option "at"/],
    ];
    test('each wrong one is answered by an error', async () => {
      const queue = `forged${n++}`;
      const worker = await startBullmqWorker({ connection: own.redis.url, queue });
      const executor = bullmq({ connection: own.redis.url, queue });
      for await (const { index, error } of executor.run(
        'fit',
        jobs.map(([, job]) => job),
        { data },
      )) {
        const [name, , pattern] = jobs[index] as (typeof jobs)[number];
        expect(error?.message, name).toMatch(pattern);
        expect((error as { code?: string }).code, name).toMatch(/ARGUMENT|FORMAT/);
      }
      for (const task of ['constructor', '../evil', ''])
        for await (const { error } of executor.run(task, [fit], { data }))
          expect(error?.message).toMatch(/^executor: task: expected one of fit/);
      for await (const { error } of executor.run('fit', [fit])) expect(error?.message).toMatch(/needs data/);
      await worker.close();
      await executor.close();
    });

    test('a message that is none, names a place, or is called by another name, fails at once', async () => {
      const queue = `forged${n++}`;
      const worker = await startBullmqWorker({ connection: own.redis.url, queue });
      const watch = new Queue(queue, { connection: { url: own.redis.url } });
      const hash = hashOf(packDataset(data));
      const whole = { version, task: 'fit', data: { hash }, job: encode(fit) };
      const messages: [unknown, RegExp][] = [
        [null, /the job is of undefined/],
        ['text', /the job is of undefined/],
        [[whole], /the job is of undefined/],
        [{ ...whole, version: '0.0.9' }, /the job is of 0\.0\.9/],
        [{ ...whole, task: 7 }, /task: expected a name/],
        [{ ...whole, data: { hash, at: 'http://127.0.0.1/admin?x=1#' } }, /unknown option "at"/],
        [{ ...whole, data: { hash: '../../etc/passwd' } }, /expected a hash/],
        [{ ...whole, data: 'x' }, /expected a plain object/],
        [{ ...whole, path: '/etc/passwd' }, /unknown option "path"/],
        [whole, /the hash of its content as its name/],
      ];
      for (const [sent, pattern] of messages) {
        const job = await watch.add('fit', sent, { attempts: 3 });
        while (!(await job.isFailed())) await new Promise((resolve) => setTimeout(resolve, 5));
        const { failedReason, attemptsMade } = (await watch.getJob(job.id as string)) ?? {};
        expect(failedReason).toMatch(pattern);
        expect(attemptsMade).toBe(1);
      }
      await worker.close();
      await watch.close();
    });
  });
});
