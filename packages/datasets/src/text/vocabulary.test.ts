import { expect, it } from 'vitest';
import { Dataset, characterVocabulary, decodeCodes, encodeText, padded, wordVocabulary } from '../index.ts';

it('codes characters, whole code points', () => {
  const vocabulary = characterVocabulary('abba🍎a');
  expect(vocabulary.entries).toEqual(['a', 'b', '🍎']);
  expect([...encodeText(vocabulary, 'b🍎x')]).toEqual([3, 4, 1]);
  expect(decodeCodes(vocabulary, [3, 4, 1, 0])).toBe('b🍎\ufffd');
});

it('codes words, with accents, apostrophes and signs', () => {
  const vocabulary = wordVocabulary(['A Ação do guarda-chuva, a ação.', "It's"]);
  expect(vocabulary.entries).toEqual(['a', 'ação', ',', '.', 'do', 'guarda-chuva', "it's"]);
  expect(decodeCodes(vocabulary, encodeText(vocabulary, 'AÇÃO do gato'))).toBe('ação do \ufffd');
  expect(wordVocabulary('b a b', { size: 1 }).entries).toEqual(['b']);
  expect(wordVocabulary('A a', { lowerCase: false }).entries).toEqual(['A', 'a']);
});

it('texts of different lengths make a batch', async () => {
  const vocabulary = JSON.parse(JSON.stringify(characterVocabulary('ab'))) as ReturnType<typeof characterVocabulary>;
  const texts = Dataset.from(['ab', 'b']).map((text) => ({ x: encodeText(vocabulary, text) }));
  const batch = await texts.batch(2, { collate: padded() }).iterate().next();
  expect(batch.value).toMatchObject({ x: { data: Int32Array.of(2, 3, 3, 0), shape: [2, 2] } });
});

it('says what is wrong', () => {
  expect(() => characterVocabulary(5 as never)).toThrow('characterVocabulary: expected a text or a list of texts, got 5');
  expect(() => wordVocabulary('a', { size: 0 })).toThrow('wordVocabulary: size: expected an integer >= 1, got 0');
  expect(() => encodeText({} as never, 'a')).toThrow('encodeText: vocabulary: expected a vocabulary');
  expect(() => decodeCodes(characterVocabulary('a'), [3])).toThrow('decodeCodes: code: expected an integer from 0 to 2, got 3');
});
