// Why is my route not working: a request is described, and the gateway says what would become of it. The question stands in
// the address, so that an answer can be sent to somebody.
import { type FormEvent, useState } from 'react';
import type { Explanation } from '../../../src/model/view.ts';
import type { ExplainQuery } from '../api.ts';
import { ExplainTrace } from '../components/explain-trace.tsx';
import { Loaded, Page } from '../components/page.tsx';
import { LevelIcon } from '../components/status-badge.tsx';
import { replaceQuery, useRoute } from '../navigation/use-route.ts';
import { useEntryPoints, useExplanation } from '../queries.ts';
import styles from './explain-page.module.css';

const NO_QUERY: ExplainQuery = { url: '', method: 'GET', header: '', client: '', entryPoint: '' };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** The form, and the answer once it has been asked. */
export function ExplainPage() {
  const { query } = useRoute();
  const asked = Object.fromEntries(
    Object.entries(NO_QUERY).map(([key, fallback]) => [key, query.get(key) ?? fallback]),
  ) as ExplainQuery;
  const answer = useExplanation(asked);
  return (
    <Page title="Explain a request">
      <QuestionForm key={JSON.stringify(asked)} asked={asked} />
      {asked.url === '' ? null : (
        <Loaded query={answer}>
          {(explanation) => (
            <>
              <Outcome explanation={explanation} />
              <ExplainTrace explanation={explanation} />
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}

function QuestionForm({ asked }: { asked: ExplainQuery }) {
  const [typed, setTyped] = useState(asked);
  const { data: entryPoints } = useEntryPoints();
  const set = (key: keyof ExplainQuery) => (event: { currentTarget: { value: string } }) =>
    setTyped({ ...typed, [key]: event.currentTarget.value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replaceQuery(typed);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <label className={styles.method}>
        <span>Method</span>
        <select value={typed.method} onChange={set('method')}>
          {[...new Set([...METHODS, typed.method])].map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
      </label>
      <label className={styles.url}>
        <span>URL</span>
        <input
          type="text"
          required
          placeholder="https://tts.example.com/v1/speech"
          spellCheck={false}
          autoComplete="off"
          value={typed.url}
          onChange={set('url')}
        />
      </label>
      <label>
        <span>Entry point</span>
        <select value={typed.entryPoint} onChange={set('entryPoint')}>
          <option value="">By port</option>
          {entryPoints?.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className={styles.fields}>
        <span>Header fields, one on a line</span>
        <textarea
          rows={1}
          placeholder="X-Model: v3"
          spellCheck={false}
          value={typed.header}
          onChange={set('header')}
        />
      </label>
      <label>
        <span>Client address</span>
        <input type="text" placeholder="127.0.0.1" value={typed.client} onChange={set('client')} />
      </label>
      <button type="submit">Explain</button>
    </form>
  );
}

const OUTCOMES = {
  forwarded: 'ok',
  answered: 'ok',
  'passed-on': 'ok',
  refused: 'error',
  'not-heard': 'error',
} as const;

function Outcome({ explanation: { outcome } }: { explanation: Explanation }) {
  const level = OUTCOMES[outcome.kind];
  return (
    <div role="status" className={`${styles.outcome} ${styles[level]}`}>
      <LevelIcon level={level} />
      <div>
        <strong>{outcome.status === undefined ? outcome.text : `${outcome.status}: ${outcome.text}`}</strong>
        {outcome.hint === undefined ? null : <p className={styles.hint}>{outcome.hint}</p>}
      </div>
    </div>
  );
}
