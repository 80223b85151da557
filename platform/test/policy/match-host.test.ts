import type { PolicyRule } from '@batuta/contract';
import { describe, expect, it } from 'vitest';
import { nothingResolved } from '../../src/domain/policy/call-facts.ts';
import { judgeCall, mustNotLookUp } from '../../src/domain/policy/judge-call.ts';
import { resolveArguments } from '../../src/domain/policy/resolve-arguments.ts';
import type { ArgumentResolver } from '../../src/port/argument-resolver.ts';
import { factsOf, kinds, policyOf, tainted, toolOf } from './policy-kit.ts';

const names: Readonly<Record<string, string[]>> = {
  'docs.example.com': ['93.184.216.34'],
  'inner.example.com': ['10.0.0.7'],
  'half.example.com': ['93.184.216.34', '127.0.0.1'],
  'metadata.evil.example': ['169.254.169.254'],
  'intranet.corp': ['10.1.1.1'],
};
const resolver: ArgumentResolver = {
  resolvePath: async () => null,
  resolveHost: async (name) =>
    names[name]?.map((address) => ({ address, isPublic: address.startsWith('93.') })) ?? null,
};

async function effectOf(rules: PolicyRule[], url: unknown): Promise<string> {
  const policy = policyOf(...rules);
  const call = { tool: toolOf('post'), input: { url } as never };
  const resolved = (await resolveArguments(policy, call, resolver)) ?? nothingResolved;
  return judgeCall(policy, factsOf(call.input, { tool: call.tool, resolved })).verdict.effect;
}

function allow(...hosts: string[]): PolicyRule[] {
  return [{ allow: 'post', arguments: { url: { hosts } } }];
}

function deny(...hosts: string[]): PolicyRule[] {
  return [{ allow: 'post' }, { deny: 'post', arguments: { url: { hosts } } }];
}

describe('a rule that allows hosts', () => {
  it.each([
    [['docs.example.com'], 'https://docs.example.com/a?b#c', 'allow'],
    [['docs.example.com'], 'https://DOCS.Example.COM./a', 'allow'],
    [['docs.example.com'], 'docs.example.com', 'allow'],
    [['docs.example.com'], 'docs.example.com:8443', 'allow'],
    [['docs.example.com:443'], 'https://docs.example.com/', 'allow'],
    [['docs.example.com:443'], 'https://docs.example.com:8443/', 'ask'],
    [['docs.example.com'], 'https://docs.example.com@evil.example/', 'ask'],
    [['docs.example.com'], 'https://evil.example/docs.example.com', 'ask'],
    [['docs.example.com'], 'https://docs.example.com.evil.example/', 'ask'],
    [['docs.example.com'], 'https://docs.example.com\\@evil.example/', 'ask'],
    [['docs.example.com'], 'https://docs.example.com\t/', 'ask'],
    [['docs.example.com'], 'https://d\u043ecs.example.com/', 'ask'],
    [['docs.example.com'], 'javascript://docs.example.com/', 'ask'],
    [['docs.example.com'], 'docs.example.com/path', 'ask'],
    [['docs.example.com'], ['https://docs.example.com/', 'https://evil.example/'], 'ask'],
    [['docs.example.com'], { href: 'https://docs.example.com/' }, 'ask'],
    [['*.example.com'], 'https://docs.example.com/', 'allow'],
    [['*.example.com'], 'https://example.com/', 'ask'],
    [['*.example.com'], 'https://inner.example.com/', 'ask'],
    [['*.example.com'], 'https://unknown.example.com/', 'ask'],
    [['public'], 'https://docs.example.com/', 'allow'],
    [['public'], 'https://half.example.com/', 'ask'],
    [['intranet.corp'], 'http://intranet.corp/', 'allow'],
    [['10.0.0.0/8'], 'http://inner.example.com/', 'allow'],
    [['b\u00fccher.example'], 'https://xn--bcher-kva.example/', 'allow'],
  ])('%j: %j', async (...[hosts, url, effect]) => {
    expect(await effectOf(allow(...hosts), url)).toBe(effect);
  });
});

describe('a rule that denies hosts', () => {
  it.each([
    [['private'], 'https://docs.example.com/', 'allow'],
    [['private'], 'https://half.example.com/', 'deny'],
    [['private'], 'https://unknown.example.com/', 'deny'],
    [['169.254.169.254'], 'http://metadata.evil.example/', 'deny'],
    [['169.254.0.0/16'], 'http://docs.example.com/', 'allow'],
    [['*.example.com'], 'https://inner.example.com/', 'deny'],
    [['evil.example'], 'https://docs.example.com/', 'allow'],
    [['evil.example'], 'https://user@evil.example/', 'deny'],
    [['evil.example'], 'https://EVIL.example./', 'deny'],
    [['evil.example'], 'not an address', 'deny'],
    [['evil.example'], ['https://docs.example.com/', 'https://evil.example/'], 'deny'],
  ])('%j: %j', async (...[hosts, url, effect]) => {
    expect(await effectOf(deny(...hosts), url)).toBe(effect);
  });
});

describe('a call that would carry private data away', () => {
  const look = toolOf('look', kinds.openRead);
  const taint = tainted;

  it('is asked about before its host is looked up, and judged by its addresses afterwards', async () => {
    const policy = policyOf({ deny: 'look', arguments: { url: { hosts: ['private'] } } }, { allow: 'look' });
    const asked: string[] = [];
    const listening = { ...resolver, resolveHost: async (name: string) => (asked.push(name), null) };
    const input = { url: 'https://my-secret.evil.example/' };
    const facts = factsOf(input, { tool: look, taint });
    expect(mustNotLookUp(policy, facts)).toBe(true);
    const before = await resolveArguments(policy, { tool: look, input, hostsLater: true }, listening);
    expect(asked).toEqual([]);
    const verdict = (resolved = nothingResolved) => judgeCall(policy, { ...facts, resolved }).verdict.effect;
    expect(verdict(before)).toBe('ask');
    const after = await resolveArguments(policy, { tool: look, input }, listening);
    expect([asked, verdict(after)]).toEqual([['my-secret.evil.example'], 'deny']);
  });

  it('may be looked up where a rule lets it leave, or nothing private is there', () => {
    const lifting = policyOf({ allow: 'look', taint: ['untrusted', 'private'] });
    expect(mustNotLookUp(lifting, factsOf({}, { tool: look, taint }))).toBe(false);
    expect(mustNotLookUp(policyOf(), factsOf({}, { tool: look, taint: ['untrusted'] }))).toBe(false);
  });
});

describe('a rule about hosts', () => {
  it('judges where a connection goes, not where the argument pointed', () => {
    const facts = factsOf({ url: 'https://docs.example.com/' }, { tool: toolOf('post') });
    const hop = (address: string, isPublic: boolean, url: string) =>
      judgeCall(policyOf(...allow('docs.example.com', '*.docs.example.com')), {
        ...facts,
        hop: { url: new URL(url), addresses: [{ address, isPublic }] },
      }).verdict.effect;
    expect(hop('93.184.216.34', true, 'https://docs.example.com/x')).toBe('allow');
    expect(hop('93.184.216.34', true, 'https://evil.example/x')).toBe('ask');
    expect(hop('10.0.0.1', false, 'https://a.docs.example.com/x')).toBe('ask');
  });
});
