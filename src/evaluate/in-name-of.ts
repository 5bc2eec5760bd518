// Errors of inner functions in the name of what the user has called.
import { SimdenseError } from '../base/errors.js';

/** The functions that work is made of; those who call it do not know them. `rows` is no option of theirs either. */
const INNER = /^(?:holdOut|kFold|fittingEncoder|pipeline|fit)(?:\(rows\))?(?=[:(])/;

/** Does work. An error that names an inner function names `where` instead. */
export async function inNameOf<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SimdenseError) error.message = error.message.replace(INNER, where);
    throw error;
  }
}
