import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from '../../src/adapter/browser-playwright/find-chromium.ts';
import { Cable } from './cable.ts';
import { TerminalHouse } from './terminal-kit.ts';

/** A busy machine takes its time. */
const soon = { timeout: 10_000 };

let house: TerminalHouse;
let cable: Cable;
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
let browser: Browser;
let session: string;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  house = await TerminalHouse.open({ 'terminal.max_per_session': '20' });
  session = await house.session();
  cable = await Cable.lay(house.platform.url ?? '');
  const executablePath = await findChromium(process.env['BATUTA_BROWSER_EXECUTABLE']);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext();
  const link = new URL(house.platform.report.loginUrl ?? '');
  await (await context.newPage()).goto(`${cable.url}${link.pathname}${link.search}`);
  signedIn = await context.storageState();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await cable[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

beforeEach(async () => {
  complaints.length = 0;
  page = await openPage('en');
});
afterEach(() => page.context().close());

/** A page of a browser that is signed in. */
async function openPage(locale: string, bypassCSP = false): Promise<Page> {
  const context = await browser.newContext({
    locale,
    bypassCSP,
    storageState: signedIn,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(String(error)));
  return opened;
}

function screen(): Promise<string> {
  return page.locator('.xterm-rows').innerText();
}

async function sit(): Promise<void> {
  await page.goto(`${cable.url}/terminal/${session}`);
  await expect.poll(screen, soon).toContain('/workspace');
}

async function shows(text: string): Promise<void> {
  await expect.poll(screen, { timeout: 5000 }).toContain(text);
}

describe('the page of a terminal', () => {
  test('shows what a person types and what comes of it, under a policy that lets nothing else run', async () => {
    await sit();
    await page.keyboard.type('echo $((6*7))\n');
    await shows('\n42');
    expect(await page.locator('#state').innerText()).toBe('Connected');
    const shot = process.env['BATUTA_TEST_SCREENSHOT'];
    if (shot !== undefined) await page.screenshot({ path: shot });
    expect(complaints).toEqual([]);
  });

  test('tells the terminal how large it is, and has become', async () => {
    await page.setViewportSize({ width: 900, height: 500 });
    await sit();
    const size = async (): Promise<number> => {
      await page.keyboard.type('clear; echo "<$(tput cols)>"\n');
      await expect.poll(screen, soon).toMatch(/<\d+>/);
      return Number(/<(\d+)>/.exec(await screen())?.[1]);
    };
    const before = await size();
    await page.setViewportSize({ width: 600, height: 500 });
    await page.keyboard.type('clear\n');
    await expect.poll(size, soon).toBeLessThan(before);
  });

  test('copies what is selected, and pastes', async () => {
    await sit();
    await page.keyboard.type('echo copy-$((1+1))\n');
    await shows('\ncopy-2');
    const rows = page.locator('.xterm-rows > div');
    const index = (await rows.allInnerTexts()).findIndex((row) => row.trim() === 'copy-2');
    const box = await rows.nth(index).boundingBox();
    await page.mouse.dblclick((box?.x ?? 0) + 15, (box?.y ?? 0) + 8);
    await page.keyboard.press('Control+Shift+C');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), soon).toMatch(/copy/);
    await page.evaluate(() => navigator.clipboard.writeText('echo pasted-$((2+2))'));
    await page.locator('#paste').click();
    await shows('echo pasted-');
    await page.keyboard.press('Enter');
    await shows('\npasted-4');
  });

  test('comes back by itself when its connection breaks off, to the same screen', async () => {
    await sit();
    await page.keyboard.type('here=still-$((3+3)); echo $here\n');
    await shows('\nstill-6');
    cable.cut();
    await expect.poll(() => page.locator('#state').innerText(), soon).toMatch(/broke off/);
    cable.mend();
    await expect.poll(() => page.locator('#state').innerText(), { timeout: 10_000 }).toBe('Connected again');
    await page.keyboard.type('echo again-$here\n');
    await shows('again-still-6');
  });

  test('says how it ended, and offers another one', async () => {
    await sit();
    await page.keyboard.type('exit 3\n');
    await expect
      .poll(() => page.locator('#state').innerText(), soon)
      .toBe('The terminal has ended: the shell ended with code 3.');
    await page.getByRole('button', { name: 'New terminal' }).click();
    await expect.poll(screen, soon).toContain('/workspace');
    expect(await page.locator('#state').innerText()).toBe('Connected');
  });

  test.each([
    ['es-MX', 'Conectado'],
    ['pt-BR', 'Conectado'],
    ['fr', 'Connected'],
  ])('speaks the language of the browser: %s', async (locale, state) => {
    await page.context().close();
    page = await openPage(locale);
    await sit();
    expect(await page.locator('#state').innerText()).toBe(state);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2).replace('fr', 'en'));
  });

  test('says why it is refused', async () => {
    await page.goto(`${cable.url}/terminal/ses_06aqn3zk5s7d1v2w8x9y0z1a2b`);
    expect(await page.innerText('body')).toContain('session-unknown');
    await page.context().clearCookies();
    const answer = await page.goto(`${cable.url}/terminal/${session}`);
    expect(answer?.status()).toBe(401);
  });
});

test('a page of another origin cannot open a terminal with the cookie of who is signed in', async () => {
  await page.context().close();
  page = await openPage('en', true);
  // Cookies do not know ports: it is sent along, and only the origin keeps this page out.
  await page.goto(`${house.platform.url}/health`);
  const closed = await page.evaluate(
    (address) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(address);
        socket.addEventListener('close', ({ code }) => resolve(code));
        socket.addEventListener('open', () => resolve(0));
      }),
    `${cable.url.replace('http', 'ws')}/v1/sessions/${session}/terminal`,
  );
  expect(closed).toBe(1006);
});
