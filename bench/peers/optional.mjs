/** A library, or undefined if it is not installed, which is said. */
export const optional = async (name) => {
  try {
    return await import(name);
  } catch {
    console.error(`${name} is not installed`);
    return undefined;
  }
};
