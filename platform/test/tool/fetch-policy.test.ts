import { BatutaError } from '@batuta/contract';
import { expect, test } from 'vitest';
import { admit, type FetchLimits } from '../../src/adapter/http-fetch/fetch-policy.ts';
import type { Resolve } from '../../src/adapter/pinned-http/resolve-host.ts';

const limits: FetchLimits = {
  timeoutSeconds: 5,
  maxBytes: 1000,
  maxRedirects: 3,
  ports: ['80', '443'],
  allowPrivate: [],
};

const names: Record<string, string[]> = {
  'public.test': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'loopback.test': ['127.0.0.1'],
  'mixed.test': ['93.184.215.14', '10.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  'metadata.google.internal': ['169.254.169.254'],
  'nothing.test': [],
};

const resolve: Resolve = async (hostname) => {
  const found = names[hostname];
  if (found === undefined) throw new TypeError('not found');
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

async function outcome(url: string, change: Partial<FetchLimits> = {}): Promise<string> {
  try {
    await admit(new URL(url), { ...limits, ...change }, resolve);
    return 'admitted';
  } catch (error) {
    return BatutaError.is(error) ? error.code : String(error);
  }
}

test.each([
  ['loopback', 'http://127.0.0.1/'],
  ['another loopback', 'http://127.8.9.10/'],
  ['a decimal number', 'http://2130706433/'],
  ['octal numbers', 'http://0177.0.0.01/'],
  ['hexadecimal numbers', 'http://0x7f.0x0.0x0.0x1/'],
  ['one hexadecimal number', 'http://0x7f000001/'],
  ['a short form', 'http://127.1/'],
  ['full-width digits', 'http://１２７.０.０.１/'],
  ['circled digits', 'http://①②⑦.⓪.⓪.①/'],
  ['percent-encoded digits', 'http://%31%32%37.0.0.1/'],
  ['an unspecified address', 'http://0.0.0.0/'],
  ['zero', 'http://0/'],
  ['private 10', 'http://10.1.2.3/'],
  ['private 172.16', 'http://172.31.255.255/'],
  ['private 192.168', 'http://192.168.1.1/'],
  ['link-local metadata', 'http://169.254.169.254/latest/meta-data/'],
  ['carrier-grade NAT, metadata of a cloud', 'http://100.100.100.200/'],
  ['the wire server of a cloud', 'http://168.63.129.16/'],
  ['protocol assignments', 'http://192.0.0.192/'],
  ['benchmarking', 'http://198.18.0.1/'],
  ['documentation', 'http://203.0.113.7/'],
  ['multicast', 'http://224.0.0.1/'],
  ['broadcast', 'http://255.255.255.255/'],
  ['reserved', 'http://240.0.0.1/'],
  ['IPv6 loopback', 'http://[::1]/'],
  ['IPv6 unspecified', 'http://[::]/'],
  ['IPv4 mapped', 'http://[::ffff:127.0.0.1]/'],
  ['IPv4 mapped in hexadecimal', 'http://[::ffff:7f00:1]/'],
  ['IPv4 mapped public', 'http://[::ffff:8.8.8.8]/'],
  ['IPv4 compatible', 'http://[::127.0.0.1]/'],
  ['NAT64', 'http://[64:ff9b::7f00:1]/'],
  ['local NAT64', 'http://[64:ff9b:1::7f00:1]/'],
  ['6to4', 'http://[2002:7f00:1::]/'],
  ['Teredo', 'http://[2001::1]/'],
  ['IPv6 link-local', 'http://[fe80::1]/'],
  ['IPv6 site-local', 'http://[fec0::1]/'],
  ['IPv6 unique local, metadata', 'http://[fd00:ec2::254]/'],
  ['IPv6 multicast', 'http://[ff02::1]/'],
  ['IPv6 documentation', 'http://[2001:db8::1]/'],
  ['IPv6 outside of global unicast', 'http://[4000::1]/'],
  ['localhost', 'http://localhost/'],
  ['a name that resolves to loopback', 'http://loopback.test/'],
  ['a name with one private address of two', 'https://mixed.test/'],
  ['a name that resolves to a mapped address', 'https://mapped.test/'],
  ['a metadata name', 'http://metadata.google.internal/'],
])('%s is forbidden', async (_, url) => {
  expect(await outcome(url)).toBe('address-forbidden');
});

test.each([
  ['another protocol', 'ftp://public.test/'],
  ['a file', 'file:///etc/passwd'],
  ['data', 'data:text/plain,hi'],
  ['a user name', 'http://me@public.test/'],
  ['a password', 'http://:secret@public.test/'],
  ['another port', 'http://public.test:22/'],
  ['the other protocol on a strange port', 'https://public.test:8443/'],
  ['a name that is not found', 'http://unknown.test/'],
  ['a name without address', 'http://nothing.test/'],
])('%s is refused', async (_, url) => {
  expect(await outcome(url)).toBe('tool-failed');
});

test.each([
  'http://public.test/',
  'https://public.test/a?b=c',
  'http://93.184.215.14/',
  'https://[2606:4700::1111]/',
  'http://public.test:443/',
])('%s is admitted', async (url) => {
  expect(await outcome(url)).toBe('admitted');
});

test('a host may be excepted, alone or with its port', async () => {
  expect(await outcome('http://127.0.0.1:4000/', { allowPrivate: ['127.0.0.1:4000'] })).toBe('admitted');
  expect(await outcome('http://127.0.0.1:4001/', { allowPrivate: ['127.0.0.1:4000'] })).toBe('tool-failed');
  expect(await outcome('http://loopback.test:9/', { allowPrivate: ['loopback.test'] })).toBe('admitted');
  expect(await outcome('http://localhost/', { allowPrivate: ['loopback.test'] })).toBe('address-forbidden');
});

test('the error names the address and the name that led to it', async () => {
  const refused = admit(new URL('http://loopback.test/'), limits, resolve);
  await expect(refused).rejects.toThrow('The address 127.0.0.1 (of loopback.test) is not public');
});
