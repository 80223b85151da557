import { choice, integer } from './setting.ts';

/** Terminals in the sandboxes of sessions, at which people sit. */
export const terminalSettings = {
  unconfined: choice({
    variable: 'BATUTA_TERMINAL_UNCONFINED',
    about:
      'Whether there are terminals where sandbox.kind is none: each is then a shell on the machine itself, as the user of the platform.',
    words: ['refused', 'allowed'],
    default: 'refused',
  }),
  maxPerSession: integer({
    variable: 'BATUTA_TERMINAL_MAX_PER_SESSION',
    about: 'Terminals open at one time in a session, in this process.',
    default: 2,
    min: 1,
    max: 100,
  }),
  maxPerTenant: integer({
    variable: 'BATUTA_TERMINAL_MAX_PER_TENANT',
    about: 'Terminals open at one time in a tenant, in this process.',
    default: 20,
    min: 1,
    max: 10_000,
  }),
  graceSeconds: integer({
    variable: 'BATUTA_TERMINAL_GRACE_SECONDS',
    about: 'How long a terminal waits for a connection that broke off.',
    default: 60,
    min: 0,
    max: 3600,
  }),
  idleSeconds: integer({
    variable: 'BATUTA_TERMINAL_IDLE_SECONDS',
    about: 'How long a terminal stays open while nobody types.',
    default: 1800,
    min: 10,
    max: 86_400,
  }),
  totalSeconds: integer({
    variable: 'BATUTA_TERMINAL_TOTAL_SECONDS',
    about: 'How long a terminal stays open at most.',
    default: 14_400,
    min: 10,
    max: 86_400,
  }),
  screenBytes: integer({
    variable: 'BATUTA_TERMINAL_SCREEN_BYTES',
    about: 'How much of what was shown last is kept in memory, for a connection that comes back.',
    default: 65_536,
    min: 1024,
    max: 10_000_000,
  }),
  outputBytesPerSecond: integer({
    variable: 'BATUTA_TERMINAL_OUTPUT_BYTES_PER_SECOND',
    about: 'How much a terminal shows in a second; the program waits with the rest.',
    default: 2_000_000,
    min: 10_000,
    max: 1_000_000_000,
  }),
};
