// The sum behind the number at the window's place, with its terms, channel by channel.

import { number, textOf } from '../../shell/language.ts';
import { convolved, place, state } from './state.ts';
import { termsOf } from './terms.ts';
import { convolutionTexts } from './text.ts';

export function SumOfTerms() {
  const text = textOf(convolutionTexts);
  const { convolution, rule, filter } = state.value;
  const { row, column } = place.value;
  const terms = termsOf(convolution, rule, filter, row, column);
  const channels = convolution.input.length;
  const size = convolution.kernels[0]![0]!.length ** 2;
  const short = (value: number) => value.toLocaleString(undefined, { maximumFractionDigits: 1 }).replace('-', '−');
  const weight = (value: number) => (value < 0 ? `(${short(value)})` : short(value));
  const { width, height, [rule]: values } = convolved.value!;
  const total = values[(filter * height + row) * width + column] ?? 0;
  const bias = convolution.bias[filter] ?? 0;
  return (
    <div class="sum">
      <h3>{text.sum}</h3>
      {Array.from({ length: channels }, (_, c) => (
        <p key={c}>
          {c > 0 && '+ '}
          {terms.slice(c * size, (c + 1) * size).map((term, i) => (
            <span key={i} class={term.weight === 0 || term.input === 0 ? 'quiet' : ''}>
              {i > 0 && ' + '}
              {short(term.input)}·{weight(term.weight)}
            </span>
          ))}
        </p>
      ))}
      <p>
        {bias !== 0 && `+ ${number(bias)} `}= <output>{short(total)}</output>
      </p>
    </div>
  );
}
