// The worker as a file, for pages whose Content-Security-Policy allows workers from their own origin only.
import { runWorker } from './worker.js';

globalThis.onmessage = ({ data }) => {
  runWorker(data);
  globalThis.close();
};
