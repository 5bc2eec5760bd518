// Measures in a worker, so that the page answers meanwhile.
import { bench } from '../../../src/bench/index.js';
import type { Message } from './messages.js';

const tell = (message: Message): void => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<{ seconds: number }>) => {
  try {
    await bench({ seconds: data.seconds, onProgress: (progress) => tell({ progress }) });
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
  }
});
