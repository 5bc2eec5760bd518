// The worker as a file, for pages whose Content-Security-Policy allows workers from their own origin only.
import { work } from './worker.js';

globalThis.onmessage = ({ data }) => {
  work(data);
  globalThis.close();
};
