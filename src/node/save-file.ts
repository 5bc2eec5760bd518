// Writes files atomically. What is not a file, such as a pipe, is written to directly.
import type { Stats } from 'node:fs';
import { constants, fstat, fsync, write } from 'node:fs';
import { chmod, chown, lstat, open, readdir, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { noMore, refuse, toBytes } from '../base/checks.js';

/** The temporary file's name begins with at most this many bytes of the file's name, to stay below the system's limit of 255. */
const LONGEST_NAME = 200;
/** The most symbolic links that are followed, as in Linux. */
const MOST_LINKS = 40;

/**
 * Writes a file completely or not at all.
 *
 * Writes a temporary file beside it, flushes it to disk and renames it over the old file, whose mode is kept, and for root its owner. A
 * symbolic link stays; the file that it points to is replaced. A device, a pipe and /dev/stdout are written to directly.
 *
 * @param path The path of the file.
 * @param bytes The content.
 * @throws SimdenseError 'ARGUMENT' for what is not a path or not bytes. It also rejects with the system's error; then the old file is
 * unchanged.
 * @example
 * import { dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
 * await saveFile('model.safetensors', model.save());
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  noMore('saveFile', arguments, 2);
  checkPath('saveFile', path);
  const checked = toBytes('saveFile(bytes)', bytes);
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) {
    if (!(await isGiven(descriptor))) refuse('saveFile(path)', 'a descriptor that is open for writing', path);
    return writeTo(descriptor, checked);
  }
  try {
    const old = await statusOf(path);
    if (old && !old.isFile() && !old.isDirectory()) await writeInto(path, checked);
    else await replace(await endOfLinks(path), old, checked);
  } catch (error) {
    // Name the file that the caller asked for, not the temporary one.
    const { message, path: named } = error as Error & { path?: string };
    throw Object.assign(error as Error, { path, message: named ? message.replaceAll(named, path) : message });
  }
}

/** Throws SimdenseError 'ARGUMENT' for what is not a path. */
export function checkPath(where: string, path: unknown): void {
  if (typeof path !== 'string' || path === '') refuse(`${where}(path)`, 'the path of a file', path);
}

/** The status of a path; undefined if there is nothing. Rejects with the system's other errors. */
export function statusOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** The file that a path means, with links followed, even if it does not exist yet. */
export async function endOfLinks(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT' || links > MOST_LINKS) throw error;
  }
  const link = await lstat(path).catch(() => undefined);
  const folder = await realpath(dirname(path));
  if (!link?.isSymbolicLink()) return join(folder, basename(path));
  return endOfLinks(resolve(folder, await readlink(path)), links + 1);
}

async function replace(target: string, old: Stats | undefined, bytes: Uint8Array): Promise<void> {
  const ending = `.${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
  const temporary = join(dirname(target), `${shortened(basename(target))}${ending}`);
  try {
    // Whoever may not read the old file must not read the new one either, not even while it is written.
    const file = await open(temporary, 'wx', old ? 0o600 : 0o666);
    try {
      if (old) await keepRights(temporary, old);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Copies owner and mode. The owner first, because changing it clears mode bits. Only root can change the owner; others keep at least the mode. */
async function keepRights(path: string, { uid, gid, mode }: Stats): Promise<void> {
  const own = await stat(path);
  if (own.uid !== uid || own.gid !== gid) await chown(path, uid, gid).catch(() => {});
  await chmod(path, mode & 0o7777);
}

/** The beginning of a name, cut between characters. */
function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > LONGEST_NAME) short = Array.from(short).slice(0, -1).join('');
  return short;
}

/** Writes to a device or a pipe. */
async function writeInto(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

/** The descriptor that a path names, such as 1 for /dev/stdout. If it were opened again, printed output would overwrite the file. */
export function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdout') return 1;
  if (path === '/dev/stderr') return 2;
  const descriptor = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  return descriptor === undefined ? undefined : Number(descriptor);
}

/**
 * Whether the process was started with this descriptor, for a file, a pipe or a terminal. Node has descriptors of its own, and writing to
 * them crashes it. On Linux they differ in kind, and for a pipe of Node's own the process also holds the other end.
 */
export async function isGiven(descriptor: number): Promise<boolean> {
  if (descriptor === 1 || descriptor === 2) return true;
  const status = await promisify(fstat)(descriptor).catch(() => undefined);
  if (!status || !(status.isFile() || status.isFIFO() || status.isCharacterDevice())) return false;
  const open = await readdir('/proc/self/fd').catch(() => []);
  if (open.length === 0) return true;
  if ((await accessOf(descriptor)) === constants.O_RDONLY) return false;
  const same = await Promise.all(open.map((other) => readsFrom(Number(other), status)));
  return !(status.isFIFO() && same.includes(true));
}

/** Whether a descriptor reads from this pipe. */
async function readsFrom(descriptor: number, { dev, ino }: Stats): Promise<boolean> {
  const status = await promisify(fstat)(descriptor).catch(() => undefined);
  return status?.dev === dev && status.ino === ino && (await accessOf(descriptor)) === constants.O_RDONLY;
}

/** The access mode of a descriptor, according to Linux: O_RDONLY, O_WRONLY or O_RDWR. */
async function accessOf(descriptor: number): Promise<number> {
  const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '');
  return Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '1', 8) & 3;
}

async function writeTo(descriptor: number, bytes: Uint8Array): Promise<void> {
  const stream = [undefined, process.stdout, process.stderr][descriptor];
  if (stream) {
    await new Promise<void>((done, fail) => stream.write(bytes, (error) => (error ? fail(error) : done())));
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    at += await new Promise<number>((done, fail) =>
      write(descriptor, bytes, at, bytes.length - at, null, (error, written) => (error ? fail(error) : done(written))),
    );
  }
  await new Promise<void>((done) => fsync(descriptor, () => done()));
}
