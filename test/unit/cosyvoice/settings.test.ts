// The environment: defaults, values, and all complaints at once.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HELP, parseSettings } from '../../cosyvoice/settings.ts';

describe('parseSettings', () => {
  it('is a healthy and fast CosyVoice2 on port 50000 by default', () => {
    const settings = parseSettings({ PORT: '' });
    assert.equal(settings.port, 50_000);
    assert.equal(settings.curve, 'none');
    assert.equal(settings.model, 'cosyvoice2');
    assert.equal(settings.fault.kind, 'none');
    assert.equal(settings.speakers.length, 7);
  });

  it('takes every variable', () => {
    const settings = parseSettings({
      PORT: '7860',
      HOST: '::',
      MODEL: 'CosyVoice3',
      SPEAKERS: 'ann, bob',
      LOAD_SECONDS: '1.5',
      WARMUP_SECONDS: '2',
      SLOTS: '2',
      CURVE: 'H200',
      FAULT: 'cut',
      FAULT_PROBABILITY: '0.5',
      FAULT_COUNT: '3',
      FAULT_AFTER_BYTES: '10',
      FAULT_SECONDS: '1',
      FAULT_STATUS: '502',
    });
    assert.deepEqual(settings, {
      port: 7860,
      host: '::',
      model: 'cosyvoice3',
      speakers: ['ann', 'bob'],
      loadSeconds: 1.5,
      warmupSeconds: 2,
      slots: 2,
      curve: 'h200',
      fault: { kind: 'cut', probability: 0.5, count: 3, afterBytes: 10, seconds: 1, status: 502 },
    });
  });

  it('reports all faults at once', () => {
    const environment = { PORT: 'http', CURVE: 'h900', MODEL: 'gpt', FAULT: 'explode', FAULT_STATUS: '200' };
    assert.throws(
      () => parseSettings(environment),
      /PORT=http.*MODEL=gpt.*CURVE=h900.*FAULT: .*kind.*status/s,
    );
  });

  it('explains every variable in --help', () => {
    const names =
      'PORT HOST MODEL SPEAKERS LOAD_SECONDS WARMUP_SECONDS SLOTS CURVE FAULT FAULT_PROBABILITY FAULT_COUNT';
    for (const name of names.split(' ')) assert.match(HELP, new RegExp(`^  ${name} \\(`, 'm'));
  });
});
