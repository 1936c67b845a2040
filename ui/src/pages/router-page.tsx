// One router: whether it works, the way of its requests, and every reason why not.
import type { RouterView } from '../../../src/model/view.ts';
import { FactList, OptionList } from '../components/fact-list.tsx';
import { Loaded, Page, Section } from '../components/page.tsx';
import { Reasons } from '../components/reasons.tsx';
import { RouteFlow } from '../components/route-flow.tsx';
import { LevelIcon } from '../components/status-badge.tsx';
import { markAt } from '../logic/label-fix.ts';
import { qualify } from '../logic/readiness.ts';
import { tlsOf } from '../logic/router-tls.ts';
import { verdictOf } from '../logic/router-verdict.ts';
import { useReplicasByService, useRouter } from '../queries.ts';
import styles from './router-page.module.css';

/** `name` is qualified. */
export function RouterPage({ name }: { name: string }) {
  const query = useRouter(name);
  return (
    <Page title={name}>
      <Loaded query={query} missing={`There is no router named ${name} now.`}>
        {(router) => <Router router={router} />}
      </Loaded>
    </Page>
  );
}

function Router({ router }: { router: RouterView }) {
  const { data: replicas } = useReplicasByService();
  const own = replicas ? (replicas.get(qualify(router.service, router.provider)) ?? []) : undefined;
  const { level, text } = verdictOf(router, replicas);
  return (
    <>
      <p className={`${styles.verdict} ${styles[level]}`}>
        <LevelIcon level={level} />
        <span>
          <strong>{VERDICT_WORDS[level]}</strong>
          {level === 'ok' ? null : ` ${text}`}
        </span>
      </p>
      <Section title="The way of a request">
        <RouteFlow router={router} replicas={own} />
      </Section>
      <Reasons view={router} />
      <Section title="Settings">
        <FactList
          facts={[
            ['Rule', <Rule key="rule" router={router} />],
            ['Rule syntax', router.ruleSyntax],
            ['Priority', router.priorityStr || `${router.priority}`],
            ['Entry points', router.entryPoints.join(', ')],
            ['TLS', tlsOf(router)],
            ['Provider', router.provider],
            ['Declared by', router.origins.join(', ')],
          ]}
        />
      </Section>
      {router.tls === undefined || Object.keys(router.tls).length === 0 ? null : (
        <Section title="TLS">
          <OptionList options={router.tls} />
        </Section>
      )}
    </>
  );
}

const VERDICT_WORDS = {
  ok: 'Requests that match are answered.',
  warning: 'Requests are answered, but something needs attention.',
  error: 'Requests are not answered by this route.',
};

/** The rule, with the fault marked where a diagnostic knows its place. */
function Rule({ router: { rule, diagnostics } }: { router: RouterView }) {
  const faulty = diagnostics.find((one) => one.position !== undefined && one.label?.endsWith(rule));
  if (faulty?.position === undefined) return <code>{rule}</code>;
  const { before, fault, after } = markAt(rule, faulty.position);
  return (
    <code>
      {before}
      <mark>{fault || '⟨end⟩'}</mark>
      {after}
    </code>
  );
}
