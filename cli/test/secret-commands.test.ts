import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta, begin } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { testTerminal } from './kit/terminal.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
  const at = '2026-11-21T10:00:00.000Z';
  api.answers['PUT /v1/secrets/weather'] = {
    name: 'weather',
    created_at: at,
    updated_at: at,
    updated_by: 'ci',
  };
});
afterEach(() => api.close());

describe('batuta secrets', () => {
  test('sets a value from standard input, without its line end', async () => {
    const terminal = testTerminal();
    terminal.type('correct horse\nbattery\n');
    terminal.endInput();
    const { code, output } = await batuta(['secrets', 'set', 'weather'], { api, terminal });
    expect(code).toBe(0);
    expect(output).toBe('The secret weather was set.\n');
    expect((await api.received('PUT /v1/secrets/weather')).body).toEqual({ value: 'correct horse\nbattery' });
  });

  test('asks for a value at a terminal and shows nothing of it', async () => {
    const terminal = testTerminal({ terminal: true });
    const ended = begin(['secrets', 'set', 'weather'], { api, terminal });
    await terminal.errorHas('Value of weather');
    for (const key of ['corx', '\u007F', 'rect horse', '\r']) terminal.type(key);
    expect(await ended).toBe(0);
    expect((await api.received('PUT /v1/secrets/weather')).body).toEqual({ value: 'correct horse' });
    expect(terminal.output() + terminal.error()).not.toContain('rect');
  });

  test('sets nothing when it is interrupted or nothing was given', async () => {
    const terminal = testTerminal({ terminal: true });
    const ended = begin(['secrets', 'set', 'weather'], { api, terminal });
    await terminal.errorHas('Value of weather');
    terminal.type('corr\u0003');
    expect(await ended).toBe(130);
    const empty = testTerminal();
    empty.endInput();
    expect((await batuta(['secrets', 'set', 'weather'], { api, terminal: empty })).code).toBe(64);
    expect(api.calls.filter(({ call }) => call.startsWith('PUT'))).toEqual([]);
  });

  test('takes no value as an argument', async () => {
    const { code } = await batuta(['secrets', 'set', 'weather', 'correct-horse'], { api });
    expect(code).toBe(64);
  });

  test('rotates the key, and says which configured keys are no longer needed', async () => {
    const rotation = { key_id: 'k2', made: false, secrets: 3, unused_key_ids: ['k1'] };
    api.answers['POST /v1/secret-key/rotation'] = rotation;
    const { output } = await batuta(['secrets', 'rotate-key'], { api });
    expect(output).toContain('Secrets encrypted anew: 3. Key: k2.');
    expect(output).toContain('no longer needed and can be taken out of the configuration: k1');
  });
});
