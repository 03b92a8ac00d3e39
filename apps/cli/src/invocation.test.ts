import { expect, it } from 'vitest';
import { asTyped, example } from './invocation.ts';

const args = ['predict', 'my run/model.safetensors', "it's.png"];

it('proposes commands in the form this one was typed', () => {
  expect(asTyped(['train'], ['node', '/repo/apps/cli/dist/main.js'], { npm_lifecycle_event: 'start' })).toBe('npm start -- train');
  expect(asTyped(['train'], ['node', '/usr/bin/sinapse'], {})).toBe('sinapse train');
  expect(asTyped(['train'], ['node', `${process.cwd()}/dist/main.js`], {})).toBe('node dist/main.js train');
});

it('keeps the lines of npm out of what another program reads', () => {
  const started = { npm_lifecycle_event: 'start' };
  expect(example('predict M *.jpg --json', ['node', 'main.js'], started)).toBe('npm start --silent -- predict M *.jpg --json');
  expect(example('predict M *.jpg', ['node', 'main.js'], started)).toBe('npm start -- predict M *.jpg');
  expect(example('datasets --json', ['node', 'sinapse'], {})).toBe('sinapse datasets --json');
});

it('quotes what a shell would split', () => {
  expect(asTyped(args, ['node', 'sinapse'], {})).toBe(`sinapse predict 'my run/model.safetensors' 'it'\\''s.png'`);
});
