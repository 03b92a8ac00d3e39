// The record of a search: a line of JSON for each trial. A search that was interrupted reads it and goes on where it ended.

import type { Check } from '@sinapse/core';
import { shownName } from '@sinapse/core';
import { hasMembers } from '../checkpoint/contents.ts';
import { TrainingError } from '../errors.ts';
import type { Json } from '../json.ts';
import { JsonObject, formatJson, numberToJson, parseJson, sameJson } from '../json.ts';

/** Where lines are kept. `trialLog(path)` of @sinapse/training/node keeps them in a file. */
export interface TrialLog {
  /** The lines so far, each with a line feed behind it. */
  read(): string | Promise<string>;
  /** Adds a line, which has no line feed. */
  append(line: string): void | Promise<void>;
}

export const LOG: Check = { expected: 'a log with read() and append(line), e.g. trialLog(path)', accepts: hasMembers('read', 'append') };

/** What identifies a trial in its log. */
interface TrialId {
  readonly trial: number;
  readonly resource?: number;
  readonly parameters: Json;
}

export class Records {
  private readonly owner: string;
  private readonly log: TrialLog | undefined;
  private readonly waiting: Json[];

  private constructor(owner: string, log: TrialLog | undefined, waiting: Json[]) {
    this.owner = owner;
    this.log = log;
    this.waiting = waiting;
  }

  /**
   * Reads a log, or begins it with a line that says which search it is of.
   * @throws TrainingError when it is of another search, or no log
   */
  static async open(owner: string, log: TrialLog | undefined, search: Readonly<Record<string, Json>>): Promise<Records> {
    if (log === undefined) return new Records(owner, log, []);
    const lines = (await log.read()).split('\n').slice(0, -1); // what follows the last line feed was being written when the program ended
    const [first, ...trials] = lines.map((line, i) => parseJson(line, `${owner}: line ${i + 1} of the log`));
    if (first === undefined) await log.append(JSON.stringify(search));
    else checkSame(owner, first, search);
    return new Records(owner, log, trials);
  }

  /**
   * The score of a trial from the log; undefined if it was not run yet.
   * @throws TrainingError when the log has another trial at this place
   */
  next(id: TrialId): number | undefined {
    const line = this.waiting.shift();
    if (line === undefined) return undefined;
    const record = new JsonObject(line, `${this.owner}: a trial of the log`);
    for (const name of ['trial', 'resource', 'parameters'] as const)
      if (!sameJson(record.json(name), id[name]))
        throw new TrainingError(
          `${this.owner}: the log has another trial ${id.trial}: its ${name} is ${formatJson(record.json(name))}, not ${formatJson(id[name])}`,
        );
    return record.number('score');
  }

  async add(id: TrialId, score: number): Promise<void> {
    const { trial, resource, parameters } = id;
    await this.log?.append(JSON.stringify({ trial, resource, parameters, score: numberToJson(score) }));
  }
}

function checkSame(owner: string, recorded: Json, search: Readonly<Record<string, Json>>): void {
  const found = new JsonObject(recorded, `${owner}: line 1 of the log`);
  for (const [name, value] of Object.entries(search))
    if (!sameJson(found.json(name), value))
      throw new TrainingError(
        `${owner}: the log is of another search: ${shownName(name)} is ${formatJson(found.json(name))} there, ${formatJson(value)} here`,
      );
}
