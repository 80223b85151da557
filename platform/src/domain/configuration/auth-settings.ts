import { integer } from './setting.ts';

/** Who may enter. */
export const authSettings = {
  sessionIdleHours: integer({
    variable: 'BATUTA_SESSION_IDLE_HOURS',
    about: 'Hours after which a browser that does nothing is signed out.',
    default: 168,
    min: 1,
    max: 8760,
  }),
  sessionDays: integer({
    variable: 'BATUTA_SESSION_DAYS',
    about: 'Days after which a browser is signed out, however much it does.',
    default: 30,
    min: 1,
    max: 365,
  }),
};
