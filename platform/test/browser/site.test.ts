import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeTestBrowser, refOf, useBrowser, type BrowserUser } from './browser-kit.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';
import { pages, serveSite, type Received } from './site-pages.ts';

const received: Received[] = [];
const measured: { name: string; ms: number; ok: boolean }[] = [];
let site: LocalServer;
let made: ReturnType<typeof makeTestBrowser>;
let user: BrowserUser;

beforeAll(async () => {
  site = await listenLocally(serveSite(received));
  made = makeTestBrowser({ limits: { allowPrivate: [`127.0.0.1:${site.port}`] } });
  user = useBrowser(made.browser, {
    secretHosts: { password: ['127.0.0.1'], code: ['127.0.0.1'], other: ['bank.test'] },
  });
});
beforeEach(() => void received.splice(0));
afterAll(async () => {
  await user.sessions.close();
  await made.close();
  await site.close();
  const times = measured.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  const good = measured.filter(({ ok }) => ok).length;
  process.stdout.write(
    `browser steps: ${measured.length}, as expected ${good}, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, pages ${Object.keys(pages).length}\n`,
  );
});

/** Calls a tool; the text must have what is expected. */
async function call(name: string, input: object, expected: string | RegExp = ''): Promise<string> {
  const began = performance.now();
  const { text } = await user.call(name, input);
  const ok = typeof expected === 'string' ? text.includes(expected) : expected.test(text);
  measured.push({ name, ms: performance.now() - began, ok });
  expect(text).toMatch(expected);
  return text;
}

const open = (path: string, expected: string | RegExp = '') =>
  call('browser_open', { url: site.url + path }, expected);
type Step = { action: string; on?: string; text?: string; enter?: boolean };

/** Does steps on elements that are named by words of their line. */
async function act(view: string, wanted: readonly Step[], expected: string | RegExp = ''): Promise<string> {
  return await call(
    'browser_act',
    { steps: wanted.map(({ on, ...step }) => ({ ...step, ...(on ? { ref: refOf(view, on) } : {}) })) },
    expected,
  );
}

interface SendingStep extends Step {
  element?: string;
}

/** Steps that send, on elements that are named by words of their line. */
async function submit(
  path: string,
  view: string,
  { wanted, ...more }: { wanted: readonly SendingStep[]; dialogs?: string; dialog_text?: string },
) {
  const given = wanted.map(({ on, ...step }) => ({
    ...step,
    ...(on ? { ref: refOf(view, on), element: step.element ?? on } : {}),
  }));
  return await user.call('browser_submit', { url: site.url + path, steps: given, ...more });
}

it.each<[string, string | RegExp]>([
  ['/', /title: Home[\s\S]*link "Go to form" \[ref=\w+\] -> \/form/],
  ['/facts', 'Porto'],
  ['/inner', 'Press'],
  ['/error', 'Still here'],
  ['/missing', 'Not found'],
  ['/português', 'Ação e coração'],
  ['/slow', 'Loaded at last'],
  ['/frames', /iframe[\s\S]*button "Press"/],
  ['/nested', /iframe[\s\S]*iframe[\s\S]*button "Press"/],
  ['/shadow', 'In the shadow'],
  ['/disabled', /Not now.*\[disabled\]/],
])('shows %s', async (path, expected) => {
  expect(await open(path, expected)).toContain('page ');
});

it('shows a long page in parts', async () => {
  await open('/large-table', /this is part 1 of \d+/);
  expect(await call('browser_observe', { part: 2 })).toMatch(/part 2 of/);
});

it('shows what is inside of one element', async () => {
  const view = await open('/form', 'Mail');
  const inside = await call('browser_observe', { within: refOf(view, 'textbox "Name"') });
  expect(inside).not.toContain('Mail');
});

it.each<[string, readonly Step[], string | RegExp]>([
  ['/', [{ action: 'click', on: 'Go to table' }], 'Unit price'],
  [
    '/search',
    [{ action: 'type', on: 'textbox "Search"', text: 'pens', enter: true }],
    /found\?q=pens[\s\S]*Three results/,
  ],
  ['/select', [{ action: 'select', on: 'combobox', text: 'Peru' }], /"Peru" \[selected\]/],
  [
    '/checks',
    [
      { action: 'check', on: 'checkbox' },
      { action: 'click', on: 'Large' },
    ],
    /checkbox.*\[checked\]/,
  ],
  ['/alert', [{ action: 'click', on: 'Warn' }], 'the page asked (alert): "Watch out"'],
  ['/confirm', [{ action: 'click', on: 'Delete' }], /answered: Cancel[\s\S]*kept/],
  ['/frames', [{ action: 'click', on: 'Press' }], 'Pressed'],
  ['/nested', [{ action: 'click', on: 'Press' }], 'Pressed'],
  ['/shadow', [{ action: 'click', on: 'In the shadow' }], 'Opened'],
  [
    '/popup',
    [{ action: 'click', on: 'New window' }],
    /a new page was opened[\s\S]*also open: page \d+ at .*\/found/,
  ],
  ['/lazy', [{ action: 'scroll' }, { action: 'scroll' }, { action: 'scroll' }], 'Entry 40'],
  ['/spa', [{ action: 'click', on: 'Two' }], /\/spa\/two[\s\S]*Second/],
  [
    '/spa',
    [
      { action: 'click', on: 'One' },
      { action: 'wait', text: 'First' },
      { action: 'click', on: 'Two' },
    ],
    'Second',
  ],
  ['/menu', [{ action: 'click', on: 'Menu' }], 'Reports'],
  ['/hover', [{ action: 'hover', on: 'Word' }], 'Explanation'],
  ['/keys', [{ action: 'press', text: 'a' }], 'key a'],
  ['/', [{ action: 'click', on: 'Go to form' }, { action: 'back' }], 'Welcome'],
  ['/covered', [{ action: 'click', on: 'Below' }], /step 1 was not.*intercepts pointer events/],
  ['/disabled', [{ action: 'click', on: 'Not now' }], /step 1 was not.*not enabled/],
])('acts on %s', async (path, wanted, expected) => {
  expect(await act(await open(path), wanted, expected)).toContain('page ');
});

