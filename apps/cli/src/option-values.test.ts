import { digits } from '@sinapse/datasets';
import { describe, expect, it } from 'vitest';
import { inputShape, modelOption, positiveNumber, ranges, timeSpan, wholeNumber, word } from './option-values.ts';

describe('whole numbers', () => {
  const parse = wholeNumber([1, 1000]);
  it.each(['1', '1000', '1e2', '+5'])('takes %s', (text) => expect(parse(text)).toBe(Number(text)));
  it.each(['0', '-1', '1.5', '1001', '', ' ', 'abc', 'NaN', 'Infinity', '0x10', '1e99', '12 3'])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow('expected an integer from 1 to 1,000');
  });
});

it('lets a limit of images be what can be generated', () => {
  const [least, most] = ranges.images;
  for (const count of [least - 1, most + 1])
    expect(() => digits({ count })).toThrow(`from ${least} to ${most.toLocaleString('en-US')}, got ${count}`);
});

describe('positive numbers', () => {
  it.each(['1e-3', '0.001', '.5', '3'])('takes %s', (text) => expect(positiveNumber(text)).toBe(Number(text)));
  it.each(['abc', '0', '-1', 'NaN', 'Infinity', '', '1,5'])('refuses %j', (text) =>
    expect(() => positiveNumber(text)).toThrow('a finite number > 0'),
  );
});

describe('input shapes', () => {
  it('takes sizes with commas or crosses', () => {
    expect(inputShape('28,28,1')).toEqual([28, 28, 1]);
    expect(inputShape('32x32x3')).toEqual([32, 32, 3]);
  });
  it.each(['', '28,,1', '0,28,1', '-1,28', 'a,b', '1,1,1,1,1', '99999999'])('refuses %j', (text) =>
    expect(() => inputShape(text)).toThrow('28,28,1'),
  );
});

it('refuses an empty word', () => expect(() => word(' ')).toThrow('expected a word that is not empty'));

describe('options of a model', () => {
  it.each([
    ['variant=original', { variant: 'original' }],
    [' classes = 3 ', { classes: 3 }],
    ['rate=1e-3', { rate: 0.001 }],
    ['inputShape=32,32,3', { inputShape: [32, 32, 3] }],
    ['inputShape=32x32x3', { inputShape: [32, 32, 3] }],
    ['bias=false', { bias: false }],
    ['name=a=b', { name: 'a=b' }],
    ['name=1,b', { name: '1,b' }],
    ['name=0x', { name: '0x' }],
  ])('%j', (text, options) => expect(modelOption(text)).toEqual(options));

  it('add up, each once', () => {
    expect(modelOption('b=2', modelOption('a=1'))).toEqual({ a: 1, b: 2 });
    expect(() => modelOption('a=2', { a: 1 })).toThrow('a is given twice');
  });

  it('may have any name: what there is, the zoo knows', () => {
    expect(Object.keys(modelOption('__proto__=1'))).toEqual(['__proto__']);
  });

  it.each(['variant', 'variant=', '=original', '', 'variant= '])('refuses %j', (text) =>
    expect(() => modelOption(text)).toThrow('expected a name and a value, e.g. variant=original'),
  );
});

describe('a span of time', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    [' 1.5 m', 90],
    ['2h', 7200],
  ])('%s', (text, seconds) => expect(timeSpan(text)).toBe(seconds));

  it.each(['', '0s', '-1m', '10 days', 'soon'])('%j is none', (text) => {
    expect(() => timeSpan(text)).toThrow('expected a time above 0, e.g. 90s, 10m or 1h');
  });
});
