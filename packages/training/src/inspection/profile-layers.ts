// Where the time goes: kernel calls added up by the layer that makes them.

import type { ContextOptions, OptionChecks, ProfileEntry } from '@sinapse/core';
import { Context, SinapseError, check, checkOptions, checkValue, profile, shown } from '@sinapse/core';

/** The calls of one kernel by one layer. */
export type LayerProfileRow = Omit<ProfileEntry, 'group' | 'backward'> & {
  /** The path of the layer; empty for calls outside all layers: the loss, the optimizer. */
  readonly layer: string;
  /** Whether these are calls of the gradient of what the layer computes. */
  readonly backward: boolean;
};

export interface LayerProfile<T> {
  readonly result: T;
  /** The most time first. */
  readonly rows: readonly LayerProfileRow[];
}

/** The paths of the layers that are running, outermost first. */
class Running {
  private readonly paths: string[] = [];

  get layer(): string {
    return this.paths.at(-1) ?? '';
  }

  /** @param outer the path of the layer that calls it, whose earlier parts have ended, be it by an error */
  begin(path: string, outer: string): void {
    this.paths.length = this.paths.lastIndexOf(outer) + 1;
    this.paths.push(path);
  }

  /** Ends a layer, and those inside it whose end was not told. */
  end(path: string): void {
    const at = this.paths.lastIndexOf(path);
    if (at >= 0) this.paths.length = at;
  }
}

/** A context that notes which layer is running: a child begins when it is made, and ends when its output is observed. */
class ProfiledContext extends Context {
  private readonly running: Running;
  private readonly given: ContextOptions;

  constructor(running: Running, options: ContextOptions, parent?: ConstructorParameters<typeof Context>[1]) {
    super({ ...options, observe: (path) => running.end(path) }, parent);
    this.running = running;
    this.given = options;
  }

  override child(name: string, before = 0): Context {
    const { training } = this.given;
    const inner = new ProfiledContext(this.running, { training }, { context: this, name, before });
    this.running.begin(inner.path, this.path);
    return inner;
  }
}

const OPTIONS: OptionChecks<Pick<ContextOptions, 'training' | 'seed'>> = { training: check.flag, seed: check.seed };

/**
 * Runs a model in a context that notes which layer makes which kernel calls: `await profileLayers((context) => model.call(x, context))`. For a
 * whole step, take the gradient inside. Layers do not overwrite what they are handed here, so a little more memory is moved than otherwise.
 * @param run is called once, synchronously, with the context for the model
 * @returns what `run` returned, whose tensors the caller disposes of, and a row for each layer, kernel, and reason of a lowering
 * @throws SinapseError when an argument is wrong; what `run` throws
 */
export async function profileLayers<T>(
  run: (context: Context) => T,
  options: Pick<ContextOptions, 'training' | 'seed'> = {},
): Promise<LayerProfile<T>> {
  checkValue('profileLayers', run, { ...check.callable, expected: 'a function of the context, e.g. (context) => model.call(x, context)' });
  checkOptions('profileLayers', options, OPTIONS);
  const running = new Running();
  const context = new ProfiledContext(running, options);
  try {
    const { result, entries, complete } = profile(() => ({ value: run(context) }), { groupBy: () => running.layer });
    const { value } = result;
    if (value instanceof Promise) throw new SinapseError('profileLayers: the function must be synchronous, it returned a promise');
    await complete;
    const rows = entries.map(({ group = '', backward = false, ...entry }) => ({ ...entry, layer: group, backward }));
    return { result: value, rows: rows.sort((a, b) => b.milliseconds - a.milliseconds) };
  } finally {
    context.discard();
  }
}

/**
 * A profile as a table of text: layer, with an arrow back for its gradient, kernel, calls, time, bytes, multiply-accumulate operations, and the
 * reason for each lowering. The times of lowered calls hold those of the calls they make.
 * @param most how many rows, the first ones; all by default
 */
export function formatLayerProfile(layerProfile: Pick<LayerProfile<unknown>, 'rows'>, most: number = Infinity): string {
  const { rows } = { ...layerProfile };
  if (!Array.isArray(rows)) throw new SinapseError(`formatLayerProfile: expected what profileLayers gives, got ${shown(layerProfile)}`);
  const head = ['layer', 'kernel', 'calls', 'ms', 'kB', 'MACs', ''];
  const lines = (rows as readonly LayerProfileRow[])
    .slice(0, most)
    .map(({ layer, backward, kernel, calls, milliseconds, bytes, macs, how, reason }) => [
      `${layer === '' ? '–' : layer}${backward ? ' ←' : ''}`,
      kernel,
      String(calls),
      milliseconds.toFixed(3),
      (bytes / 1000).toFixed(1),
      String(macs),
      how === 'lowered' ? `lowered: ${reason ?? 'no reason given'}` : '',
    ]);
  const table = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const isText = (column: number): boolean => column < 2 || column === head.length - 1;
  return table
    .map((line) =>
      line
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
