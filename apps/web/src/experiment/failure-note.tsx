// A failure on the page: its sentence in the language chosen, what can be done at once, and the message behind it for those who ask.

import type { ComponentChildren } from 'preact';
import { textOf } from '../shell/language.ts';
import { shellTexts } from '../shell/text.ts';
import { failureTexts, sentenceOf } from './failure-text.ts';
import type { Failure } from './failure.ts';

export function FailureNote({ failure, children }: { readonly failure: Failure; readonly children?: ComponentChildren }) {
  const text = textOf(shellTexts);
  const { kind, detail } = failure;
  return (
    <div class="problem" role="alert" data-kind={kind}>
      <p>{sentenceOf(failure, textOf(failureTexts))}</p>
      {children}
      {detail !== '' && (
        <details>
          <summary>{text.technical}</summary>
          <p lang="en">{detail}</p>
        </details>
      )}
    </div>
  );
}
