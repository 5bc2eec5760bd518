// What the build makes of an imported table: its text.
declare module '*.csv' {
  const text: string;
  export default text;
}
