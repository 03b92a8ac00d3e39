// Beam search: of all beginnings of an output, the likeliest few are kept and continued. Graves 2012; Sutskever, Vinyals, Le 2014.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';

/** An output, or the beginning of one. */
export interface Beam {
  readonly tokens: readonly number[];
  /** The natural logarithm of its probability. */
  readonly logProbability: number;
}

export interface BeamSearchOptions {
  /** How many beginnings are kept. Default 4. */
  readonly width?: number;
  /** Most tokens of an output. */
  readonly length: number;
  /** The token that ends an output. Default: outputs have the given length. */
  readonly end?: number;
  /** How much longer outputs are favoured: scores are divided by ((5 + tokens) / 6)^penalty. Wu et al. 2016, equation 14. Default 0. */
  readonly lengthPenalty?: number;
}

const BEAM_SEARCH: OptionChecks<BeamSearchOptions> = {
  width: check.count,
  length: check.required(check.count),
  end: check.natural,
  lengthPenalty: check.notNegative,
};

/** What follows some beginnings: the logits of each one's next token, and each one's state after its last token. */
export interface Continued<S> {
  readonly logits: readonly ArrayLike<number>[];
  readonly states: readonly S[];
}

/**
 * Finds likely outputs.
 * @param state of the empty beginning
 * @param next continues beginnings, all at once: it is given each one's state, and its last token, undefined for the empty one
 * @returns the kept outputs, the best first
 * @throws SinapseError when an option is out of range
 */
export async function beamSearch<S>(
  state: S,
  next: (states: readonly S[], tokens: readonly (number | undefined)[]) => Continued<S> | Promise<Continued<S>>,
  options: BeamSearchOptions,
): Promise<Beam[]> {
  checkValue('beamSearch: next', next, check.callable);
  checkOptions('beamSearch', options, BEAM_SEARCH);
  const { width = 4, length, end, lengthPenalty = 0 } = options;
  const scoreOf = ({ tokens, logProbability }: Beam): number => logProbability / ((5 + tokens.length) / 6) ** lengthPenalty;
  const best = <B extends Beam>(beams: readonly B[]): B[] => beams.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, width);
  let open: (Beam & { readonly state: S })[] = [{ tokens: [], logProbability: 0, state }];
  let ended: Beam[] = [];
  for (let step = 0; step < length && open.length > 0; step++) {
    const { logits, states } = await next(
      open.map((beam) => beam.state),
      open.map(({ tokens }) => tokens.at(-1)),
    );
    if (logits.length !== open.length || states.length !== open.length)
      throw new SinapseError(`beamSearch: next must give logits and a state for each of ${open.length} beginnings`);
    const continued = open.flatMap(({ tokens, logProbability }, i) =>
      logSoftmax(logits[i]!).map((log, token) => ({ tokens: [...tokens, token], logProbability: logProbability + log, state: states[i]! })),
    );
    const kept = best(continued);
    ended = best([...ended, ...kept.filter(({ tokens }) => tokens.at(-1) === end)]);
    open = kept.filter(({ tokens }) => tokens.at(-1) !== end);
    // Without a penalty no continuation becomes likelier than what it continues.
    if (lengthPenalty === 0 && ended.length === width && open.every((beam) => scoreOf(beam) <= scoreOf(ended.at(-1)!))) break;
  }
  return best([...ended, ...open]).map(({ tokens, logProbability }) => ({ tokens, logProbability }));
}

function logSoftmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const logSum = largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return values.map((value) => value - logSum);
}
