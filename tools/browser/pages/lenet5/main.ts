import { publish } from '../../src/outcome.ts';
import type { Trained } from './program.ts';
import { engines, entries, train } from './program.ts';

publish(async () => {
  const trained: Trained[] = [];
  for (const options of globalThis.crossOriginIsolated ? engines : engines.slice(0, 2)) trained.push(await train(options));
  return { entries, isolated: globalThis.crossOriginIsolated, trained };
});
