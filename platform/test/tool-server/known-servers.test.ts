import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { call, callIn, closeSources, installed, openSource, toolOf } from './open-source.ts';
import { freePort, serveEverything, stop, stopServed } from './served.ts';

afterEach(async () => {
  await closeSources();
  await stopServed();
});

const everything = installed('everything', 'stdio');

test('server-everything is listed, its tools are called, and its files arrive', async () => {
  const source = await openSource(everything);
  expect(source.status()).toMatchObject({ state: 'ready', problems: [] });
  expect(toolOf(source, 'echo')).toMatchObject({ name: 'tickets_echo', reference: 'mcp:tickets/echo' });
  expect(await call(source, 'echo', { message: 'hello' })).toEqual({ text: 'Echo: hello' });
  expect((await call(source, 'get-sum', { a: 2, b: 3 })).text).toContain('5');
  const image = await call(source, 'get-tiny-image');
  expect(image.files).toMatchObject([{ name: 'image-1.png', mediaType: 'image/png' }]);
  expect(Buffer.from(image.files?.[0]?.content ?? []).toString('latin1', 1, 4)).toBe('PNG');
});

test('structured content, resources and links to them are told', async () => {
  const source = await openSource(everything);
  const weather = await call(source, 'get-structured-content', { location: 'Chicago' });
  expect(JSON.parse(weather.text)).toMatchObject({ conditions: expect.any(String) });
  const resource = await call(source, 'get-resource-reference', { resourceType: 'Text', resourceId: 1 });
  expect(resource.text).toContain('[resource demo://resource/dynamic/text/1]\nResource 1');
  expect((await call(source, 'get-resource-links', { count: 2 })).text).toMatch(
    /\[resource demo:\/\/resource.* \(/,
  );
});

test('a process sees what it is given and nothing of the platform', async () => {
  const place = { ...everything, env: { TICKETS_KEY: 'secret://tickets-key', GREETING: 'hello' } };
  const source = await openSource(place, { secrets: { 'tickets-key': 's3cret' } });
  const environment = JSON.parse((await call(source, 'get-env')).text);
  expect(environment).toMatchObject({ TICKETS_KEY: 's3cret', GREETING: 'hello' });
  expect(
    Object.keys(environment)
      .filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))
      .toSorted(),
  ).toEqual(['GREETING', 'PATH', 'TICKETS_KEY']);
});

test('arguments that do not fit are refused before the server sees them', async () => {
  const source = await openSource(everything);
  const sum = toolOf(source, 'get-sum');
  expect(sum.parse({ a: 1, b: 2 })).toEqual({ ok: true, value: { a: 1, b: 2 } });
  expect(sum.parse({ a: 'one' })).toMatchObject({ ok: false, summary: expect.stringContaining('b') });
  expect(sum.parse([])).toEqual({ ok: false, summary: 'they must be an object' });
});

test('progress is told while a call goes on, and a call that is given up is cancelled', async () => {
  const source = await openSource(everything);
  const steps: unknown[] = [];
  const progress = (step: unknown) => void steps.push(step);
  await callIn({ progress }, source)('trigger-long-running-operation', { duration: 0.4, steps: 2 });
  expect(steps[0]).toEqual({ message: '1 of 2', share: 0.5 });
  const controller = new AbortController();
  const long = callIn({ signal: controller.signal }, source)('trigger-long-running-operation', {
    duration: 60,
    steps: 1,
  });
  controller.abort('timed-out');
  await expect(long).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
  expect((await call(source, 'echo', { message: 'still here' })).text).toBe('Echo: still here');
});

test('server-filesystem reads, writes and refuses', async () => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'batuta-')));
  await writeFile(path.join(folder, 'note.txt'), 'a note');
  const source = await openSource(installed('filesystem', folder), { name: 'files' });
  expect(toolOf(source, 'read_text_file').annotations).toMatchObject({ readOnly: true, destructive: false });
  expect(toolOf(source, 'write_file').annotations).toMatchObject({ readOnly: false, destructive: true });
  expect((await call(source, 'read_text_file', { path: path.join(folder, 'note.txt') })).text).toBe('a note');
  const outside = await call(source, 'read_text_file', { path: '/etc/passwd' });
  expect(outside).toMatchObject({ failed: true, text: expect.stringContaining('Access denied') });
});

test('server-memory keeps what it is told beyond one process', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'batuta-'));
  const place = installed('memory');
  const alone = { ...place, env: { MEMORY_FILE_PATH: path.join(folder, 'memory.json') } };
  const source = await openSource(alone, { name: 'memory' });
  const entities = [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }];
  await callIn({ tenantId: 'tenant_1' }, source)('create_entities', { entities });
  expect((await callIn({ tenantId: 'tenant_2' }, source)('read_graph')).text).toContain('writes programs');
});

test('a server over HTTP is called, and found again after it was restarted', async () => {
  const port = await freePort();
  const first = await serveEverything(port);
  const source = await openSource(first.place);
  expect((await call(source, 'echo', { message: 'one' })).text).toBe('Echo: one');
  await stop(first.child);
  await expect(call(source, 'echo', { message: 'two' })).rejects.toMatchObject({
    code: expect.stringMatching(/^tool-(server-unavailable|outcome-unknown)$/),
  });
  expect(toolOf(source, 'echo').name).toBe('tickets_echo');
  await serveEverything(port);
  expect((await call(source, 'echo', { message: 'three' })).text).toBe('Echo: three');
});
