import { coreCount } from '../engine/fastest.js';
import type { Machine } from './results.js';

type Host = {
  process?: {
    versions?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: 'node:os'): { cpus?(): { model: string }[] } | undefined;
  };
  navigator?: { userAgent?: string };
};

/** The runtime and the machine below it, as far as the runtime tells. */
export function machineOf(): Machine {
  const { process, navigator } = globalThis as Host;
  const cpu = process?.getBuiltinModule?.('node:os')?.cpus?.()[0]?.model.trim();
  return {
    runtime: runtimeOf(process?.versions ?? {}, navigator?.userAgent ?? ''),
    ...(cpu && { cpu }),
    cores: coreCount(),
  };
}

/** The runtime's name and version, by `process.versions`, or a browser's user agent. */
export function runtimeOf(versions: Readonly<Record<string, string | undefined>>, userAgent: string): string {
  const { deno, bun, node } = versions;
  if (deno) return `Deno ${deno}`;
  if (bun) return `Bun ${bun}`;
  if (node) return `Node ${node}`;
  const browsers = [
    ['Edge', /Edg\/([\d.]+)/],
    ['Firefox', /Firefox\/([\d.]+)/],
    ['Chrome', /(?:Chrome|CriOS)\/(\d+)/],
    ['Safari', /Version\/([\d.]+).*Safari/],
  ] as const;
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return userAgent || 'an unknown runtime';
}
