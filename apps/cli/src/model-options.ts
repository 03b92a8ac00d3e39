// The options of an architecture, as they are typed and kept: `--model-option variant=original`.

import { SinapseError } from '@sinapse/core';
import { createModel } from '@sinapse/zoo';
import { UsageError } from './usage-error.ts';

/** By name. Which there are, and what they take, the zoo knows. */
export type ModelOptions = Readonly<Record<string, unknown>>;

/** What a model that is trained must have of its data set. */
const ofTheData = ['classes', 'inputShape'];

/**
 * Looks at the options of a model that is to be trained, before there are any data.
 * @throws UsageError when an option is unknown, out of its range, or not for the user to say
 */
export function checkModelOptions(model: string, options: ModelOptions): void {
  const refused = ofTheData.find((name) => Object.hasOwn(options, name));
  if (refused !== undefined) throw new UsageError(`model options: ${refused} is given by the data set; leave it out`);
  try {
    createModel(model, options);
  } catch (error) {
    throw error instanceof SinapseError ? new UsageError(`model options: ${error.message}`) : error;
  }
}

/** As they are typed: `variant=original`, one for each. */
export function asWords(options: ModelOptions): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${String(value)}`); // a list's text has commas, as it is typed
}
