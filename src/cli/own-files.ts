// Recognizes files that simdense has made, which it may replace without --force.
import { open } from 'node:fs/promises';

export type OutputKind = 'model' | 'report' | 'trials' | 'predictions' | 'onnx' | 'json' | 'flowers' | 'compiled';

/** Bytes that are read from a file's beginning. They are enough for safetensors too, whose header begins with its metadata. */
const HEAD = 4096;

/** How files of each kind begin. Kinds that are absent cannot be told from other people's files. */
const marks: Partial<Record<OutputKind, RegExp>> = {
  model: /^(.{8}\{"__metadata__":\{.*"simdense":|simdense files )/s,
  // A report of 0.1.0 names no generator, but has exactly this content security policy.
  report:
    /^<!doctype html>.{0,400}(<meta name="generator" content="simdense|content="default-src 'none'; style-src 'unsafe-inline'; img-src data:")/s,
  trials: /^units,layers,learningRate,dropout,/,
  // The iris table of the demo.
  flowers: /^sepal length,sepal width,petal length,petal width,species\r?\n5\.1,3\.5,1\.4,0\.2,/,
  onnx: /^.{2,8}simdense/s,
  compiled:
    /^(.{8}\{"__metadata__":\{"format":"simdense (int8|float16)"|\/\/ .{0,400}ompiled by simdense|<!doctype html>.{0,400}<meta name="generator" content="simdense [^"]*compile)/s,
  json: /^\{("name":".*",)?"inputs":\d+,"layers":\[\{/s,
};

/** Whether a file is empty, or begins like a file that simdense makes. */
export async function isOwn(path: string, kind: OutputKind): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    // An interrupted run, or mktemp, may leave an empty file.
    return bytesRead === 0 || (marks[kind]?.test(buffer.toString('latin1', 0, bytesRead)) ?? false);
  } finally {
    await file.close();
  }
}
