// '#kernels/replay': what replays the kernel calls of training steps. It imports the memory and the kernels of the others.
import text from '../../../dist/simdense.replay.wasm';
import { loader } from './decode.js';

export const load = loader(text);
