import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '@batuta/contract';
import { BatutaClient } from '@batuta/sdk';
import { startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Browser } from '../login/browser.ts';
import { startIdentityProvider, type IdentityProvider } from '../login/identity-provider.ts';
import { clientOf, TestProject } from '../project/test-project.ts';
import { followLink } from '../tool-server/open-consents.ts';
import { documentOf } from './api-kit.ts';
import { ConsentingService } from './consent-service.ts';

const clerk = `---
name: clerk
description: Reads bills.
tools: [openapi:billing/*]
permissions: [{ allow: openapi:billing/* }]
---

You read bills.
`;

let provider: IdentityProvider;
let emulator: Emulator;
let service: ConsentingService;
let project: TestProject;
let administrator: BatutaClient;
let address: string;

beforeAll(async () => {
  const callbacks: string[] = [];
  provider = await startIdentityProvider(() => callbacks);
  emulator = await startEmulator();
  service = await new ConsentingService().listen();
  project = new TestProject({
    agents: { clerk },
    environment: {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: emulator.addresses.anthropic,
      BATUTA_CLIENT_SECRET: provider.clientSecret,
    },
    overrides: { 'model.default': 'anthropic/claude-sonnet-5-5' },
  });
  writeFileSync(join(project.folder, 'batuta.yaml'), JSON.stringify(configuration()));
  writeFileSync(join(project.folder, 'billing.json'), document());
  const platform = await project.start();
  administrator = clientOf(platform);
  address = platform.url ?? '';
  callbacks.push(`${address}/login/oidc/callback`);
}, 60_000);
beforeEach(() => emulator.reset());
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await Promise.all([service[Symbol.asyncDispose](), emulator.stop(), provider.close()]);
});

function configuration() {
  const issuer = { issuer: provider.address, audience: 'batuta', default_role: 'member', create_users: true };
  const flow = { type: 'oauth2', flow: 'authorization_code', client_id: 'batuta', scopes: ['read'] };
  const urls = { authorization_url: `${service.url}/authorize`, token_url: `${service.url}/token` };
  const billing = {
    document: 'billing.json',
    server: service.url,
    cache: false,
    auth: { own: { ...flow, ...urls } },
  };
  return {
    auth: { issuers: [issuer], login_issuer: provider.address, client_id: provider.clientId },
    openapi: { allow_private: [service.host], apis: { billing } },
  };
}

function document(): string {
  const schemes = { own: { type: 'oauth2', flows: {} } };
  return JSON.stringify(
    documentOf({ security: [{ own: [] }] }, { components: { securitySchemes: schemes } }),
  );
}

/** Somebody who signs in with a browser, and a client with a key of theirs. */
async function signIn(person: string) {
  const browser = new Browser(person);
  await browser.go(await browser.until(`${address}/login/oidc/callback`, `${address}/login/oidc`));
  const { user_id: userId } = await (await browser.go(`${address}/v1/me`)).json();
  const { key } = await administrator.keys.create({ name: person, role: 'member', user_id: userId });
  return { browser, client: new BatutaClient({ baseUrl: address, key }) };
}

/** Where a browser comes back to after the page of the service. */
async function comeBack(link: string): Promise<string> {
  return `${address}/authorizations/callback?${await followLink(link)}`;
}

const confirm = (browser: Browser, page: string, origin = address) =>
  browser.go(page, { method: 'POST', headers: { origin } });

/** Each link that a run waits with, as it comes: calls that wait together share one. */
async function* linksOf(client: BatutaClient, id: string): AsyncGenerator<string> {
  const told = new Set<string>();
  for await (const frame of client.runs.events(id)) {
    if (frame.type !== 'event' || !isRequest(frame.event) || told.has(frame.event.data.url)) continue;
    told.add(frame.event.data.url);
    yield frame.event.data.url;
  }
}

function isRequest(event: Event): event is Event & { kind: 'authorization-requested' } {
  return event.kind === 'authorization-requested';
}

const usage = { inputTokens: 10, outputTokens: 5 };
const calls = (count: number) =>
  toolCalls(
    Array.from({ length: count }, () => ({ name: 'billing_call', arguments: {} })),
    { usage },
  );

describe('a run that needs the consent of its user at an API', () => {
  test('waits with a link that only this user can end, in a browser in which they are signed in', async () => {
    const ana = await signIn('ana');
    const bob = await signIn('bob');
    emulator.script([calls(1), text('Read.', { usage })]);
    const { id } = await ana.client.runs.create({ agent: 'clerk', input: 'Read.' });
    const { value: link = '' } = await linksOf(administrator, id).next();
    await expect.poll(async () => (await administrator.runs.get(id)).waiting_for).toBe('authorization');
    const page = await comeBack(link);
    expect(await (await ana.browser.go(page)).text()).toContain('<form method="post">');
    const refusals = [
      await confirm(bob.browser, page),
      await confirm(new Browser(), page),
      await confirm(ana.browser, page, 'https://evil.example'),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect((await administrator.runs.get(id)).status).toBe('waiting');
    const done = await confirm(ana.browser, page);
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('openapi:billing')]);
    expect(await administrator.runs.wait(id)).toMatchObject({ status: 'succeeded' });
    expect((await confirm(ana.browser, page)).status).toBe(400);
  });

  test('renews an ended token once for all its calls, and waits again when the consent was withdrawn', async () => {
    const { browser, client } = await signIn('eva');
    service.expiresAfter = service.served + 4;
    service.revokesAfter = service.served + 8;
    const first = service.tokenForms.length;
    emulator.script([calls(4), calls(4), calls(1), calls(1), text('All read.', { usage })]);
    const { id } = await client.runs.create({ agent: 'clerk', input: 'Read all.' });
    const links = linksOf(client, id);
    await confirm(browser, await comeBack((await links.next()).value ?? ''));
    await confirm(browser, await comeBack((await links.next()).value ?? ''));
    expect(await client.runs.wait(id)).toMatchObject({ status: 'succeeded', output: { text: 'All read.' } });
    const told = emulator.requests.at(-2)?.messages.findLast(({ role }) => role === 'tool')?.toolResults;
    expect(told?.[0]?.text).toContain('call it again to be asked for it');
    expect(service.granted.slice(first)).toEqual([
      'authorization_code',
      'refresh_token',
      'refresh_token',
      'authorization_code',
    ]);
  });
});
