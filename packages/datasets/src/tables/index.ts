// @sinapse/datasets/tables: tables from CSV, JSON lines and Parquet, and their way to numbers. It runs in a browser, too.

export { columnOf, takeTableRows } from './table.ts';
export type { CategoryColumn, Column, NumberColumn, Table, TextColumn } from './table.ts';
export type { ColumnOptions } from './infer-column.ts';
export { parseCsv } from './csv.ts';
export type { CsvOptions } from './csv.ts';
export { parseJsonLines } from './json-lines.ts';
export type { JsonLinesOptions } from './json-lines.ts';
export { parseParquet } from './parquet.ts';
export type { ParquetOptions } from './parquet.ts';
export { stratifiedSplit } from './split.ts';
export type { SplitOptions } from './split.ts';
export { encodeFeatures, encodeTable, featureNames, fitTable, rowsWith } from './encoding.ts';
export type { CategoryFeature, EncodedTable, FitTableOptions, NumberFeature, TableEncoding, TargetEncoding } from './encoding.ts';
