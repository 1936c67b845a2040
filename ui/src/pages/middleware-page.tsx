// One middleware: its options (secrets come redacted from the gateway) and who uses it.
import type { MiddlewareView } from '../../../src/model/view.ts';
import { FactList, OptionList } from '../components/fact-list.tsx';
import { NameLinks } from '../components/name-links.tsx';
import { Loaded, Page, Section } from '../components/page.tsx';
import { Reasons } from '../components/reasons.tsx';
import { ObjectStatus } from '../components/status-badge.tsx';
import { useMiddleware } from '../queries.ts';

/** `name` is qualified. */
export function MiddlewarePage({ name }: { name: string }) {
  const query = useMiddleware(name);
  return (
    <Page title={name} aside={query.data ? <ObjectStatus status={query.data.status} /> : undefined}>
      <Loaded query={query} missing={`There is no middleware named ${name} now.`}>
        {(middleware) => (
          <>
            <FactList
              facts={[
                ['Kind', middleware.type],
                ['Provider', middleware.provider],
                ['Used by', <NameLinks key="used" section="routers" names={middleware.usedBy} />],
                ['Declared by', middleware.origins.join(', ')],
              ]}
            />
            <Section title="Options">
              <OptionList options={optionsOf(middleware)} />
            </Section>
            <Reasons view={middleware} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const KNOWN_FIELDS = new Set<string>([
  'name',
  'provider',
  'type',
  'status',
  'error',
  'usedBy',
  'origins',
  'diagnostics',
]);

/** Options stand under the kind's own key, whose case differs from `type`; all that is not a known field is shown. */
function optionsOf(middleware: MiddlewareView): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(middleware).filter(([key]) => !KNOWN_FIELDS.has(key)));
}
