/** This package's version, as in package.json: jobs tell it to their worker, and files to who reads them. */
export const version = '0.2.0';
