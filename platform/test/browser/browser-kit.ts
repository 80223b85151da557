import {
  makePlaywrightBrowser,
  type BrowserSettings,
} from '../../src/adapter/browser-playwright/playwright-browser.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { makeEgressProxy, type EgressSettings } from '../../src/adapter/egress-proxy/egress-proxy.ts';
import { BrowserSessions, type SessionParts } from '../../src/application/browser/browser-sessions.ts';
import { makeBrowserTools, type BrowserToolParts } from '../../src/application/browser/browser-tools.ts';
import type { Browser } from '../../src/port/browser.ts';
import type { ToolDefinition } from '../../src/port/tool-definition.ts';
import type { ToolContext, ToolOutput } from '../../src/port/tool.ts';

/** Settings of browsers in tests. */
export const browserSettings: BrowserSettings = {
  executable: process.env['BATUTA_BROWSER_EXECUTABLE'],
  isolation: 'sandbox',
  jail: 'auto',
  maxWindows: 4,
  maxPages: 4,
  maxBytes: 100_000_000,
  openSeconds: 15,
  idleSeconds: 60,
};

/** A browser behind its proxy. */
export function makeTestBrowser(egress: EgressSettings, settings: Partial<BrowserSettings> = {}) {
  const proxy = makeEgressProxy(egress);
  const browser = makePlaywrightBrowser({ ...browserSettings, ...settings }, proxy);
  const close = async () => {
    await browser.close();
    await proxy.close();
  };
  return { browser, close };
}

/** Calls the tools of a browser as the engine does. */
export interface BrowserUser {
  sessions: BrowserSessions;
  tools: readonly ToolDefinition[];
  /** The text of an answer. A rejected call is its message, with `failed`. */
  call(tool: string, input: object, context?: Partial<ToolContext>): Promise<Required<ToolOutput>>;
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Puts the tools around a browser. */
export function useBrowser(
  browser: Browser,
  parts: Partial<SessionParts & BrowserToolParts> = {},
): BrowserUser {
  const sessions = new BrowserSessions({
    browser,
    states: null,
    clock: systemClock,
    log: silent,
    idleMs: 60_000,
    ...parts,
  });
  const tools = makeBrowserTools({
    sessions,
    missing: async () => null,
    secretHosts: {},
    timeoutSeconds: 60,
    maxDownloadBytes: 1_000_000,
    liveAddress: (sessionId) => `http://platform.test/browser/${sessionId}`,
    ...parts,
  });
  return {
    sessions,
    tools,
    call: async (name, input, context = {}) => {
      const tool = tools.find((each) => each.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      try {
        return outputOf(await tool.execute(tool.input.parse(input), { ...anyContext, ...context }));
      } catch (error) {
        return { text: error instanceof Error ? error.message : String(error), failed: true, files: [] };
      }
    },
  };
}

/** The first reference in a text whose line has these words. */
export function refOf(text: string, words: string): string {
  const line = text.split('\n').find((each) => each.includes(words) && each.includes('[ref='));
  const ref = /\[ref=(\w+)\]/.exec(line ?? '')?.[1];
  if (ref === undefined) throw new Error(`no reference beside "${words}" in:\n${text}`);
  return ref;
}

function outputOf(result: unknown): Required<ToolOutput> {
  const isOutput =
    typeof result === 'object' && result !== null && 'text' in result && typeof result.text === 'string';
  if (isOutput) return { failed: false, files: [], ...(result as ToolOutput) };
  return {
    text: typeof result === 'string' ? result : JSON.stringify(result),
    failed: false,
    files: [],
  };
}

const anyContext: ToolContext = {
  tenantId: 'alpha',
  userId: null,
  agent: 'assistant',
  sessionId: 'ses_1',
  runId: 'run_1',
  callId: 'call_1',
  idempotencyKey: 'run_1:call_1',
  signal: new AbortController().signal,
  now: () => Date.now(),
  mayReach: () => undefined,
  secret: async (name) => `value-of-${name}`,
  readArtifact: async () => undefined,
  progress: () => undefined,
  ask: async () => ({ action: 'cancel' }),
  rest: (work) => work,
};
