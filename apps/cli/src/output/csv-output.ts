// Predictions as a table in CSV (RFC 4180) instead of lines for people.

import { Output } from './output.ts';

/** Writes a cell; one that holds a separator, a quote or a line break stands in quotes. */
function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A list of answers has columns of its own for each: `label1,probability1,label2,…`. */
function flattened(event: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(event).flatMap(([name, value]): [string, unknown][] =>
    Array.isArray(value)
      ? value.flatMap((each: object, i) => Object.entries(each).map(([member, part]): [string, unknown] => [`${member}${i + 1}`, part]))
      : [[name, value]],
  );
}

/** The first event decides the columns. */
export class CsvOutput extends Output {
  private columns: readonly string[] | undefined;

  constructor() {
    super({ json: true }); // no lines for people
  }

  override event({ event: _, ...members }: { readonly event: string; readonly [member: string]: unknown }): void {
    const cells = new Map(flattened(members));
    if (this.columns === undefined) {
      this.columns = [...cells.keys()];
      this.write(this.columns);
    }
    this.write(this.columns.map((column) => cells.get(column)));
  }

  private write(cells: readonly unknown[]): void {
    process.stdout.write(`${cells.map(cell).join(',')}\n`);
  }
}
