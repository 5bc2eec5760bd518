// The worker as a file, for pages whose Content-Security-Policy lets workers come from their own origin only.
import { runWorker } from './worker.js';

globalThis.onmessage = ({ data }) => {
  runWorker(data);
  globalThis.close();
};
