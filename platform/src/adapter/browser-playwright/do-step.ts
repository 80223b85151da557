import { stripVTControlCharacters } from 'node:util';
import { BatutaError } from '@batuta/contract';
import type { Locator } from 'playwright-core';
import type { BrowserStep, StepOptions } from '../../port/browser.ts';
import { untagged } from './render-tree.ts';
import type { WindowPage } from './window-page.ts';

const actionMs = 5_000;
const waitMs = 15_000;

/** A step that was not done, for a reason that the model can act on. */
export class StepFault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Does one step. What keeps it from being done is told as a fault, with nothing done. */
export async function doStep(
  target: WindowPage,
  step: BrowserStep,
  options: StepOptions,
): Promise<StepFault | undefined> {
  const found = await findElement(target, step);
  if (found instanceof StepFault) return found;
  const refused = await refusal(target, { step, options, element: found });
  if (refused) return refused;
  try {
    await act(target, step, found);
    return undefined;
  } catch (error) {
    return new StepFault(`${nameOf(step)} did not work: ${reasonOf(error)}`);
  }
}

async function findElement(
  target: WindowPage,
  { ref, element }: BrowserStep,
): Promise<Locator | StepFault | undefined> {
  if (ref === undefined) return undefined;
  const parsed = untagged(ref);
  const known = target.element(ref);
  if (parsed === undefined) return new StepFault(`"${ref}" is no reference; references look like [ref=kd7]`);
  if (!target.owns(parsed.tag) || known === undefined) {
    return new StepFault(`the reference ${ref} is stale: the page has changed since it was shown`);
  }
  if (element !== undefined && !isCalled(known, element)) {
    return new StepFault(`${ref} is not "${element}" but ${known.role} "${known.name}"`);
  }
  const locator = target.page.getByRef(parsed.ref);
  const isThere = (await locator.count()) === 1;
  return isThere
    ? locator
    : new StepFault(`the reference ${ref} is stale: its element is no longer on the page`);
}

/** The element must be the one that was described to whoever allowed this. */
function isCalled({ role, name }: { role: string; name: string }, wanted: string): boolean {
  const fold = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[\s"'“”]+/g, ' ')
      .trim();
  const said = fold(wanted);
  return said === fold(name) || said === fold(`${role} ${name}`) || said === fold(`${name} ${role}`);
}

async function refusal(
  target: WindowPage,
  { step, options, element }: { step: BrowserStep; options: StepOptions; element: Locator | undefined },
): Promise<StepFault | undefined> {
  const { origin } = options;
  if (origin !== undefined && URL.parse(target.address)?.origin !== origin) {
    return new StepFault(`the page is at ${target.address.slice(0, 200)} and not at ${origin}`);
  }
  return step.secretFor === undefined || element === undefined
    ? undefined
    : await refuseSecret(step.secretFor, element);
}

/** A secret is typed into a field of its own hosts only; the field may be in a frame of somebody else. */
async function refuseSecret(hosts: readonly string[], element: Locator): Promise<StepFault | undefined> {
  const frame = await (await element.elementHandle({ timeout: actionMs }))?.ownerFrame();
  const host = URL.parse(frame?.url() ?? '')?.hostname ?? '';
  if (hosts.includes(host)) return undefined;
  return new StepFault(`this secret may be typed at ${hosts.join(', ')} only, and the field is of "${host}"`);
}

type Act = (target: WindowPage, step: BrowserStep, element: Locator) => Promise<unknown>;

const onElement: Readonly<Partial<Record<BrowserStep['action'], Act>>> = {
  click: (_target, _step, element) => element.click({ timeout: actionMs }),
  hover: (_target, _step, element) => element.hover({ timeout: actionMs }),
  check: (_target, _step, element) => element.check({ timeout: actionMs }),
  uncheck: (_target, _step, element) => element.uncheck({ timeout: actionMs }),
  select: (_target, { text = '' }, element) => element.selectOption(text.split('\n'), { timeout: actionMs }),
  type: async (_target, { text = '', enter }, element) => {
    await element.fill(text, { timeout: actionMs });
    if (enter) await element.press('Enter', { timeout: actionMs });
  },
  upload: (_target, { files = [] }, element) =>
    element.setInputFiles(
      files.map(({ name, mediaType, content }) => ({
        name,
        mimeType: mediaType,
        buffer: Buffer.from(content),
      })),
      { timeout: actionMs },
    ),
};

const onPage: Readonly<
  Partial<Record<BrowserStep['action'], (target: WindowPage, step: BrowserStep) => Promise<unknown>>>
> = {
  press: ({ page }, { text = '' }) => page.keyboard.press(text),
  scroll: ({ page }, { text = 'down' }) => page.mouse.wheel(0, text === 'up' ? -700 : 700),
  back: ({ page }) => page.goBack({ timeout: waitMs, waitUntil: 'domcontentloaded' }),
  reload: ({ page }) => page.reload({ timeout: waitMs, waitUntil: 'domcontentloaded' }),
  wait: ({ page }, { text = '' }) =>
    page.getByText(text).first().waitFor({ state: 'visible', timeout: waitMs }),
};

async function act(target: WindowPage, step: BrowserStep, element: Locator | undefined): Promise<void> {
  if (element === undefined) {
    const work = onPage[step.action];
    if (!work) throw failed(`${step.action} needs a reference`);
    await work(target, step);
    return;
  }
  if (step.action === 'press') return await element.press(step.text ?? '', { timeout: actionMs });
  if (step.action === 'scroll') return await element.scrollIntoViewIfNeeded({ timeout: actionMs });
  const work = onElement[step.action];
  if (!work) throw failed(`${step.action} takes no reference`);
  await work(target, step, element);
}

function failed(reason: string): BatutaError<'browser-failed'> {
  return new BatutaError('browser-failed', { what: 'do this', reason, hint: '' });
}

function nameOf({ action, ref }: BrowserStep): string {
  return ref === undefined ? action : `${action} ${ref}`;
}

/** The first line of what the driver says: the rest is its own log. What was typed is not repeated. */
function reasonOf(error: unknown): string {
  if (BatutaError.has(error, 'browser-failed')) return error.data.reason;
  const text = error instanceof Error ? error.message : String(error);
  const lines = stripVTControlCharacters(text).split('\n');
  const cause = lines.find((line) =>
    /intercepts pointer events|not visible|not enabled|not editable|outside of the viewport|did not find/.test(
      line,
    ),
  );
  return [lines[0] ?? '', ...(cause ? [cause.trim()] : [])].join('; ').slice(0, 300);
}
