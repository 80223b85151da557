import { randomBytes } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import { findChromium } from '../adapter/browser-playwright/find-chromium.ts';
import { makePlaywrightBrowser } from '../adapter/browser-playwright/playwright-browser.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { makeEgressProxy } from '../adapter/egress-proxy/egress-proxy.ts';
import { BrowserSessions } from '../application/browser/browser-sessions.ts';
import { makeBrowserTools } from '../application/browser/browser-tools.ts';
import { SealedWindowStates } from '../application/browser/sealed-window-states.ts';
import type { WindowStates } from '../application/browser/window-states.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { ControlLimits } from '../domain/browser/control.ts';
import type { Log } from '../port/log.ts';
import type { SecretSealer } from '../port/secret-store.ts';
import type { WindowStateStore } from '../port/window-state-store.ts';
import type { ToolDefinition } from '../port/tool-definition.ts';

/** The tools of the browser, and what ends it. */
export interface BrowserParts {
  tools: readonly ToolDefinition[];
  sessions: BrowserSessions;
  close(): Promise<void>;
}

/** Makes the browser's tools. Nothing is started before the first of them is called. */
export function makeBrowser(
  configuration: Configuration,
  { log, states }: { log: Log; states: WindowStates | null },
): BrowserParts {
  const { browser: settings } = configuration;
  const { ports, allowPrivate } = settings;
  const proxy = makeEgressProxy({ limits: { ports, allowPrivate } });
  const sessions = new BrowserSessions({
    browser: makePlaywrightBrowser(settings, proxy),
    states,
    clock: systemClock,
    log,
    idleMs: settings.idleSeconds * 1000,
  });
  return {
    tools: makeBrowserTools({
      ...settings,
      sessions,
      missing: () => missingBrowser(settings.executable),
      liveAddress: (sessionId) => `${pageAddress(configuration)}/browser/${sessionId}`,
    }),
    sessions,
    close: async () => {
      await sessions.close();
      await proxy.close();
    },
  };
}

/** Where people reach this server: the host that the login link names, for a cookie is of one host alone. */
function pageAddress({ server }: Configuration): string {
  const { publicUrl, host, port } = server;
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  const isEverywhere = ['0.0.0.0', '::'].includes(host);
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Why no browser could be started; null: there is one. */
async function missingBrowser(executable: string | undefined): Promise<string | null> {
  try {
    await findChromium(executable);
    return null;
  } catch (error) {
    if (BatutaError.is(error)) return error.message;
    throw error;
  }
}

/** What people who look at browsers need. */
export function liveParts({ browser }: Configuration, sessions: BrowserSessions) {
  const limits: ControlLimits = {
    idleMs: browser.takeOverIdleSeconds * 1000,
    graceMs: browser.takeOverGraceSeconds * 1000,
    totalMs: browser.takeOverSeconds * 1000,
  };
  return { sessions, limits };
}

/** What windows keep, encrypted by the vault. */
export function windowStatesOf(store: WindowStateStore, sealer: SecretSealer): WindowStates {
  return new SealedWindowStates({ store, sealer, randomBytes: (count) => randomBytes(count) });
}
