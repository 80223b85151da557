import { hostname } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { makeContainerProvider } from '../../src/adapter/sandbox-container/container-sandbox.ts';
import { describeAttacks } from './describe-attacks.ts';
import { describeTerminal } from './describe-terminal.ts';
import { describeSandbox } from './describe-sandbox.ts';
import { withSandbox } from './open-sandbox.ts';
import { startPodman } from './podman.ts';

const podman = await startPodman();
afterAll(() => podman.close());

describe('containers', () => {
  describeSandbox(podman.provider);
  describeTerminal(podman.provider, { sizesComeLate: true });

  it('are removed when their commands have ended', async () => {
    await withSandbox(podman.provider, async ({ sh }) => {
      await Promise.all([sh('true'), sh('exit 3'), sh('sleep 60', { seconds: 0.5 })]);
      await expect.poll(() => podman.containers(), { timeout: 10_000, interval: 50 }).toBe(0);
    });
  });

  it('are removed when their process was killed, and those of others are left alone', async () => {
    podman.abandon(['dev.batuta.process=999999999', `dev.batuta.host=${hostname()}`]);
    podman.abandon(['dev.batuta.process=999999999', 'dev.batuta.host=elsewhere']);
    const images = { python: podman.image, node: podman.image, general: podman.image };
    const next = makeContainerProvider({ socketPath: podman.socketPath, images, user: 2000 });
    await withSandbox(next, ({ sh }) => sh('true'));
    await next.close();
    await expect.poll(() => podman.containers(), { timeout: 10_000, interval: 50 }).toBe(1);
    podman.removeAll();
  });

  it.each([
    [
      'an image that is not there',
      { images: { python: 'no/such', node: 'no/such', general: 'no/such:1' } },
      /podman pull no\/such:1/,
    ],
    ['a runtime that is not there', { runtime: 'nosuchruntime' }, /nosuchruntime.*takes no notice/],
    ['no engine', { socketPath: '/no/such.sock' }, /there is no socket at \/no\/such\.sock/],
  ])('say what is missing: %s', async (_, change, message) => {
    const images = { python: podman.image, node: podman.image, general: podman.image };
    const settings = { socketPath: podman.socketPath, images, user: 2000, ...change };
    const provider = makeContainerProvider(settings);
    const findings = await provider.check();
    await provider.close();
    expect(findings.map((finding) => `${finding.message} ${finding.mend}`).join('\n')).toMatch(message);
  });
});

describe('attacks on containers', () => {
  describeAttacks(podman.provider);
});
