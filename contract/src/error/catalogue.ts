import type { z } from 'zod';
import type { ErrorEntry } from './error-entry.ts';
import { accessErrors } from './group/access-errors.ts';
import { apiErrors } from './group/api-errors.ts';
import { browserErrors } from './group/browser-errors.ts';
import { clientErrors } from './group/client-errors.ts';
import { connectionErrors } from './group/connection-errors.ts';
import { databaseErrors } from './group/database-errors.ts';
import { definitionErrors } from './group/definition-errors.ts';
import { insideErrors } from './group/inside-errors.ts';
import { mcpServerErrors } from './group/mcp-server-errors.ts';
import { requestErrors } from './group/request-errors.ts';
import { runErrors } from './group/run-errors.ts';
import { sandboxErrors } from './group/sandbox-errors.ts';
import { secretErrors } from './group/secret-errors.ts';
import { stateErrors } from './group/state-errors.ts';
import { testKitErrors } from './group/test-kit-errors.ts';
import { toolErrors } from './group/tool-errors.ts';
import { socketErrors } from './group/socket-errors.ts';
import { toolServerErrors } from './group/tool-server-errors.ts';
import { unknownThingErrors } from './group/unknown-things.ts';
import { webErrors } from './group/web-errors.ts';

/** The catalogue by subject, in the order of its page. */
export const errorGroups = {
  Requests: requestErrors,
  Access: accessErrors,
  'The way to a platform': connectionErrors,
  Things: unknownThingErrors,
  'Wrong state': stateErrors,
  'Why runs fail': runErrors,
  Tools: toolErrors,
  Browser: browserErrors,
  Web: webErrors,
  WebSockets: socketErrors,
  'Tool servers': toolServerErrors,
  APIs: apiErrors,
  Sandboxes: sandboxErrors,
  'The MCP server': mcpServerErrors,
  Secrets: secretErrors,
  'Definitions and configuration': definitionErrors,
  Database: databaseErrors,
  Clients: clientErrors,
  Inside: insideErrors,
  'Test kit': testKitErrors,
} as const satisfies Record<string, Record<string, ErrorEntry>>;

/**
 * Every error that Batuta reports, by its stable code. Codes are never reused. `docs/reference/errors.md` is made from it.
 * A message names what is wrong, where, and how to mend it.
 */
export const errorCatalogue = {
  ...requestErrors,
  ...accessErrors,
  ...connectionErrors,
  ...unknownThingErrors,
  ...stateErrors,
  ...runErrors,
  ...toolErrors,
  ...browserErrors,
  ...webErrors,
  ...socketErrors,
  ...toolServerErrors,
  ...apiErrors,
  ...sandboxErrors,
  ...mcpServerErrors,
  ...secretErrors,
  ...definitionErrors,
  ...databaseErrors,
  ...clientErrors,
  ...insideErrors,
  ...testKitErrors,
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What the `data` of an error code carries. */
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorCatalogue)[C]['data']>;
