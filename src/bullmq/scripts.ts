// The scripts by which a coordinator asks Redis. Their answers are short, however much others have written there.
import type { Redis } from 'ioredis';

/** The most bytes that are fetched of a text that others may have written. */
const MOST_TEXT = 16_000;

/** The Redis type of each of BullMQ's keys. */
const KINDS = {
  wait: 'list',
  paused: 'list',
  active: 'list',
  delayed: 'zset',
  prioritized: 'zset',
  completed: 'zset',
  failed: 'zset',
  'waiting-children': 'zset',
  marker: 'zset',
  stalled: 'set',
  meta: 'hash',
  events: 'stream',
  limiter: 'string',
  'stalled-check': 'string',
  id: 'string',
  pc: 'string',
};

const MEND = `
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'none' and kind ~= ARGV[i] then redis.call('DEL', key) end
end`;

/** Deletes keys of the wrong type: BullMQ's commands would fail on them, or leave a job half moved. */
export async function mendKeys(client: Redis, prefix: string): Promise<void> {
  const keys = Object.keys(KINDS).map((name) => prefix + name);
  await client.call('EVAL', [MEND, keys.length, ...keys, ...Object.values(KINDS)]);
}

const STATES = `
local states = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then states[i] = {'missing'}
  elseif kind ~= 'hash' or redis.call('HEXISTS', key, 'data') == 0 then states[i] = {'broken'}
  else
    local reason = redis.call('HGET', key, 'failedReason')
    states[i] = {'there', redis.call('HEXISTS', key, 'finishedOn'), reason and string.sub(reason, 1, ${MOST_TEXT}), redis.call('HSTRLEN', key, 'returnvalue'), redis.call('HSTRLEN', key, 'data'), tonumber(redis.call('HGET', key, 'stc') or 0) or 0}
  end
end
return states`;

/** The state of a job. 'broken': something else is under the job's name, or a worker found only the name. */
export type State =
  | 'missing'
  | 'broken'
  | {
      finished: boolean;
      failedReason: string | null;
      /** The size of the answer in bytes. */
      size: number;
      /** The size of the job in bytes. */
      length: number;
      /** How often a worker took the job and lost its lock. */
      stalled: number;
    };

/** The states of jobs, by their keys. */
export async function statesOf(client: Redis, keys: readonly string[]): Promise<State[]> {
  const replies = (await client.call('EVAL', [STATES, keys.length, ...keys])) as [
    State,
    number,
    string | null,
    number,
    number,
    number,
  ][];
  return replies.map(([kind, finished, failedReason, size, length, stalled]) =>
    kind === 'missing' || kind === 'broken' ? kind : { finished: finished === 1, failedReason, size, length, stalled },
  );
}

const PLACES = `
local listed = {}
for i, name in ipairs({'wait', 'active'}) do
  for _, id in ipairs(redis.call('LRANGE', ARGV[1] .. name, 0, -1)) do listed[id] = name end
end
local places = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local delayed = redis.call('ZSCORE', ARGV[1] .. 'delayed', id)
  if listed[id] == 'active' then places[i - 1] = {'active', redis.call('PTTL', ARGV[1] .. id .. ':lock')}
  elseif listed[id] or redis.call('ZSCORE', ARGV[1] .. 'prioritized', id) then places[i - 1] = {'waiting', 0}
  elseif delayed then places[i - 1] = {'delayed', string.sub(delayed, 1, 40)}
  elseif redis.call('TYPE', ARGV[1] .. id).ok == 'hash' and redis.call('HEXISTS', ARGV[1] .. id, 'finishedOn') == 1 then places[i - 1] = {'ended', 0}
  else places[i - 1] = {'nowhere', 0} end
end
return places`;

/** Where a job is that was unfinished at the last look; it may have ended since. `milliseconds`: for an active job the remaining time of its lock (-1: it never expires; -2: no lock); for a delayed job the time when it is due. */
export interface Standing {
  readonly at: 'active' | 'waiting' | 'delayed' | 'ended' | 'nowhere';
  readonly milliseconds: number;
}

/** Where jobs are. One script, so that a job that moves between two lists is seen in one of them. */
export async function standings(client: Redis, prefix: string, ids: readonly string[]): Promise<Standing[]> {
  const replies = (await client.call('EVAL', [PLACES, 0, prefix, ...ids])) as [Standing['at'], number | string][];
  // BullMQ keeps a counter in the last 12 bits.
  return replies.map(([at, value]) => ({ at, milliseconds: Number(value) / (at === 'delayed' ? 0x1000 : 1) }));
}

const HALT = `
local told = redis.call('HMGET', KEYS[1], 'paused', 'concurrency', 'max')
local most = told[2] and tonumber(told[2])
local max = told[3] and tonumber(told[3])
if told[1] then return {'paused', 'resume'} end
if told[2] and not (most and most > 0) then return {'limited to no job at a time', 'removeGlobalConcurrency'} end
local taken = max and tonumber(redis.call('GET', KEYS[2]) or 0)
if taken and taken >= max and redis.call('PTTL', KEYS[2]) > 3600000 then return {'limited for longer than an hour', 'removeGlobalRateLimit'} end
return false`;

/** Why BullMQ gives a queue's jobs to nobody, and the method of its Queue that undoes it. */
export interface Halt {
  readonly what: string;
  readonly cure: string;
}

/** Why the queue is halted; undefined if it is not. */
export async function haltOf(client: Redis, prefix: string): Promise<Halt | undefined> {
  const reply = (await client.eval(HALT, 2, `${prefix}meta`, `${prefix}limiter`)) as [string, string] | null;
  return reply ? { what: reply[0], cure: reply[1] } : undefined;
}

const NEWS = `
local last, ids = ARGV[1], {}
if last == '' then
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
  return {newest[1] and newest[1][1] or '0-0', ids}
end
local read = redis.call('XREAD', 'COUNT', 1000, 'STREAMS', KEYS[1], last)
for _, entry in ipairs(read and read[1][2] or {}) do
  last = entry[1]
  local told = {}
  for i = 1, #entry[2], 2 do told[entry[2][i]] = entry[2][i + 1] end
  local event, id = told['event'], told['jobId']
  if id and #id == 64 and (event == 'completed' or event == 'failed' or event == 'removed') then ids[#ids + 1] = id end
end
return {last, ids}`;

/** The jobs that have ended since `last`, which is '' at first, and the next `last`. BullMQ's own QueueEvents would fetch and parse the results too. */
export async function newsSince(client: Redis, prefix: string, last: string): Promise<[last: string, ids: string[]]> {
  return (await client.eval(NEWS, 1, `${prefix}events`, last)) as [string, string[]];
}