it.each<[string, readonly Step[], string]>([
  [
    '/form',
    [
      { action: 'type', on: 'Name', text: 'Ann' },
      { action: 'click', on: 'Send' },
    ],
    'held back: POST',
  ],
  ['/form', [{ action: 'type', on: 'Name', text: 'Ann', enter: true }], 'held back: POST'],
  ['/fetch-post', [{ action: 'click', on: 'Order' }], 'held back: POST'],
  ['/delete', [{ action: 'click', on: 'Remove' }], 'held back: DELETE'],
  ['/beacon', [{ action: 'click', on: 'Leave' }], 'held back: POST'],
])('holds back what %s would send', async (path, wanted, expected) => {
  await act(await open(path), wanted, expected);
  expect(received).toEqual([]);
});

it('tells of stale references, does nothing and shows the page anew', async () => {
  const view = await open('/rerender');
  await act(view, [{ action: 'click', on: 'Replace' }], 'All is new');
  await act(view, [{ action: 'click', on: 'Old' }], /is stale[\s\S]*Fresh/);
  const other = await open('/');
  await act(view, [{ action: 'click', on: 'Old' }], /is stale[\s\S]*Welcome/);
  expect(await act(other, [{ action: 'click', on: 'Go to form' }])).toContain('Mail');
});

it('leaves out what nobody sees', async () => {
  const view = await open('/hidden', 'Seen');
  expect(view).not.toMatch(
    /IGNORE|DISPLAY|NOT VISIBLE|FAR AWAY|TINY|WHITE|PIXEL|CLIPPED|TRANSPARENT|COMMENT|SPELT/,
  );
});

it.each<[string, object, unknown]>([
  [
    '/table',
    {
      type: 'array',
      items: {
        type: 'object',
        properties: { item: {}, unit_price: { type: 'number' }, in_stock: { type: 'boolean' } },
      },
    },
    [
      { item: 'Pen', unit_price: 1.5, in_stock: true },
      { item: 'Ink', unit_price: 2000.25, in_stock: false },
    ],
  ],
  [
    '/facts',
    { type: 'object', properties: { founded: { type: 'integer' }, town: { title: 'Seat' } } },
    { founded: 1901, town: 'Porto' },
  ],
  ['/pairs', { type: 'object', properties: { weight: {}, colour: {} } }, { weight: '12 kg', colour: 'Blue' }],
  [
    '/cards',
    { type: 'array', items: { type: 'object', properties: { name: {}, price: { type: 'number' } } } },
    [
      { name: 'Lamp', price: 10 },
      { name: 'Chair', price: 20 },
    ],
  ],
])('extracts from %s', async (path, schema, data) => {
  await open(path);
  expect(JSON.parse(await call('browser_extract', { schema }))).toEqual({ data });
});

it('says what is there where nothing is found', async () => {
  await open('/table');
  const schema = { type: 'object', properties: { altitude: {} } };
  expect(await call('browser_extract', { schema })).toContain(
    'Nothing on the page is called altitude. There are: Item',
  );
});

