// The worker as a file, for pages whose Content-Security-Policy lets workers come from their own origin only.
import { work } from './worker.js';

globalThis.onmessage = ({ data }) => {
  work(data);
  globalThis.close();
};
