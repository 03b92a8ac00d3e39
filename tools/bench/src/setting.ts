// One of the ways to run a contestant.

/** A way to run a contestant. If the best one depends on the task, several are tried. */
export interface Setting {
  readonly label: string;
  readonly options: Readonly<Record<string, string | boolean>>;
  /** Environment variables of its process. */
  readonly environment?: Readonly<Record<string, string>>;
}
