import { expect, it } from 'vitest';
import { asTyped, commandLines, example } from './invocation.ts';
import type { Invocation } from './invocation.ts';

const args = ['predict', 'my run/model.safetensors', "it's.png"];

const invocation = (script: string, env: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux'): Invocation => ({
  argv: ['node', script],
  env,
  platform,
});
const npm = { npm_lifecycle_event: 'start' };

it('proposes commands in the form this one was typed', () => {
  expect(asTyped(['train'], invocation('/repo/apps/cli/dist/main.js', npm))).toBe('npm start -- train');
  expect(asTyped(['train'], invocation('/usr/bin/sinapse'))).toBe('sinapse train');
  expect(asTyped(['train'], invocation(`${process.cwd()}/dist/main.js`))).toBe('node dist/main.js train');
});

it('keeps the lines of npm out of what another program reads', () => {
  const started = invocation('main.js', npm);
  expect(example('predict M *.jpg --json', 80, started)).toEqual(['  npm start --silent -- predict M *.jpg --json']);
  expect(example('predict M *.jpg', 80, started)).toEqual(['  npm start -- predict M *.jpg']);
  expect(example('datasets --json', 80, invocation('sinapse'))).toEqual(['  sinapse datasets --json']);
});

it('quotes what the shell of the platform would split', () => {
  expect(asTyped(args, invocation('sinapse'))).toBe(`sinapse predict 'my run/model.safetensors' 'it'\\''s.png'`);
  expect(asTyped(args, invocation('sinapse', {}, 'win32'))).toBe(`sinapse predict "my run/model.safetensors" "it's.png"`);
  expect(asTyped(args, invocation('sinapse', { PROMPT: '$P$G' }, 'win32'))).toBe(`sinapse predict "my run/model.safetensors" "it's.png"`);
});

it('breaks a long command as the shell of the platform allows', () => {
  const typed = ['evaluate', 'runs/model.safetensors', '--dataset', 'digits'];
  expect(commandLines(typed, 40, invocation('x', npm))).toEqual([
    '  npm start -- evaluate \\',
    '    runs/model.safetensors --dataset \\',
    '    digits',
  ]);
  expect(commandLines(typed, 40, invocation('x', { ...npm, PROMPT: '' }, 'win32'))[0]).toBe('  npm start -- evaluate ^');
});
