/** This package's version, as in package.json. Jobs and files carry it, so that workers and readers can compare it with their own. */
export const version = '0.2.0';
