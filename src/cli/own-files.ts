// Which files simdense has made: those are replaced without asking.
import { open } from 'node:fs/promises';

export type OutputKind = 'model' | 'report' | 'trials' | 'predictions' | 'onnx' | 'json' | 'flowers';

/** Bytes at a file's beginning in which its maker is looked for: the header of a safetensors file begins with its metadata. */
const HEAD = 4096;

/** How files begin that this kind of output makes. A kind that is not here cannot be told from other people's files. */
const marks: Partial<Record<OutputKind, RegExp>> = {
  model: /^.{8}\{"__metadata__":\{.*"simdense":/s,
  // A report of 0.1.0 names no generator, but has just this policy.
  report:
    /^<!doctype html>.{0,400}(<meta name="generator" content="simdense|content="default-src 'none'; style-src 'unsafe-inline'; img-src data:")/s,
  trials: /^units,layers,learningRate,dropout,/,
  // The demonstration's table of irises.
  flowers: /^sepal length,sepal width,petal length,petal width,species\r?\n5\.1,3\.5,1\.4,0\.2,/,
  onnx: /^.{2,8}simdense/s,
  json: /^\{("name":".*",)?"inputs":\d+,"layers":\[\{/s,
};

/** Whether a file begins as those do that simdense makes. */
export async function isOwn(path: string, kind: OutputKind): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    // A run that was interrupted at the wrong time, or mktemp, leaves an empty one.
    return bytesRead === 0 || (marks[kind]?.test(buffer.toString('latin1', 0, bytesRead)) ?? false);
  } finally {
    await file.close();
  }
}
