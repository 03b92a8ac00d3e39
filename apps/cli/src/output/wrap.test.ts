import { expect, it } from 'vitest';
import { wrap, wrapCommand, wrapWords } from './wrap.ts';

it('begins a new line where the next part would not fit', () => {
  expect(wrap(['Epoch 1/2', 'loss 0.3', 'accuracy 90%'], 80, 2)).toEqual(['Epoch 1/2  loss 0.3  accuracy 90%']);
  expect(wrap(['Epoch 1/2', 'loss 0.3', 'accuracy 90%'], 20, 2)).toEqual(['Epoch 1/2  loss 0.3', '  accuracy 90%']);
});

it('breaks a line at words, never inside one', () => {
  expect(wrapWords('  # give its folder: --data-dir DIR', 24)).toEqual(['  # give its folder:', '    --data-dir DIR']);
  expect(wrapWords('a/very/long/path is whole', 8)).toEqual(['a/very/long/path', '  is', '  whole']);
  expect(wrapWords('short', 80)).toEqual(['short']);
  expect(wrapWords('two  spaces', 80)).toEqual(['two  spaces']);
});

it('counts no colours', () => {
  expect(wrapWords('\u001b[1mbold\u001b[22m and plain', 14)).toEqual(['\u001b[1mbold\u001b[22m and plain']);
  expect(wrapWords('\u001b[2m    faint and long', 12)).toEqual(['    \u001b[2mfaint', '      and', '      long']);
});

it('breaks a command so that it is still one', () => {
  const words = ['npm', 'start', '--', 'predict', 'runs/digits/model.safetensors', 'runs/digits/sample.png'];
  const lines = wrapCommand(words, 40, '  ', '\\');
  expect(lines).toEqual(['  npm start -- predict \\', '    runs/digits/model.safetensors \\', '    runs/digits/sample.png']);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  expect(wrapCommand(words, 200, '', '\\')).toEqual([words.join(' ')]);
});
