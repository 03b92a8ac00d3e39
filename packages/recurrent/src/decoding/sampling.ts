// Choosing the next token from its logits: the likeliest, or one drawn at random from those that are likely enough.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, shown } from '@sinapse/core';

export interface SamplingOptions {
  /** Logits are divided by it: below 1 likely tokens become likelier; 0 always takes the likeliest. Default 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens can be drawn. Fan, Lewis, Dauphin 2018. Default all. */
  readonly topK?: number;
  /** Only the likeliest tokens whose probabilities add up to it can be drawn, within (0, 1]. Holtzman et al. 2020, "nucleus sampling". Default 1. */
  readonly topP?: number;
}

/** The checks of the options. */
export const SAMPLING: OptionChecks<SamplingOptions> = {
  temperature: check.notNegative,
  topK: check.count,
  topP: { expected: 'a number within (0, 1]', accepts: (value) => typeof value === 'number' && value > 0 && value <= 1 },
};

/** A token and its probability. */
export interface Candidate {
  readonly token: number;
  readonly probability: number;
}

/** The tokens that can be drawn, the likeliest first, without those of probability 0, with probabilities that add up to 1. @param logits not normalised */
export function candidatesOf(logits: ArrayLike<number>, options: SamplingOptions = {}): Candidate[] {
  checkOptions('candidatesOf', options, SAMPLING);
  if (typeof logits !== 'object' || logits === null || !(logits.length > 0))
    throw new SinapseError(`candidatesOf: expected the logits of at least one token, got ${shown(logits)}`);
  const { temperature = 1, topK = logits.length, topP = 1 } = options;
  const order = Array.from({ length: logits.length }, (_, token) => token).sort((a, b) => logits[b]! - logits[a]! || a - b);
  const largest = logits[order[0]!]!;
  if (Number.isNaN(largest) || order.some((token) => Number.isNaN(logits[token]!)))
    throw new SinapseError('candidatesOf: a logit is not a number');
  if (temperature === 0) return [{ token: order[0]!, probability: 1 }];
  const weights = order.map((token) => Math.exp((logits[token]! - largest) / temperature));
  const all = weights.reduce((a, b) => a + b);
  let [kept, mass] = [0, 0];
  while (kept < Math.min(topK, order.length) && (kept === 0 || (weights[kept]! > 0 && (topP === 1 || mass < topP))))
    mass += weights[kept++]! / all;
  return order.slice(0, kept).map((token, i) => ({ token, probability: weights[i]! / all / mass }));
}

/**
 * Draws a token. @param uniform a random number within [0, 1)
 * @throws SinapseError when an option is out of range, or a logit is not a number
 */
export function sampleToken(logits: ArrayLike<number>, options: SamplingOptions, uniform: number): number {
  const candidates = candidatesOf(logits, options);
  checkValue('sampleToken: uniform', uniform, check.fraction);
  let left = uniform;
  for (const { token, probability } of candidates) if ((left -= probability) < 0) return token;
  return candidates.at(-1)!.token; // the probabilities add up to a rounding less than 1
}
