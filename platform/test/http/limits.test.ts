import { BatutaError } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import type { Standing } from '../../src/application/limit/permit-desk.ts';
import { bucketOf } from '../../src/domain/limit/bucket.ts';
import { clientAddress, createProxyList } from '../../src/interface/http/security/client-address.ts';
import { openDoor } from './open-door.ts';

function standing(subject: 'tenant' | 'key', limit: number, left: number): Standing {
  const rule = { subject, resource: 'requests', per: subject === 'key' ? 'minute' : 'day', limit } as const;
  return { bucket: bucketOf(rule, { tenantId: 'one', owner: 'x' }), left };
}

describe('rate limit headers', () => {
  test('tell each limit, and the scarcest one in the older form', async () => {
    const door = openDoor();
    door.application.standings = [standing('tenant', 86_400, 40_000.5), standing('key', 60, 3.2)];
    const { headers } = await door.request('/v1/agents');
    expect(headers.get('ratelimit-policy')).toBe(
      '"tenant-requests-day";q=86400;w=86400, "key-requests-minute";q=60;w=60',
    );
    expect(headers.get('ratelimit')).toBe(
      '"tenant-requests-day";r=40000;t=46400, "key-requests-minute";r=3;t=57',
    );
    expect(headers.get('ratelimit-limit')).toBe('60');
    expect(headers.get('ratelimit-remaining')).toBe('3');
    expect(headers.get('ratelimit-reset')).toBe('57');
  });

  test('stand in answers that are errors, too', async () => {
    const door = openDoor();
    door.application.standings = [standing('key', 60, 59)];
    const answer = await door.request('/v1/agents/nobody');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('ratelimit-remaining')).toBe('59');
  });

  test('are absent where there is no limit, and never kept for the next request', async () => {
    const door = openDoor();
    door.application.standings = [standing('key', 60, 59)];
    await door.request('/v1/agents');
    door.application.standings = [];
    const { headers } = await door.request('/v1/agents');
    expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  test('a limit that is reached is a problem with the time to wait', async () => {
    const door = openDoor();
    const data = {
      subject: 'key',
      resource: 'requests',
      per: 'minute',
      limit: 60,
      retry_after_seconds: 7,
    } as const;
    door.application.standings = new BatutaError('rate-limited', data);
    const answer = await door.request('/v1/runs', { json: { agent: 'assistant', input: 'Hello' } });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('ratelimit')).toBe('"key-requests-minute";r=0;t=7');
    expect(await answer.json()).toMatchObject({ code: 'rate-limited', data });
    expect(door.application.accepted).toEqual([]);
  });

  test('a page of another origin may read them', async () => {
    const answer = await openDoor().request('/v1/agents', { headers: { origin: 'https://app.example' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit-remaining');
  });

  test('looking at the limits, and whether the platform lives, is not counted', async () => {
    const door = openDoor();
    const data = {
      subject: 'key',
      resource: 'requests',
      per: 'day',
      limit: 1,
      retry_after_seconds: 9,
    } as const;
    door.application.standings = new BatutaError('rate-limited', data);
    expect((await door.request('/v1/limits')).status).toBe(200);
    expect((await door.request('/health', { key: null })).status).toBe(200);
  });
});

describe('the address of a client', () => {
  const isProxy = createProxyList(['10.0.0.0/8', '192.0.2.9', '2001:db8:ffff::/48']);

  test.each([
    ['a connection without a proxy', '203.0.113.5', undefined, '203.0.113.5'],
    ['what a client writes by itself', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['one proxy', '10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['two proxies', '10.1.2.3', '203.0.113.5, 192.0.2.9', '203.0.113.5'],
    ['a forged entry before the true one', '10.1.2.3', '1.2.3.4, 203.0.113.5', '203.0.113.5'],
    ['a forged trusted entry', '10.1.2.3', '10.9.9.9, 203.0.113.5, 10.1.1.1', '203.0.113.5'],
    ['nothing but proxies', '10.1.2.3', '10.9.9.9', '10.9.9.9'],
    ['an entry that is no address', '10.1.2.3', '203.0.113.5, unknown', '10.1.2.3'],
    ['an empty header', '10.1.2.3', '', '10.1.2.3'],
    ['an IPv4 client of an IPv6 socket', '::ffff:203.0.113.5', undefined, '203.0.113.5'],
    ['an IPv4 proxy of an IPv6 socket', '::ffff:10.1.2.3', '2001:DB8::5', '2001:db8::5'],
    ['an IPv6 proxy', '2001:db8:ffff::1', '[2001:db8::5]:4711', '2001:db8::5'],
    ['an entry with a port', '10.1.2.3', '203.0.113.5:4711', '203.0.113.5'],
    ['no connection', undefined, '203.0.113.5', null],
  ])('%s', (...[, connection, forwardedFor, address]) => {
    expect(clientAddress(connection, forwardedFor, isProxy)).toBe(address);
  });

  test('without trusted proxies the header is never believed', () => {
    expect(clientAddress('10.1.2.3', '203.0.113.5', createProxyList([]))).toBe('10.1.2.3');
  });

  test('a long header is not read to its beginning', () => {
    const hops = `203.0.113.5, ${'10.0.0.1, '.repeat(1000)}10.0.0.1`;
    expect(clientAddress('10.1.2.3', hops, isProxy)).toBe('10.0.0.1');
  });
});
