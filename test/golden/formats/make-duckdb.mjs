// Writes decimals of all widths, and columns of types that only some programs write, as DuckDB has them. node make-duckdb.mjs, with @duckdb/node-api 1.5.6.
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`copy (
  select (i * 0.25)::decimal(4, 2) as short, (i * 1234.567)::decimal(9, 3) as middle, (i * -123456789.01)::decimal(18, 2) as long,
    (i * 12345678901.0625)::decimal(38, 4) as wide, i::hugeint as huge, uuid() as id, time '10:00:01' + interval (i) second as time,
    interval (i) day as span, timestamptz '2020-01-01 10:00:00+02' + interval (i) hour as instant, {x: i} as struct
  from range(1, 4) t(i)
) to '${fileURLToPath(new URL('duckdb.parquet', import.meta.url))}' (format parquet)`);
