// What the thread that reads Parquet runs.

export { parseParquet } from '../tables/parquet.ts';
