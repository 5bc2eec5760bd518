// The build turns an imported CSV file into its text.
declare module '*.csv' {
  const text: string;
  export default text;
}
