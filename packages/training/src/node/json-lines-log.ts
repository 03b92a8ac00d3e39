// The course of a training as JSON lines, for programs.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import { numberToJson } from '../json.ts';
import { AppendFile } from './append-file.ts';
import { NAME, fileLog } from './file-log.ts';

export interface JsonLinesLogOptions {
  /** Also writes a line each time this many steps are done; an integer of at least 1. Default: lines for epochs only. */
  readonly everySteps?: number;
  /** The name under which checkpoints keep how far the file is. Two logs need different names. Default `jsonLinesLog`. */
  readonly name?: string;
}

const JSON_LINES_LOG: OptionChecks<JsonLinesLogOptions> = { everySteps: check.count, name: NAME };

/**
 * A callback that writes a JSON object a line: `{"event":"epoch","epoch":1,"loss":0.41,…}` as `fit` tells it to `onEpoch`, and with
 * `everySteps` also `{"event":"step","globalStep":100,…}`. NaN and infinities become the strings "NaN", "Infinity" and "-Infinity". A new
 * training begins the file anew. A resumed one goes on after its checkpoint, so that no line is missing or there twice; a checkpoint of your
 * own must be taken by a callback that stands after this one.
 * @throws SinapseError when the path is none or an option unknown; in use TrainingError in one line when the file cannot be written
 */
export function jsonLinesLog(path: string, options: JsonLinesLogOptions = {}): Callback {
  checkOptions('jsonLinesLog', options, JSON_LINES_LOG);
  const { everySteps, name = 'jsonLinesLog' } = options;
  const file = new AppendFile('jsonLinesLog', path);
  const add = (event: string, values: object): void => file.add(lineOf({ event, ...values }));
  return {
    ...fileLog({ name, file, begin: () => new Uint8Array(), addEpoch: (result) => add('epoch', result) }),
    ...(everySteps !== undefined && {
      onStep(info) {
        if (info.globalStep % everySteps === 0) add('step', info);
      },
    }),
  };
}

function lineOf(value: object): Uint8Array {
  const special = (_: string, item: unknown): unknown => (typeof item === 'number' && !Number.isFinite(item) ? numberToJson(item) : item);
  const text = JSON.stringify(value, special);
  return new TextEncoder().encode(`${text}\n`);
}
