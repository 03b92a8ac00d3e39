import { describe, expect, test } from 'vitest';
import * as check from './checks.ts';
import { SinapseError } from './errors.ts';
import { checkOptions, checkValue, problemOf } from './options.ts';
import { shown } from './shown.ts';

const known = { filters: check.required(check.count), padding: check.padding, momentum: check.fraction };
const checked = (options: unknown) => () => checkOptions('layer', options, known);

test('options that are right pass, and those that are left out', () => {
  expect(checked({ filters: 3 })).not.toThrow();
  expect(checked({ filters: 3, padding: undefined, momentum: 0.5 })).not.toThrow();
});

test.each<[unknown, string]>([
  [{ filters: 3, momentun: 0.5 }, 'layer: momentun is no option; did you mean momentum?'],
  [{ filters: 3, stride: 2 }, 'layer: stride is no option; there are filters, padding, momentum'],
  [JSON.parse('{"__proto__": 1}'), 'layer: __proto__ is no option; there are'],
  [{ constructor: 1 }, 'layer: constructor is no option'],
  [{ filters: 0 }, 'layer: filters: expected an integer >= 1, got 0'],
  [{}, 'layer: filters: expected an integer >= 1, got undefined'],
  [{ filters: 1, momentum: null }, 'layer: momentum: expected a number within [0, 1), got null'],
  [{ filters: 1, padding: 'sam' }, 'got "sam"; did you mean same?'],
  [undefined, 'layer: options: expected an object, got undefined'],
  [[1], 'layer: options: expected an object, got [1]'],
])('%o: %s', (options, message) => {
  expect(checked(options)).toThrow(message);
  expect(checked(options)).toThrow(SinapseError);
});

describe('what values may be', () => {
  const wrong = [undefined, null, NaN, Infinity, -Infinity, '1', [], {}, true];
  test.each<[string, check.Check, unknown[], unknown[]]>([
    ['finite', check.finite, [-1e300, 0, 0.5], wrong],
    ['positive', check.positive, [Number.MIN_VALUE, 1, Number.MAX_VALUE], [...wrong, 0, -1]],
    ['not negative', check.notNegative, [0, 1], [...wrong, -Number.MIN_VALUE]],
    ['fraction', check.fraction, [0, 0.999], [...wrong, 1, -0.1]],
    ['count', check.count, [1, 2 ** 53 - 1], [...wrong, 0, 1.5, 2 ** 53]],
    ['odd', check.odd, [1, 7], [...wrong, 0, 2, -1, 1.5]],
    ['integer', check.integer(2, 4), [2, 3, 4], [...wrong, 1, 5, 2.5]],
    ['flag', check.flag, [true, false], [undefined, null, 0, 'true']],
    ['callable', check.callable, [() => 1], [undefined, 'f', {}]],
    ['one of', check.oneOf(['a', 'b']), ['a', 'b'], [...wrong, 'c', 'toString']],
    ['pair', check.pair, [1, [2, 3]], [...wrong, 0, [1], [1, 2, 3], [1, 0], [1, 1.5]]],
    ['padding', check.padding, ['valid', 'same', 0, [[0, 1], [2, 3]]], [...wrong, -1, [1, 2], [0, 1, 2, 3], [[0, 0], [0, -1]], 'full']], // prettier-ignore
    ['per axis of sequences', check.perAxis(1), [1], [...wrong, 0, [1]]],
    ['per axis of volumes, from 0', check.perAxis(3, 0), [0, [0, 1, 2]], [...wrong, -1, [1, 2], [1, 2, -1]]],
    ['border of sequences', check.border(1), [0, [1, 0]], [...wrong, -1, [1], [[1, 0]], 'same']],
    ['border of volumes', check.border(3), [0, [[0, 1], [2, 3], [0, 0]]], [...wrong, [1, 2, 3], [[0, 1], [2, 3]]]], // prettier-ignore
    ['padding of sequences', check.paddingOf(1, ['causal']), ['causal', 2, [1, 0]], [...wrong, 'same', [[1, 0]]]],
    ['axis', check.axis, [-1, 0], [...wrong, 0.5, [0]]],
    ['axes', check.axes, [-1, 0, [], [0, -1]], [...wrong.filter((value) => !Array.isArray(value)), 0.5, [0.5], ['0']]],
    ['scalar', check.scalar, [0.5, { value: 1 }], [undefined, null, '1', [], { value: '1' }]],
    ['dtype', check.dtype, ['float32', 'bool'], [...wrong, 'float', 'toString']],
    ['seed', check.seed, [0, 2 ** 53 - 1, { fold: () => 0 }], [...wrong, -1, 0.5]],
    ['shape', check.shape, [[], [2, 0]], [undefined, null, 3, {}, [-1], [0.5], ['2']]],
  ])('%s', (_, { accepts }, right, refused) => {
    expect(right.filter((value) => !accepts(value))).toEqual([]);
    expect(refused.filter((value) => accepts(value))).toEqual([]);
  });

  test('are said with what was given', () => {
    expect(problemOf(3, check.integer(0, 1e6))).toBeUndefined();
    expect(problemOf(-1, check.integer(0, 1e6))).toBe('expected an integer from 0 to 1,000,000, got -1');
    expect(problemOf('vaild', check.oneOf(['valid', 'same']))).toBe('expected one of valid, same, got "vaild"; did you mean valid?');
    expect(problemOf('zebra', check.oneOf(['valid', 'same']))).toBe('expected one of valid, same, got "zebra"');
    expect(() => checkValue('clip: limit', '1', check.positive)).toThrow('clip: limit: expected a finite number > 0, got "1"');
  });
});

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [1e21, '1e+21'],
  ['a\nb\u202e', '"a\\nb\\u{202e}"'],
  ['x'.repeat(1000), `"${'x'.repeat(80)}…"`],
  [[1, 'a', null], '[1,"a",null]'],
  [[[1, 2], [3]], '[[1,2],[3]]'],
  [Array.from({ length: 1000 }, () => 1), `[${Array.from({ length: 20 }, () => 1).join(',')},…]`],
  [[{}], 'an array'],
  [[1n], '[1n]'],
  [{ dtype: 'float32', shape: [2, 3] }, 'a float32 tensor [2,3]'],
  [Promise.resolve(1), 'a promise (await it)'],
  [() => 1, 'a function'],
  [{ a: 1 }, 'an object'],
  [Symbol('s'), 'Symbol(s)'],
])('a value in a message: %o is %s', (value, text) => expect(shown(value)).toBe(text));

test('the name of an unknown option is shortened and quoted', () => {
  expect(checked({ ['x'.repeat(3_000_000)]: 1 })).toThrow(
    new SinapseError(`layer: "${'x'.repeat(80)}…" is no option; there are filters, padding, momentum`),
  );
  expect(checked({ 'a\nb': 1 })).toThrow('layer: "a\\nb" is no option');
});
