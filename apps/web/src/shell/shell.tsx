// The frame around every page: navigation, language, theme and the choice of the backend.

import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { backendNames } from '../experiment/backend-names.ts';
import { startLaboratory } from '../experiment/laboratory.ts';
import { ConvolutionPage } from '../pages/convolution/page.tsx';
import { DescentPage } from '../pages/descent/page.tsx';
import { DrawPage } from '../pages/draw/page.tsx';
import { FunctionsPage } from '../pages/functions/page.tsx';
import { NeuronPage } from '../pages/neuron/page.tsx';
import { TrainPage } from '../pages/train/page.tsx';
import type { PageName } from '../router.ts';
import { page, pageNames, query } from '../router.ts';
import { BackendMenu } from './backend-menu.tsx';
import { Boundary } from './boundary.tsx';
import { language, languageNames, languages, textOf } from './language.ts';
import { Notices } from './notices.tsx';
import { watchOtherTabs } from './other-tabs.ts';
import { shellTexts } from './text.ts';
import { switchTheme, theme } from './theme.ts';
import { titleNote } from './title.ts';

const pages: Readonly<Record<PageName, ComponentType>> = {
  train: TrainPage,
  draw: DrawPage,
  neuron: NeuronPage,
  functions: FunctionsPage,
  descent: DescentPage,
  convolution: ConvolutionPage,
};

export function Shell() {
  const text = textOf(shellTexts);
  const Page = pages[page.value];
  useEffect(() => {
    void startLaboratory(backendNames.find((name) => name === query.peek().get('backend')));
    watchOtherTabs();
  }, []);
  const note = titleNote.value;
  const title = `${note && `${note} · `}${text.pages[page.value]} · Sinapse`;
  useEffect(() => void (document.title = title), [title]);
  // On a phone the names of the pages are wider than the screen.
  useEffect(() => document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [page.value, text]);
  return (
    <>
      <a class="skip" href="#main" onClick={focusMain}>
        {text.skip}
      </a>
      <header class="shell">
        <p class="brand" aria-hidden="true">
          <svg viewBox="0 0 16 16" width="20" height="20">
            <path d="M3 4l10 4-10 4" fill="none" stroke="var(--quiet)" />
            <circle cx="3" cy="4" r="2.5" fill="var(--warm)" />
            <circle cx="3" cy="12" r="2.5" fill="var(--warm)" />
            <circle cx="13" cy="8" r="3" fill="var(--cool)" />
          </svg>
          Sinapse
        </p>
        <nav aria-label={text.navigation}>
          {pageNames.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={page.value === name ? 'page' : undefined}>
              {text.pages[name]}
            </a>
          ))}
        </nav>
        <div class="settings">
          <BackendMenu />
          <select
            aria-label={text.language}
            value={language.value}
            onChange={({ currentTarget }) => void (language.value = currentTarget.value as typeof language.value)}
          >
            {languages.map((name) => (
              <option key={name} value={name} lang={name} title={languageNames[name]}>
                {name.toUpperCase()}
              </option>
            ))}
          </select>
          <button type="button" class="icon" onClick={switchTheme} aria-label={theme.value === 'dark' ? text.toLight : text.toDark}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
              <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
            </svg>
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Notices />
        <Boundary key={page.value}>
          <Page />
        </Boundary>
      </main>
      <footer class="shell">{text.footer}</footer>
    </>
  );
}

/** The hash names the page, so the link cannot be followed. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
