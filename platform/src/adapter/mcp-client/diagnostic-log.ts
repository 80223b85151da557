import type { Log } from '../../port/log.ts';
import { cleanText } from './clean-text.ts';

const mostPerMinute = 60;
const longestLine = 500;

/** Writes what a server says on its standard error into the log, so much of it a minute; how much was left out is said afterwards. */
export function makeDiagnosticLog(
  log: Log,
  { server, now }: { server: string; now: () => number },
): (line: string) => void {
  let began = now();
  let count = 0;
  return (line) => {
    if (now() - began > 60_000) {
      if (count > mostPerMinute)
        log.info('tool server said more than is kept', { server, lines: count - mostPerMinute });
      began = now();
      count = 0;
    }
    count += 1;
    if (count <= mostPerMinute) log.info('tool server says', { server, line: cleanText(line, longestLine) });
  };
}
