/** This package's version, as in package.json. Jobs carry it, so that a worker can compare it with its own. */
export const version = '0.2.0';
