// What torch.save writes: pickles, which are programs and are not read; by default within a zip file.
import { Zip } from '../../table/readers/xlsx/zip.js';
import { unsupported } from '../refusals.js';

/** Throws SimdenseError 'UNSUPPORTED' for a file of torch.save. */
export function refusePickle(where: string, bytes: Uint8Array): void {
  if (!isPickle(bytes) && !holdsPickle(bytes)) return;
  throw unsupported(
    where,
    "files of torch.save are pickles, which are not read; write the weights by safetensors.torch.save_file(model.state_dict(), 'model.safetensors') and list the layers (fromStateDict, or --layers of the command), or write ONNX by torch.onnx.export",
  );
}

/** Whether bytes are those of a pickle (protocols 2 to 5), and not of safetensors, whose JSON begins at byte 8. */
function isPickle(bytes: Uint8Array): boolean {
  const [first, protocol = 0] = bytes.subarray(0, 2);
  return first === 0x80 && protocol >= 2 && protocol <= 5 && bytes[8] !== 0x7b;
}

/** Whether bytes are a zip file with a data.pkl, in a folder of any name. */
function holdsPickle(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  try {
    return Array.from(new Zip(bytes).names()).some((name) => /(^|\/)data\.pkl$/.test(name));
  } catch {
    // What reads the file says what is wrong with it.
    return false;
  }
}
