import { BatutaError } from '@batuta/contract';
import { findChromium } from '../adapter/browser-playwright/find-chromium.ts';
import { findJail } from '../adapter/browser-playwright/find-jail.ts';
import type { BrowserReport, ProjectOptions } from '../platform.ts';
import { openProject } from './open-project.ts';

/** Which browser agents would browse with, or how to install one. */
export async function inspectBrowser(options: ProjectOptions): Promise<BrowserReport> {
  const { configuration } = await openProject(options);
  const { executable, jail: mode } = configuration.browser;
  const found = await findJail(mode);
  const jail =
    found.jail === null ? { isThere: false as const, reason: found.reason } : { isThere: true as const };
  try {
    return { program: await findChromium(executable), fault: null, jail };
  } catch (error) {
    if (!BatutaError.has(error, 'browser-missing')) throw error;
    return { program: '', fault: { install: error.data.install }, jail };
  }
}
