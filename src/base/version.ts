/** This package's version, as in package.json: a job tells it to its worker. */
export const version = '0.2.0';
