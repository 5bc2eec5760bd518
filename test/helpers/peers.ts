// The libraries that read some formats: optional peers. Where one is not installed its tests are skipped, but never in CI.
import { describe } from 'vitest';

const loads: Readonly<Record<string, () => Promise<unknown>>> = {
  hyparquet: () => import('hyparquet'),
  'hyparquet-compressors': () => import('hyparquet-compressors'),
  '@uwdata/flechette': () => import('@uwdata/flechette'),
};

/** Whether all of some libraries are installed. Those that are not are said. */
export async function hasPeers(...names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    try {
      await loads[name]?.();
    } catch (cause) {
      if (process.env['CI']) throw new Error(`${name} is not installed`, { cause });
      console.warn(`skipped: ${name} is not installed`);
      return false;
    }
  }
  return true;
}

/** Tests that need these libraries. */
export const withPeers = async (...names: readonly string[]): Promise<typeof describe.skip> =>
  (await hasPeers(...names)) ? (describe as typeof describe.skip) : describe.skip;
