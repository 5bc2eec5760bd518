// Where a worker may read shards. A job names a path or an address; whoever started the worker has named the folders and addresses that it may be in.
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { ReadShardOptions, ShardReader } from '../evaluate/shards/shard.js';
import { readTable } from '../node/read-table.js';
import { readTable as readSource } from '../table/index.js';
import { type Place, placeOf } from './place.js';

const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(place);

/** Reads shards that are in one of these places, by an option of a caller. Throws SimdenseError 'ARGUMENT' for what is not a folder or a URL, or a list of these. */
export function shardReader(where: string, given: unknown): ShardReader {
  if (given !== undefined && typeof given !== 'string' && !(Array.isArray(given) && given.length > 0))
    refuse(`${where}(shards)`, 'a folder or a URL, or a list of these', given);
  const list = given === undefined ? [] : typeof given === 'string' ? [given] : (given as unknown[]);
  const places = list.map((each) => placeOf(where, each, 'shards') as Place);
  return async (place, o) => {
    if (places.length === 0) {
      const start =
        'start it with their folder or URL: npx simdense worker --shards PLACE, or startBullmqWorker({ shards })';
      throw new SimdenseError('UNSUPPORTED', `this worker may read no shards; ${start}`);
    }
    return isAddress(place) ? readAddress(place, places, o) : readFile(place, places, o);
  };
}

const outside = (place: string): SimdenseError =>
  new SimdenseError(
    'ARGUMENT',
    `${show(place)} is not in a folder or under a URL that this worker may read (--shards)`,
  );

/** Reads a file. A relative path is relative to the folder. Links are followed before it is looked where the file is. */
async function readFile(
  place: string,
  places: readonly Place[],
  o: ReadShardOptions,
): Promise<Awaited<ReturnType<ShardReader>>> {
  if (place.split(/[\\/]/).includes('..') || place.includes('\0')) throw outside(place);
  let isMissing = false;
  for (const each of places) {
    if (!('folder' in each)) continue;
    const folder = await realpath(each.folder).catch(() => undefined);
    if (folder === undefined) continue;
    const path = await realpath(isAbsolute(place) ? place : join(folder, place)).catch(() => undefined);
    if (path === undefined) isMissing ||= !isAbsolute(place);
    else if (path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return readNamed(path, place, o);
  }
  if (!isMissing) throw outside(place);
  throw new SimdenseError('ARGUMENT', `${show(place)}: there is no such file in the folder of --shards`);
}

/** Messages name the place as the job does: the folder is nobody's business who reads the queue. */
async function readNamed(path: string, place: string, o: ReadShardOptions): Promise<Awaited<ReturnType<ShardReader>>> {
  try {
    return await readTable(path, o);
  } catch (cause) {
    if (!(cause instanceof SimdenseError)) throw cause;
    throw new SimdenseError(cause.code, cause.message.replaceAll(path, place));
  }
}

/** Follows no redirect: the operator has not named that address. */
async function readAddress(
  place: string,
  places: readonly Place[],
  { table, query, ...o }: ReadShardOptions,
): Promise<Awaited<ReturnType<ShardReader>>> {
  const url = URL.canParse(place) ? new URL(place) : undefined;
  const allowed =
    url && !url.username && !url.password && places.some((each) => 'url' in each && url.href.startsWith(each.url));
  // An encoded .. may be one to the server.
  if (!allowed || /%2e|%2f|%5c/i.test(url.pathname)) throw outside(place);
  if (table !== undefined || query !== undefined)
    throw new SimdenseError('UNSUPPORTED', `${show(place)}: SQLite is read from a file`);
  const response = await fetch(url, { redirect: 'manual', credentials: 'omit' });
  if (!response.ok) {
    await response.body?.cancel();
    throw new SimdenseError('UNREACHABLE', `${show(place)}: the server answers ${response.status}`);
  }
  return readSource(response, o);
}
