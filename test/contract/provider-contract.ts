// What every provider promises, whatever it reads. An implementation calls `providerContract` with a harness around its
// source; the tests wait for conditions and know nothing of the source.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { until } from '../support/until.ts';

/** A provider with a source that the tests can change. Nothing is started before `start`. */
export type ProviderHarness = {
  /** The name behind the @. */
  readonly name: string;
  /** What it reported so far. */
  readonly configs: readonly ProviderConfig[];
  readonly states: readonly ProviderState[];
  start(): void;
  close(): Promise<void>;
  /** Adds a service of that name, with a router to it, to the source. */
  addService(service: string): void;
  removeService(service: string): void;
  /** The source cannot be reached until `restore`. */
  cutOff(): Promise<void>;
  restore(): Promise<void>;
  /** Frees what the source holds. */
  dispose(): Promise<void>;
};

/** Registers the tests of the contract for one provider. */
export function providerContract(title: string, createHarness: () => Promise<ProviderHarness>): void {
  const check = (name: string, body: (harness: ProviderHarness) => Promise<void>) =>
    test(name, async () => {
      const harness = await createHarness();
      try {
        await body(harness);
      } finally {
        await harness.close();
        await harness.dispose();
      }
    });
  const services = ({ configs }: ProviderHarness) => [...(configs.at(-1)?.services.keys() ?? [])].sort();
  const serves = (harness: ProviderHarness, ...names: string[]) =>
    until(`the services are ${names.join(', ') || 'none'}`, () => {
      return harness.configs.length > 0 && services(harness).join() === names.sort().join();
    });

  describe(title, () => {
    check(
      'says that it connects, then that it is up, and hands on all that is there at once',
      async (harness) => {
        harness.addService('a');
        harness.addService('b');
        harness.start();
        await serves(harness, 'a', 'b');
        assert.equal(harness.configs.length, 1, 'never half of it');
        assert.deepEqual(
          harness.states.map(({ state }) => state),
          ['connecting', 'up'],
        );
        assert.ok(harness.states.every(({ provider }) => provider === harness.name));
        assert.equal(harness.configs[0]?.provider, harness.name);
      },
    );

    check('an empty source is a configuration too', async (harness) => {
      harness.start();
      await until('there is a configuration', () => harness.configs.length > 0);
      assert.deepEqual(services(harness), []);
    });

    check('hands on what comes and what goes, down to nothing', async (harness) => {
      harness.start();
      await serves(harness);
      harness.addService('a');
      await serves(harness, 'a');
      harness.addService('b');
      await serves(harness, 'a', 'b');
      harness.removeService('a');
      await serves(harness, 'b');
      harness.removeService('b');
      await serves(harness);
    });

    check('what did not change keeps its identity', async (harness) => {
      harness.addService('a');
      harness.start();
      await serves(harness, 'a');
      const before = harness.configs.at(-1);
      harness.addService('b');
      await serves(harness, 'a', 'b');
      const after = harness.configs.at(-1);
      assert.equal(after?.services.get('a'), before?.services.get('a'));
      assert.equal(after?.routers.get('a'), before?.routers.get('a'));
    });

    check(
      'keeps the last good configuration while its source is away, and catches up afterwards',
      async (harness) => {
        harness.addService('a');
        harness.start();
        await serves(harness, 'a');
        await harness.cutOff();
        await until('it says that it is down', () => harness.states.at(-1)?.state === 'down');
        assert.ok(harness.states.at(-1)?.message, 'with a reason');
        assert.deepEqual(services(harness), ['a']);
        harness.addService('b');
        harness.removeService('a');
        await harness.restore();
        await serves(harness, 'b');
        assert.equal(harness.states.at(-1)?.state, 'up');
      },
    );

    check('declares nothing before it has read its source once', async (harness) => {
      await harness.cutOff();
      harness.start();
      await until('it says that it is down', () => harness.states.at(-1)?.state === 'down');
      assert.equal(harness.configs.length, 0);
      await harness.restore();
      await serves(harness);
    });

    check('reports nothing any more once it is closed, and can be closed at any time', async (harness) => {
      harness.start();
      await harness.close();
      const [configs, states] = [harness.configs.length, harness.states.length];
      harness.addService('a');
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(harness.configs.length, configs);
      assert.equal(harness.states.length, states);
      await harness.close();
    });
  });
}
