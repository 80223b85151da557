import { socketCloseCodes, type Problem } from '@batuta/contract';

const codes: Readonly<Record<string, number>> = {
  'access-ended': socketCloseCodes.refused,
  'server-stopping': socketCloseCodes.restart,
  'socket-message-invalid': socketCloseCodes.invalid,
  'socket-reader-slow': socketCloseCodes.slow,
  'socket-idle': socketCloseCodes.done,
  'socket-expired': socketCloseCodes.done,
};

/** With which code a connection is closed because of an error. */
export function closeCodeOf({ code, status }: Problem): number {
  return codes[code] ?? (status >= 500 ? socketCloseCodes.failed : socketCloseCodes.refused);
}
