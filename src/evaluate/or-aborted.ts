// For the rooms that may not import train.
export { untilAborted as orAborted } from '../train/until-aborted.js';
