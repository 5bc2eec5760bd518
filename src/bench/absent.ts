// The options that this runtime does not have, and why.
import { coreCount } from '../engine/fastest.js';
import { isRevectorizing, mayBeWide } from '../engine/wide.js';
import { supports } from '../index.js';
import type { BenchResults } from './results.js';

type Absent = BenchResults['absent'][number];

export function absentOf(): Absent[] {
  const has = supports();
  const page =
    typeof document !== 'undefined' || typeof (globalThis as { importScripts?: unknown }).importScripts === 'function';
  return [
    ...(has.relaxed ? [] : [{ option: 'relaxed', why: 'this runtime has no relaxed SIMD' }]),
    ...wideAbsent(),
    ...(has.threads
      ? coreCount() > 1
        ? []
        : [{ option: 'threads', why: 'this machine has one core' }]
      : [
          {
            option: 'threads',
            why: page ? 'this page is not cross-origin isolated' : 'this runtime cannot start them',
          },
        ]),
  ];
}

function wideAbsent(): Absent[] {
  const absent = (why: string): Absent[] => [{ option: 'wide', why }];
  if (isRevectorizing()) return absent("V8's flag for it is on in this process, and each option was measured with it");
  if (mayBeWide()) return [];
  return absent(
    (globalThis as { Deno?: unknown }).Deno
      ? "Deno takes V8's flag for it only at the start, --v8-flags=--experimental-wasm-revectorize, and for every option"
      : 'only V8 in Node from 22 on has it',
  );
}