it('takes pictures', async () => {
  await open('/table');
  const { files } = await user.call('browser_screenshot', { whole: true });
  expect(
    Buffer.from(files[0]?.content ?? [])
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});

it.each(['Figures', 'Export'])('downloads by %s', async (name) => {
  const view = await open('/download');
  const { files } = await user.call('browser_download', { ref: refOf(view, name) });
  expect(
    files.map((file) => [file.name.includes('/'), file.mediaType, Buffer.from(file.content).toString()]),
  ).toEqual([[false, 'text/csv', 'a,b\n1,2\n']]);
});

it('submits a form once, with what was typed', async () => {
  const view = await open('/form');
  const { text } = await submit('/form', view, {
    wanted: [
      { action: 'type', on: 'Name', text: 'Ann' },
      { action: 'type', on: 'Mail', text: 'ann@example.com' },
      { action: 'click', on: 'Send' },
    ],
  });
  expect(text).toContain('3 of 3 steps done');
  expect(received).toEqual([{ method: 'POST', path: '/form', body: 'name=Ann&mail=ann%40example.com' }]);
});

it('answers questions of the page as it was told', async () => {
  expect(
    (
      await submit('/confirm', await open('/confirm'), {
        wanted: [{ action: 'click', on: 'Delete' }],
        dialogs: 'accept',
      })
    ).text,
  ).toContain('deleted');
  const prompted = await submit('/prompt', await open('/prompt'), {
    wanted: [{ action: 'click', on: 'Ask' }],
    dialogs: 'accept',
    dialog_text: 'Bo',
  });
  expect(prompted.text).toContain('Bo');
});

it('submits nothing when another element or another site was described', async () => {
  const view = await open('/form');
  const named = await submit('/form', view, { wanted: [{ action: 'click', on: 'Send', element: 'Cancel' }] });
  expect(named).toMatchObject({
    failed: true,
    text: expect.stringContaining('is not "Cancel" but button "Send"'),
  });
  const elsewhere = await user.call('browser_submit', {
    url: 'https://bank.test/',
    steps: [{ action: 'click', ref: refOf(view, 'Send'), element: 'Send' }],
  });
  expect(elsewhere).toMatchObject({
    failed: true,
    text: expect.stringContaining('and not at https://bank.test'),
  });
  expect(received).toEqual([]);
});

it('types secrets by their placeholder and never shows them', async () => {
  const view = await open('/login');
  const wanted = [
    { action: 'type', on: 'User', text: 'ann' },
    { action: 'type', on: 'Password', text: 'secret://password' },
  ];
  const typed = await submit('/login', view, { wanted });
  expect(typed.text).toContain('••••');
  const sent = await submit('/login', view, { wanted: [{ action: 'click', on: 'Send' }] });
  expect(received.at(-1)?.body).toBe('user=ann&password=value-of-password');
  expect(typed.text + sent.text).not.toContain('value-of');
});

it('covers secrets also in plain fields', async () => {
  const view = await open('/code-login');
  const { text } = await submit('/code-login', view, {
    wanted: [{ action: 'type', on: 'Code', text: 'secret://code' }],
  });
  expect(text).toContain('••••');
  expect((await user.call('browser_observe', {})).text).not.toContain('value-of');
  expect(
    (await user.call('browser_extract', { schema: { type: 'object', properties: { code: {} } } })).text,
  ).not.toContain('value-of');
});

it('types no secret elsewhere, beside other text, or with a tool that reads', async () => {
  const view = await open('/code-login');
  const on = { action: 'type', on: 'Code' };
  expect((await submit('/code-login', view, { wanted: [{ ...on, text: 'secret://other' }] })).text).toContain(
    'at bank.test only',
  );
  expect(
    (await submit('/code-login', view, { wanted: [{ ...on, text: 'my secret://code' }] })).text,
  ).toContain('by itself');
  expect(
    (await submit('/code-login', view, { wanted: [{ ...on, text: 'secret://unknown' }] })).text,
  ).toContain('browser.secret_hosts');
  await act(view, [{ ...on, text: 'secret://code' }], 'with browser_submit only');
});

it('uploads a file that the run may read', async () => {
  const view = await open('/upload');
  const readArtifact = async (id: string) =>
    id === 'art_1' ? { mediaType: 'text/plain', bytes: 5, content: Buffer.from('hello') } : undefined;
  const wanted = (artifact: string) => ({
    url: `${site.url}/upload`,
    steps: [
      { action: 'upload', ref: refOf(view, 'File'), element: 'File', artifact, file_name: 'a.txt' },
      { action: 'click', ref: refOf(view, 'Send'), element: 'Send' },
    ],
  });
  expect((await user.call('browser_submit', wanted('art_2'), { readArtifact })).text).toContain(
    'no file "art_2"',
  );
  await user.call('browser_submit', wanted('art_1'), { readArtifact });
  expect(received.map(({ body }) => body.includes('filename="a.txt"') && body.includes('hello'))).toEqual([
    true,
  ]);
});

it('keeps sessions apart', async () => {
  await open('/account', 'member=ann');
  const other = await user.call(
    'browser_open',
    { url: `${site.url}/account` },
    { sessionId: 'ses_2', tenantId: 'beta' },
  );
  expect(other.text).not.toContain('member');
});

it('asks the rules about each address, also of what a page loads', async () => {
  const mayReach = (url: URL) => {
    if (url.pathname.startsWith('/api')) throw new Error('the rules say no');
  };
  const view = await user.call('browser_open', { url: `${site.url}/slow` }, { mayReach, sessionId: 'ses_3' });
  expect(view.text).toMatch(/refused: .*the rules say no/);
});

it('goes on after an address that cannot be reached', async () => {
  await call('browser_open', { url: 'http://127.0.0.1:1/' }, 'could not open');
  expect(await open('/')).toContain('Welcome');
});
