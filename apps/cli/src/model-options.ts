// The options of an architecture, as typed on the command line (`--model-option variant=original`) and kept in files.

import { SinapseError } from '@sinapse/core';
import { createModel } from '@sinapse/zoo';
import { UsageError } from './usage-error.ts';

/** Options by name. The zoo knows which names and values are valid. */
export type ModelOptions = Readonly<Record<string, unknown>>;

/** The options that the data set decides when a model is trained. */
const ofTheData = ['classes', 'inputShape'];

/**
 * Checks the options of a model to be trained, before any data are loaded.
 * @throws UsageError when an option is unknown, out of range, or decided by the data set
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

/** The options as they are typed: one `variant=original` for each. */
export function asWords(options: ModelOptions): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${String(value)}`); // a list becomes text with commas, as it is typed
}
