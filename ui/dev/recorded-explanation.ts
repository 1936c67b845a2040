// A recorded answer of /api/explain: a request that no router takes, with every verdict that there is but one.
import type { Explanation } from '../../src/model/view.ts';

/** Whatever was asked. */
export const recordedExplanation: Explanation = {
  question: {
    scheme: 'https',
    method: 'GET',
    host: 'cosy1.example.com',
    port: 443,
    isPortNamed: false,
    path: '/v1/speech',
    query: '',
    headers: {},
    client: '127.0.0.1',
    entryPoint: '',
  },
  outcome: {
    kind: 'refused',
    status: 503,
    text: 'None of the 1 replicas of cosy1@docker is ready.',
    hint: 'See the reason beside each replica; requests go on as soon as one is ready.',
  },
  entryPoint: { name: 'websecure', reason: 'It listens on port 443.' },
  routers: [
    {
      name: 'cosy1@docker',
      rule: 'Host(`cosy1.example.com`)',
      priority: 25,
      verdict: 'chosen',
      reasons: ['Its rule takes the request, and no other that does is asked earlier.'],
    },
    {
      name: 'all@docker',
      rule: 'PathPrefix(`/`)',
      priority: 15,
      verdict: 'other-entry-point',
      reasons: ['It listens on web, not on websecure.'],
    },
    {
      name: 'studio@docker',
      rule: 'Hots(`studio.example.com`)',
      priority: 26,
      verdict: 'disabled',
      reasons: ['There is no matcher "Hots".'],
    },
    {
      name: 'preview@docker',
      rule: 'Host(`preview.example.com`)',
      priority: 27,
      verdict: 'no-match',
      reasons: ['Host(`preview.example.com`): the host is "cosy1.example.com".'],
    },
  ],
  otherRouters: 4,
  middlewares: [{ name: 'auth@docker', kind: 'basicAuth', status: 'enabled', errors: [] }],
  service: { name: 'cosy1@docker', status: 'enabled', errors: [] },
  replicas: [
    {
      name: 'cosy1-1',
      url: 'http://172.18.0.2:7860',
      isReady: false,
      reason: 'The HEALTHCHECK of the container fails.',
    },
  ],
};
