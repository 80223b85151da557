import { BatutaError } from '@batuta/contract';
import { findChromium } from '../adapter/browser-playwright/find-chromium.ts';
import type { BrowserReport, ProjectOptions } from '../platform.ts';
import { openProject } from './open-project.ts';

/** Which browser agents would browse with, or how to install one. */
export async function inspectBrowser(options: ProjectOptions): Promise<BrowserReport> {
  const { configuration } = await openProject(options);
  try {
    return { program: await findChromium(configuration.browser.executable), fault: null };
  } catch (error) {
    if (!BatutaError.has(error, 'browser-missing')) throw error;
    return { program: '', fault: { install: error.data.install } };
  }
}
