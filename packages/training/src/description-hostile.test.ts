// Descriptions of strangers are made whole, or refused in one short line.

import { meta, randomKey, RandomStream, SinapseError, use, walk, withBackend } from '@sinapse/core';
import { allLayers, sequential } from '@sinapse/layers';
import { Draws, layerCases } from '@sinapse/layers/cases';
import { beforeEach, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { MUTATIONS } from '../test/mutations.ts';
import type { Description, Json } from './index.ts';
import { describeModel, modelFrom } from './index.ts';

beforeEach(() => void use(poisoned()));

describe('a description of a stranger', () => {
  const make = (description: unknown) => modelFrom(description as Description, allLayers);
  const nested = (levels: number): Json => {
    let inner: Json = { layer: 'flatten', arguments: [] };
    for (let i = 0; i < levels; i++) inner = { layer: 'sequential', arguments: [[inner]] };
    return inner;
  };
  test.each<[string, unknown, RegExp]>([
    ['null', null, /^a layer is described by \{ "layer": its name, "arguments": a list \}$/],
    ['a list', [], /^a layer is described by/],
    ['no arguments', { layer: 'flatten' }, /^a layer is described by/],
    ['the name of a built-in', { layer: '__proto__', arguments: [] }, /^the layer __proto__ is not among the functions given/],
    ['a method of objects', { layer: 'toString', arguments: [] }, /^the layer toString is not among the functions given/],
    ['a function of the package that makes no layer', { layer: 'makeParameter', arguments: [[1e9]] }, /is not among the functions/],
    ['a name that speaks to the terminal', { layer: '\u001b[2J\n', arguments: [] }, /^the layer "\\u001b\[2J\\n" is not among/],
    ['a mistyped option', { layer: 'dense', arguments: [{ unit: 3 }] }, /^dense: unit is no option; did you mean units\?$/],
    [
      'a text for a function',
      { layer: 'dense', arguments: [{ units: 3, kernelInitializer: 'alert(1)' }] },
      /kernelInitializer: expected an initialiser/,
    ],
    [
      'an option of a layer within',
      {
        layer: 'sequential',
        arguments: [[['a', { layer: 'sequential', arguments: [[['b', { layer: 'dropout', arguments: [{ rate: 2 }] }]]] }]]],
      },
      /^a\/b: dropout: rate: expected a number within \[0, 1\), got 2$/,
    ],
    [
      'a layer twice under a name',
      {
        layer: 'sequential',
        arguments: [
          [
            ['a', nested(0)],
            ['a', nested(0)],
          ],
        ],
      },
      /two layers are named a$/,
    ],
    ['a number for a name', { layer: 'sequential', arguments: [[[1, nested(0)]]] }, /1 is not a name/],
    [
      'an activation without a name',
      { layer: 'activation', arguments: [null] },
      /^activation: expected the name of an activation, .*, got null$/,
    ],
    [
      'an activation with a text for alpha',
      { layer: 'dense', arguments: [{ units: 1, activation: { name: 'elu', alpha: 'x' } }] },
      /alpha/,
    ],
    [
      'a layer for madeBy',
      { layer: 'sequential', arguments: [[nested(0)], { madeBy: nested(0) }] },
      /^sequential: madeBy: expected \{ layer: /,
    ],
    ['layers without end', nested(40), /nested deeper than 64 levels/],
    ['10,001 layers', { layer: 'sequential', arguments: [Array.from({ length: 10_000 }, () => nested(0))] }, /more than 10000 layers/],
  ])('%s', (_, description, message) => {
    expect(() => make(description)).toThrow(message);
    expect(() => make(description)).toThrow(SinapseError);
  });

  test('fifteen levels of layers are made', () => {
    expect(make(nested(15)).build([2, 3], 1)).toEqual([6]);
  });

  test('with __proto__ among its options changes no object', () => {
    const evil = JSON.parse('{"layer":"dense","arguments":[{"units":2,"__proto__":{"useBias":false}}]}') as unknown;
    expect(() => make(evil)).toThrow('dense: __proto__ is no option');
  });

  test(`${MUTATIONS} changed descriptions are made and built, or refused by a SinapseError of one short line`, () => {
    const random = new RandomStream(randomKey(9).fold('descriptions'));
    const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
    const odd: readonly Json[] = [null, true, -1, 0, 1.5, 3, 2 ** 31, 2 ** 53, 1e300, '', 'same', 'relu', 'x'.repeat(1e5), [], [2, 2], [1, 2, 3, 4], {}, { name: 'maxout', pieces: 2 }]; // prettier-ignore
    const names = [...Object.keys(allLayers), 'sequence', 'constructor'];
    const changed = (value: Json): Json => {
      if (random.below(12) === 0) return pick(odd);
      if (Array.isArray(value)) return (value as Json[]).map(changed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => {
          if (name === 'layer') return [name, random.below(8) === 0 ? pick(names) : member];
          return [random.below(20) === 0 ? `${name}s` : name, changed(member)];
        }),
      );
    };
    const seeds = layerCases.map(({ name, draw }) => {
      const { layer, inputShape } = draw(new Draws(randomKey(1).fold(name)));
      return { description: describeModel(sequential([['it', layer]])) as unknown as Json, inputShape };
    });
    const count = { made: 0, refused: 0 };
    for (let i = 0; i < MUTATIONS; i++) {
      try {
        const { description, inputShape } = pick(seeds);
        const model = make(changed(description));
        withBackend(meta(), () => walk((model.build(inputShape, 1), model)));
        count.made++;
      } catch (error) {
        if (!(error instanceof SinapseError)) throw error;
        expect(error.message).not.toMatch(/\n/);
        expect(error.message.length).toBeLessThan(1000);
        count.refused++;
      }
    }
    expect(Math.min(count.made, count.refused)).toBeGreaterThan(MUTATIONS / 20);
  });
});
