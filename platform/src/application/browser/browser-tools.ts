import type { ToolDefinition } from '../../port/tool-definition.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { makeActTool } from './tool/browser-act.ts';
import { makeDownloadTool } from './tool/browser-download.ts';
import { makeExtractTool } from './tool/browser-extract.ts';
import { makeHandoverTool } from './tool/browser-handover.ts';
import { makeObserveTool } from './tool/browser-observe.ts';
import { makeOpenTool } from './tool/browser-open.ts';
import { makeScreenshotTool } from './tool/browser-screenshot.ts';
import { makeSubmitTool } from './tool/browser-submit.ts';

/** What the tools need. */
export interface BrowserToolParts {
  sessions: BrowserSessions;
  /** What the browser needs and does not have; null: nothing. */
  missing: () => Promise<string | null>;
  /** Hosts by name of a secret: it may be typed into their pages and nowhere else. */
  secretHosts: Readonly<Record<string, readonly string[]>>;
  timeoutSeconds: number;
  maxDownloadBytes: number;
  /** Where people see the browser of a session. */
  liveAddress: (sessionId: string) => string;
}

/** The tools of the browser. All but `browser_submit` only read: what they would send is held back by the browser. */
export function makeBrowserTools(parts: BrowserToolParts): ToolDefinition[] {
  return [
    makeOpenTool(parts),
    makeObserveTool(parts),
    makeActTool(parts),
    makeSubmitTool(parts),
    makeExtractTool(parts),
    makeScreenshotTool(parts),
    makeDownloadTool(parts),
    makeHandoverTool(parts),
  ];
}
