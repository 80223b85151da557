import type { PersonInput } from '@batuta/contract';
import type { Frame } from 'playwright-core';
import type { PersonalWindow } from '../../port/browser.ts';
import type { CoveredTexts } from './covered-texts.ts';
import type { Traffic } from './traffic.ts';
import type { WindowPage } from './window-page.ts';
import type { WindowPages } from './window-pages.ts';

interface HandParts {
  pages: WindowPages;
  traffic: Traffic;
  covered: CoveredTexts;
}

const usualSize = { width: 1280, height: 900 };
const mostFields = 1_000;
const actedNote =
  'a person has acted in this browser since you used it last; what was shown before, and its references, are stale';

/** Begins to let a person act in a window: what they send is let out, by the same proxy and to the hosts that the agent may reach. */
export async function lendHand(parts: HandParts): Promise<PersonalWindow> {
  const before = new Set(await valuesOf(parts.pages));
  return new PersonsHand(parts, before);
}

class PersonsHand implements PersonalWindow {
  readonly #parts: HandParts;
  readonly #before: ReadonlySet<string>;
  readonly #stopSending: () => void;
  #typed = '';

  constructor(parts: HandParts, before: ReadonlySet<string>) {
    this.#parts = parts;
    this.#before = before;
    this.#stopSending = parts.traffic.beginSending();
  }

  async act(input: PersonInput): Promise<void> {
    const { pages } = this.#parts;
    if (input.type === 'page') return await this.#turnTo(input.page);
    const target = pages.current;
    if (!target || target.page.isClosed()) return;
    this.#listen(input);
    await pages.bringToFront(target);
    // A page that moves on while it is acted upon is no fault of anybody.
    await dispatch(target, input).catch(() => undefined);
  }

  async end(): Promise<void> {
    const { pages, traffic, covered } = this.#parts;
    this.#stopSending();
    this.#keepTyped();
    for (const value of await valuesOf(pages)) if (!this.#before.has(value)) covered.add(value);
    for (const page of pages.all) page.forget();
    traffic.note(actedNote);
  }

  async #turnTo(number: number): Promise<void> {
    const { pages } = this.#parts;
    const wanted = pages.all.find((each) => each.number === number);
    if (!wanted) return;
    pages.current = wanted;
    await pages.bringToFront(wanted);
  }

  /** What stands in a field in the end is read there; what has left it by then is known from the keys. */
  #listen(input: PersonInput): void {
    if (input.type === 'text') this.#typed += input.text;
    else if (input.type === 'key' && input.key === 'Backspace') this.#typed = this.#typed.slice(0, -1);
    else if (input.type === 'key' || (input.type === 'mouse' && input.action === 'down')) this.#keepTyped();
  }

  #keepTyped(): void {
    this.#parts.covered.add(this.#typed.trim());
    this.#typed = '';
  }
}

async function dispatch({ page }: WindowPage, input: Exclude<PersonInput, { type: 'page' }>): Promise<void> {
  if (input.type === 'text') return await page.keyboard.insertText(input.text);
  if (input.type === 'key') return await page.keyboard.press([...input.held, input.key].join('+'));
  const { width, height } = page.viewportSize() ?? usualSize;
  await page.mouse.move(input.x * width, input.y * height);
  if (input.type === 'wheel') return await page.mouse.wheel(input.delta_x, input.delta_y);
  const press = { button: input.button, clickCount: input.clicks };
  if (input.action === 'down') await page.mouse.down(press);
  if (input.action === 'up') await page.mouse.up(press);
}

async function valuesOf(pages: WindowPages): Promise<string[]> {
  const frames = pages.all.flatMap(({ page }) => (page.isClosed() ? [] : page.frames()));
  return (await Promise.all(frames.map((frame) => valuesIn(frame)))).flat();
}

async function valuesIn(frame: Frame): Promise<string[]> {
  const read = frame.evaluate((most) => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].slice(0, most);
    const typed = fields.filter(
      ({ type }) => !['checkbox', 'radio', 'hidden', 'submit', 'button'].includes(type),
    );
    return typed.map(({ value }) => value.slice(0, 4_000)).filter((value) => value !== '');
  }, mostFields);
  const { promise, resolve } = Promise.withResolvers<string[]>();
  // A frame whose script never rests does not keep the window.
  const timer = setTimeout(() => resolve([]), 2_000);
  const values = await Promise.race([read.catch(() => []), promise]);
  clearTimeout(timer);
  return values;
}
