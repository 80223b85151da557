import { secretNameSchema } from '@batuta/contract';
import { z } from 'zod';
import { choice, integer, list, structured, text } from './setting.ts';

const hosts = z
  .array(z.string().regex(/^[a-z0-9.-]+$/, 'must be a host such as login.example.com'))
  .min(1)
  .max(32);

/** The browser of the tools `browser_*`. */
export const browserSettings = {
  executable: text({
    variable: 'BATUTA_BROWSER_EXECUTABLE',
    about: 'Chromium to start; absent: the one that the system has.',
    range: 'a program, or its path',
  }),
  isolation: choice({
    variable: 'BATUTA_BROWSER_ISOLATION',
    about:
      'Whether Chromium keeps its pages in its own sandbox; none is for containers that already keep it in and forbid user namespaces.',
    words: ['sandbox', 'none'],
    default: 'sandbox',
  }),
  jail: choice({
    variable: 'BATUTA_BROWSER_JAIL',
    about:
      'auto: Chromium runs in namespaces of its own (bubblewrap), without the files and the network of this machine, where that can be done.',
    words: ['auto', 'off'],
    default: 'auto',
  }),
  maxWindows: integer({
    variable: 'BATUTA_BROWSER_MAX_WINDOWS',
    about: 'Sessions that may have a browser window at the same time; each takes about 90 MB.',
    default: 8,
    min: 1,
    max: 256,
  }),
  maxPages: integer({
    variable: 'BATUTA_BROWSER_MAX_PAGES',
    about: 'Pages that one window may have open.',
    default: 6,
    min: 1,
    max: 50,
  }),
  maxBytes: integer({
    variable: 'BATUTA_BROWSER_MAX_BYTES',
    about: 'Bytes that one window may transfer.',
    default: 500_000_000,
    min: 1_000_000,
    max: 100_000_000_000,
  }),
  maxDownloadBytes: integer({
    variable: 'BATUTA_BROWSER_MAX_DOWNLOAD_BYTES',
    about: 'Largest file that is downloaded.',
    default: 20_000_000,
    min: 1024,
    max: 20_000_000,
  }),
  timeoutSeconds: integer({
    variable: 'BATUTA_BROWSER_TIMEOUT_SECONDS',
    about: 'Seconds for one call of a browser tool.',
    default: 90,
    min: 5,
    max: 600,
  }),
  openSeconds: integer({
    variable: 'BATUTA_BROWSER_OPEN_SECONDS',
    about: 'Seconds in which a page must open.',
    default: 30,
    min: 1,
    max: 300,
  }),
  idleSeconds: integer({
    variable: 'BATUTA_BROWSER_IDLE_SECONDS',
    about:
      'Seconds without a call after which a window, and after the last one the browser, is closed. What it knows is stored.',
    default: 300,
    min: 5,
    max: 86_400,
  }),
  takeOverSeconds: integer({
    variable: 'BATUTA_BROWSER_TAKE_OVER_SECONDS',
    about: 'Seconds for which a person may have a browser at most; calls of the agent wait meanwhile.',
    default: 1800,
    min: 10,
    max: 86_400,
  }),
  takeOverIdleSeconds: integer({
    variable: 'BATUTA_BROWSER_TAKE_OVER_IDLE_SECONDS',
    about: 'Seconds without doing anything after which a browser goes back to the agent.',
    default: 300,
    min: 5,
    max: 86_400,
  }),
  takeOverGraceSeconds: integer({
    variable: 'BATUTA_BROWSER_TAKE_OVER_GRACE_SECONDS',
    about:
      'Seconds in which a person whose connection was lost can come back before the browser goes back to the agent.',
    default: 20,
    min: 1,
    max: 600,
  }),
  ports: list({
    variable: 'BATUTA_BROWSER_PORTS',
    about: 'Ports that pages may connect to.',
    each: 'port numbers',
    pattern: /^\d{1,5}$/,
    default: ['80', '443'],
  }),
  allowPrivate: list({
    variable: 'BATUTA_BROWSER_ALLOW_PRIVATE',
    about: 'Hosts that pages may reach although their address is not public, for an intranet.',
    each: 'hosts or host:port',
    pattern: /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i,
    default: [],
  }),
  secretHosts: structured({
    variable: 'BATUTA_BROWSER_SECRET_HOSTS',
    about:
      'Hosts by name of a secret: browser_submit types it (secret://name) into their pages and nowhere else.',
    range: '{"name": ["login.example.com"]}',
    schema: z.record(secretNameSchema, hosts),
    default: {},
  }),
};
