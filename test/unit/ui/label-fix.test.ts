// How the dashboard marks and repairs labels, and what it takes for a search term.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Diagnostic } from '../../../src/model/view.ts';
import { makeDiagnostic, makeReplica } from '../../../ui/dev/recorded.ts';
import { fixOf, markAt, markLabel } from '../../../ui/src/logic/label-fix.ts';
import { diagnosticMatches, replicaMatches, toSearchTerm } from '../../../ui/src/logic/search-term.ts';

describe('markAt', () => {
  const cases = [
    { name: 'marks the word at the place', text: 'Hots(`a`)', position: 0, fault: 'Hots' },
    { name: 'marks one sign where no word stands', text: 'Host(`a`) & Path', position: 10, fault: '&' },
    { name: 'marks nothing at the end', text: 'Host(`a`', position: 8, fault: '' },
    { name: 'keeps inside the text', text: 'ab', position: 99, fault: '' },
    { name: 'keeps inside the text at its start', text: 'ab', position: -5, fault: 'ab' },
  ];
  for (const { name, text, position, fault } of cases) {
    it(name, () => {
      const marked = markAt(text, position);
      assert.equal(marked.fault, fault);
      assert.equal(marked.before + marked.fault + marked.after, text);
    });
  }
});

describe('markLabel', () => {
  it('counts from the start of the value', () => {
    assert.deepEqual(markLabel('a.rule=Host(`x`) && Pth(`/`)', 13), {
      before: 'a.rule=Host(`x`) && ',
      fault: 'Pth',
      after: '(`/`)',
    });
  });

  it('marks nothing in a key without a value, or without a place', () => {
    assert.equal(markLabel('a.b.c', 2).fault, '');
    assert.equal(markLabel('a.b=c', undefined).before, 'a.b=c');
  });
});

describe('fixOf', () => {
  const cases: readonly { name: string; given: Partial<Diagnostic>; fix: string | undefined }[] = [
    {
      name: "takes the gateway's own answer first",
      given: { fix: 'a=b', label: 'c=d', hint: 'Did you mean e.f?' },
      fix: 'a=b',
    },
    {
      name: 'keeps the value when a whole key is suggested',
      given: { code: 'wrong-root', label: 'trafik.enable=true', hint: 'Did you mean `traefik.enable`?' },
      fix: 'traefik.enable=true',
    },
    {
      name: 'does not guess which part of a key a bare word replaces',
      given: { code: 'unknown-key', label: 'traefik.http.x=1', hint: 'Did you mean "headers"?' },
      fix: undefined,
    },
    {
      name: 'replaces the word at the place in a rule',
      given: { label: 'r.rule=Hots(`a`)', position: 0, hint: 'Did you mean Host?' },
      fix: 'r.rule=Host(`a`)',
    },
    {
      name: 'leaves a rule alone where no word stands at the place',
      given: { label: 'r.rule=(`a`)', position: 0, hint: 'Did you mean Host?' },
      fix: undefined,
    },
    {
      name: 'replaces a reference, without the provider that was not written',
      given: {
        code: 'unknown-reference',
        label: 'traefik.http.routers.r.service=ap',
        message: 'There is no service ap@docker.',
        hint: 'Did you mean app@docker?',
      },
      fix: 'traefik.http.routers.r.service=app',
    },
    {
      name: 'replaces one entry point of several',
      given: {
        code: 'unknown-reference',
        label: 'traefik.http.routers.r.entrypoints=web,wbsecure',
        message: 'There is no entry point "wbsecure".',
        hint: 'Did you mean websecure?',
      },
      fix: 'traefik.http.routers.r.entrypoints=web,websecure',
    },
    {
      name: 'offers no label for a middleware, whose label may hold others besides',
      given: {
        code: 'unknown-reference',
        label: 'traefik.http.routers.r.middlewares=atuh',
        message: 'There is no middleware atuh@docker.',
        hint: 'Did you mean auth@docker?',
      },
      fix: undefined,
    },
    {
      name: 'offers nothing where no hint suggests a name',
      given: { label: 'a=b', hint: 'Write true.' },
      fix: undefined,
    },
  ];
  for (const { name, given, fix } of cases) {
    it(name, () => assert.equal(fixOf(makeDiagnostic(given)), fix));
  }
});

describe('search', () => {
  const cases = [
    ['  cosy ', 'cosy'],
    ['https://cosy.example.com/inference_sft?x=1', 'cosy.example.com'],
    ['http://user:secret@cosy.example.com:8443/', 'cosy.example.com'],
    ['http://[::1]:8080/x', '[::1]'],
    ['/inference_sft', '/inference_sft'],
    ['cosy@docker', 'cosy@docker'],
  ] as const;
  for (const [typed, term] of cases) {
    it(`takes "${typed}" for ${term}`, () => assert.equal(toSearchTerm(typed), term));
  }

  it('finds replicas by container, address and service, in any case', () => {
    const replica = makeReplica('tts', 'Speech-1');
    for (const term of ['speech-1', '172.20', 'TTS@docker']) assert.ok(replicaMatches(replica, term), term);
    assert.ok(!replicaMatches(replica, 'whisper'));
  });

  it('finds diagnostics by what they name and say', () => {
    const diagnostic = makeDiagnostic({ label: 'trafik.enable=true', message: 'Nobody reads it.' });
    for (const term of ['trafik', 'nobody', 'web-1', 'rule-syntax']) {
      assert.ok(diagnosticMatches(diagnostic, term), term);
    }
    assert.ok(!diagnosticMatches(diagnostic, 'whisper'));
  });
});
