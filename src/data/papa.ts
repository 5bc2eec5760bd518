// papaparse, through one file of ours: dist/papa.js has it once for all that read CSV.
import Papa from 'papaparse';

export default Papa;
