import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findChromium } from '../../src/adapter/browser-playwright/find-chromium.ts';
import { LiveKit } from './live-kit.ts';

const timeout = 90_000;
const pictures = process.env['BATUTA_TEST_PICTURES'];
let kit: LiveKit;
let browser: Browser;

beforeAll(async () => {
  kit = await LiveKit.start();
  const executablePath = await findChromium(process.env['BATUTA_BROWSER_EXECUTABLE']);
  browser = await chromium.launch({ executablePath, chromiumSandbox: false });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await kit[Symbol.asyncDispose]();
});

/** The page of a session, in a browser that is signed in; what went wrong in it is in `faults`. */
async function visit(
  session: string,
  { locale = 'en', width = 1200 }: { locale?: string; width?: number } = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  const cookie = { name: 'batuta_session', value: await kit.signIn(), url: kit.platform.url ?? '' };
  await context.addCookies([cookie]);
  await page.goto(`${kit.platform.url}/browser/${session}`);
  return { page, faults };
}

async function keepPicture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

/** Clicks at a place of the page that is shown, in its own pixels. */
async function clickIn(page: Page, x: number, y: number): Promise<void> {
  const box = await page.locator('canvas').boundingBox();
  if (!box) throw new TypeError('there is no picture');
  await page.mouse.click(box.x + (x / 1280) * box.width, box.y + (y / 900) * box.height);
}

it('lets a person take over, click, and give back', { timeout }, async () => {
  const session = await kit.open('/');
  const { page, faults } = await visit(session);
  await page.getByText('The agent has control.').waitFor();
  await keepPicture(page, 'watching');
  await page.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('You have control.').waitFor();
  await clickIn(page, 500, 350);
  await keepPicture(page, 'acting');
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByText('it was given back').waitFor();
  expect((await kit.run([['browser_observe', {}]], session)).read).toContain('button \\"1\\"');
  expect(await page.getByLabel('Address of the page').inputValue()).toBe(`${kit.site.url}/`);
  expect(faults).toEqual([]);
});

it('hands on keys, what is pasted, and what is typed on a phone', { timeout }, async () => {
  const session = await kit.open('/login');
  const { page, faults } = await visit(session, { locale: 'es', width: 390 });
  await page.getByRole('button', { name: 'Tomar el control' }).click();
  await page.getByText('Usted tiene el control.').waitFor();
  await clickIn(page, 200, 125);
  await page.keyboard.type('abX');
  await page.keyboard.press('Backspace');
  await page.getByLabel('Escribir en la página').pressSequentially('cd');
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', 'ef');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
  });
  await keepPicture(page, 'phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.locator('canvas').press('Enter');
  await expect.poll(() => kit.sent.at(-1)?.body, { timeout: 30_000 }).toBe('code=abcdef&rest=');
  await page.getByRole('button', { name: 'Devolver el control' }).click();
  await page.getByText('fue devuelto').waitFor();
  expect(faults).toEqual([]);
});

it('says what is wrong where there is nothing to be seen', { timeout }, async () => {
  const { page } = await visit('ses_00000000000000000000000000000000');
  await page.getByText('There is no such session').waitFor();
  expect(await page.getByRole('button', { name: 'Take over' }).isEnabled()).toBe(false);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${kit.platform.url}/browser/${await kit.open('/')}`);
  await stranger.getByText('Sign in first').waitFor();
});

it('runs no script but its own, and is shown in no frame', async () => {
  const answer = await fetch(`${kit.platform.url}/browser/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E`);
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(await answer.text()).not.toContain('<script>alert');
});
