// Whether probabilities keep what they promise.

import { reliabilityChart } from '../charts/reliability.ts';
import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

export const calibration: MakeSection = ({ words, format, measures }) => {
  if (measures === undefined) return undefined;
  const { title, confidence, accuracy, error, note } = words.calibration;
  const chart = reliabilityChart(measures.reliability, { title, across: confidence, up: accuracy, format: format.number });
  return {
    id: 'calibration',
    title,
    body: html`${chart}
      <p>${error(format.percent(measures.reliability.expectedError))} ${note}</p>`,
  };
};
